"""The level that holds what a document asks for, by those that the gateway really has."""

from __future__ import annotations

from collections.abc import Mapping

from litellm_migrate.convert.calls import Fit, number
from litellm_migrate.gateway.client import Client
from litellm_migrate.gateway.names import Entity, field_at, listed, mapping
from litellm_migrate.source.model import Json


def fitted(fit: Fit, body: Entity, client: Client, shipped: Mapping[str, Mapping[str, float]]) -> tuple[Entity, str]:
    """The body with the smallest of the gateway's levels that holds its sum, and a word on it if that is another.

    A level that somebody chose by hand stays: one that the `shipped` table would not have given. So does the level
    where the gateway does not show its own, or none of them holds the sum.
    """
    total = sums(fit, body)
    if not total or body.get(fit.field) != smallest(shipped, total, list(shipped)[-1:]):
        return body, ""
    response = client.request("GET", fit.path)
    levels = {}
    for level in listed(field_at(response.body, fit.container)) if response.good else []:
        name, limits = field_at(level, fit.name), limits_of(fit, level)
        if isinstance(name, str) and name and limits:
            levels[name] = limits
    chosen = smallest(levels, total, [])
    if chosen is None or chosen == body[fit.field]:
        return body, ""
    note = f"`{chosen}` is the smallest of the gateway's own levels that holds the sum"
    return {**body, fit.field: chosen}, f"{note}; the file says `{body[fit.field]}`"


def sums(fit: Fit, body: Json) -> dict[str, float]:
    """The sum of what all items ask for, by limit."""
    total: dict[str, float] = {}
    for item in map(mapping, listed(field_at(body, fit.over))):
        for name in fit.limits:
            if (most := number(item.get(name))) is not None:
                total[name] = total.get(name, 0) + most
    return total


def smallest(levels: Mapping[str, Mapping[str, float]], total: Mapping[str, float], default: list[str]) -> str | None:
    """The first level, from low limits to high ones, that holds the whole sum; else the default, if there is one."""
    ordered = sorted(levels, key=lambda name: tuple(levels[name].values()))
    holding = [name for name in ordered if all(levels[name].get(limit, 0) >= most for limit, most in total.items())]
    return next(iter([*holding, *default]), None)


def limits_of(fit: Fit, level: Json) -> Mapping[str, float] | None:
    """A level's limits, each at the first of its places that has a number; None if one has none."""
    limits = {}
    for name, places in fit.limits.items():
        numbers = [most for place in places if (most := number(field_at(level, place))) is not None]
        if not numbers:
            return None
        limits[name] = numbers[0]
    return limits
