"""Columns narrowed to what is there: each kind with the parts that are left of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from litellm_migrate.convert.closures import true
from litellm_migrate.convert.columns import Constant, First, Look, Several, Text, When
from litellm_migrate.convert.expressions import Expression
from litellm_migrate.convert.narrowing.presence import Scope
from litellm_migrate.convert.rows import Column
from litellm_migrate.convert.steps.groups import Gathered
from litellm_migrate.convert.steps.names import Named, Part
from litellm_migrate.convert.steps.windows import Stored
from litellm_migrate.source.records import replace

NONE = Constant(None)
EMPTY: tuple[Column, ...] = ()


def nothing(column: Any) -> bool:
    """Whether a column is nothing in every row, and has no origin."""
    return isinstance(column, Constant) and column.constant is None


class Narrow:
    """Narrows columns to a scope."""

    def __init__(self, scope: Scope) -> None:
        self.scope = scope

    def column(self, column: Any) -> Any:
        """The column that is left; kinds that read nothing by themselves stay as they are."""
        narrow = KINDS.get(type(column))
        return narrow(self, column) if narrow else column

    def there(self, columns: Iterable[Column]) -> tuple[Column, ...]:
        """Those of several columns that may be there."""
        return tuple(kept for kept in map(self.column, columns) if not nothing(kept))

    def holds(self, condition: Any) -> bool | None:
        """Whether a narrowed condition holds in every row, or in none; None if that depends on the row."""
        return true(condition.constant) if isinstance(condition, Constant) else None

    def expression(self, made: Expression) -> Column:
        """An expression: a constant if nothing that it reads is there."""
        left = made.narrowed(self.scope.absent)
        return left if left.reads or left.tree["type"] != "literal" else Constant(left.tree["value"])

    def first(self, made: First) -> Column:
        """A list of alternatives."""
        left = self.there(made.alternatives)
        return First(left) if left else NONE

    def when(self, made: When) -> Column:
        """A value with a condition."""
        column, condition = self.column(made.column), self.column(made.condition)
        holds = self.holds(condition)
        return When(column, condition) if holds is None else column if holds else NONE

    def text(self, made: Text) -> Column:
        """A text: with a hole that is never filled it is nothing, but what fills the others was read."""
        parts = tuple(part if isinstance(part, str) else self.column(part) for part in made.parts)
        holes = [part for part in parts if not isinstance(part, (str, Constant))]
        return NONE if not holes and any(nothing(part) for part in parts) else Text(parts)

    def several(self, made: Several) -> Column:
        """A list of values."""
        left = self.there(made.columns)
        return Several(left) if left else NONE

    def look(self, made: Look) -> Column:
        """A question to a table."""
        if isinstance(made.up, Mapping):
            keys = {name: self.column(key) for name, key in made.up.items()}
            return NONE if all(nothing(key) for key in keys.values()) else replace(made, up=keys)
        up = self.column(made.up)
        return NONE if nothing(up) else replace(made, up=up)

    def gathered(self, made: Gathered) -> Column:
        """What the members of a group say; the scope is that of the members."""
        column = self.column(made.column)
        return NONE if nothing(column) else Gathered(made.name, column)

    def stored(self, made: Stored) -> Column:
        """A value that a step works out."""
        return replace(made, of=self.there(made.of), decides=self.there(made.decides))

    def named(self, made: Named) -> Named:
        """A name."""
        parts = tuple(part for part in map(self.part, made.parts) if not nothing(part.of))
        shared = self.column(made.shared) if made.shared else None
        return Named(made.name, self.column(made.of), parts, shared)

    def part(self, made: Part) -> Part:
        """A part of a name."""
        return Part(self.column(made.of), self.column(made.usual) if made.usual else None)


KINDS: dict[type, Callable[[Narrow, Any], Any]] = {
    Expression: Narrow.expression,
    First: Narrow.first,
    When: Narrow.when,
    Text: Narrow.text,
    Several: Narrow.several,
    Look: Narrow.look,
    Gathered: Narrow.gathered,
    Stored: Narrow.stored,
    Named: Narrow.named,
}
