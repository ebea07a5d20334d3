"""The levels of limits that a gateway offers: those of the rules' own table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from litellm_migrate.convert.bodies import place
from litellm_migrate.convert.calls import Fit
from litellm_migrate.sandbox.answers import Answer, Body
from litellm_migrate.sandbox.paths import Route, route


def levels(fit: Fit, rows: Mapping[str, Any]) -> Iterator[Route]:
    """The request for all levels."""
    body: Body = {}
    place(body, tuple(fit.container.split(".")), [level(fit, name, row) for name, row in rows.items()])
    yield route("GET", fit.path, lambda asked, found, query: Answer(200, body))


def level(fit: Fit, name: str, row: Mapping[str, Any]) -> Body:
    """One level, each limit at the first of its places."""
    made: Body = {fit.name: name}
    for limit, places in fit.limits.items():
        if limit in row:
            place(made, tuple(places[0].split(".")), row[limit])
    return made
