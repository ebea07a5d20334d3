"""The requests that a gateway in memory understands, the bodies that it takes, and how it refuses them."""

from __future__ import annotations

import copy
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from litellm_migrate.convert.bodies import place
from litellm_migrate.convert.calls import Call, Protocol
from litellm_migrate.gateway.names import Entity
from litellm_migrate.source.model import Json, pointer

HOLE = re.compile(r"\\\{[a-z]+\\\}")
SENT: Entity = {"type": "string", "minLength": 1, "pattern": r"^(?!\$\{)"}
"""A text whose reference was replaced: payload files hold `${...}` where a gateway gets a value."""
ANYTHING: Entity = {"type": "object"}
OUTSIDE = {"$schema", "$id", "$comment", "title"}
"""Words of a schema that stands alone."""


class HttpRequest(NamedTuple):
    """One request; `path` keeps its query, `body` is parsed JSON (the text where it is none)."""

    method: str
    path: str
    body: Any = None


class HttpAnswer(NamedTuple):
    """What goes back; a body of None is no body at all."""

    status: int
    body: Any = None


Reaction = Callable[[Json, str, Mapping[str, str]], HttpAnswer]
"""The answer to a body, what stood in the hole of the path (empty where there is none), and the words of the query."""


class Operation:
    """A request that is understood; its path may hold `{id}` or `{tenant}`, its `schema` is None without a body."""

    def __init__(self, method: str, path: str, answer: Reaction, schema: Json = None) -> None:
        self.method = method
        self.path = path
        self.answer = answer
        self.schema = schema
        self.pattern = re.compile(HOLE.sub("([^/]+)", re.escape(path)) + r"\Z")


def refusal(protocol: Protocol, status: int, message: str) -> HttpAnswer:
    """An error in the gateway's own shape."""
    body: Entity = {}
    place(body, tuple(protocol.message.split(".")), message)
    return HttpAnswer(status, body)


class BodyCheck:
    """The bodies that one endpoint takes: whole ones, and those of an update, which may say less."""

    def __init__(self, call: Call, schema: Entity) -> None:
        from jsonschema import Draft202012Validator  # noqa: PLC0415 - slow to import

        self.call = call
        whole = copy.deepcopy(schema)
        for field in (*call.variables, *call.references):
            *way, last = field.split(".")
            for part in parts(whole, way):
                if last in part:
                    part[last] = SENT
        self.whole = {word: value for word, value in whole.items() if word not in OUTSIDE}
        self.part = {word: value for word, value in self.whole.items() if word not in {"required", "minProperties"}}
        self._whole, self._part = Draft202012Validator(self.whole), Draft202012Validator(self.part)

    def objections(self, body: Json, whole: bool = True) -> str:
        """Where a body is wrong and which keyword says so, without its values; empty when it is right."""
        errors = (self._whole if whole else self._part).iter_errors(body)
        return "; ".join(sorted(f"{pointer(tuple(error.path)) or '/'}: {error.validator}" for error in errors))


def parts(schema: Json, way: Sequence[str]) -> Iterator[Entity]:
    """The properties of each object at the end of a way, which leads through the items of lists."""
    while isinstance(schema, dict) and "items" in schema:
        schema = schema["items"]
    fields = schema.get("properties") if isinstance(schema, dict) else None
    if isinstance(fields, dict):
        if not way:
            yield fields
        elif way[0] in fields:
            yield from parts(fields[way[0]], way[1:])


def openapi(operations: Iterable[Operation], dialect: str) -> Entity:
    """The document that lists these operations."""
    paths: dict[str, dict[str, Json]] = {}
    for operation in operations:
        schema: Json = {"requestBody": {"content": {"application/json": {"schema": operation.schema}}}}
        paths.setdefault(operation.path, {})[operation.method.lower()] = schema if operation.schema else {}
    info: Json = {"title": "A gateway in memory", "version": dialect}
    return {"openapi": "3.1.0", "info": info, "paths": {**paths}}
