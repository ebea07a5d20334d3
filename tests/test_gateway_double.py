"""The gateway double refuses what a gateway would refuse, and fails when it is told to."""

from __future__ import annotations

import base64
import http.client
import json
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest

from gateway_double import GatewayDouble

if TYPE_CHECKING:
    from collections.abc import Iterator

CATALOG = "/api/v1/model-catalog"
INTEGRATION = {"name": "openai", "providerType": "OPEN_AI", "apiKey": "resolved"}
MODEL = {"modelId": "gpt-4", "displayName": "gpt-4", "providerType": "OPEN_AI"}
ROUTING = {"strategy": "cost_optimized", "rules": [{"modelPattern": "fast", "routeTo": "gpt-4", "weight": 0.7}]}


@pytest.fixture
def double() -> Iterator[GatewayDouble]:
    with GatewayDouble() as running:
        yield running


def ask(
    double: GatewayDouble, method: str, path: str, body: Any = None, key: str | None = None
) -> tuple[int, Any, dict[str, str]]:
    connection = http.client.HTTPConnection(urlsplit(double.url).netloc, timeout=5)
    headers = {"Authorization": f"Bearer {key or double.api_key}"}
    try:
        connection.request(method, path, None if body is None else json.dumps(body), headers)
        answer = connection.getresponse()
        return answer.status, json.loads(answer.read() or "null"), dict(answer.getheaders())
    finally:
        connection.close()


def create(double: GatewayDouble, path: str, body: Any) -> Any:
    status, answer, _ = ask(double, "POST", path, body)
    assert status == 201
    return answer


def test_what_is_created_is_listed_changed_and_deleted(double: GatewayDouble) -> None:
    ident = create(double, f"{CATALOG}/models", MODEL)["id"]
    assert ask(double, "PUT", f"{CATALOG}/models/{ident}", {"family": "gpt"})[0] == 200
    assert ask(double, "GET", f"{CATALOG}/models")[1]["models"] == [ask(double, "GET", f"{CATALOG}/models/{ident}")[1]]
    assert double.store["models"][0]["family"] == "gpt"
    assert ask(double, "DELETE", f"{CATALOG}/models/{ident}")[0] == 204
    assert ask(double, "GET", f"{CATALOG}/models/{ident}")[0] == 404
    assert [request.method for request in double.requests] == ["POST", "PUT", "GET", "GET", "DELETE", "GET"]
    assert double.requests[0] == ("POST", f"{CATALOG}/models", MODEL)


def test_a_provider_needs_an_integration_that_is_there(double: GatewayDouble) -> None:
    body = {"slug": "openai", "name": "openai", "providerType": "OPEN_AI"}
    ident = create(double, f"{CATALOG}/integrations", INTEGRATION)["id"]
    for wrong in ("${ref:integrations/openai}", "00000000-0000-4000-8000-000000000000"):
        assert ask(double, "POST", f"{CATALOG}/providers", {**body, "integrationId": wrong})[0] == 422
    create(double, f"{CATALOG}/providers", {**body, "integrationId": ident})


def test_keys_are_stored_but_never_read_back(double: GatewayDouble) -> None:
    assert "apiKey" not in create(double, f"{CATALOG}/integrations", INTEGRATION)
    assert "apiKey" not in ask(double, "GET", f"{CATALOG}/integrations")[1]["integrations"][0]
    assert double.store["integrations"][0]["apiKey"] == "resolved"


@pytest.mark.parametrize(
    "wrong",
    [
        {**INTEGRATION, "apiKey": "${OPENAI_API_KEY}"},
        {**INTEGRATION, "config": {"region": "${REGION}"}},
        {**INTEGRATION, "extra": 1},
        {"name": "openai"},
        "text",
        None,
    ],
)
def test_a_wrong_body_is_refused_without_repeating_its_values(double: GatewayDouble, wrong: Any) -> None:
    status, answer, _ = ask(double, "POST", f"{CATALOG}/integrations", wrong)
    assert status == 422
    assert "OPENAI_API_KEY" not in answer["error"]["message"]
    assert not double.store["integrations"]


def test_the_dialect_decides_what_is_wrong() -> None:
    body = {**INTEGRATION, "providerType": "GOOGLE"}
    for dialect, status in (("synapse", 422), ("openapi-0.2", 201)):
        with GatewayDouble(dialect=dialect) as double:
            assert ask(double, "POST", f"{CATALOG}/integrations", body)[0] == status


def test_lists_have_pages() -> None:
    with GatewayDouble(page_size=2) as double:
        for number in range(5):
            create(double, f"{CATALOG}/models", {**MODEL, "modelId": f"m{number}"})
        last = ask(double, "GET", f"{CATALOG}/models?page=3&pageSize=50")[1]
        assert [model["modelId"] for model in last.pop("models")] == ["m4"]
        assert last == {"total": 5, "page": 3, "pageSize": 2, "totalPages": 3}
        assert ask(double, "GET", f"{CATALOG}/models?page=x")[0] == 400


def test_a_new_virtual_key_shows_its_secret_once(double: GatewayDouble) -> None:
    answer = create(double, "/api/v1/virtual-keys", {"name": "app"})
    assert answer["key"].startswith("sk-")
    assert answer["key"] not in json.dumps(ask(double, "GET", f"/api/v1/virtual-keys/{answer['id']}")[1])
    with GatewayDouble(published_keys=True) as published:
        answer = create(published, "/api/v1/virtual-keys", {"name": "app"})
        assert answer["secret"].startswith("sk-")
        assert answer["key"]["name"] == "app"


def test_singletons_are_replaced(double: GatewayDouble) -> None:
    assert ask(double, "PUT", "/api/v1/routing/config", ROUTING)[0] == 200
    assert ask(double, "GET", "/api/v1/routing/config")[1].items() >= ROUTING.items()
    limits = {"tier": "pro", "models": [{"model": "gpt-4", "rpm": 800}]}
    assert ask(double, "GET", "/api/v1/rate-limits/acme")[1]["explicit"] is False
    assert ask(double, "PUT", "/api/v1/rate-limits/acme", limits)[0] == 200
    assert ask(double, "GET", "/api/v1/rate-limits/acme")[1].items() >= limits.items()
    assert ask(double, "PUT", "/api/v1/rate-limits/acme", {"tier": "gold"})[0] == 422
    tiers = ask(double, "GET", "/api/v1/rate-limits/tiers")[1]
    assert [tier["limits"]["rpm"] for tier in tiers["tiers"]] == [100, 1000, 3000]


def test_only_a_known_bearer_gets_in(double: GatewayDouble) -> None:
    assert ask(double, "GET", f"{CATALOG}/models", key="other")[0] == 401
    assert ask(double, "GET", "/health", key="other")[0] == 200


def test_a_key_is_exchanged_for_a_token_that_names_the_tenant() -> None:
    with GatewayDouble(only_tokens=True, tenant="blue") as double:
        assert ask(double, "GET", f"{CATALOG}/models")[0] == 401
        assert ask(double, "POST", "/api/v1/auth/token", {"api_key": "other"})[0] == 401
        token = ask(double, "POST", "/api/v1/auth/token", {"api_key": double.api_key})[1]["access_token"]
        assert ask(double, "GET", f"{CATALOG}/models", key=token)[0] == 200
        claims = token.split(".")[1]
        assert json.loads(base64.urlsafe_b64decode(claims + "=" * (-len(claims) % 4))) == {"tenant_id": "blue"}


def test_faults_come_when_they_are_due(double: GatewayDouble) -> None:
    double.fail_next(503, after=1)
    double.fail_next(429, times=2, headers={"Retry-After": "0"}, after=2, retry_after_secs=0)
    answers = [ask(double, "GET", "/health") for _ in range(5)]
    assert [status for status, _, _ in answers] == [200, 503, 429, 429, 200]
    assert answers[2][1]["error"]["retry_after_secs"] == 0
    assert answers[2][2]["Retry-After"] == "0"
    assert len(double.requests) == 5


def test_a_fault_of_status_zero_hangs_up(double: GatewayDouble) -> None:
    double.fail_next(0)
    with pytest.raises(http.client.RemoteDisconnected):
        ask(double, "GET", "/health")
    assert ask(double, "GET", "/health")[0] == 200
