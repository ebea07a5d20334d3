"""How bodies name entities: by the values of some fields, by one text, and by references and variables."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from litellm_migrate.convert.calls import Call
from litellm_migrate.convert.variables import VARIABLE
from litellm_migrate.source.model import Json, Problem, Problems, printable, value_at

ENTITY_REFERENCE = re.compile(r"\$\{ref:([a-z][a-z0-9_]*)/(.*)\}\Z", re.DOTALL)

Entity = dict[str, Json]
Ids = Mapping[tuple[str, str], str]
"""The ids of entities by endpoint and name."""
Names = Mapping[tuple[str, str], str]
"""The names of entities by endpoint and id."""


def field_at(body: Json, field: str) -> Json:
    """The value of a dotted field (`outer.inner`); None where it is absent."""
    value: Json = value_at(body, tuple(field.split(".")))
    return value


def with_field(body: Json, field: str, value: Json) -> Json:
    """A copy of a body with another value for a dotted field that it has."""
    first, _, rest = field.partition(".")
    return {**body, first: with_field(body[first], rest, value) if rest else value} if isinstance(body, dict) else body


def listed(value: Json) -> list[Json]:
    """A list; an empty one in the place of anything else."""
    return value if isinstance(value, list) else []


def mapping(value: Json) -> Entity:
    """An object; an empty one in the place of anything else."""
    return value if isinstance(value, dict) else {}


def id_of(entity: Json) -> str | None:
    """The id of an entity as text, which gateways may give as a number."""
    ident = mapping(entity).get("id")
    return str(ident) if isinstance(ident, (str, int)) else None


def items(document: Json, field: str) -> list[Json]:
    """The list in a field of a document."""
    return listed(mapping(document).get(field))


def name_of(call: Call, body: Json, names: Names = {}) -> str:  # noqa: B006 - not changed
    """An entity's name for people and for references: the values of its identity, with slashes between.

    What it refers to is called by its name there: by that of the reference, or of an id by that in `names`.
    """

    def called(field: str) -> str:
        value = field_at(body, field)
        target = reference(value)
        return target[1] if target else names.get((call.references.get(field, ""), str(value)), str(value))

    return "/".join(map(called, call.unique_key))


def label(endpoint: str, name: str) -> str:
    """What a message calls an entity or a document: printable, whatever its name holds."""
    return printable(f"{endpoint} {name}" if name else endpoint)


def variable(value: Json) -> str | None:
    """The variable that a value is, as a whole."""
    match = VARIABLE.match(value) if isinstance(value, str) else None
    return match[1] if match else None


def reference(value: Json) -> tuple[str, str] | None:
    """Endpoint and name of the entity that a value refers to, as a whole."""
    match = ENTITY_REFERENCE.match(value) if isinstance(value, str) else None
    return (match[1], match[2]) if match else None


def variables(call: Call, body: Json) -> dict[str, str]:
    """The variables that a body asks for, by the dotted field that each fills."""
    return {field: name for field in call.variables if (name := variable(field_at(body, field)))}


def with_values(call: Call, body: Json, value_of: Callable[[str], str]) -> Json:
    """A copy of a body in which each variable is its value."""
    for field, name in variables(call, body).items():
        body = with_field(body, field, value_of(name))
    return body


def with_ids(call: Call, body: Json, ids: Ids) -> Json:
    """A copy of a body with the ids of those entities that are known; other references stay as they are."""
    for field in call.references:
        target = reference(field_at(body, field))
        if target and target in ids:
            body = with_field(body, field, ids[target])
    return body


def filled(call: Call, body: Json, values: Mapping[str, str], ids: Ids) -> Json:
    """The body as it is sent; raises Problems if a value or an id is not known."""
    linked = with_ids(call, body, ids)
    for field in call.references:
        if target := reference(field_at(linked, field)):
            message = f"`{field}`: expected {target[0]} {target[1]}, which is not there."
            raise Problems([Problem(call.file, 0, 0, message)])
    missing = set(variables(call, linked).values()) - values.keys()
    if missing:
        message = f"expected the variables {', '.join(sorted(missing))}. Set them."
        raise Problems([Problem(call.file, 0, 0, message)])
    return with_values(call, linked, values.__getitem__)
