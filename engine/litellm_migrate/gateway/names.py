"""How entities are known: by the values of some fields, as one name, and as a reference from another body."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from typing import Any

from litellm_migrate.convert.calls import Call
from litellm_migrate.source.model import Path, Problem, Problems
from litellm_migrate.source.secrets import at

VARIABLE = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}\Z")
REFERENCE = re.compile(r"\$\{ref:([a-z][a-z0-9_]*)/(.*)\}\Z", re.DOTALL)

Ids = Mapping[tuple[str, str], str]
"""The ids of entities by endpoint and name."""


def fields(dotted: str) -> Path:
    """A dotted field as a path."""
    return tuple(dotted.split("."))


def identity_of(call: Call, body: Any) -> tuple[Any, ...]:
    """The values by which an entity is found again."""
    return tuple(at(body, fields(field)) for field in call.identity)


def name_of(identity: tuple[Any, ...]) -> str:
    """One name for people and for references."""
    return "/".join(str(value) for value in identity)


def hashable(identity: tuple[Any, ...]) -> str:
    """An identity as a key: 1 and true, or 1 and "1", are two."""
    return json.dumps(identity)


def label(call: Call, name: str) -> str:
    """What a message calls an entity or a document: printable, whatever its name holds."""
    shown = f"{call.id} {name}" if name else call.id
    return "".join(sign if sign.isprintable() else "?" for sign in shown)


def variable(value: Any) -> str | None:
    """The variable that a value is, as a whole."""
    found = VARIABLE.match(value) if isinstance(value, str) else None
    return found[1] if found else None


def reference(value: Any) -> tuple[str, str] | None:
    """Endpoint and name of the entity that a value refers to, as a whole."""
    found = REFERENCE.match(value) if isinstance(value, str) else None
    return (found[1], found[2]) if found else None


def with_values(call: Call, body: Any, change: Callable[[str, str], Any]) -> Any:
    """A copy of a body in which each listed field that is a variable is what `change` says of field and variable."""
    for field in call.variables:
        named = variable(at(body, fields(field)))
        if named:
            body = put(body, fields(field), change(field, named))
    return body


def with_ids(call: Call, body: Any, ids: Ids) -> Any:
    """A copy of a body with the ids of those entities that are known; other references stay as they are."""
    for field in call.references:
        named = reference(at(body, fields(field)))
        if named and named in ids:
            body = put(body, fields(field), ids[named])
    return body


def put(body: Any, path: Path, value: Any) -> Any:
    """A copy of a body with another value at a path that is there."""
    if not path:
        return value
    return {**body, path[0]: put(body[path[0]], path[1:], value)}


def needed(call: Call, body: Any) -> set[str]:
    """The variables that a body asks for."""
    return {named for field in call.variables if (named := variable(at(body, fields(field))))}


def filled(call: Call, body: Any, values: Mapping[str, str], ids: Ids) -> Any:
    """The body as it is sent; raises Problems if a value or an id is not known."""
    linked = with_ids(call, body, ids)
    for field in call.references:
        named = reference(at(linked, fields(field)))
        if named:
            raise Problems(
                [Problem(call.file, 0, 0, f"`{field}`: expected {named[0]} {named[1]}, which is not there.")]
            )
    missing = needed(call, linked) - values.keys()
    if missing:
        raise Problems([Problem(call.file, 0, 0, f"expected the variables {', '.join(sorted(missing))}. Set them.")])
    return with_values(call, linked, lambda _, name: values[name])
