"""How one value of a row comes about: each kind of column gives the value, and says where it came from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from litellm_migrate.closures import true
from litellm_migrate.expressions import Expression
from litellm_migrate.model import Path, pointer
from litellm_migrate.outcomes import Outcome
from litellm_migrate.rows import Column, Row
from litellm_migrate.tables import Table
from litellm_migrate.trace import ANSWERED, CARRIED, DIFFERS, LOST, NOTHING, Fact, Trace, consult, demote, paths, union


def inside(path: Path, value: Any, rest: Path) -> Trace:
    """The place `rest` inside a value that stands at `path`; of a list's items, each (`*`)."""
    for depth, name in enumerate(rest):
        if name == "*" and isinstance(value, list):
            return union(inside((*path, i), one, rest[depth + 1 :]) for i, one in enumerate(value))
        if not isinstance(value, dict) or name not in value:
            return NOTHING
        path, value = (*path, name), value[name]
    return frozenset([Fact(CARRIED, path)])


@dataclass(frozen=True, slots=True)
class Entry:
    """What an entry of the source says under a name."""

    name: str

    def value(self, row: Row) -> Any:
        """The plain value."""
        return row.values.get(self.name)

    def trace(self, row: Row, rest: Path = ()) -> Trace:
        """The place itself; of a list's items, each (`*`)."""
        if self.name not in row.values:
            return NOTHING
        return inside((*row.spots[0], self.name), row.values[self.name], rest)


@dataclass(frozen=True, slots=True)
class Whole:
    """The value of a mapping's entry, the row's place itself."""

    name: str

    def value(self, row: Row) -> Any:
        """The plain value."""
        return row.values.get(self.name)

    def trace(self, row: Row, rest: Path = ()) -> Trace:
        """The place of the row, or what lies below it."""
        return inside(row.spots[0], self.value(row), rest)


class Spot(str):
    """A JSON pointer that knows the path it points to."""

    __slots__ = ("path",)
    path: Path

    def __new__(cls, text: str, path: Path) -> Spot:
        """The pointer `text` to `path`."""
        made = super().__new__(cls, text)
        made.path = path
        return made


@dataclass(frozen=True, slots=True)
class Place:
    """Where the row's entry stands in the document, as a JSON pointer."""

    def value(self, row: Row) -> Any:
        """The pointer, which still knows the path."""
        return Spot(pointer(row.spots[0]), row.spots[0])

    def trace(self, row: Row, rest: Path = ()) -> Trace:
        """No setting: a place says nothing."""
        return NOTHING


@dataclass(frozen=True, slots=True)
class Constant:
    """The same value in every row; its origin is the rule that states it."""

    constant: Any

    def value(self, row: Row) -> Any:
        """The constant."""
        return self.constant

    def trace(self, row: Row, rest: Path = ()) -> Trace:
        """No setting."""
        return NOTHING


@dataclass(frozen=True, slots=True)
class First:
    """The first alternative that is there; `0` and `false` are there."""

    alternatives: tuple[Column, ...]

    def value(self, row: Row) -> Any:
        """The winner's value."""
        for alternative in self.alternatives:
            found = alternative.value(row)
            if found is not None:
                return found
        return None

    def trace(self, row: Row, rest: Path = ()) -> Trace:
        """The winner's origins; those before it were consulted, those after it that are there lost."""
        seen: list[Trace] = []
        for place, alternative in enumerate(self.alternatives):
            if alternative.value(row) is None:
                seen.append(consult(alternative.trace(row)))
                continue
            won = alternative.trace(row, rest)
            return union([*seen, won, self._lost(row, place, won)])
        return union(seen)

    def _lost(self, row: Row, place: int, won: Trace) -> Trace:
        carried = paths(won)
        winner = min(carried, key=str) if carried else None
        beaten: set[Path] = set()
        for alternative in self.alternatives[place + 1 :]:
            if alternative.value(row) is not None:
                beaten |= paths(alternative.trace(row)) - carried
        return frozenset(Fact(LOST, path, winner) for path in beaten)


@dataclass(frozen=True, slots=True)
class When:
    """A value that is there only if a condition holds."""

    column: Column
    condition: Expression

    def value(self, row: Row) -> Any:
        """The value, or None."""
        return self.column.value(row) if true(self.condition.value(row)) else None

    def trace(self, row: Row, rest: Path = ()) -> Trace:
        """The value's origins if it is there; the condition's as deciders."""
        decided = demote(self.condition.trace(row))
        return decided | self.column.trace(row, rest) if true(self.condition.value(row)) else decided


@dataclass(frozen=True, slots=True)
class Text:
    """A text with holes, there only if every hole is."""

    parts: tuple[str | Column, ...]

    def value(self, row: Row) -> Any:
        """The filled text."""
        filled = [part if isinstance(part, str) else part.value(row) for part in self.parts]
        return None if None in filled else "".join(str(part) for part in filled)

    def said(self, row: Row) -> str:
        """The text with a gap for each hole that has no value: a sentence that must be said is never empty."""
        whole = self.value(row)
        if whole is not None:
            return str(whole)
        filled = (part if isinstance(part, str) else part.value(row) for part in self.parts)
        return "".join("…" if part is None else str(part) for part in filled)

    def trace(self, row: Row, rest: Path = ()) -> Trace:
        """The origins of all holes."""
        return union(part.trace(row) for part in self.parts if not isinstance(part, str))


@dataclass(frozen=True, slots=True)
class Several:
    """A list of the values that are there; none is no list."""

    columns: tuple[Column, ...]

    def value(self, row: Row) -> Any:
        """The list, or None."""
        return [value for value in (column.value(row) for column in self.columns) if value is not None] or None

    def trace(self, row: Row, rest: Path = ()) -> Trace:
        """The origins of all."""
        return union(column.trace(row) for column in self.columns)


@dataclass(frozen=True, slots=True)
class Look:
    """A table's answer: one of its columns, or all of them."""

    table: Table
    way: str
    up: Column | Mapping[str, Column]
    answer: str | None = None

    def ask(self, row: Row) -> Any:
        """What the table says: answers, an outcome, or None."""
        if isinstance(self.up, Mapping):
            key = {name: column.value(row) for name, column in self.up.items()}
            return self.table.ask(self.way, key) if any(part is not None for part in key.values()) else None
        asked = self.up.value(row)
        return None if asked is None else self.table.ask(self.way, asked)

    def value(self, row: Row) -> Any:
        """The answer; None where the table has none, or an outcome."""
        found = self.ask(row)
        if not isinstance(found, dict):
            return self.named(row) if self.answer == "row" and found is not None else None
        return found if self.answer is None else found.get(self.answer)

    def named(self, row: Row) -> Any:
        """The key of a row that is an outcome: that it is known can be asked without taking the outcome."""
        asked = None if isinstance(self.up, Mapping) else self.up.value(row)
        return str(asked).partition("/")[0] if self.way == "segment" else asked

    def trace(self, row: Row, rest: Path = ()) -> Trace:
        """The origins of what was looked up; of an outcome, that it takes it; and what the row says differs."""
        columns = self.up.values() if isinstance(self.up, Mapping) else [self.up]
        asked = union(column.trace(row) for column in columns)
        found = self.ask(row)
        if isinstance(found, Outcome) and self.answer != "row":
            return union([consult(asked), frozenset(Fact(ANSWERED, path, found) for path in paths(asked))])
        wanted = rest[0] if rest else self.answer
        if isinstance(found, dict) and (wanted is None or found.get(str(wanted)) is not None):
            differs = found.get("differs")
            return asked | {Fact(DIFFERS, (), differs)} if differs and wanted != "row" else asked
        return asked if found is not None else consult(asked)
