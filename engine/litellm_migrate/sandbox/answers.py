"""What is asked of a sandbox, and what goes back."""

from __future__ import annotations

from typing import Any, NamedTuple

from litellm_migrate.convert.bodies import place
from litellm_migrate.convert.calls import Protocol

Body = dict[str, Any]

WHOLE, HALF, PAGE = "whole", "half", "page"
"""How an answer goes over the wire: as it is, broken off in the middle, or a page of HTML in its place."""


class Request(NamedTuple):
    """One request as it was asked; `path` keeps its query, `body` is parsed JSON (the text where it is none)."""

    method: str
    path: str
    body: Any = None


class Answer(NamedTuple):
    """What goes back; a body of None is no body at all, the status 0 hangs up instead."""

    status: int
    body: Any = None
    wire: str = WHOLE
    wait: float = 0.0
    """Seconds that pass before it goes."""


def refusal(protocol: Protocol, status: int, message: str, wait: float | None = None) -> Answer:
    """An error in the gateway's own shape; `wait` says when to try again."""
    body: Body = {}
    place(body, tuple(protocol.message.split(".")), message)
    if wait is not None:
        place(body, tuple(protocol.wait.split(".")), wait)
    return Answer(status, body)
