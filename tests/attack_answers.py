"""Gateways that lie, repeat what they are given, or never end: one line says so, soon, and nobody else is asked."""

from __future__ import annotations

import gzip
import json
import re
import time
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from attack import GATEWAY_KEY, KEYS, PROGRAM, Attack, described, environment, folder_in, ran, sandbox
from faulty_gateway import FaultyGateway, FaultyHandler, Server
from litellm_migrate.sandbox.operations import HttpAnswer, HttpRequest

SECONDS = 120
PIECE = 65536
PARTS = {"models": "models", "integrations": "integrations", "routing": "routing_config", "rate-limits": "rate_limits"}
"""What is converted alone where only answers to it are lies, by a word of their path."""


class Lying(FaultyGateway):
    """A gateway with an answer of its own to some requests."""

    lie: dict[str, Any]
    words: dict[str, str]
    told: int = 0

    def serve(self, request: HttpRequest, bearer: str) -> HttpAnswer:
        known = self.lie.get("times", 10**9)
        meant = re.match(self.lie["to"], f"{request.method} {unquote(request.path)}")
        if not meant or (known and self.told >= known):
            return super().serve(request, bearer)
        self.requests.append(request)
        self.told += 1
        return HttpAnswer(-1, request.body)

    def content(self, echoed: Any) -> bytes:
        """The body of the answer, unpacked."""
        if "repeat" in self.lie:
            before, part, many, after = self.lie["repeat"]
            return f"{before}{part * min(many, 200_000_000)}{after}".encode()
        if "echo" in self.lie:
            return json.dumps({"error": {"message": f"refused: {json.dumps(echoed)}"}}).encode()
        body = self.lie.get("text", json.dumps(self.lie["json"]) if "json" in self.lie else "")
        for word, value in self.words.items():
            body = body.replace("{" + word + "}", value)
        return str(body).encode("utf-8", "surrogatepass") if "\xff" not in body else body.encode("latin-1")


class LyingHandler(FaultyHandler):
    """Sends the lies."""

    def send(self, answer: HttpAnswer) -> None:
        gateway = self.served
        if answer.status != -1 or not isinstance(gateway, Lying):
            super().send(answer)
            return
        lie, self.close_connection = gateway.lie, True
        try:
            self.dribble(whole(gateway, lie, answer.body), lie.get("pause", 0.0))
        except OSError:
            return  # whoever asked has enough

    def dribble(self, content: bytes, pause: float) -> None:
        """Sends bytes, one after the other if they are to be late."""
        if pause:
            time.sleep(pause)
        size = 1 if pause else PIECE
        for start in range(0, len(content), size):
            self.wfile.write(content[start : start + size])
            if pause:
                self.wfile.flush()
                time.sleep(pause)
        self.wfile.flush()


def whole(gateway: Lying, lie: dict[str, Any], echoed: Any) -> bytes:
    """The bytes of an answer."""
    if "raw" in lie:
        return str(lie["raw"]).encode() + b"".join(b"X-%d: a\r\n" % number for number in range(lie.get("many", 0)))
    content = gateway.content(echoed)
    headers = {"Content-Type": "application/json", "Connection": "close", **lie.get("headers", {})}
    if lie.get("gzip"):
        content, headers["Content-Encoding"] = gzip.compress(content, 1), "gzip"
    if "long" in lie:
        headers["X-Long"] = "a" * lie["long"]
    headers["Content-Length"] = str(len(content))
    text = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    for word, value in gateway.words.items():
        text = text.replace("{" + word + "}", value)
    return f"HTTP/1.1 {lie.get('status', 200)} Said\r\n{text}\r\n".encode() + content


class LyingServer(Server):
    """Serves it."""

    handler = LyingHandler


def answered(lie: dict[str, Any], out: Path, commands: list[list[object]]) -> str:
    """Runs commands against a gateway that lies; how they ended."""
    gateway, other = sandbox(Lying), sandbox()
    assert isinstance(gateway, Lying)
    gateway.lie, gateway.only_tokens = lie, "tokens" in lie
    with Server(other) as elsewhere, LyingServer(gateway) as server:
        gateway.words = {"other": elsewhere.url, "key": GATEWAY_KEY, "secret": KEYS["OPENAI"]}
        ended = [ran(command, environment(server.url), SECONDS) for command in commands]
    assert not other.requests, "another host was asked"
    assert gateway.told, "nobody asked for this answer"
    for one in ended:
        assert one.code in {0, 1}, f"exit {one.code}: {one.err}"
        assert one.code == 0 or one.err.strip(), "it says nothing"
        assert len(one.err) < 20_000, one.err[:500]
        assert "jq: " not in one.err, one.err[:500]
    return "exit " + " ".join(str(one.code) for one in ended)


def by_the_command(lie: dict[str, Any], folder: Path) -> str:
    """Applies, validates and takes back."""
    out = folder_in(folder)
    usual = ["--output", out, "--timeout", "0.5"]
    verbs = (["apply", *usual, "--yes"], ["validate", *usual], ["rollback", *usual, "--yes"])
    return answered(lie, out, [[*PROGRAM, *verb] for verb in verbs])


def by_the_scripts(lie: dict[str, Any], folder: Path) -> str:
    """The same with the scripts, which send no more than what the lie is about: jq alone takes seconds otherwise."""
    out = folder_in(folder, 0, *(part for word, part in PARTS.items() if word in lie["to"]))
    return answered(lie, out, [["bash", out / "apply.sh"], ["bash", out / "rollback.sh"]])


ATTACKS = (
    Attack(
        "hostile answers, command",
        "77: 10 tracebacks, 5 endless, 2 above 1.5 GB",
        lambda: described("answers"),
        by_the_command,
        98,
    ),
    Attack(
        "hostile answers, apply.sh",
        "endless pages, one list taken as whole",
        lambda: [lie for lie in described("answers") if not lie.get("slow") and "openapi" not in lie["to"]],
        by_the_scripts,
        1000,
        ("bash", "curl", "jq"),
    ),
)
