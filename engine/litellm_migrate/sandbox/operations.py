"""The requests that a gateway in memory understands, and its answers."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from litellm_migrate.convert.bodies import place
from litellm_migrate.convert.calls import Protocol
from litellm_migrate.gateway.names import Entity
from litellm_migrate.source.model import Json

HOLE = re.compile(r"\\\{[a-z]+\\\}")


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
