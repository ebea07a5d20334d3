"""Where the nodes of one document were written: a tree of the same shape as its value."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol, TypeAlias

from ..model import Notice, Position


class Spot(Protocol):
    """What PyYAML says about a place: a line and a column that count from 0."""

    line: int
    column: int


Below: TypeAlias = "dict[Any, Place] | list[Place] | None"
Place: TypeAlias = "tuple[Spot, Below]"


@dataclass(frozen=True, slots=True)
class Document:
    """One file: its plain value, the place of every node, and the keys that it repeats."""

    file: str
    value: Any
    place: Place
    notices: tuple[Notice, ...] = ()

    @property
    def at(self) -> Position:
        """Where the document begins."""
        return position(self.file, self.place[0])


@dataclass(frozen=True, slots=True)
class Repeat:
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
