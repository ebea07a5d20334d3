"""What would change: our fields against what is there, without differences that only look like some."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from litellm_migrate.convert.calls import Call
from litellm_migrate.gateway.names import Ids, fields, variable, with_ids
from litellm_migrate.source.secrets import at

MASK = "***"


class Change(NamedTuple):
    """A field that is different there; values that may be secret are masked."""

    field: str
    old: Any
    new: Any


def changes(call: Call, body: Any, there: Any, ids: Ids = {}) -> tuple[Change, ...]:  # noqa: B006 - never changed
    """Every field of ours that is different there; more may be there.

    Keys cannot be read back: listed fields that the environment fills, or that the gateway does not show, and those
    that it never shows, are not compared.
    """
    unseen = {field for field in (*call.variables, *call.hidden) if hidden(call, field, body, there)}
    found = different(with_ids(call, body, ids), there, "", unseen)
    secret = set(call.variables)
    return tuple(Change(one.field, MASK, MASK) if one.field in secret else one for one in found)


def hidden(call: Call, field: str, body: Any, there: Any) -> bool:
    """Whether a field cannot be compared."""
    filled = variable(at(body, fields(field))) is not None
    return filled or field in call.hidden or at(there, fields(field)) is None


def different(ours: Any, theirs: Any, field: str, unseen: set[str]) -> Iterator[Change]:
    """The differences below a field, each at the deepest field that tells it."""
    if field in unseen or same(ours, theirs):
        return
    if isinstance(ours, dict) and isinstance(theirs, dict):
        for name, value in ours.items():
            yield from different(value, theirs.get(name), f"{field}.{name}" if field else str(name), unseen)
    elif isinstance(ours, list) and isinstance(theirs, list) and len(ours) == len(theirs) and not plain(ours):
        for number, (mine, other) in enumerate(zip(ours, theirs, strict=True)):
            yield from different(mine, other, f"{field}[{number}]", unseen)
    elif isinstance(ours, dict) and theirs is None and any(one.startswith(f"{field}.") for one in unseen):
        yield from different(ours, {}, field, unseen)
    else:
        yield Change(field, theirs, ours)


def same(ours: Any, theirs: Any) -> bool:
    """Whether two values mean the same: an absent one is an empty one, and lists of texts have no order."""
    if ours in (None, "", [], {}):
        return theirs in (None, "", [], {})
    if isinstance(ours, bool) or isinstance(theirs, bool):
        return ours is theirs
    if isinstance(ours, list) and isinstance(theirs, list) and plain(ours) and plain(theirs):
        return sorted(ours) == sorted(theirs)
    if isinstance(ours, (dict, list)):
        return False  # looked into, field by field
    return bool(ours == theirs)


def plain(values: list[Any]) -> bool:
    """Whether a list holds texts only."""
    return all(isinstance(value, str) for value in values)
