"""Requests to a gateway: what is sent again and what is not, who gets in, and what no message shows."""

from __future__ import annotations

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from conversion import rulebook
from faulty_gateway import Server
from gateway_run import reached, sandbox_of
from litellm_migrate.gateway.access import Access
from litellm_migrate.gateway.client import Client
from litellm_migrate.gateway.retry import Response, delay
from litellm_migrate.source.model import Problems

MODELS = "/api/v1/model-catalog/models"
KEYS = "/api/v1/virtual-keys"


def model(name: str) -> Any:
    return {"modelId": name, "displayName": name, "providerType": "OPEN_AI"}


@pytest.mark.parametrize("fault", ["429", "502", "503", "504", "reset", "truncated", "page", "expired"])
def test_what_can_pass_is_asked_again(fault: str) -> None:
    sandbox = sandbox_of(f"{fault}@1x3" if fault != "expired" else fault)
    with reached(sandbox) as client:
        assert client.request("GET", MODELS).status == 200


@pytest.mark.parametrize("status", [400, 403, 404, 409, 422, 500])
def test_what_is_final_is_asked_once(status: int) -> None:
    sandbox = sandbox_of(f"{status}@1")
    with reached(sandbox) as client:
        assert client.request("GET", MODELS).status == status
    assert len(sandbox.requests) == 1


def test_it_waits_as_long_as_it_is_asked_to() -> None:
    waited: list[float] = []
    sandbox = sandbox_of("429", "503@2")
    sandbox.faults.waiting[0].wait = 7
    sandbox.faults.waiting[1].headers = {"Retry-After": "11"}
    with (
        Server(sandbox) as server,
        Client(Access(server.url, sandbox.key), sandbox.book.protocol, waited.append) as client,
    ):
        told: list[str] = []
        client.report = told.append
        assert client.request("GET", MODELS).status == 200
    assert waited == [7, 11]
    assert told == [
        f"retry 1 of 5 in 7 s, as the gateway asks: HTTP 429 from GET {MODELS}",
        f"retry 2 of 5 in 11 s, as the gateway asks: HTTP 503 from GET {MODELS}",
    ]


def test_waits_grow_and_differ_and_end() -> None:
    assert [round(min(delay(tried, None, {}) for _ in range(400)) * 2) for tried in (1, 2, 3)] == [1, 2, 4]
    assert len({delay(3, None, {}) for _ in range(9)}) > 1
    assert max(delay(30, None, {}) for _ in range(50)) <= 60
    assert delay(1, 9999, {}) == 300
    assert delay(1, None, {"retry-after": "Wed, 21 Oct 2015 07:28:00 GMT"}) == 0


def test_no_answer_is_a_problem_that_names_the_request() -> None:
    with (
        reached(sandbox_of("reset@1x20")) as client,
        pytest.raises(Problems, match=f"GET {MODELS}: expected an answer"),
    ):
        client.request("GET", MODELS)


def test_the_last_refusal_is_the_answer() -> None:
    with reached(sandbox_of("503@1x20")) as client:
        assert client.request("GET", MODELS).status == 503


def looked_up(seen: list[str], found: Response | None) -> Callable[[], Response | None]:
    def look() -> Response | None:
        seen.append("looked")
        return found

    return look


@pytest.mark.parametrize("fault", ["lost", "truncated", "page"])
def test_a_creation_whose_answer_is_lost_is_looked_up_and_not_sent_again(fault: str) -> None:
    sandbox, seen = sandbox_of(fault), list[str]()
    there = Response(200, {"id": "there"})
    with reached(sandbox) as client:
        assert client.request("POST", MODELS, model("a"), arrived=looked_up(seen, there)) is there
    assert seen == ["looked"]
    assert len(sandbox.entities["models"].stored) == 1


def test_after_a_refusal_for_haste_nothing_is_looked_up() -> None:
    seen = list[str]()
    with reached(sandbox_of("429")) as client:
        assert client.request("POST", MODELS, model("a"), arrived=looked_up(seen, None)).status == 201
    assert seen == []


def test_a_gateway_that_is_slow_to_create_is_not_asked_twice() -> None:
    sandbox = sandbox_of("slow")
    sandbox.faults.waiting[0].wait = 1.5
    with reached(sandbox, timeout=0.3) as client, pytest.raises(Problems, match="no answer within"):
        client.request("POST", MODELS, model("a"), arrived=lambda: None)
    assert len(sandbox.requests) == 1


def test_the_key_is_exchanged_once_for_all_threads() -> None:
    sandbox = sandbox_of("503@9", only_tokens=True)
    with reached(sandbox, concurrency=8) as client, ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: client.request("GET", MODELS).status, range(20)))
    assert answers == [200] * 20
    assert sum(request.path.endswith("/token") for request in sandbox.requests) <= 2  # the ninth may be this one


def test_a_key_that_is_not_known_is_said_so_at_once() -> None:
    sandbox = sandbox_of()
    with reached(sandbox, key="sk-other") as client:
        assert client.request("GET", MODELS).status == 401
        assert client.request("GET", MODELS).status == 401
    assert len(sandbox.requests) == 3


def test_the_tenant_is_the_one_named_or_that_of_the_token() -> None:
    with reached(sandbox_of(), tenant="named") as client:
        assert client.tenant() == "named"
    with reached(sandbox_of(), tenant=None) as client:
        assert client.tenant() == "acme"
        assert client.request("GET", "/api/v1/rate-limits/{tenant}").status == 200
    with reached(sandbox_of("404@1x9"), tenant=None) as client, pytest.raises(Problems, match="--tenant"):
        client.tenant()


def test_all_pages_are_read() -> None:
    sandbox = sandbox_of(longest_page=3)
    with reached(sandbox) as client:
        assert client.listed(MODELS, "models") == []
        for number in range(8):
            client.request("POST", MODELS, model(f"m{number}"))
        assert [one["modelId"] for one in client.listed(MODELS, "models")] == [f"m{number}" for number in range(8)]
        with pytest.raises(Problems, match="expected a list of objects `others`"):
            client.listed(MODELS, "others")


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"url": "http://gateway.example"}, "--insecure-http"),
        ({"url": "gateway.example"}, "--gateway-url"),
        ({"url": "https://me:sk-secret@gateway.example"}, "login"),
        ({"key": "sk-secret\n"}, "--api-key"),
        ({"key": ""}, "--api-key"),
        ({"ca_bundle": "/nowhere.pem"}, "--ca-bundle"),
    ],
)
def test_what_is_wrong_is_said_before_anything_is_sent(more: dict[str, Any], said: str) -> None:
    access = Access(**{"url": "https://gateway.example", "key": "sk-secret", **more})
    with pytest.raises(Problems, match=said) as found:
        Client(access, rulebook().protocol)
    assert found.value.exit_code == 2
    assert "sk-secret" not in str(found.value)


def test_http_to_another_machine_can_be_allowed(tmp_path: Path) -> None:
    Client(Access("http://gateway.example", "sk", insecure_http=True), rulebook().protocol)
    assert "sk-secret" not in repr(Access("http://gateway.example", "sk-secret"))


def test_no_message_shows_a_key_that_the_gateway_repeats() -> None:
    with reached(sandbox_of()) as client:
        client.hide(["sk-of-a-provider"])
        said: Any = {"error": {"message": f"no {client.access.key}\n\x1b[31m and no sk-of-a-provider"}}
        assert client.reason(Response(422, said)) == "HTTP 422: no ***  [31m and no ***"
        assert client.reason(Response(502, "<html>")) == "HTTP 502: no message"


PEM = '{\n"private_key": "-----BEGIN KEY-----\\nMIIEpAIBAAKCAQEA7v\\n-----END KEY-----"\n}'


@pytest.mark.parametrize(
    "repeated",
    [PEM, json.dumps(PEM), json.dumps(json.dumps(PEM)), quote(PEM), PEM.splitlines()[1], json.dumps("sü\n42")],
)
def test_a_key_is_hidden_however_the_gateway_writes_it(repeated: str) -> None:
    with reached(sandbox_of()) as client:
        client.hide([PEM, "sü\n42"])
        said = client.reason(Response(422, {"error": {"message": f"cannot read {repeated}"}}))
    assert "MIIE" not in said
    assert "42" not in said.replace("422", "")
