"""A gateway that answers garbage, or without end: one clear error, in bounded time and memory."""

from __future__ import annotations

import gzip
import json
import shutil
import socket
import ssl
import subprocess
import threading
import time
import tracemalloc
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest

from conversion import rulebook
from faulty_gateway import FaultyGateway
from gateway_run import folder_of, planned, reached
from litellm_migrate import shipped
from litellm_migrate.gateway.access import Access
from litellm_migrate.gateway.client import Client
from litellm_migrate.gateway.journal import Journal, added, history
from litellm_migrate.gateway.openapi import OpenApi
from litellm_migrate.sandbox.operations import HttpAnswer, HttpRequest
from litellm_migrate.source.model import Problems

MODELS = "/api/v1/model-catalog/models"


class Garbled(FaultyGateway):
    """A gateway that answers one thing to all that asks for one path."""

    body: Any = None
    where: str = MODELS

    def answer(self, request: HttpRequest, bearer: str) -> HttpAnswer:
        return HttpAnswer(200, self.body) if self.where in request.path else super().answer(request, bearer)


@contextmanager
def raw(*parts: bytes, pause: float = 0.0) -> Iterator[Client]:
    """A client of a server that sends these bytes to whoever asks."""
    with closing(socket.create_server(("127.0.0.1", 0))) as server:

        def serve() -> None:
            while True:
                try:
                    connection = server.accept()[0]
                except OSError:
                    return
                with connection:
                    connection.recv(65536)
                    try:
                        for part in parts:
                            connection.sendall(part)
                            time.sleep(pause)
                    except OSError:
                        continue

        threading.Thread(target=serve, daemon=True).start()
        access = Access(f"http://127.0.0.1:{server.getsockname()[1]}", "sk-key", "acme", timeout=0.4)
        with Client(access, rulebook().protocol, sleep=lambda seconds: None) as client:
            yield client


def head(*more: bytes) -> bytes:
    return b"\r\n".join([b"HTTP/1.1 200 OK", *more, b"Connection: close", b"", b""])


@pytest.mark.parametrize(
    ("body", "complaint"),
    [
        ({"models": [{"id": "a"}], "totalPages": 10**9}, "expected at most 10,000 pages, found 1,000,000,000"),
        ({"models": [{"id": "a"}], "totalPages": 9000}, "found the first ones again"),
        ({"models": 5}, "expected a list of objects `models`"),
        ({"models": [{"id": "a"}, "b"]}, "expected a list of objects `models`"),
        (json.loads("[" * 101 + "]" * 101), "found JSON of more than 100 levels"),
    ],
)
def test_lists_end(body: Any, complaint: str) -> None:
    gateway = Garbled(rulebook(), shipped("schemas"), tenant="acme")
    gateway.body = body
    with reached(gateway) as client, pytest.raises(Problems, match=complaint):
        client.listed(MODELS, "models")
    assert len(gateway.requests) < 20


@pytest.mark.parametrize(
    ("body", "complaint"),
    [
        ([1], "expected an object in the answer"),
        ("text", "expected an object in the answer"),
        ({"rules": 1}, "expected a list `rules` in the answer"),
        ({"rules": [{}, "a"]}, "expected a list of objects `rules` in the answer"),
        ({"strategy": 5}, ""),
        (None, ""),
    ],
)
def test_a_document_of_another_shape_is_not_overwritten(body: Any, complaint: str, tmp_path: Path) -> None:
    gateway = Garbled(rulebook(), shipped("schemas"), tenant="acme")
    gateway.body, gateway.where = body, "/api/v1/routing/config"
    with reached(gateway) as client:
        if not complaint:
            assert planned(folder_of(tmp_path), client, gateway)
            return
        with pytest.raises(Problems, match=complaint):
            planned(folder_of(tmp_path), client, gateway)


@pytest.mark.parametrize("last", [b"NaN", b"1e999", b"9" * 5000, b"[" * 100_000])
def test_a_number_of_pages_that_cannot_be_read_is_an_error(last: bytes) -> None:
    with (
        raw(head(), b'{"models": [{"id": "a"}], "totalPages": ', last, b"}") as client,
        pytest.raises(Problems, match=f"GET {MODELS}: expected an answer of http://127.0.0.1:"),
    ):
        client.listed(MODELS, "models")


def test_pages_without_number_are_one() -> None:
    with raw(head(), b'{"models": [{"id": "a"}], "totalPages": "many"}') as client:
        assert client.listed(MODELS, "models") == [{"id": "a"}]


def test_a_bomb_is_not_unpacked() -> None:
    bomb = gzip.compress(b" " * (80 * 1024**2), 1)
    with raw(head(b"Content-Encoding: gzip"), bomb) as client:
        tracemalloc.start()
        with pytest.raises(Problems, match="found one of more than 32 MB"):
            client.request("GET", MODELS)
        assert tracemalloc.get_traced_memory()[1] < 75 * 1024**2
        tracemalloc.stop()


@pytest.mark.parametrize("first", [head(), b"HTTP/1.1 200 OK\r\nX-Slow: "])
def test_an_answer_that_drips_times_out(first: bytes) -> None:
    start = time.monotonic()
    with raw(first, *[b" "] * 200, pause=0.05) as client, pytest.raises(Problems, match=r"no answer within 0\.[48] s"):
        client.request("GET", MODELS)
    assert time.monotonic() - start < 8


def test_an_untrusted_certificate_is_named_at_once(tmp_path: Path) -> None:
    if not shutil.which("openssl"):
        pytest.skip("makes its certificate with openssl")
    certificate = self_signed(tmp_path)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    waits: list[str] = []
    with closing(socket.create_server(("127.0.0.1", 0))) as server:

        def serve() -> None:
            try:
                context.wrap_socket(server.accept()[0], server_side=True)
            except OSError:
                return

        threading.Thread(target=serve, daemon=True).start()
        access = Access(f"https://127.0.0.1:{server.getsockname()[1]}", "sk-key", "acme", timeout=5)
        with Client(access, rulebook().protocol) as client:
            client.report = waits.append
            with pytest.raises(Problems) as found:
                client.request("GET", MODELS)
    assert "its certificate is not trusted: self" in str(found.value)
    assert "--ca-bundle" in str(found.value)
    assert waits == []


def test_a_name_that_nobody_has_is_said() -> None:
    access = Access("https://gateway.invalid", "sk-key", "acme")
    with (
        Client(access, rulebook().protocol, sleep=lambda seconds: None) as client,
        pytest.raises(Problems) as found,
    ):
        client.request("GET", MODELS)
    assert "expected an answer of https://gateway.invalid, found none (its name is not known)." in str(found.value)


def test_schemas_that_refer_to_themselves_end() -> None:
    loop: Any = {"anyOf": [{"$ref": "#/loop"}, {"$ref": "#/loop"}, {"properties": {"a": {"enum": ["x"]}}}]}
    document = OpenApi({"loop": loop, "servers": [{"url": "http://[half"}]})
    assert document.refused({"$ref": "#/loop"}, {"a": "y"}) == []
    assert document.refused(loop["anyOf"][2], {"a": "y"}) == [("a", ["x"])]
    assert document.operation("GET", "/models") is None


@pytest.mark.parametrize("field", ["event", "action", "status", "endpoint", "name", "body", "backup", "id", "n"])
def test_a_journal_that_was_edited_is_no_crash(tmp_path: Path, field: str) -> None:
    entry = {"n": 1, "gateway": "http://gateway", "endpoint": "models", "name": "a", "action": "create"}
    lines = [{**entry, "event": "before"}, {**entry, "event": "after", "status": 201, "id": "x"}]
    values: list[object] = [{}, ["x"], True, -1.5]
    for wrong in values:
        (tmp_path / "journal.jsonl").write_text(
            "\n".join(json.dumps({**line, field: wrong}) for line in lines), "utf-8"
        )
        journal = Journal(tmp_path, "http://gateway")
        assert len(journal.created()) + len(journal.pending()) <= 1
        assert len(history(journal.entries)) <= 1
        assert added(journal, "models", "rules") == []


def self_signed(folder: Path) -> Path:
    """A certificate that nobody vouches for, with its key."""
    file, private = folder / "gateway.pem", folder / "private.pem"
    words = "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=gateway -days 1 -keyout"
    subprocess.run(["openssl", *words.split(), private, "-out", file], check=True, capture_output=True)
    file.write_bytes(file.read_bytes() + private.read_bytes())
    return file
