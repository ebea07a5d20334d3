"""Entities that the gateway itself tries, and one real request for each name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from urllib.parse import quote

from litellm_migrate.convert.calls import Call, Smoke, Verify
from litellm_migrate.gateway.client import Client
from litellm_migrate.output.live_report import Probe, SimulatedRoute
from litellm_migrate.source.model import Problems
from litellm_migrate.source.secrets import at


def verified(client: Client, there: Iterable[tuple[Call, str, str | None]]) -> list[Probe]:
    """Each entity (its name and id) whose endpoint can verify it, as the gateway finds it."""
    asked = [(call, name, id_) for call, name, id_ in there if call.verify]
    return client.side_by_side(lambda one: verified_one(client, *one), asked)


def verified_one(client: Client, call: Call, name: str, id_: str | None) -> Probe:
    """One entity as the gateway finds it."""
    if call.verify is None or id_ is None:
        return Probe(call.id, name, None, "it is not there")
    try:
        return verdict(client, call.verify, call.id, name, id_)
    except Problems as error:
        return Probe(call.id, name, False, client.shown(str(error)))


def verdict(client: Client, verify: Verify, endpoint: str, name: str, id_: str) -> Probe:
    """What the gateway says of one entity."""
    answer = client.request(verify.method, verify.path.replace("{id}", quote(id_, safe="")))
    if not answer.good:
        return Probe(endpoint, name, False, client.reason(answer))
    good = at(answer.body, tuple(verify.good.split("."))) is True
    why = at(answer.body, tuple(verify.why.split(".")))
    return Probe(endpoint, name, good, "" if good else client.shown(str(why or "the gateway does not say why")))


def smoked(
    client: Client, call: Call, entities: Iterable[Mapping[str, Any]], found: Iterable[SimulatedRoute]
) -> list[Probe]:
    """One real request for each name that has a route, as the kind of its targets allows; one at a time."""
    return list(requests_of(client, call, call.smoke, list(entities), found)) if call.smoke else []


def requests_of(
    client: Client, call: Call, smoke: Smoke, entities: list[Mapping[str, Any]], found: Iterable[SimulatedRoute]
) -> Iterator[Probe]:
    """The requests themselves."""
    kinds = {one.get(smoke.name): one.get(smoke.kind) for one in entities}
    for route in found:
        if route.name != route.pattern:
            yield Probe(call.id, route.pattern, None, "a pattern is no name that can be asked for")
            continue
        kind = next((kinds[target] for target in route.wanted if target in kinds), None)
        request = smoke.requests.get(str(kind))
        if request is None:
            yield Probe(call.id, route.name, None, "no request is known for what this name leads to")
            continue
        method, path, body = request
        yield sent(client, smoke, call.id, route.name, (method, path, {**body, smoke.send: route.name}))


def sent(client: Client, smoke: Smoke, endpoint: str, name: str, request: tuple[str, str, Mapping[str, Any]]) -> Probe:
    """One real request and what came of it, with the headers worth showing."""
    try:
        answer = client.request(*request)
    except Problems as error:
        return Probe(endpoint, name, False, client.shown(str(error)))
    shown = tuple((one, client.shown(answer.headers[one])) for one in smoke.headers if one in answer.headers)
    return Probe(endpoint, name, answer.good, "" if answer.good else client.reason(answer), shown)
