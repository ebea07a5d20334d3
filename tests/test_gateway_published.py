"""Every request in the published dialect is one that the published specification knows: call, query and body."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from re import fullmatch, sub
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from jsonschema import Draft202012Validator, FormatChecker

import published_spec
from conversion import EXAMPLES, Result, of_file, rulebook
from gateway_run import reached
from gateway_same import Tiered, empty, folder_for, gateway, used, values_of
from litellm_migrate import shipped
from litellm_migrate.gateway.change import Options
from litellm_migrate.gateway.journal import Journal
from litellm_migrate.gateway.payloads import read_payloads
from litellm_migrate.gateway.plan import plan
from litellm_migrate.gateway.preflight import preflight
from litellm_migrate.gateway.rollback import rollback
from litellm_migrate.gateway.run import apply
from litellm_migrate.gateway.verify import Probes, validation
from litellm_migrate.sandbox.operations import HttpRequest
from litellm_migrate.source.model import Problems
from sampling import spread

pytestmark = pytest.mark.skipif(not published_spec.available(), reason="the published specification is not here")

DIALECT = "openapi-0.2"
CORPUS = sorted((Path(__file__).resolve().parents[2] / "shared" / "corpus").glob("*.yaml"))
BATCHES = 20
FEW_TENANTS = 2


def asked_for(path: Path, result: Result, world: Any) -> Iterator[HttpRequest]:
    """Every request of a plan, an application, a validation with real requests, and a rollback."""
    sandbox = gateway(result, DIALECT, world)
    folder = folder_for(path, result, DIALECT)
    payloads = read_payloads(folder, sandbox.book, shipped("schemas"))
    options = Options(adopt=True)
    sandbox.only_tokens = True
    with reached(sandbox, concurrency=8, tenant=None) as client, Journal(folder, "http://sandbox") as journal:
        steps = plan(payloads, sandbox.book, client, journal, options)
        assert apply(steps, client, journal, values_of(result), problems=preflight(steps, client)).complete
        validation(payloads, sandbox.book, client, journal, Probes(FEW_TENANTS, True))
        again = changed(sandbox, result)
        assert not again or apply(
            plan(payloads, sandbox.book, client, journal, options), client, journal, values_of(result)
        )
        rollback(client, journal, sandbox.book, shipped("schemas"))
    yield from sandbox.requests


def changed(sandbox: Tiered, result: Result) -> bool:
    """Somebody changes one entity of each endpoint, so that it is put right."""
    for one in sandbox.entities.values():
        for entity in one.stored[:1]:
            entity["description"] = "by hand"
            entity.pop("displayName", None)
    return bool(result.done.payloads)


@cache
def operation(method: str, path: str) -> tuple[str, Any] | None:
    """The published path that a request is for, and what is said of it; fixed paths come before those with holes."""
    known = sorted(published_spec.document()["paths"].items(), key=lambda item: item[0].count("{"))
    for template, item in known:
        if fullmatch(sub(r"\\\{[^}]*\\\}", "[^/]+", escaped(template)), path) and method.lower() in item:
            return template, item
    return None


def escaped(template: str) -> str:
    return sub(r"([^\w/])", r"\\\1", template)


@cache
def checker(template: str, method: str) -> Draft202012Validator | None:
    """What the body of a call must fit; None where none is sent."""
    item = published_spec.document()["paths"][template][method.lower()]
    if "requestBody" not in item:
        return None
    return Draft202012Validator(published_spec.request_schema(template, method), format_checker=FormatChecker())


def parameters(template: str, method: str) -> dict[str, Any]:
    """The query words of a call with the schemas of their values."""
    item = published_spec.document()["paths"][template]
    listed = [*item.get("parameters", ()), *item[method.lower()].get("parameters", ())]
    known = published_spec.document()["components"]["parameters"]
    found = [known[one["$ref"].rsplit("/", 1)[-1]] if "$ref" in one else one for one in listed]
    return {one["name"]: one["schema"] for one in found if one["in"] == "query"}


def objections(request: HttpRequest) -> Iterator[str]:
    """What the specification has against a request, without its values."""
    parts = urlsplit(request.path)
    found = operation(request.method, parts.path)
    if found is None:
        yield f"{request.method} {sub('[0-9a-f-]{36}', 'ID', parts.path)}: no such call"
        return
    template, _ = found
    known = parameters(template, request.method)
    for name, value in parse_qsl(parts.query):
        if name not in known:
            yield f"{request.method} {template}: no query word {name}"
        elif not Draft202012Validator(known[name]).is_valid(int(value) if value.isdecimal() else value):
            yield f"{request.method} {template}: {name} is not as it must be"
    check = checker(template, request.method)
    if (check is None) != (request.body is None):
        yield f"{request.method} {template}: {'no body' if check is None else 'a body'} is expected"
    elif check is not None:
        for error in check.iter_errors(request.body):
            yield f"{request.method} {template}: /{'/'.join(map(str, error.path))}: {error.validator}"


def test_a_request_that_is_wrong_is_found() -> None:
    models = "/api/v1/model-catalog/models"
    wrong = {
        HttpRequest("GET", "/api/v1/guardrails?page=0"): "page is not as it must be",
        HttpRequest("GET", f"{models}?size=1"): "no query word size",
        HttpRequest("POST", models): "a body is expected",
        HttpRequest("PATCH", models): "no such call",
    }
    assert all(next(objections(request)).endswith(said) for request, said in wrong.items())
    assert list(objections(HttpRequest("POST", models, {"modelId": "x", "displayName": "x"}))) == [
        "POST /api/v1/model-catalog/models: /: required"
    ]
    assert list(objections(HttpRequest("GET", f"{models}?page=1&pageSize=100"))) == []


def checked(path: Path, result: Result, world: Any) -> tuple[int, Counter[str]]:
    """How many requests there were, and what is against them."""
    requests = list(asked_for(path, result, world))
    return len(requests), Counter(said for request in requests for said in objections(request))


@pytest.mark.parametrize("world", [empty, used], ids=["empty", "used"])
@pytest.mark.parametrize("name", ["quickstart", "mission", "messy"])
def test_examples(tmp_path: Path, name: str, world: Any) -> None:
    count, said = checked(tmp_path / "out", of_file(EXAMPLES / f"{name}.yaml", DIALECT), world)
    assert said == Counter()
    assert count > 20


@pytest.mark.skipif(not CORPUS, reason="the published configurations are not here")
@pytest.mark.parametrize("batch", spread(range(BATCHES), BATCHES))
def test_published_configurations(tmp_path: Path, batch: int) -> None:
    total, against, converted = 0, Counter[str](), 0
    for number, file in enumerate(CORPUS[batch::BATCHES]):
        try:
            result = of_file(file, DIALECT)
        except Problems:
            continue
        count, said = checked(tmp_path / str(number), result, used if number % 2 else empty)
        total, against, converted = total + count, against + said, converted + 1
    print(f"{total} requests of {converted} configurations")
    assert against == Counter()
    assert total > converted


def test_the_dialect_is_the_published_one() -> None:
    assert rulebook(DIALECT).schemas[0].endswith(DIALECT)
