"""What applying would do to the gateway as it is now: nothing is written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from litellm_migrate.convert.calls import Call
from litellm_migrate.gateway.change import (
    DEFAULTS,
    LEFT_OVER,
    STAY,
    Change,
    Options,
    Ownership,
    document_change,
    document_of,
    entities_of,
    entity_change,
)
from litellm_migrate.gateway.client import Client
from litellm_migrate.gateway.journal import Journal
from litellm_migrate.gateway.level_choice import fitted
from litellm_migrate.gateway.names import Entity, Ids, field_at, id_of, items, listed, reference
from litellm_migrate.rulebook.types import Rulebook
from litellm_migrate.source.model import Json, Problem, Problems


def plan(
    payloads: Mapping[str, Json],
    book: Rulebook,
    client: Client,
    journal: Journal | None = None,
    options: Options = DEFAULTS,
) -> list[Change]:
    """The changes in their order; raises Problems if the gateway cannot be read or a reference leads nowhere."""
    changes: list[Change] = []
    ids: dict[tuple[str, str], str] = {}
    ownership = Ownership(journal)
    endpoints = {endpoint for endpoint, _ in ownership.created}
    calls = [
        call for shape in book.endpoints if (call := shape.call) and (call.file in payloads or call.id in endpoints)
    ]
    present = client.side_by_side(lambda call: read(call, payloads.get(call.file), book, client, options), calls)
    for call, entities in zip(calls, present, strict=True):
        if isinstance(entities, Change):
            changes.append(entities)
            continue
        bodies = listed(payloads.get(call.file))
        pairs = zip(bodies, ownership.matches(call, bodies, entities, ids), strict=True)
        planned = [entity_change(call, body, entity, ids, ownership, options) for body, entity in pairs]
        ids.update({(call.id, change.name): change.id for change in planned if change.id})
        changes += [*planned, *left_over(call, planned, entities, ownership)]
    problems = list(dangling(changes, ids))
    if problems:
        raise Problems(problems)
    return changes


def left_over(call: Call, planned: list[Change], entities: list[Entity], ownership: Ownership) -> Iterator[Change]:
    """What was created here, is still there, and is in no payload any more. It is named, and stays."""
    there, wanted = {id_of(entity): entity for entity in entities}, {change.id for change in planned}
    note = (
        f"no payload has it any more. It stays: delete it ({call.delete_method} {call.delete_path}) if nobody needs it"
    )
    for (endpoint, name), ident in ownership.created.items():
        if endpoint == call.id and ident in there and ident not in wanted:
            yield Change(call, name, LEFT_OVER, ident, {}, (), there[ident], note)


def read(call: Call, payload: Json, book: Rulebook, client: Client, options: Options) -> list[Entity] | Change:
    """What is there of a call's entities; of a call that replaces one document, the change itself."""
    if call.unique_key:
        return entities_of(client, call)
    if call.merge and not items(payload, call.merge.list):
        present = document_of(client, call, call.read_path, payload)
        return Change(call, "", STAY, None, payload, (), present, f"it is not sent, for it has no {call.merge.list}")
    note = ""
    levels = book.levels(call)
    if call.fit and levels is not None and isinstance(payload, dict):
        payload, note = fitted(call.fit, payload, client, levels)
    return document_change(call, payload, client, options, note)


def dangling(changes: list[Change], ids: Ids) -> Iterator[Problem]:
    """A problem for each reference to what neither is there nor will be."""
    coming = {(change.endpoint, change.name) for change in changes} | ids.keys()
    for change in changes:
        for field in change.call.references:
            target = reference(field_at(change.body, field))
            if target and target not in coming:
                message = f"{change.name}: `{field}` expects {target[0]} {target[1]}, which is not there. Add it."
                yield Problem(change.call.file, 0, 0, message)
