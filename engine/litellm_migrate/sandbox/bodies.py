"""What a gateway has against a body that reaches it, by the schema of its endpoint."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from pathlib import Path as File
from typing import TYPE_CHECKING, Any

from litellm_migrate.convert.bodies import Shape
from litellm_migrate.convert.calls import Call
from litellm_migrate.rulebook.endpoint_schemas import schema_of
from litellm_migrate.source.model import pointer

if TYPE_CHECKING:
    from jsonschema import Draft202012Validator

SENT = {"type": "string", "minLength": 1, "pattern": r"^(?!\$\{)"}
"""A text whose reference was replaced: payload files hold `${...}` where a gateway gets a value."""


class Bodies:
    """The bodies that one endpoint takes: whole ones, and those of an update, which may say less."""

    def __init__(self, call: Call, schema: Any) -> None:
        from jsonschema import Draft202012Validator  # noqa: PLC0415 - slow to import

        self.whole = on_the_wire(call, schema)
        self.part = {word: value for word, value in self.whole.items() if word not in {"required", "minProperties"}}
        self._whole: Draft202012Validator = Draft202012Validator(self.whole)
        self._part: Draft202012Validator = Draft202012Validator(self.part)

    def objections(self, body: Any, whole: bool = True) -> str:
        """Where a body is wrong and which keyword says so, without its values; empty when it is right."""
        wrong = (self._whole if whole else self._part).iter_errors(body)
        return "; ".join(sorted(f"{pointer(tuple(error.path)) or '/'}: {error.validator}" for error in wrong))


def bodies_of(shape: Shape, call: Call, schemas: File, dialect: str | None) -> Bodies:
    """The bodies of an endpoint in a dialect, from the folder of schemas."""
    return Bodies(call, schema_of(shape, dialect, schemas))


def on_the_wire(call: Call, schema: Any) -> dict[str, Any]:
    """The schema of a body in which every reference has been replaced by what it stands for."""
    made: dict[str, Any] = copy.deepcopy(schema)
    for name in (*call.variables, *call.references):
        *way, last = name.split(".")
        for below in list(parts(made, way)):
            if last in below.get("properties", {}):
                below["properties"][last] = SENT
    return made


def parts(schema: Any, way: list[str]) -> Iterator[dict[str, Any]]:
    """The schemas of objects at the end of a way, which leads through the items of lists."""
    while isinstance(schema, dict) and "items" in schema:
        schema = schema["items"]
    if isinstance(schema, dict) and not way:
        yield schema
    elif isinstance(schema, dict) and way[0] in schema.get("properties", {}):
        yield from parts(schema["properties"][way[0]], way[1:])
