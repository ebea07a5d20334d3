"""What is to be done to take one thing back, or why it must stay."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path as File
from typing import Any

from litellm_migrate.convert.calls import Call
from litellm_migrate.gateway.compare import MASK, changes
from litellm_migrate.gateway.history import RESTORE, Past
from litellm_migrate.gateway.journal import DELETE
from litellm_migrate.gateway.names import Ids, fields, identity_of, name_of
from litellm_migrate.gateway.plan import Entity
from litellm_migrate.source.secrets import at

STAY, GONE = "stay", "gone"
SHOWN = 5


@dataclass(frozen=True, slots=True)
class Undo:
    """One thing to take back: `delete`, `restore` (with the body to write), `gone` (nothing to do) or `stay`."""

    call: Call
    past: Past
    action: str
    id: str | None = None
    body: Any = None
    said: str = ""
    """Why it stays, or what cannot be restored."""


def undo(call: Call, past: Past, there: Any, ids: Ids, old: Any) -> Undo:
    """What is to be done about what is there now; `old` is what was there before us (None: unknown, or nothing)."""
    if there is None:
        return Undo(call, past, GONE)
    ident = str(there.get("id")) if call.identity else None
    if past.created and call.identity and call.delete_path:
        said = altered(call, past, there, ids)
        return Undo(call, past, STAY, ident, None, said) if said else Undo(call, past, DELETE, ident)
    if old is None or (call.identity and not call.update_path):
        why = "there is no backup of what was there before" if old is None else "no call changes it"
        return Undo(call, past, STAY, ident, None, why)
    if not changes(call, old, there) and (call.identity or not added(past, old, there)):
        return Undo(call, past, GONE)
    said = altered(call, past, there, ids)
    if said:
        return Undo(call, past, STAY, ident, None, said)
    return Undo(call, past, RESTORE, ident, old, left(past, old) if call.identity else "")


def altered(call: Call, past: Past, there: Any, ids: Ids) -> str:
    """Which fields somebody else changed since we wrote them; empty if none."""
    differs: list[tuple[str, ...]] = []
    for wrote in past.wrote:
        body = unmasked(wrote)
        differs.append(tuple(one.field for one in changes(call, body, there, ids)))
        if not differs[-1]:
            return ""
    named = min(differs, key=len, default=())
    more = ", ..." if len(named) > SHOWN else ""
    return f"somebody changed it since: {', '.join(named[:SHOWN])}{more}"


def unmasked(body: Any) -> Any:
    """A body without the values that the journal does not have."""
    if isinstance(body, dict):
        return {name: unmasked(value) for name, value in body.items() if value != MASK}
    return [unmasked(value) for value in body] if isinstance(body, list) else body


def added(past: Past, old: Mapping[str, Any], there: Mapping[str, Any]) -> bool:
    """Whether a document still has fields that we wrote and that were not there before us."""
    return any(there.get(name) not in (None, [], {}) for wrote in past.wrote for name in wrote if name not in old)


def left(past: Past, old: Mapping[str, Any]) -> str:
    """What writing the backup does not undo: fields that it does not have."""
    more = sorted({name for wrote in past.wrote for name in wrote if name not in old})
    return f"as written by us stays what its backup does not have: {', '.join(more)}" if more else ""


def before(folder: File, past: Past, schema: Mapping[str, Any], hidden: Sequence[str]) -> Any:
    """What was there before us, as far as the gateway takes it back; None if there is no such file."""
    if past.backup is None:
        return None
    try:
        kept = json.loads((folder / past.backup).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    if not isinstance(kept, dict):
        return None
    known = schema.get("properties", {})
    return {name: kept[name] for name in known if kept.get(name) is not None and name not in hidden}


def users(calls: Sequence[Call], there: Mapping[str, Mapping[str, Entity]], target: Undo) -> Iterator[str]:
    """Each entity that refers to the one that is to be deleted."""
    for call in calls:
        for field, endpoint in call.references.items():
            for entity in [*there.get(call.id, {}).values()] if endpoint == target.call.id else []:
                if at(entity, fields(field)) == target.id:
                    yield f"{call.id} {name_of(identity_of(call, entity))}"
