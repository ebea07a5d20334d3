"""Origins told from where a row stands, so that rows that came about in the same way have the same origins.

A path that begins with `own(0)` lies inside the entry of the source that the row was made from; a row of a group has
several entries, each with its number. All other paths are whole.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from itertools import chain
from typing import Any

from litellm_migrate.convert.trace import LOST, NOTHING, Fact, Trace, same
from litellm_migrate.source.model import Path

Spots = tuple[Path, ...]
"""The places of the entries that a row was made from, each once."""
Way = tuple[Any, ...]
"""For each entry of one row its number in another row, or its place if it is none of that row's."""


class Own:
    """The first name of a path inside an entry of the row, whichever row that is."""

    __slots__ = ("number",)

    def __init__(self, number: int) -> None:
        self.number = number


own = lru_cache(maxsize=None)(Own)
"""The entry of that number, always the same object."""


def inner(spot: Path) -> Path:
    """The place of its entry as a row tells it; the whole document is everybody's."""
    return (own(0),) if spot else ()


def settled(path: Path, spots: Spots) -> Path:
    """The whole path."""
    return (*spots[path[0].number], *path[1:]) if path and path[0].__class__ is Own else path


def all_settled(paths: Iterable[Path], spots: Spots) -> frozenset[Path]:
    """The whole paths."""
    return frozenset([settled(path, spots) for path in paths])


def whole(trace: Trace, spots: Spots) -> Trace:
    """The origins with whole paths."""
    return turned(trace, lambda path: settled(path, spots)) if trace is not NOTHING else trace


def turned(trace: Trace, turn: Callable[[Path], Path]) -> Trace:
    """The same origins at other paths."""
    carried, decided, consulted = [frozenset(map(turn, paths)) if paths else paths for paths in trace[:3]]
    facts = frozenset([Fact(kind, turn(path), noted(kind, note, turn)) for kind, path, note in trace.told])
    return same(Trace(carried, decided, consulted, facts))


def noted(kind: str, note: Any, turn: Callable[[Path], Path]) -> Any:
    """What a fact says: of what lost, where the winner came from."""
    return frozenset(map(turn, note)) if kind == LOST else note


def moved(trace: Trace, theirs: Spots, mine: Spots) -> Trace:
    """The origins of one row as another tells them."""
    return trace if trace is NOTHING or theirs == mine else led(trace, way_of(theirs, numbers(mine)))


def numbers(spots: Spots) -> dict[Path, int]:
    """Which number each entry of a row has."""
    return {spot: number for number, spot in enumerate(spots)}


def way_of(theirs: Spots, mine: Mapping[Path, int]) -> Way:
    """How the entries of one row are numbered in another."""
    return tuple([mine.get(spot, spot) for spot in theirs])


def led(trace: Trace, way: Way) -> Trace:
    """The origins of one row as another tells them, by the way there."""
    return trace if way == (0,) else turned(trace, lambda path: leading(path, way))


def leading(path: Path, way: Way) -> Path:
    """A path of one row as another tells it."""
    if not path or path[0].__class__ is not Own:
        return path
    to = way[path[0].number]
    return (own(to), *path[1:]) if to.__class__ is int else (*to, *path[1:])


def all_led(several: Iterable[Trace], ways: Iterable[Way]) -> Trace:
    """The origins of several rows as the one that gathers them tells them."""
    carried: set[Path] = set()
    decided: set[Path] = set()
    consulted: set[Path] = set()
    facts: set[Fact] = set()
    for trace, way in zip(several, ways, strict=True):
        for into, paths in zip((carried, decided, consulted), trace, strict=False):
            into.update([leading(path, way) for path in paths])
        if trace.told:
            facts |= led(trace, way).told
    return same(Trace(frozenset(carried), frozenset(decided), frozenset(consulted), frozenset(facts)))


def near(trace: Trace, mine: Mapping[Path, int]) -> Trace:
    """The origins with each whole path that leads into an entry of the row told from there."""
    lengths = sorted({len(spot) for spot in mine if spot}, reverse=True)

    def turn(path: Path) -> Path:
        for length in lengths:
            if path[:length] in mine:
                return (own(mine[path[:length]]), *path[length:])
        return path

    paths = chain(*trace[:3], (fact.path for fact in trace.told))
    return turned(trace, turn) if any(turn(path) is not path for path in paths) else trace
