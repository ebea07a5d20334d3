"""Where a value came from: places of the source, by what they did for it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any, NamedTuple

from litellm_migrate.source.model import Path

CARRIED = "carried"
"""The setting's value reaches the result."""
DECIDED = "decided"
"""The setting only decided: a condition, a grouping key."""
CONSULTED = "consulted"
"""The setting was asked and had no usable answer, so something else decided."""
LOST = "lost"
"""Something else decided; `note` are the paths of what did, none if that is no setting."""
REFUSED = "refused"
"""A conversion cannot use the setting's value; `note` says what it expects."""
ANSWERED = "answered"
"""A table answers the setting with an outcome; `note` is that outcome."""
DIFFERS = "differs"
"""What was mapped will not behave identically; `note` says how. It has no path."""

Paths = frozenset[Path]
NOWHERE: Paths = frozenset()


class Fact(NamedTuple):
    """One thing known about the origin of a value; everything below `path` is meant."""

    kind: str
    path: Path
    note: Any = None


class Trace(NamedTuple):
    """The origins of a value; everything below a path is meant."""

    carried: Paths = NOWHERE
    decided: Paths = NOWHERE
    consulted: Paths = NOWHERE
    told: frozenset[Fact] = frozenset()
    """What else is known: facts of the other kinds."""

    def __bool__(self) -> bool:
        return any(self[:])

    def facts(self) -> Iterator[Fact]:
        """Everything, one by one."""
        for kind, paths in ((CARRIED, self.carried), (DECIDED, self.decided), (CONSULTED, self.consulted)):
            for path in paths:
                yield Fact(kind, path)
        yield from self.told


NOTHING = Trace()


def told(facts: Iterable[Fact]) -> Trace:
    """A trace of facts that are no plain origins."""
    found = frozenset(facts)
    return Trace(told=found) if found else NOTHING


def union(traces: Iterable[Trace]) -> Trace:
    """All facts of several traces."""
    several = [trace for trace in traces if trace is not NOTHING]
    if len(several) < 2:
        return several[0] if several else NOTHING
    return same(Trace(*[every(parts) for parts in zip(*several, strict=True)]))


@lru_cache(maxsize=4096)
def same(trace: Trace) -> Trace:
    """The first trace that was equal: what many values have is kept once, and one object tells that they are alike."""
    return trace


def every(parts: Iterable[frozenset[Any]]) -> frozenset[Any]:
    """The union of sets, most of which are empty."""
    some = [part for part in parts if part]
    if len(some) < 2:
        return some[0] if some else NOWHERE
    return some[0].union(*some[1:])


def demote(trace: Trace) -> Trace:
    """The same origins as mere deciders: what carried, now only decided."""
    if trace is NOTHING:
        return NOTHING
    return same(Trace(NOWHERE, trace.decided | trace.carried, trace.consulted, agreeing(trace)))


def consult(trace: Trace) -> Trace:
    """The same origins as asked in vain."""
    if trace is NOTHING:
        return NOTHING
    return same(Trace(NOWHERE, trace.decided, trace.consulted | trace.carried, agreeing(trace)))


def refuse(trace: Trace, expected: str) -> Trace:
    """The same origins, none of which could be used."""
    refused = frozenset(Fact(REFUSED, path, expected) for path in trace.carried)
    return Trace(NOWHERE, trace.decided, trace.consulted, trace.told | refused)


def agreed(trace: Trace) -> Trace:
    """The same origins, and nothing that differs."""
    return trace._replace(told=agreeing(trace)) if trace.told else trace


def agreeing(trace: Trace) -> frozenset[Fact]:
    """What is told, but not that something differs."""
    return frozenset(fact for fact in trace.told if fact.kind != DIFFERS) if trace.told else trace.told
