"""The level that holds what a document asks for, by those that the gateway really has."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from litellm_migrate.convert.calls import Fit, number
from litellm_migrate.gateway.client import Client
from litellm_migrate.gateway.names import fields
from litellm_migrate.source.secrets import at

Limits = Mapping[str, float]


def fitted(fit: Fit, body: Any, client: Client, known: Mapping[str, Limits]) -> tuple[Any, str]:
    """The body with the smallest of the gateway's levels that holds its sum, and a word on it if that is another.

    A level that somebody chose by hand stays: one that the offline table would not have given. So does the level where
    the gateway does not show its own, or none of them holds the sum.
    """
    asked = sums(fit, body)
    if not asked or body.get(fit.field) != smallest(known, asked, list(known)[-1:]):
        return body, ""
    answer = client.request("GET", fit.path)
    shown = at(answer.body, fields(fit.container)) if answer.good else None
    levels = {name: limits for one in shown or [] if (name := text(one, fit.name)) and (limits := limits_of(fit, one))}
    chosen = smallest(levels, asked, [])
    if chosen is None or chosen == body[fit.field]:
        return body, ""
    said = (
        f"`{chosen}` is the smallest of the gateway's own levels that holds the sum; the file says `{body[fit.field]}`"
    )
    return {**body, fit.field: chosen}, said


def sums(fit: Fit, body: Any) -> dict[str, float]:
    """The sum of what all items ask for, by limit."""
    found: dict[str, float] = {}
    for item in at(body, fields(fit.over)) or []:
        for name in fit.limits:
            if number(item.get(name)) is not None:
                found[name] = found.get(name, 0) + item[name]
    return found


def smallest(levels: Mapping[str, Limits], asked: Limits, otherwise: list[str]) -> str | None:
    """The first level, from low limits to high ones, that holds everything that is asked for."""
    ordered = sorted(levels, key=lambda name: tuple(levels[name].values()))
    holding = [name for name in ordered if all(levels[name].get(limit, 0) >= most for limit, most in asked.items())]
    return next(iter([*holding, *otherwise]), None)


def limits_of(fit: Fit, level: Any) -> Limits | None:
    """A level's limits, wherever it has them; None if one is not there."""
    found = {}
    for name, places in fit.limits.items():
        seen = next((limit for place in places if (limit := number(at(level, fields(place)))) is not None), None)
        if seen is None:
            return None
        found[name] = seen
    return found


def text(level: Any, field: str) -> str | None:
    """A level's name."""
    found = at(level, fields(field))
    return found if isinstance(found, str) else None
