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


class Operation(NamedTuple):
    """A request that is understood."""

    method: str
    path: re.Pattern[str]
    answer: Callable[[Json, str, Mapping[str, str]], HttpAnswer]
    """Answers a body, what stood in the hole of the path (empty where there is none), and the words of the query."""
    fixed: bool
    """Without a hole: it comes before those with one."""


def operation(method: str, path: str, answer: Callable[[Json, str, Mapping[str, str]], HttpAnswer]) -> Operation:
    """The operation of a method and of a path in which `{id}` or `{tenant}` may stand."""
    pattern = re.escape(path)
    return Operation(method, re.compile(HOLE.sub("([^/]+)", pattern) + r"\Z"), answer, not HOLE.search(pattern))


def refusal(protocol: Protocol, status: int, message: str) -> HttpAnswer:
    """An error in the gateway's own shape."""
    body: Entity = {}
    place(body, tuple(protocol.message.split(".")), message)
    return HttpAnswer(status, body)
