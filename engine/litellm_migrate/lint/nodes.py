"""The witnesses: columns, conditions, texts and tables that do what theirs does, and tell a coverage."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from litellm_migrate.convert.columns import First, Text, When
from litellm_migrate.convert.expressions import Expression, true
from litellm_migrate.convert.frames import Frame
from litellm_migrate.convert.outcomes import Outcome
from litellm_migrate.convert.rows import Column, Row
from litellm_migrate.convert.tables import WAYS, Answer, Table
from litellm_migrate.convert.trace import Trace
from litellm_migrate.lint.coverage import Coverage, Item
from litellm_migrate.lint.values import Origin
from litellm_migrate.source.model import Path
from litellm_migrate.source.records import open_record, record


@record
class There:
    """A column that must have a value once."""

    answers: ClassVar[bool] = False
    column: Column
    item: Item
    coverage: Coverage

    def value(self, row: Row) -> Any:
        """The column's value."""
        found = self.column.value(row)
        if found is not None:
            self.coverage.note(self.item)
        return found

    def values(self, frame: Frame) -> list[Any]:
        """The column's values, row by row: alternatives that no row needs are not asked."""
        return [self.value(row) for row in frame.rows()]

    def traces(self, frame: Frame, rest: Path = ()) -> list[Trace]:
        """The column's origins."""
        return self.column.traces(frame, rest)


@open_record
class Winner(First):
    """A list each of whose alternatives must win once."""

    items: tuple[Item, ...]
    coverage: Coverage

    def value(self, row: Row) -> Any:
        """The winner's value."""
        for alternative, item in zip(self.alternatives, self.items, strict=True):
            found = alternative.value(row)
            if found is not None:
                self.coverage.note(item)
                return found
        return None

    def values(self, frame: Frame) -> list[Any]:
        """The winners' values, row by row."""
        return [self.value(row) for row in frame.rows()]

    def traces(self, frame: Frame, rest: Path = ()) -> list[Trace]:
        """The origins, for which losers are asked too."""
        with self.coverage.pause():
            return First.traces(self, frame, rest)


@record
class Guarded(When):
    """A value with a condition, asked only where the condition holds."""

    def values(self, frame: Frame) -> list[Any]:
        """The values, row by row."""
        return [self.value(row) for row in frame.rows()]


class Branch(Expression):
    """A condition that must hold once and fail once."""

    __slots__ = ("coverage", "fails", "holds")

    def __init__(self, made: Expression, holds: Item, fails: Item, coverage: Coverage) -> None:
        self.text, self.plain, self.reads, self._value = made.text, made.plain, made.reads, made._value
        self.tree = made.tree
        self.holds, self.fails, self.coverage = holds, fails, coverage

    def of(self, given: Sequence[Any]) -> Any:
        """What the condition gives."""
        found = Expression.of(self, given)
        self.coverage.note(self.holds if true(found) else self.fails)
        return found

    def values(self, frame: Frame) -> list[Any]:
        """What the condition gives, row by row."""
        return [self.value(row) for row in frame.rows()]


@open_record
class Said(Text):
    """A sentence that must be said once."""

    item: Item
    coverage: Coverage

    def value(self, row: Row) -> str | None:
        """The filled text."""
        found: str | None = Text.value(self, row)
        if found is not None:
            self.coverage.note(self.item)
        return found

    def values(self, frame: Frame) -> list[Any]:
        """The filled texts, row by row."""
        return [self.value(row) for row in frame.rows()]


@open_record
class Watched(Table):
    """A table that notes which rows answer."""

    coverage: Coverage = Coverage()
    origin: Origin | None = None

    def ask(self, way: str, key: Any) -> Answer | Outcome | None:
        """The answer to a key."""
        found = WAYS[way](self, key)
        if found is None and self.origin:
            self.coverage.note((self.origin.tables[self.id].position(), "otherwise"))
        return found

    def answer(self, key: str, **more: Any) -> Answer | Outcome:
        """The row of a key."""
        if self.origin:
            kind = "outcome" if isinstance(self.rows[key], Outcome) else "answers"
            self.coverage.note((self.origin.row(self.id, key).position(), f"row {key}"))
            self.coverage.note((self.origin.tables[self.id].position(), kind))
        return Table.answer(self, key, **more)
