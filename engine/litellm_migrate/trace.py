"""Where a value came from, as a set of facts about source paths."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import Any, NamedTuple

from litellm_migrate.model import Path

CARRIED = "carried"
"""The setting's value reaches the result."""
DECIDED = "decided"
"""The setting only decided: a condition, a grouping key."""
CONSULTED = "consulted"
"""The setting was asked and had no usable answer, so something else decided."""
LOST = "lost"
"""Another setting decided instead; `note` is that one's path, or None."""
REFUSED = "refused"
"""A conversion cannot use the setting's value; `note` says what it expects."""
ANSWERED = "answered"
"""A table answers the setting with an outcome; `note` is that outcome."""
DIFFERS = "differs"
"""What was mapped will not behave identically; `note` says how. It has no path."""


class Fact(NamedTuple):
    """One thing known about the origin of a value; everything below `path` is meant."""

    kind: str
    path: Path
    note: Any = None


Trace = frozenset[Fact]
NOTHING: Trace = frozenset()


def union(traces: Iterable[Trace]) -> Trace:
    """All facts of several traces."""
    return NOTHING.union(*traces)


def paths(trace: Trace, kind: str = CARRIED) -> frozenset[Path]:
    """The paths of all facts of one kind."""
    return frozenset(fact.path for fact in trace if fact.kind == kind)


@lru_cache(maxsize=256)  # what decides on one row of a group decides on its neighbours
def demote(trace: Trace) -> Trace:
    """The same origins as mere deciders: what carried, now only decided."""
    return frozenset(
        Fact(DECIDED, fact.path) if fact.kind == CARRIED else fact for fact in trace if fact.kind != DIFFERS
    )


def consult(trace: Trace) -> Trace:
    """The same origins as asked in vain."""
    return frozenset(
        Fact(CONSULTED, fact.path) if fact.kind == CARRIED else fact for fact in trace if fact.kind != DIFFERS
    )


def refuse(trace: Trace, expected: str) -> Trace:
    """The same origins, none of which could be used."""
    return frozenset(Fact(REFUSED, fact.path, expected) if fact.kind == CARRIED else fact for fact in trace)
