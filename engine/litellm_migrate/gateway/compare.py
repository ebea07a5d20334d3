"""Our fields held against what is on the gateway, without differences that only look like some."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import NamedTuple

from litellm_migrate.convert.calls import Call
from litellm_migrate.gateway.names import Ids, field_at, variable, with_ids
from litellm_migrate.source.model import Json
from litellm_migrate.source.redact import MASK


class Difference(NamedTuple):
    """A dotted field with another value on the gateway; values that may be secret are masked."""

    field: str
    old: Json
    new: Json


def differences(call: Call, local: Json, remote: Json, ids: Ids = {}) -> tuple[Difference, ...]:  # noqa: B006 - not changed
    """Every field of the local body that is different in the remote one, which may have more fields.

    Keys cannot be read back: listed fields that the environment fills, or that the gateway does not show, and those
    that it never shows, are not compared.
    """
    unseen = {
        field
        for field in (*call.variables, *call.write_only)
        if field in call.write_only or variable(field_at(local, field)) or field_at(remote, field) is None
    }
    return tuple(
        Difference(field, MASK, MASK) if field in call.confidential else Difference(field, old, new)
        for field, old, new in below(with_ids(call, local, ids), remote, "", unseen)
    )


def below(local: Json, remote: Json, field: str, unseen: Collection[str]) -> Iterator[Difference]:
    """The differences below a field, each at the deepest field that has it."""
    if field in unseen or same(local, remote):
        return
    if remote is None and any(name.startswith(f"{field}.") for name in unseen):
        remote = {}
    if isinstance(local, dict) and isinstance(remote, dict):
        for name, value in local.items():
            yield from below(value, remote.get(name), f"{field}.{name}" if field else str(name), unseen)
    elif isinstance(local, list) and isinstance(remote, list) and len(local) == len(remote) and texts(local) is None:
        for number, (value, remote_value) in enumerate(zip(local, remote, strict=True)):
            yield from below(value, remote_value, f"{field}[{number}]", unseen)
    else:
        yield Difference(field, remote, local)


def same(local: Json, remote: Json) -> bool:
    """Whether two values mean the same: an absent one is an empty one, and lists of texts have no order."""
    if local in (None, "", [], {}):
        return remote in (None, "", [], {})
    if isinstance(local, bool) or isinstance(remote, bool):
        return local is remote
    if isinstance(local, list):
        return texts(local) is not None and texts(local) == texts(remote)
    return not isinstance(local, dict) and bool(local == remote)  # objects are looked into, field by field


def texts(values: Json) -> list[str] | None:
    """A list of texts only, in order; None for anything else."""
    if not isinstance(values, list):
        return None
    strings = [value for value in values if isinstance(value, str)]
    return sorted(strings) if len(strings) == len(values) else None
