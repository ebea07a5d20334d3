"""What applying would do to the gateway as it is now: nothing is written."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from litellm_migrate.convert.calls import Call
from litellm_migrate.gateway.client import Client
from litellm_migrate.gateway.compare import Change, changes
from litellm_migrate.gateway.journal import CREATE, UPDATE, Journal
from litellm_migrate.gateway.levels import fitted
from litellm_migrate.gateway.names import fields, hashable, identity_of, name_of, reference
from litellm_migrate.rulebook.types import Rulebook
from litellm_migrate.source.model import Problem, Problems
from litellm_migrate.source.secrets import at

__all__ = ["Change", "Entity", "Options", "Step", "calls_of", "live", "plan"]

UNCHANGED, CONFLICT = "unchanged", "conflict"
NOT_THERE = 404

Entity = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Step:
    """What is to be done about one entity or document."""

    call: Call
    name: str
    identity: tuple[Any, ...]
    action: str
    """`create`, `update`, `unchanged` or `conflict` (it is there, and somebody else's)."""
    id: str | None
    body: Any
    """What would be sent, with references and variables as they are written."""
    changes: tuple[Change, ...] = ()
    there: Any = None
    """What is there now, as the gateway shows it."""
    note: str = ""
    """What else is to be known."""


@dataclass(frozen=True, slots=True)
class Options:
    """What the user decided."""

    adopt: bool = False
    """Entities of others are taken over."""
    everything: bool = False
    """What looks the same is written again: keys cannot be read back."""
    also: Collection[str] = ()
    """Endpoints that act on the whole gateway, and are called only when asked for."""


@dataclass(frozen=True, slots=True)
class Known:
    """What the journal says of entities: the ids of those created here, and those that may have been."""

    created: Mapping[tuple[str, str], str]
    pending: Collection[tuple[str, str]]

    def made(self, endpoint: str, name: str, id: Any) -> bool:
        """Whether an entity that is there was created here."""
        return (endpoint, name) in self.pending or (id is not None and self.created.get((endpoint, name)) == id)


def plan(
    payloads: Mapping[str, Any],
    book: Rulebook,
    client: Client,
    journal: Journal | None = None,
    options: Options = Options(),
) -> list[Step]:
    """The steps in their order; raises Problems if the gateway cannot be read or a reference leads nowhere."""
    steps: list[Step] = []
    ids: dict[tuple[str, str], str] = {}
    known = Known(journal.created(), journal.pending()) if journal else Known({}, set())
    calls = calls_of(book, payloads, options.also)
    there = client.side_by_side(lambda call: seen(call, payloads[call.file], book, client, options), calls)
    for call, found in zip(calls, there, strict=True):
        if isinstance(found, Step):
            steps.append(found)
            continue
        pairs = matched(call, payloads[call.file], found, known)
        made = [entity_step(call, body, entity, ids, known, options) for body, entity in pairs]
        ids.update({(call.id, step.name): step.id for step in made if step.id})
        steps += made
    problems = list(dangling(steps, ids))
    if problems:
        raise Problems(problems)
    return steps


def seen(call: Call, payload: Any, book: Rulebook, client: Client, options: Options) -> list[Entity] | Step:
    """What is there of a call's entities; of a call that replaces one document, the step itself."""
    if call.identity:
        return live(client, call)
    body, note = payload, ""
    if call.fit and call.fit.table in book.tables:
        body, note = fitted(call.fit, payload, client, call.fit.levels(book.tables[call.fit.table].rows))
    return replace(document(call, body, client, options), note=note)


def calls_of(book: Rulebook, payloads: Mapping[str, Any], also: Collection[str] = ()) -> list[Call]:
    """The calls that payloads are for, in their order; those that are made only when asked for are in `also`."""
    calls = [shape.call for shape in book.endpoints if shape.call and shape.call.file in payloads]
    return [call for call in calls if not call.asked or call.id in also]


def live(client: Client, call: Call) -> list[Entity]:
    """What is there of an endpoint's entities, on all pages."""
    return client.listed(call.list_path, call.container or "") if call.list_path else []


def matched(call: Call, bodies: list[Any], there: list[Entity], known: Known) -> Iterator[tuple[Any, Entity | None]]:
    """Each body with the entity of the same identity, if there is one."""
    found: dict[str, list[Entity]] = {}
    for entity in there:
        found.setdefault(hashable(identity_of(call, entity)), []).append(entity)
    for body in bodies:
        identity = identity_of(call, body)
        yield body, best(call, found.get(hashable(identity), []), known.created.get((call.id, name_of(identity))))


def entity_step(  # noqa: PLR0913, PLR0917 - each is a fact of its own
    call: Call, body: Any, there: Entity | None, ids: Mapping[tuple[str, str], str], known: Known, options: Options
) -> Step:
    """What is to be done about one entity."""
    identity = identity_of(call, body)
    name = name_of(identity)
    if there is None:
        return Step(call, name, identity, CREATE, None, body)
    own = known.made(call.id, name, there.get("id")) or marked(call, there)
    differs = changes(call, body, there, ids)
    action = (UPDATE if differs or options.everything else UNCHANGED) if own or options.adopt else CONFLICT
    return Step(call, name, identity, action, str(there.get("id")), body, differs, there)


def best(call: Call, found: list[Entity], mine: str | None) -> Entity | None:
    """The entity that is meant where several have the same identity: the one made here, else one with our mark."""
    return min(found, key=lambda one: (one.get("id") != mine, not marked(call, one)), default=None)


def marked(call: Call, entity: Entity) -> bool:
    """Whether an entity carries our mark; where bodies have no place for one, the identity tells enough."""
    return call.owned is None or call.owned.mark in (at(entity, fields(call.owned.field)) or ())


def document(call: Call, body: Any, client: Client, options: Options) -> Step:
    """The step of a call that replaces one document."""
    answer = client.request("GET", call.list_path) if call.list_path else None
    if answer is None or answer.status == NOT_THERE:
        return Step(call, "", (), CREATE, None, body)
    if not answer.good:
        raise Problems([client.problem("GET", call.list_path or "", answer)])
    merged = merge(call, body, answer.body)
    differs = changes(call, merged, answer.body)
    action = UPDATE if differs or options.everything else UNCHANGED
    return Step(call, "", (), action, None, merged, differs, answer.body)


def merge(call: Call, body: Any, there: Any) -> Any:
    """Our document, and after it what others own in the one that is there."""
    if call.merge is None or not isinstance(there, dict):
        return body
    ours = body.get(call.merge.list, [])
    others = at(there, (call.merge.list,))
    taken = {(field, item[field]) for item in ours for field in call.merge.by if field in item}
    foreign = [one for one in others or [] if not taken & set(named(one, call.merge.by))]
    kept = {field: there[field] for field in call.merge.keep if there.get(field) and field not in body}
    return {**body, **({call.merge.list: [*ours, *foreign]} if foreign else {}), **kept}


def named(item: Any, by: Iterable[str]) -> list[tuple[str, Any]]:
    """The fields of an item that may tell whose it is."""
    return [(field, item[field]) for field in by if isinstance(item.get(field), str)] if isinstance(item, dict) else []


def dangling(steps: list[Step], ids: Mapping[tuple[str, str], str]) -> Iterator[Problem]:
    """A problem for each reference to what neither is there nor will be."""
    coming = {(step.call.id, step.name) for step in steps} | ids.keys()
    for step in steps:
        for field in step.call.references:
            target = reference(at(step.body, fields(field)))
            if target and target not in coming:
                message = f"{step.name}: `{field}` expects {target[0]} {target[1]}, which is not there. Add it."
                yield Problem(step.call.file, 0, 0, message)
