"""The column that asks a table."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, ClassVar

from litellm_migrate.convert.batches import once, united
from litellm_migrate.convert.frames import Frame
from litellm_migrate.convert.outcomes import Outcome
from litellm_migrate.convert.rows import Column, Made, Row
from litellm_migrate.convert.tables import Table
from litellm_migrate.convert.trace import ANSWERED, DIFFERS, Fact, Trace, consult, told, union
from litellm_migrate.source.model import Path
from litellm_migrate.source.records import record


@record
class Look(Made):
    """A table's answer: one of its columns, or all of them."""

    table: Table
    way: str
    up: Column | Mapping[str, Column]
    answer: str | None = None
    answers: ClassVar[bool] = True

    def value(self, row: Row) -> Any:
        """The answer; None where the table has none, or an outcome."""
        if isinstance(self.up, Mapping):
            key: Any = {name: column.value(row) for name, column in self.up.items()}
        else:
            key = self.up.value(row)
        return self._answer(key)

    def asked(self, frame: Frame) -> list[Any]:
        """What the table says: answers, an outcome, or None."""
        return once(frame.count, self._keys(frame), lambda given: self._found(self._key(given)))

    def values(self, frame: Frame) -> list[Any]:
        """The answers; None where the table has none, or an outcome."""
        return once(frame.count, self._keys(frame), lambda given: self._answer(self._key(given)))

    def traces(self, frame: Frame, rest: Path = ()) -> list[Trace]:
        """The origins of what was looked up: an outcome takes it, and a row may say what differs."""
        wanted = rest[0] if rest else self.answer
        asked = united(frame.count, [frame.traces_of(column) for column in self._up])
        means = once(frame.count, [self.asked(frame)], lambda given: self._means(given[0], wanted))
        return once(frame.count, [means, asked], lambda given: given[0](given[1]))

    @property
    def _up(self) -> tuple[Column, ...]:
        return tuple(self.up.values()) if isinstance(self.up, Mapping) else (self.up,)

    def _keys(self, frame: Frame) -> list[list[Any]]:
        return [frame.values_of(column) for column in self._up]

    def _key(self, given: Sequence[Any]) -> Any:
        return dict(zip(self.up, given, strict=True)) if isinstance(self.up, Mapping) else given[0]

    def _found(self, key: Any) -> Any:
        if isinstance(self.up, Mapping) and all(part is None for part in key.values()):
            return None
        return None if key is None else self.table.ask(self.way, key)

    def _answer(self, key: Any) -> Any:
        found = self._found(key)
        if isinstance(found, dict):
            return found if self.answer is None else found.get(self.answer)
        return self._named(key) if self.answer == "row" and found is not None else None

    def _named(self, key: Any) -> Any:
        """The key of a row that is an outcome: that it is known can be asked without taking the outcome."""
        if isinstance(self.up, Mapping):
            return None
        return str(key).partition("/")[0] if self.way == "segment" else key

    def _means(self, found: Any, wanted: Any) -> Callable[[Trace], Trace]:
        """What an answer makes of the origins of the question."""
        if isinstance(found, Outcome) and self.answer != "row":
            return lambda asked: union((consult(asked), told(Fact(ANSWERED, path, found) for path in asked.carried)))
        if isinstance(found, dict) and (wanted is None or found.get(str(wanted)) is not None):
            differs = found.get("differs") if wanted != "row" else None
            return partial(differing, differs) if differs else as_it_is
        return as_it_is if found is not None else consult


def as_it_is(asked: Trace) -> Trace:
    """The origins of the question."""
    return asked


def differing(sentence: str, asked: Trace) -> Trace:
    """The origins of a question, and what differs in the answer."""
    return union((asked, told([Fact(DIFFERS, (), sentence)])))
