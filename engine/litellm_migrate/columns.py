"""How one value of a row comes about: each kind of column gives the value, and says where it came from."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from litellm_migrate.closures import true
from litellm_migrate.expressions import Expression
from litellm_migrate.model import Path, pointer
from litellm_migrate.outcomes import Outcome
from litellm_migrate.records import record
from litellm_migrate.rows import Column, Made, Row, Seen, Simple
from litellm_migrate.tables import Table
from litellm_migrate.trace import ANSWERED, DIFFERS, LOST, NOTHING, Fact, Trace, consult, demote, told, union


def inside(path: Path, value: Any, rest: Path) -> Trace:
    """The place `rest` inside a value that stands at `path`; of a list's items, each (`*`)."""
    for depth, name in enumerate(rest):
        if name == "*" and isinstance(value, list):
            return union(inside((*path, i), one, rest[depth + 1 :]) for i, one in enumerate(value))
        if not isinstance(value, dict) or name not in value:
            return NOTHING
        path, value = (*path, name), value[name]
    return Trace(frozenset((path,)))


@record
class Entry(Simple):
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


@record
class Whole(Simple):
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


@record
class Place(Simple):
    """Where the row's entry stands in the document, as a JSON pointer."""

    def value(self, row: Row) -> Any:
        """The pointer, which still knows the path."""
        return Spot(pointer(row.spots[0]), row.spots[0])

    def trace(self, row: Row, rest: Path = ()) -> Trace:
        """No setting: a place says nothing."""
        return NOTHING


@record
class Constant(Simple):
    """The same value in every row; its origin is the rule that states it."""

    constant: Any

    def value(self, row: Row) -> Any:
        """The constant."""
        return self.constant

    def trace(self, row: Row, rest: Path = ()) -> Trace:
        """No setting."""
        return NOTHING


@record
class First(Made):
    """The first alternative that is there; `0` and `false` are there."""

    alternatives: tuple[Column, ...]
    answers: ClassVar[bool] = True

    def value(self, row: Row) -> Any:
        """The winner's value."""
        for alternative in self.alternatives:
            found = alternative.value(row)
            if found is not None:
                return found
        return None

    def seen(self, row: Row, rest: Path = ()) -> Seen:
        """The winner and its origins; those before it were consulted, those after it that are there lost."""
        asked: list[Trace] = []
        for place, alternative in enumerate(self.alternatives):
            found, trace = alternative.seen(row)
            if found is not None:
                won = alternative.trace(row, rest) if rest else trace
                return found, union([*asked, won, self._lost(row, place, won)])
            asked.append(consult(trace))
        return None, union(asked)

    def _lost(self, row: Row, place: int, won: Trace) -> Trace:
        beaten: set[Path] = set()
        for alternative in self.alternatives[place + 1 :]:
            found, trace = alternative.seen(row)
            if found is not None:
                beaten |= trace.carried - won.carried
        winner = min(won.carried, key=str) if beaten and won.carried else None
        return told(Fact(LOST, path, winner) for path in beaten)


@record
class When(Made):
    """A value that is there only if a condition holds."""

    column: Column
    condition: Expression

    def value(self, row: Row) -> Any:
        """The value, or None."""
        return self.column.value(row) if true(self.condition.value(row)) else None

    def seen(self, row: Row, rest: Path = ()) -> Seen:
        """The value and its origins if it is there; the condition's as deciders."""
        holds, asked = self.condition.seen(row)
        if not true(holds):
            return None, demote(asked)
        found, trace = self.column.seen(row, rest)
        return found, union((demote(asked), trace))


@record
class Text(Made):
    """A text with holes, there only if every hole is."""

    parts: tuple[str | Column, ...]

    def value(self, row: Row) -> Any:
        """The filled text."""
        filled: list[str] = []
        for part in self.parts:
            found = part if isinstance(part, str) else part.value(row)
            if found is None:
                return None
            filled.append(str(found))
        return "".join(filled)

    def said(self, row: Row) -> str:
        """The text with a gap for each hole that has no value: a sentence that must be said is never empty."""
        whole = self.value(row)
        if whole is not None:
            return str(whole)
        filled = (part if isinstance(part, str) else part.value(row) for part in self.parts)
        return "".join("…" if part is None else str(part) for part in filled)

    def seen(self, row: Row, rest: Path = ()) -> Seen:
        """The filled text, and the origins of all holes."""
        filled = [(part, NOTHING) if isinstance(part, str) else part.seen(row) for part in self.parts]
        whole = None if any(found is None for found, _ in filled) else "".join([str(found) for found, _ in filled])
        return whole, union([trace for _, trace in filled])


@record
class Several(Made):
    """A list of the values that are there; none is no list."""

    columns: tuple[Column, ...]

    def value(self, row: Row) -> Any:
        """The list, or None."""
        return [value for value in (column.value(row) for column in self.columns) if value is not None] or None

    def seen(self, row: Row, rest: Path = ()) -> Seen:
        """The list, and the origins of all."""
        several = [column.seen(row) for column in self.columns]
        return [value for value, _ in several if value is not None] or None, union([trace for _, trace in several])


@record
class Look(Made):
    """A table's answer: one of its columns, or all of them."""

    table: Table
    way: str
    up: Column | Mapping[str, Column]
    answer: str | None = None
    answers: ClassVar[bool] = True

    def ask(self, row: Row) -> Any:
        """What the table says: answers, an outcome, or None."""
        if isinstance(self.up, Mapping):
            return self._found({name: column.value(row) for name, column in self.up.items()})
        return self._found(self.up.value(row))

    def value(self, row: Row) -> Any:
        """The answer; None where the table has none, or an outcome."""
        return self._said(row, self.ask(row))

    def seen(self, row: Row, rest: Path = ()) -> Seen:
        """The answer, and the origins of what was looked up: an outcome takes it, and a row may say what differs."""
        if isinstance(self.up, Mapping):
            several = {name: column.seen(row) for name, column in self.up.items()}
            found = self._found({name: value for name, (value, _) in several.items()})
            asked = union([trace for _, trace in several.values()])
        else:
            key, asked = self.up.seen(row)
            found = self._found(key)
        return self._said(row, found), self._origins(found, asked, rest)

    def _found(self, key: Any) -> Any:
        if isinstance(self.up, Mapping) and all(part is None for part in key.values()):
            return None
        return None if key is None else self.table.ask(self.way, key)

    def _said(self, row: Row, found: Any) -> Any:
        if not isinstance(found, dict):
            return self.named(row) if self.answer == "row" and found is not None else None
        return found if self.answer is None else found.get(self.answer)

    def named(self, row: Row) -> Any:
        """The key of a row that is an outcome: that it is known can be asked without taking the outcome."""
        asked = None if isinstance(self.up, Mapping) else self.up.value(row)
        return str(asked).partition("/")[0] if self.way == "segment" else asked

    def _origins(self, found: Any, asked: Trace, rest: Path) -> Trace:
        if isinstance(found, Outcome) and self.answer != "row":
            return union((consult(asked), told(Fact(ANSWERED, path, found) for path in asked.carried)))
        wanted = rest[0] if rest else self.answer
        if isinstance(found, dict) and (wanted is None or found.get(str(wanted)) is not None):
            differs = found.get("differs")
            return union((asked, told([Fact(DIFFERS, (), differs)]))) if differs and wanted != "row" else asked
        return asked if found is not None else consult(asked)
