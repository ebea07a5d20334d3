"""The live gateway held against the payloads: what is missing, different or extra, and whether it works."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple
from urllib.parse import quote

from litellm_migrate.convert.calls import Call
from litellm_migrate.gateway import now
from litellm_migrate.gateway.change import CONFLICT, LEFT_OVER, STAY, UNCHANGED, Change, entities_of, keys_of, marked
from litellm_migrate.gateway.client import Client
from litellm_migrate.gateway.journal import CREATE, UPDATE, Journal, added
from litellm_migrate.gateway.names import field_at, id_of, items, listed, name_of
from litellm_migrate.gateway.plan import plan
from litellm_migrate.gateway.simulation import routes
from litellm_migrate.output.validation_report import (
    DIFFERENT,
    EXTRA,
    FOREIGN,
    MISSING,
    SAME,
    EntityState,
    Probe,
    SimulatedRoute,
    Validation,
)
from litellm_migrate.rulebook.types import Rulebook
from litellm_migrate.source.model import Json, Problems

STATE_OF = {
    UNCHANGED: SAME,
    UPDATE: DIFFERENT,
    STAY: DIFFERENT,
    CREATE: MISSING,
    CONFLICT: FOREIGN,
    LEFT_OVER: EXTRA,
}


class Probes(NamedTuple):
    """What the user wants to be tried besides."""

    tenants: int
    """How many made-up tenants show the shares of a split."""
    smoke: bool = False
    """One real request for each name."""


def validation(
    payloads: Mapping[str, Json], book: Rulebook, client: Client, journal: Journal, probes: Probes
) -> Validation:
    """What the gateway has and does, held against the payloads; raises Problems if it cannot be asked."""
    changes = plan(payloads, book, client, journal)
    present = [change for change in changes if change.call.verify and change.action != LEFT_OVER]
    calls = [shape.call for shape in book.endpoints if shape.call]
    simulated = [
        route
        for call in calls
        if call.simulate and call.file in payloads
        for route in routes(client, call.simulate, payloads[call.file], probes.tenants)
    ]
    return Validation(
        gateway=client.access.url.rstrip("/"),
        dialect=book.dialect,
        checked=now(),
        entities=(
            *map(state_of, changes),
            *extras(changes, calls, client, journal),
            *leftovers(changes, payloads, journal),
        ),
        verified=tuple(client.side_by_side(lambda change: verified(client, change), present)),
        routes=tuple(simulated),
        smoked=tuple(
            probe for call in calls if probes.smoke for probe in smoke_probes(client, call, payloads, simulated)
        ),
    )


def state_of(change: Change) -> EntityState:
    """How an entity or a document of the gateway is to the payload's."""
    state = SAME if change.action == STAY and not change.differences else STATE_OF[change.action]
    return EntityState(change.endpoint, change.name, state, change.differences)


def extras(changes: list[Change], calls: list[Call], client: Client, journal: Journal) -> Iterator[EntityState]:
    """What is there and ours, by its mark or by the journal, and in no payload."""
    created = journal.created()
    names = {(endpoint, ident): name for (endpoint, name), ident in created.items()}
    for call in calls:
        if not call.unique_key or not (call.owned or any(endpoint == call.id for endpoint, _ in created)):
            continue
        planned = {change.id for change in changes if change.endpoint == call.id}
        for entity in entities_of(client, call):
            name, ident = name_of(call, entity, names), id_of(entity) or ""
            migrated = (call.owned and marked(call, entity)) or (call.id, ident) in names
            if migrated and ident not in planned:
                yield EntityState(call.id, name, EXTRA)


def leftovers(changes: list[Change], payloads: Mapping[str, Json], journal: Journal) -> Iterator[EntityState]:
    """What we once brought into a document that others share, and is in no payload any more."""
    for change in changes:
        merge = change.call.merge
        if merge is None:
            continue
        brought = added(journal, change.endpoint, merge.list)
        planned = {key for item in items(payloads[change.call.file], merge.list) for key in keys_of(item, merge.by)}
        for item in items(change.present, merge.list):
            keys = keys_of(item, merge.by)
            if item in brought and not planned & set(keys):
                yield EntityState(change.endpoint, "/".join(dict.fromkeys(value for _, value in keys)), EXTRA)


def verified(client: Client, change: Change) -> Probe:
    """An entity whose endpoint can verify it, as the gateway finds it."""
    verify, endpoint, name = change.call.verify, change.endpoint, change.name
    if verify is None or change.id is None:
        return Probe(endpoint, name, None, "it is not there")
    try:
        response = client.request(verify.method, verify.path.replace("{id}", quote(change.id, safe="")))
    except Problems as error:
        return Probe(endpoint, name, False, client.redact(str(error)))
    if not response.good:
        return Probe(endpoint, name, False, client.reason(response))
    good = field_at(response.body, verify.good) is True
    why = str(field_at(response.body, verify.why) or "the gateway does not say why")
    return Probe(endpoint, name, good, "" if good else client.redact(why))


def smoke_probes(
    client: Client, call: Call, payloads: Mapping[str, Json], simulated: Sequence[SimulatedRoute]
) -> Iterable[Probe]:
    """One real request for each name that has a route, as the kind of its targets allows; one at a time."""
    smoke = call.smoke
    if smoke is None:
        return
    entities = listed(payloads.get(call.file))
    kinds = {str(field_at(entity, smoke.name)): field_at(entity, smoke.kind) for entity in entities}
    for route in simulated:
        if route.name != route.pattern:
            yield Probe(call.id, route.pattern, None, "a pattern is no name that can be asked for")
            continue
        kind = next((kinds[target] for target in route.expected if target in kinds), None)
        request = smoke.request(kind)
        if request is None:
            yield Probe(call.id, route.name, None, "no request is known for what this name leads to")
            continue
        method, path, body = request
        try:
            response = client.request(method, path, {**body, smoke.send: route.name})
        except Problems as error:
            yield Probe(call.id, route.name, False, client.redact(str(error)))
            continue
        headers = [(name, client.redact(response.headers[name])) for name in smoke.headers if name in response.headers]
        because = "" if response.good else client.reason(response)
        yield Probe(call.id, route.name, response.good, because, tuple(headers))
