"""The verb `within`: the same rows, knowing about their siblings."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from litellm_migrate.closures import true
from litellm_migrate.functions import Refused, decimal, kind_of
from litellm_migrate.model import Path
from litellm_migrate.records import record
from litellm_migrate.rows import Column, Row, Simple
from litellm_migrate.steps import Scene
from litellm_migrate.trace import NOTHING, Trace, demote, union


@record
class Stored(Simple):
    """A value that a step worked out, made of what some columns of the same row say."""

    name: str
    of: tuple[Column, ...] = ()
    decides: tuple[Column, ...] = ()

    def value(self, row: Row) -> Any:
        """The stored value."""
        return row.values.get(self.name)

    def trace(self, row: Row, rest: Path = ()) -> Trace:
        """The first of the columns that says something carries; the others only decide."""
        said = [column for column in self.of if column.value(row) is not None]
        carried = said[0].trace(row) if said else NOTHING
        return union([carried, *(demote(column.trace(row)) for column in self.decides)])


@record
class Share:
    """A row's part of the whole: the first measure that is positive for any sibling decides for all."""

    of: tuple[Column, ...]
    among: Column | None

    def divide(self, rows: list[Row]) -> list[float]:
        """One share a row; those outside `among`, or without the deciding measure, get nothing."""
        taking = [self.among is None or true(self.among.value(row)) for row in rows]
        for measure in self.of:
            pairs = zip(rows, taking, strict=True)
            sizes = [amount(measure.value(row)) if takes else Decimal(0) for row, takes in pairs]
            whole = sum(sizes, Decimal(0))
            if whole:
                return [part(size, whole) for size in sizes]
        several = sum(taking)
        return [1 / several if takes else 0.0 for takes in taking]


def part(size: Decimal, whole: Decimal) -> float:
    """What a size is of a whole, rounded once: integers divide exactly."""
    (over, under), (of, by) = size.as_integer_ratio(), whole.as_integer_ratio()
    return over * by / (under * of)


def amount(value: Any) -> Decimal:
    """A measure as a number that is not negative; what is no number measures nothing."""
    try:
        return max(decimal(value), Decimal(0)) if value is not None else Decimal(0)
    except Refused:
        return Decimal(0)


@record
class Within:
    """Counts siblings, finds those of the lowest level, and divides among them."""

    by: tuple[Column, ...]
    count: str | None
    lowest: Mapping[str, Column]
    share: Mapping[str, Share]

    def run(self, rows: list[Row], scene: Scene) -> list[Row]:
        """The same rows."""
        families: dict[str, list[Row]] = {}
        for row in rows:
            row.reasons = (*row.reasons, *self.by)
            families.setdefault(repr([column.value(row) for column in self.by]), []).append(row)
        for family in families.values():
            self.tell(family)
        return rows

    def tell(self, family: list[Row]) -> None:
        """Adds the columns to the rows of one family."""
        for name, column in self.lowest.items():
            levels = [column.value(row) for row in family]
            there = [level for level in levels if kind_of(level) == "number"]
            for row, level in zip(family, levels, strict=True):
                row.values[name] = not there or level == min(there)
        for name, share in self.share.items():
            for row, part in zip(family, share.divide(family), strict=True):
                row.values[name] = part
        for row in family if self.count else ():
            row.values[str(self.count)] = len(family)
