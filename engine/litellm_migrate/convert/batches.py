"""Values and origins of many rows at once: what comes of the same is worked out once.

A value that many rows have is one object wherever it can be, and so are origins: objects tell which rows are alike.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from litellm_migrate.convert.trace import NOTHING, Trace, demote, union

TOLD_BY: Mapping[type, Callable[[Any], Any]] = {str: str, int: int, float: repr}
"""What tells values of a kind apart; zero has two signs."""


def once(count: int, inputs: Sequence[list[Any]], make: Callable[[Sequence[Any]], Any]) -> list[Any]:
    """What comes of the inputs of each row, made once for all rows whose inputs are the same objects."""
    if not inputs:
        return [make(())] * count if count else []
    several = [map(id, one) for one in inputs]
    keys: list[Any] = list(several[0] if len(several) == 1 else zip(*several))  # noqa: B905 - all as long
    places = dict(zip(keys, range(len(keys))))  # noqa: B905
    known = {key: make([one[at] for one in inputs]) for key, at in places.items()}
    return list(map(known.__getitem__, keys))


def alike(values: list[Any]) -> list[Any]:
    """The same values, of which equal texts and equal numbers are one object."""
    known: dict[Any, Any] = {}
    found = []
    for value in values:
        kind = value.__class__
        found.append(known.setdefault((kind, TOLD_BY[kind](value)), value) if kind in TOLD_BY else value)
    return found


def united(count: int, several: Sequence[list[Trace]]) -> list[Trace]:
    """The union of the origins, row by row."""
    some = [told for told in several if told.count(NOTHING) < count]
    if len(some) < 2:
        return some[0] if some else [NOTHING] * count
    return once(count, some, union)


def demoted(told: list[Trace]) -> list[Trace]:
    """The same origins as mere deciders."""
    return once(len(told), [told], lambda given: demote(given[0]))
