"""Columns made of others: a constant, the first that is there, a condition, a text, a list."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from litellm_migrate.convert.batches import once, united
from litellm_migrate.convert.closures import true
from litellm_migrate.convert.expressions import Expression
from litellm_migrate.convert.frames import Frame
from litellm_migrate.convert.rows import Column, Made, Row
from litellm_migrate.convert.trace import LOST, NOTHING, Fact, Trace, consult, demote, told, union
from litellm_migrate.source.model import Path
from litellm_migrate.source.records import record


@record
class Constant(Made):
    """The same value in every row; its origin is the rule that states it."""

    constant: Any

    def value(self, row: Row) -> Any:
        """The constant."""
        return self.constant

    def values(self, frame: Frame) -> list[Any]:
        """The constant, for all rows."""
        return [self.constant] * frame.count

    def traces(self, frame: Frame, rest: Path = ()) -> list[Trace]:
        """No setting."""
        return [NOTHING] * frame.count


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

    def values(self, frame: Frame) -> list[Any]:
        """The winners' values."""
        first, *others = (frame.values_of(alternative) for alternative in self.alternatives)
        for other in others:
            first = [value if one is None else one for one, value in zip(first, other, strict=True)]
        return first

    def traces(self, frame: Frame, rest: Path = ()) -> list[Trace]:
        """The winner's origins; those before it were consulted, those after it that are there lost."""
        there = [[value is not None for value in frame.values_of(one)] for one in self.alternatives]
        told = [frame.traces_of(one) for one in self.alternatives]
        deep = [frame.traces_of(one, rest) for one in self.alternatives] if rest else []
        few = len(there)

        def told_of(given: Sequence[Any]) -> Trace:
            return decided(given[:few], given[few : 2 * few], given[2 * few :])

        return once(frame.count, [*there, *told, *deep], told_of)


def decided(there: Sequence[bool], told: Sequence[Trace], deep: Sequence[Trace]) -> Trace:
    """The origins of the first of several that is there; `deep` are those inside it, if they are asked for."""
    if True not in there:
        return union(map(consult, told))
    place = there.index(True)
    won = (deep or told)[place]
    beaten: set[Path] = set()
    for other, trace in zip(there[place + 1 :], told[place + 1 :], strict=True):
        if other:
            beaten |= trace.carried - won.carried
    return union([*map(consult, told[:place]), won, losing(beaten, won)])


def losing(beaten: set[Path], won: Trace) -> Trace:
    """What is told of those that lost."""
    return told(Fact(LOST, path, won.carried) for path in beaten)


@record
class When(Made):
    """A value that is there only if a condition holds."""

    column: Column
    condition: Expression

    def value(self, row: Row) -> Any:
        """The value, or None."""
        return self.column.value(row) if true(self.condition.value(row)) else None

    def values(self, frame: Frame) -> list[Any]:
        """The values, or None."""
        pairs = zip(frame.values_of(self.column), frame.values_of(self.condition), strict=True)
        return [value if value is not None and true(holds) else None for value, holds in pairs]

    def traces(self, frame: Frame, rest: Path = ()) -> list[Trace]:
        """The value's origins if it is there; the condition's as deciders."""
        holds = [true(held) for held in frame.values_of(self.condition)]
        inputs: list[list[Any]] = [holds, frame.traces_of(self.condition), frame.traces_of(self.column, rest)]
        return once(frame.count, inputs, conditional)


def conditional(given: Sequence[Any]) -> Trace:
    """The origins of a value: whether it is there, those of what decides that, and its own."""
    holds, asked, told = given
    return union((demote(asked), told if holds else NOTHING))


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

    def values(self, frame: Frame) -> list[Any]:
        """The filled texts."""
        parts = [[part] * frame.count if isinstance(part, str) else frame.values_of(part) for part in self.parts]
        return once(frame.count, parts, joined)

    def traces(self, frame: Frame, rest: Path = ()) -> list[Trace]:
        """The origins of all holes."""
        return united(frame.count, [frame.traces_of(part) for part in self.parts if not isinstance(part, str)])


def joined(parts: Sequence[Any]) -> str | None:
    """The text of several parts, None if one is missing."""
    return None if None in parts else "".join(map(str, parts))


@record
class Several(Made):
    """A list of the values that are there; none is no list."""

    columns: tuple[Column, ...]

    def value(self, row: Row) -> Any:
        """The list, or None."""
        return [value for value in (column.value(row) for column in self.columns) if value is not None] or None

    def values(self, frame: Frame) -> list[Any]:
        """The lists, or None."""
        several = [frame.values_of(column) for column in self.columns]
        return once(frame.count, several, lambda given: [value for value in given if value is not None] or None)

    def traces(self, frame: Frame, rest: Path = ()) -> list[Trace]:
        """The origins of all."""
        return united(frame.count, [frame.traces_of(column) for column in self.columns])
