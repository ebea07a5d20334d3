"""One change of an entity or a document of the gateway: what is to be done, and by which call."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple
from urllib.parse import quote

from litellm_migrate.convert.calls import Call, identity_of
from litellm_migrate.gateway.client import Client
from litellm_migrate.gateway.compare import Difference, differences
from litellm_migrate.gateway.journal import CREATE, DELETE, MISSING, RENEW, UNREADABLE, UPDATE, Journal
from litellm_migrate.gateway.names import (
    Entity,
    Ids,
    field_at,
    id_of,
    items,
    mapping,
    name_of,
    variable,
    with_field,
    with_ids,
)
from litellm_migrate.source.model import Json, Problem, Problems
from litellm_migrate.source.redact import MASK

UNCHANGED, CONFLICT, GONE, STAY, LEFT_OVER = "unchanged", "conflict", "gone", "stay", "left over"
UNCHANGEABLE = "it is different there, and the gateway has no call that changes it"


class Change(NamedTuple):
    """What is to be done about one entity or document (which has no name)."""

    call: Call
    name: str
    action: str
    """Forward: `create`, `update`, `unchanged`, `conflict` (it is there, and somebody else's) or `stay`.

    Backward: `delete`, `restore`, `gone` (nothing is left to do) or `stay` (the note says why).
    """
    id: str | None = None
    body: Json = None
    """What would be sent, with references and variables as they are written."""
    differences: tuple[Difference, ...] = ()
    present: Json = None
    """What is there now, as the gateway shows it; kept in a backup before it is updated."""
    note: str = ""
    """What else is to be known."""

    @property
    def endpoint(self) -> str:
        """The id of the call's endpoint."""
        return self.call.id

    @property
    def request(self) -> tuple[str, str]:
        """Method and path of the call that makes this change."""
        call, method, path = self.call, self.call.method, self.call.path
        if self.action == RENEW:
            method, _, path = (call.renew or "").partition(" ")
        elif self.action == DELETE:
            method, path = call.delete_method or method, call.delete_path or path
        elif self.action != CREATE:
            method, path = call.update_method or method, call.update_path or path
        return method, path.replace("{id}", quote(self.id or "", safe=""))


class Options(NamedTuple):
    """What the user decided."""

    adopt: bool = False
    """Entities of others are taken over."""
    everything: bool = False
    """What looks the same is written again: keys cannot be read back."""


DEFAULTS = Options()


class Ownership:
    """Which entities were created here: by the journal, or by the mark that they carry."""

    def __init__(self, journal: Journal | None = None) -> None:
        self.created = journal.created() if journal else {}
        self.pending = journal.pending() if journal else set()

    def covers(self, call: Call, name: str, entity: Entity) -> bool:
        """Whether an entity was created here, or may have been."""
        key, ident = (call.id, name), id_of(entity)
        return key in self.pending or (ident is not None and self.created.get(key) == ident) or marked(call, entity)

    def matches(self, call: Call, bodies: Iterable[Json], entities: Iterable[Entity], ids: Ids) -> list[Entity | None]:
        """For each body the entity of its identity; of several the one created here, else one with our mark."""
        by_identity: dict[str, list[Entity]] = {}
        for entity in entities:
            by_identity.setdefault(identity_of(call, entity), []).append(entity)

        def match(body: Json) -> Entity | None:
            ident = self.created.get((call.id, name_of(call, body)))
            same = by_identity.get(identity_of(call, with_ids(call, body, ids)), [])
            return min(same, key=lambda entity: (id_of(entity) != ident, not marked(call, entity)), default=None)

        return [match(body) for body in bodies]


def marked(call: Call, entity: Entity) -> bool:
    """Whether an entity carries our mark; where bodies have no place for one, the identity suffices."""
    marks = field_at(entity, call.owned.field) if call.owned else None
    return call.owned is None or (isinstance(marks, (list, str)) and call.owned.mark in marks)


def entities_of(client: Client, call: Call) -> list[Entity]:
    """What is there of an endpoint's entities, on all pages."""
    words = client.protocol.of(call)
    return client.listed(call.read_path, call.container or "", words) if call.read_path else []


def document_of(client: Client, call: Call, path: str | None, ours: Json = None) -> Json:
    """The document as it is now, read at `path`; None if there is none, or no call that reads it.

    Raises Problems, too, if it has not the shape of `ours`, and could not be held against it or put back.
    """
    response = client.request("GET", path) if path else None
    if response is None or response.status in {MISSING, UNREADABLE}:
        return None
    if not response.good:
        raise Problems([client.problem("GET", path or "", response)])
    if response.body is not None and (expected := expected_shape(call, response.body, mapping(ours))):
        raise Problems([Problem(f"GET {path}", 0, 0, f"expected {expected} in the answer, found something else.")])
    return response.body


def expected_shape(call: Call, document: Json, ours: Entity) -> str:
    """What a document should be, or have in one of our fields, and does not; empty if all is well."""
    if not isinstance(document, dict):
        return "an object"
    for kind, name in ((dict, "an object"), (list, "a list")):
        for field, value in ours.items():
            if isinstance(value, kind) and not isinstance(document.get(field), (kind, type(None))):
                return f"{name} `{field}`"
    if call.merge and not all(isinstance(item, dict) for item in items(document, call.merge.list)):
        return f"a list of objects `{call.merge.list}`"
    return ""


def entity_change(  # noqa: PLR0913, PLR0917 - each is a fact of its own
    call: Call, body: Json, present: Entity | None, ids: Ids, ownership: Ownership, options: Options
) -> Change:
    """What is to be done about one entity."""
    name = name_of(call, body)
    if present is None:
        return Change(call, name, CREATE, None, body)
    if id_of(present) is None:
        raise Problems([Problem(f"GET {call.read_path}", 0, 0, f"expected an id of {name}, found none.")])
    different = differences(call, body, present, ids)
    action, note = UPDATE if different or options.everything else UNCHANGED, ""
    if not (options.adopt or ownership.covers(call, name, present)):
        action = CONFLICT
    elif action == UPDATE and not (call.update_method and call.update_path):
        action, note = (STAY, UNCHANGEABLE) if different else (UNCHANGED, "")
    return Change(call, name, action, id_of(present), body, different, present, note)


def document_change(call: Call, body: Json, client: Client, options: Options, note: str = "") -> Change:
    """What is to be done about a call that replaces one document: ours, and after it what others own in it."""
    present = document_of(client, call, call.read_path, body)
    if present is None:
        return Change(call, "", CREATE, None, body, note=note)
    merged = merge(call, body, present)
    different = differences(call, merged, present)
    action = UPDATE if different or options.everything else UNCHANGED
    return Change(call, "", action, None, merged, different, present, note)


def merge(call: Call, body: Json, present: Json) -> Json:
    """Our document, and after it what others own in the one that is there."""
    if call.merge is None or not isinstance(present, dict) or not isinstance(body, dict):
        return body
    listed, by = call.merge.list, call.merge.by
    local = items(body, listed)
    claimed = {key for item in local for key in keys_of(item, by)}
    foreign = [item for item in items(present, listed) if not claimed & set(keys_of(item, by))]
    rest = {field: present[field] for field in call.merge.keep if present.get(field) and field not in body}
    return {**body, **({listed: [*local, *foreign]} if foreign else {}), **rest}


def keys_of(item: Json, by: Iterable[str]) -> list[tuple[str, str]]:
    """The fields of an item, each a text, that may say whose it is."""
    return [(field, value) for field in by if isinstance(value := mapping(item).get(field), str)]


def masked(change: Change) -> Json:
    """A body as the journal may have it: listed fields only where they are variables."""
    body = change.body
    for field in change.call.confidential:
        value = field_at(body, field)
        if value is not None and variable(value) is None:
            body = with_field(body, field, MASK)
    return body
