"""Where the nodes of one document stand: a tree of the same shape as its value; and how large a document may be."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple, Protocol, TypeAlias

from litellm_migrate.source.model import Notice, Path, Position, Problems, Yaml

MAX_DEPTH = 100
"""Levels of nesting; the program itself resolves references no deeper."""

MAX_NODES = 2_000_000
"""Values and items; about 100,000 deployments have as many. A few lines of nested aliases can ask for billions."""

LINE_END = "[\n\x85\u2028\u2029]"
"""A pattern of what ends a line for PyYAML, and so of what its positions count."""

MAX_NUMBER = 5000
"""Characters of a number to the base of 60 (`1:30`); to read one of a megabyte takes minutes."""

MAX_REPEATS = 1000
"""Repeated keys with a notice each."""


class Spot(Protocol):
    """A place as PyYAML reports it: line and column count from 0."""

    line: int
    column: int


class Point:
    """A Spot that no parser made."""

    __slots__ = ("column", "line")

    def __init__(self, line: int, column: int) -> None:
        self.line = line
        self.column = column


Shift: TypeAlias = Callable[[Spot], Spot]
"""From a spot in a text to the spot in the file that holds the text."""

Below: TypeAlias = "dict[Yaml, PlaceTree] | list[PlaceTree] | None"
PlaceTree: TypeAlias = "tuple[Spot, Below]"
"""Where a node stands, and the places of what it holds; of a mapping's value, where its key stands."""


class Repeat(NamedTuple):
    """A key that its mapping gives again: where the one stands that is lost, and the one that counts."""

    key: object
    lost: Spot
    valid: Spot

    def notice(self, file: str) -> Notice:
        """The notice for the report, with both lines."""
        key, line = quoted(self.key), self.valid.line + 1
        because = f"{key} is given twice in one mapping: line {line} counts, this one is lost."
        advice = "Keep the one that is meant and remove the other."
        return Notice("duplicate-key", position(file, self.lost), because, advice)


class YamlDocument(NamedTuple):
    """One configuration of one file: its plain value, the place of every node, and the keys that are repeated."""

    file: str
    value: Yaml
    place: PlaceTree
    repeats: tuple[Repeat, ...] = ()
    prefix: Path = ()
    """Where in the file's own document the value stands; empty if it is that document, or a text inside it."""
    wrapper: Notice | None = None
    """What the reader should know of the wrapper that the configuration came in."""
    shift: Shift = lambda spot: spot
    """From a spot of the place tree to the spot in the file; `repeats` hold spots in the file."""
    inside: str | None = None
    """Its own text, if that is the value of a text in the file."""

    @property
    def at(self) -> Position:
        """Where the document begins."""
        return self.position(self.place)

    def position(self, place: PlaceTree) -> Position:
        """The position of a node of the document."""
        spot = self.shift(place[0])
        return Position(self.file, spot.line + 1, spot.column + 1)

    def shifted(self, shift: Shift) -> YamlDocument:
        """The document as part of the file that holds its text."""
        inner = self.shift
        repeats = tuple(Repeat(repeat.key, shift(repeat.lost), shift(repeat.valid)) for repeat in self.repeats)
        return self._replace(repeats=repeats, shift=lambda spot: shift(inner(spot)))

    @property
    def notices(self) -> tuple[Notice, ...]:
        """What the reader should know of the file."""
        notices = [self.wrapper] if self.wrapper else []
        notices += [repeat.notice(self.file) for repeat in self.repeats[:MAX_REPEATS]]
        if more := self.repeats[MAX_REPEATS:]:
            at, because = position(self.file, more[0].lost), f"{len(more)} more keys are given twice, here and below."
            notices.append(Notice("duplicate-key", at, because, "Look for what wrote this file."))
        return tuple(notices)


class Located(NamedTuple):
    """A value inside a document, with its path and its place."""

    path: Path
    value: Yaml
    place: PlaceTree

    def children(self) -> Iterator[Located]:
        """The values directly below."""
        below = self.place[1]
        steps = below.items() if isinstance(below, dict) else enumerate(below or ())
        for step, place in steps:
            yield Located((*self.path, step), self.value[step], place)


def position(file: str, spot: Spot) -> Position:
    """The position of a spot, counted from 1."""
    return Position(file, spot.line + 1, spot.column + 1)


def place_below(place: PlaceTree, step: Yaml) -> PlaceTree:
    """The place one step further down: a key of a mapping, or an index of a list; KeyError if there is none."""
    below = place[1]
    if isinstance(below, list) and not (isinstance(step, int) and 0 <= step < len(below)):
        raise KeyError(step)
    inner: PlaceTree = (below or {})[step]
    return inner


class Bounds:
    """What one document may hold, and the refusal of one that holds more.

    A usual value takes twelve characters; a short text may hold 100,000 values and one more for each ten characters.
    In a longer text two characters do: whoever writes so much may use anchors for all of it.
    """

    def __init__(self, file: str, characters: int) -> None:
        self.file = file
        self.nodes = min(MAX_NODES, 100_000 + characters // (10 if characters < 1_000_000 else 2))

    def check_number(self, text: str) -> None:
        """Raises ValueError for a number that is too long to be read."""
        if len(text) > MAX_NUMBER and ":" in text:
            raise ValueError

    def too_many(self, spot: Spot) -> Problems:
        """More values and items than a text of this length may hold, its aliases written out."""
        expected = f"at most {self.nodes:,} values in a text of this length, aliases written out, found more"
        return self._refusal(spot, f"{expected}. Use fewer aliases, or divide it.")

    def too_deep(self, spot: Spot) -> Problems:
        """More levels of nesting than allowed."""
        return self._refusal(spot, f"at most {MAX_DEPTH} levels of nesting, found more. Flatten what stands here.")

    def recursive(self, spot: Spot) -> Problems:
        """A node that contains itself."""
        expected = "a value that ends, found an alias of the node that it stands in"
        return self._refusal(spot, f"{expected}. Write the value out.")

    def _refusal(self, spot: Spot, expected: str) -> Problems:
        return Problems.at(position(self.file, spot), f"expected {expected}")


def quoted(key: object) -> str:
    """A key as a message may quote it: on one line, and not too long."""
    text = str(key) if isinstance(key, str) and key.isprintable() else repr(key)
    return f"`{text if len(text) <= 60 else text[:57] + '...'}`"
