"""Where the nodes of one document were written: a tree of the same shape as its value."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple, Protocol, TypeAlias

from litellm_migrate.source.model import Notice, Path, Position


class Spot(Protocol):
    """What PyYAML says about a place: a line and a column that count from 0."""

    line: int
    column: int


ANY = "*"
"""The step of a pattern that any key or index fits."""

MOST_REPEATS = 1000
"""Repeated keys of which the report tells one by one."""

Below: TypeAlias = "dict[Any, Place] | list[Place] | None"
Place: TypeAlias = "tuple[Spot, Below]"


class Document(NamedTuple):
    """One configuration of one file: its plain value, the place of every node, and the keys that are repeated."""

    file: str
    value: Any
    place: Place
    repeats: tuple[Repeat, ...] = ()
    prefix: Path = ()
    """Where in the file's own document the value stands; empty if it is that document, or a text inside it."""
    wrapper: Notice | None = None
    """What the reader should know of the wrapper that the configuration came in."""

    @property
    def at(self) -> Position:
        """Where the document begins."""
        return position(self.file, self.place[0])

    @property
    def notices(self) -> tuple[Notice, ...]:
        """What the reader should know of the file."""
        repeats = [repeat.notice(self.file) for repeat in self.repeats[:MOST_REPEATS]]
        if more := self.repeats[MOST_REPEATS:]:
            spot, because = position(self.file, more[0].lost), f"{len(more)} more keys are given twice, here and below."
            repeats.append(Notice("duplicate-key", spot, because, "Look for what wrote this file."))
        return (self.wrapper, *repeats) if self.wrapper else tuple(repeats)


class Repeat(NamedTuple):
    """A key that its mapping gives again: where the lost one stands, and where the one that counts."""

    key: object
    lost: Spot
    kept: Spot

    def notice(self, file: str) -> Notice:
        """The notice for the report, with both lines."""
        at = position(file, self.lost)
        because = (
            f"{shown(self.key)} is given twice in one mapping: line {self.kept.line + 1} counts, this one is lost."
        )
        return Notice("duplicate-key", at, because, "Keep the one that is meant and remove the other.")


class Node(NamedTuple):
    """A node of a document: its path, its value and its place."""

    path: Path
    value: Any
    place: Place


def children(node: Node) -> Iterator[Node]:
    """The nodes directly below a node."""
    below = node.place[1]
    steps = below.items() if isinstance(below, dict) else enumerate(below or ())
    for step, place in steps:
        yield Node((*node.path, step), node.value[step], place)


def matches(node: Node, pattern: Path) -> Iterator[Node]:
    """The nodes below a node that a path names; a step `*` is any key or index."""
    if not pattern:
        yield node
    elif pattern[0] == ANY:
        for inside in children(node):
            yield from matches(inside, pattern[1:])
    elif isinstance(node.place[1], dict) and pattern[0] in node.place[1]:
        step = pattern[0]
        yield from matches(Node((*node.path, step), node.value[step], node.place[1][step]), pattern[1:])


def below_of(place: Place, step: object) -> Place:
    """The place one step further down: a key of a mapping, or an index of a list; KeyError if there is none."""
    below: Any = place[1]
    if isinstance(below, list) and not (isinstance(step, int) and 0 <= step < len(below)):
        raise KeyError(step)
    found: Place = (below or {})[step]
    return found


def position(file: str, spot: Spot) -> Position:
    """The position of a spot, counted from 1."""
    return Position(file, spot.line + 1, spot.column + 1)


def shown(key: object) -> str:
    """A key as a message may quote it: on one line, and not too long."""
    text = str(key) if isinstance(key, str) and key.isprintable() else repr(key)
    return f"`{text if len(text) <= 60 else text[:57] + '...'}`"
