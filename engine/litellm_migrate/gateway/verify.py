"""The live gateway held against the payloads: what is missing, different or extra, and whether it works."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from litellm_migrate.gateway import TENANTS
from litellm_migrate.gateway.client import Client
from litellm_migrate.gateway.history import added, items
from litellm_migrate.gateway.journal import CREATE, UPDATE, Journal
from litellm_migrate.gateway.names import identity_of, name_of
from litellm_migrate.gateway.plan import CONFLICT, UNCHANGED, Options, Step, live, marked, named, plan
from litellm_migrate.gateway.routes import routes
from litellm_migrate.gateway.trials import smoked, verified
from litellm_migrate.output.live_report import (
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

STATE_OF = {UNCHANGED: SAME, UPDATE: DIFFERENT, CREATE: MISSING, CONFLICT: FOREIGN}


@dataclass(frozen=True, slots=True)
class Asked:
    """What the user wants to be tried besides."""

    smoke: bool = False
    """One real request for each name."""
    tenants: int = TENANTS
    """How many made-up tenants show the shares of a split."""
    also: tuple[str, ...] = ()
    """Endpoints that act on the whole gateway, and were asked for."""


def validation(
    payloads: Mapping[str, Any],
    book: Rulebook,
    client: Client,
    journal: Journal | None = None,
    asked: Asked = Asked(),
) -> Validation:
    """What the gateway has and does, held against the payloads; raises Problems if it cannot be asked."""
    steps = plan(payloads, book, client, journal, Options(also=asked.also))
    entities = [EntityState(one.call.id, one.name, STATE_OF[one.action], one.changes) for one in steps]
    there = [(one.call, one.name, one.id) for one in steps if one.call.identity]
    found = [*routed(book, payloads, client, asked.tenants)]
    return Validation(
        gateway=client.access.url.rstrip("/"),
        dialect=book.dialect,
        entities=(*entities, *extras(steps, book, client, journal), *left_over(steps, payloads, journal)),
        verified=tuple(verified(client, there)),
        routes=tuple(found),
        smoked=tuple(requested(book, payloads, client, found) if asked.smoke else ()),
    )


def routed(book: Rulebook, payloads: Mapping[str, Any], client: Client, tenants: int) -> Iterator[SimulatedRoute]:
    """Every name that the payloads lead somewhere, as the gateway simulates it."""
    for shape in book.endpoints:
        if shape.call and shape.call.simulate and shape.call.file in payloads:
            yield from routes(client, shape.call.simulate, payloads[shape.call.file], tenants)


def requested(
    book: Rulebook, payloads: Mapping[str, Any], client: Client, found: list[SimulatedRoute]
) -> Iterator[Probe]:
    """One real request for each name."""
    for shape in book.endpoints:
        if shape.call and shape.call.smoke:
            yield from smoked(client, shape.call, payloads.get(shape.call.file, []), found)


def extras(steps: list[Step], book: Rulebook, client: Client, journal: Journal | None) -> Iterator[EntityState]:
    """What is there and ours, by its mark or by the journal, and in no payload."""
    made = set(journal.created().items()) if journal else set()
    for shape in book.endpoints:
        call = shape.call
        if call is None or not call.identity or not (call.owned or any(key[0] == call.id for key, _ in made)):
            continue
        wanted = {one.id for one in steps if one.call.id == call.id}
        for entity in live(client, call):
            name = name_of(identity_of(call, entity))
            ours = (call.owned and marked(call, entity)) or ((call.id, name), str(entity.get("id"))) in made
            if ours and str(entity.get("id")) not in wanted:
                yield EntityState(call.id, name, EXTRA)


def left_over(steps: list[Step], payloads: Mapping[str, Any], journal: Journal | None) -> Iterator[EntityState]:
    """What we once brought into a document that others share, and is in no payload any more."""
    for step in steps:
        merge = step.call.merge
        if merge is None or journal is None:
            continue
        ours = added(journal.entries, journal.folder, step.call.id, merge.list)
        wanted = [set(named(one, merge.by)) for one in items(payloads[step.call.file], merge.list)]
        for item in items(step.there, merge.list):
            known = named(item, merge.by)
            if item in ours and not any(one & set(known) for one in wanted):
                yield EntityState(step.call.id, "/".join(dict.fromkeys(str(value) for _, value in known)), EXTRA)
