"""The sandbox answers as a gateway does: like the double that the tests of `apply.sh` know."""

from __future__ import annotations

import json
import re
from collections import Counter
from typing import Any

import pytest

from conversion import rulebook
from faulty_gateway import FaultyGateway
from gateway_double import GatewayDouble
from litellm_migrate import shipped
from litellm_migrate.gateway.access import claims
from litellm_migrate.sandbox.operations import HttpRequest

CATALOG = "/api/v1/model-catalog"
INTEGRATION = {"name": "one", "providerType": "OPEN_AI", "apiKey": "resolved"}
PROVIDER = {"slug": "one", "name": "one", "providerType": "OPEN_AI", "integrationId": "ID:one"}
MODEL = {"modelId": "m", "displayName": "m", "providerType": "OPEN_AI"}
SPLIT = [
    {"modelPattern": "fast", "routeTo": name, "weight": weight, "experimentId": "fast", "variant": name, "priority": 9}
    for name, weight in (("small", 0.75), ("tiny", 0.25))
]
ROUTING = {"strategy": "balanced", "rules": [*SPLIT, {"modelPattern": "gpt-*", "routeTo": "big", "priority": 1}]}
LIMITS = "/api/v1/rate-limits/acme"
CONFIG = "/api/v1/routing/config"
KEYS = "/api/v1/virtual-keys"
SCRIPT: list[tuple[str, str, Any]] = [
    ("GET", f"{CATALOG}/integrations", None),
    ("POST", f"{CATALOG}/integrations", INTEGRATION),
    ("POST", f"{CATALOG}/integrations", {**INTEGRATION, "apiKey": "${OPENAI_API_KEY}"}),
    ("POST", f"{CATALOG}/integrations", {**INTEGRATION, "endpointUrl": "https://from.a.variable/v1", "config": {}}),
    ("POST", f"{CATALOG}/integrations", {**INTEGRATION, "config": {"region": "${REGION}"}}),
    ("POST", f"{CATALOG}/integrations", {**INTEGRATION, "more": 1}),
    ("POST", f"{CATALOG}/integrations", {"name": "two"}),
    ("POST", f"{CATALOG}/integrations", "text"),
    ("POST", f"{CATALOG}/integrations", None),
    ("PUT", f"{CATALOG}/integrations/ID:one", {"apiKey": "rotated"}),
    ("PUT", f"{CATALOG}/integrations/ID:one", {"apiKey": ""}),
    ("PATCH", f"{CATALOG}/integrations", {}),
    ("POST", f"{CATALOG}/providers", PROVIDER),
    ("POST", f"{CATALOG}/providers", {**PROVIDER, "integrationId": "00000000-0000-4000-8000-000000000000"}),
    ("POST", f"{CATALOG}/providers", {**PROVIDER, "integrationId": "${ref:integrations/one}"}),
    *(("POST", f"{CATALOG}/models", {**MODEL, "modelId": f"m{number}"}) for number in range(5)),
    ("POST", f"{CATALOG}/models", {**MODEL, "status": "NEVER"}),
    ("GET", f"{CATALOG}/models?page=2&pageSize=50", None),
    ("GET", f"{CATALOG}/models?page=9", None),
    ("GET", f"{CATALOG}/models?page=x", None),
    ("GET", f"{CATALOG}/models/ID:m3", None),
    ("GET", f"{CATALOG}/models/no-such-id", None),
    ("DELETE", f"{CATALOG}/models/ID:m3", None),
    ("DELETE", f"{CATALOG}/models/ID:m3", None),
    ("GET", f"{CATALOG}/models?page=1&pageSize=50", None),
    ("POST", KEYS, {"name": "app"}),
    ("POST", KEYS, {"name": "app", "allowedModels": []}),
    ("GET", KEYS, None),
    ("GET", CONFIG, None),
    ("PUT", CONFIG, ROUTING),
    ("PUT", CONFIG, {"strategy": "balanced"}),
    ("GET", CONFIG, None),
    ("DELETE", CONFIG, None),
    ("GET", LIMITS, None),
    ("PUT", LIMITS, {"tier": "pro", "models": [{"model": "m1", "rpm": 8}]}),
    ("PUT", LIMITS, {"tier": "gold"}),
    ("GET", LIMITS, None),
    ("GET", "/api/v1/nothing", None),
]


def sandbox(dialect: str = "synapse", **more: Any) -> FaultyGateway:
    return FaultyGateway(rulebook(dialect), shipped("schemas"), tenant="acme", **more)


class Told:
    """Asks one gateway what the script says; where it speaks of an entity by name, by the id it has there."""

    def __init__(self, serve: Any, key: str) -> None:
        self.serve, self.key = serve, key
        self.ids: dict[str, str] = {}

    def ask(self, method: str, path: str, body: Any) -> tuple[int, Any]:
        if isinstance(body, dict):
            body = {name: self.known(value) for name, value in body.items()}
        answer = self.serve(HttpRequest(method, self.known(path), body), self.key)
        if answer.status == 201:
            entity = answer.body.get("key") if isinstance(answer.body.get("key"), dict) else answer.body
            name = next(entity[field] for field in ("modelId", "slug", "name") if field in entity)
            self.ids.setdefault(name, entity["id"])
        return answer.status, json.loads(json.dumps(answer.body))

    def known(self, value: Any) -> Any:
        return re.sub(r"ID:(\w+)", lambda held: self.ids[held[1]], value) if isinstance(value, str) else value


def bare(status: int, body: Any, ids: dict[str, str]) -> Any:
    """An answer without what is the gateway's own: ids, secrets, times, and the words of a refusal."""
    if status >= 400:
        return None
    text = json.dumps(body)
    for name, ident in ids.items():
        text = text.replace(ident, f"ID:{name}")
    plain = json.loads(re.sub(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{32}", "*", text))
    return without(plain, {"createdAt", "updatedAt", "tenantId", "explicit", "limits", "message"})


def without(value: Any, names: set[str]) -> Any:
    if isinstance(value, dict):
        return {name: without(below, names) for name, below in value.items() if name not in names}
    return [without(below, names) for below in value] if isinstance(value, list) else value


@pytest.mark.parametrize("apart", [False, True])
def test_it_answers_as_the_double_does(dialect: str, apart: bool) -> None:
    double = GatewayDouble(dialect, page_size=3, published_keys=apart)
    ours = sandbox(dialect, longest_page=3, apart=apart)
    one, other = Told(double.serve, double.api_key), Told(ours.serve, ours.key)
    for step in SCRIPT:
        (status, body), (expected, wanted) = other.ask(*step), one.ask(*step)
        assert (status, step) == (expected, step)
        assert (bare(status, body, other.ids), step) == (bare(expected, wanted, one.ids), step)


def test_refusals_name_the_place_and_no_value() -> None:
    answer = sandbox().serve(
        HttpRequest("POST", f"{CATALOG}/models", {**MODEL, "status": "sk-secret"}), "sk-syn-sandbox"
    )
    assert answer == (422, {"error": {"message": "/status: enum"}})


def test_only_the_key_or_a_token_gets_in() -> None:
    ours = sandbox(only_tokens=True)
    assert ours.serve(HttpRequest("GET", CONFIG), ours.key).status == 401
    assert ours.serve(HttpRequest("POST", "/api/v1/auth/token", {"api_key": "other"}), "").status == 401
    token = ours.serve(HttpRequest("POST", "/api/v1/auth/token", {"api_key": ours.key}), "").body["access_token"]
    assert claims(token)["tenant_id"] == "acme"
    assert ours.serve(HttpRequest("GET", CONFIG), token).status == 200


def test_routing_is_simulated_by_the_rules_that_were_written() -> None:
    ours = sandbox()
    ours.serve(HttpRequest("PUT", CONFIG, ROUTING), ours.key)

    def led(name: str, tenant: str = "acme") -> str:
        asked = HttpRequest("POST", "/api/v1/routing/simulate", {"query": "hi", "model": name, "tenantId": tenant})
        return str(ours.serve(asked, ours.key).body["modelId"])

    assert (led("gpt-5"), led("other")) == ("big", "other")
    assert len({led("fast") for _ in range(9)}) == 1
    shares = Counter(led("fast", f"tenant-{number}") for number in range(400))
    assert 0.65 < shares["small"] / 400 < 0.85
    assert set(shares) == {"small", "tiny"}


def test_its_tiers_are_those_of_the_rules() -> None:
    ours = sandbox()
    tiers = ours.serve(HttpRequest("GET", "/api/v1/rate-limits/tiers"), ours.key).body["tiers"]
    assert [tier["name"] for tier in tiers] == ["starter", "pro", "enterprise"]
    assert [tier["limits"]["rpm"] for tier in tiers] == [100, 1000, 3000]


def test_real_requests_are_led_by_the_rules() -> None:
    ours = sandbox()
    for name, kind in (("big", "CHAT"), ("words", "EMBEDDING")):
        body = {**MODEL, "modelId": name, "modelType": kind}
        assert ours.serve(HttpRequest("POST", f"{CATALOG}/models", body), ours.key).status == 201
    ours.serve(HttpRequest("PUT", CONFIG, ROUTING), ours.key)

    def sent(path: str, name: str) -> tuple[int, Any]:
        answer = ours.serve(HttpRequest("POST", path, {"model": name}), ours.key)
        return answer.status, answer.body

    assert sent("/v1/chat/completions", "gpt-5") == (200, {"model": "big"})
    assert sent("/v1/embeddings", "words") == (200, {"model": "words"})
    assert sent("/v1/embeddings", "big")[0] == 404
    assert sent("/v1/chat/completions", "unknown")[0] == 404


def test_a_key_that_does_not_work_can_be_rehearsed() -> None:
    ours = sandbox()
    ident = ours.serve(HttpRequest("POST", f"{CATALOG}/integrations", INTEGRATION), ours.key).body["id"]
    asked = HttpRequest("POST", f"{CATALOG}/integrations/{ident}/verify")
    assert ours.serve(asked, ours.key).body == {"success": True}
    ours.unwell.add(ident)
    assert ours.serve(asked, ours.key).body["success"] is False
