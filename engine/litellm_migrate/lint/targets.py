"""Every field of a body stands in the schema of its endpoint, every required one is there, and constants fit."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path as File
from typing import Any

from litellm_migrate.lint.books import Audited
from litellm_migrate.lint.found import TARGET, VALUE, Found
from litellm_migrate.lint.values import Values
from litellm_migrate.lint.watched import key_of
from litellm_migrate.rulebook.endpoint_schemas import read_schema, schema_file
from litellm_migrate.rulebook.nodes import RuleNode
from litellm_migrate.rulebook.schema import fits
from litellm_migrate.rulebook.static_types import suggestion


def check_targets(audited: Audited, schemas: File) -> Iterator[Found]:
    """What is wrong with the fields of every endpoint in one dialect."""
    for spec in audited.endpoints.values():
        file = str(spec.value["file"])
        schema = spec.value.get("schema") or read_schema(schema_file(schemas / "synapse", audited.book.schemas, file))
        yield from check_body(audited, spec.at("body"), schema, file)


def check_body(audited: Audited, body: RuleNode, schema: Any, file: str) -> Iterator[Found]:
    """What is wrong with the fields of one object.

    A required field must be stated without a condition of its own; that it has a value in every row is what the
    examples show, each of whose bodies is held against the schema.
    """
    written: dict[str, RuleNode] = {}
    for name, part in body.items():
        if part.has("dropped"):
            continue
        written[name.partition(".")[0]] = part
        below = schema
        for step in name.split("."):
            known = below.get("properties", {})
            if step not in known:
                text = f"`{name}` is no field of {file} in dialect {audited.book.dialect}{suggestion(step, known)}"
                yield Found.at(TARGET, part, text)
                below = None
                break
            below = known[step]
        if below is not None:
            yield from check_field(audited, part, below, file)
    for name in schema.get("required", ()):
        if name not in written:
            yield Found.at(TARGET, body, f"{file} requires `{name}`, which no field writes. Add it.")
        elif written[name].has("when"):
            yield Found.at(
                TARGET, written[name], f"{file} requires `{name}`, but `when` may leave it out. Drop `when`."
            )


def check_field(audited: Audited, part: RuleNode, schema: Any, file: str) -> Iterator[Found]:
    """What is wrong with one field: a list's items, or values that the rules themselves state."""
    items = schema.get("items", {})
    if part.has("body"):
        yield from check_body(audited, part.at("body"), items, file)
        return
    if part.has("each"):
        part, schema = part.at("item"), items
    elif part.has("list"):
        yield from constants(audited, part.at("list"), items, file)
    yield from stated(audited, part, schema, file)


def constants(audited: Audited, parts: RuleNode, schema: Any, file: str) -> Iterator[Found]:
    """What is wrong with the constants of a list."""
    for _, part in parts.items():
        yield from stated(audited, part, schema, file)


def stated(audited: Audited, part: RuleNode, schema: Any, file: str) -> Iterator[Found]:
    """A finding for each constant or cell of a table that reaches a field and does not fit it."""
    shape = audited.columns.shapes.get(key_of(part))
    for value, where in shape.known.values() if isinstance(shape, Values) else ():
        if value is not None and not fits(schema, value):
            known = schema.get("enum", ())
            near = suggestion(str(value), map(str, known)) if known else f": expected {schema.get('type')}."
            text = f"{value!r} does not fit {file} in dialect {audited.book.dialect}, where rules write it{near}"
            yield Found.at(VALUE, where, text)
