"""Which request is which: methods and paths with holes in them."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from litellm_migrate.sandbox.answers import Answer

Handler = Callable[[Any, str, Mapping[str, str]], Answer]
"""Answers a body, what stood in the hole of the path (empty where there is none), and the words of the query."""
HOLE = re.compile(r"\\\{[a-z]+\\\}")


@dataclass(frozen=True, slots=True)
class Route:
    """A request that is understood."""

    method: str
    path: re.Pattern[str]
    answer: Handler
    fixed: bool
    """Without a hole: it comes before those with one."""


def route(method: str, path: str, answer: Handler) -> Route:
    """The route of a method and of a path in which `{id}` or `{tenant}` may stand."""
    holes = HOLE.search(re.escape(path))
    return Route(method, re.compile(HOLE.sub("([^/]+)", re.escape(path)) + r"\Z"), answer, fixed=holes is None)
