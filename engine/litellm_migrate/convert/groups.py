"""Grouping: one row for all rows with the same key, and what it makes of the values that they give."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, NamedTuple

from litellm_migrate.convert.columns import Sentence
from litellm_migrate.convert.functions import Number, Refused, decimal, plain
from litellm_migrate.convert.origins import FACTS_ONLY, REFUSED, OriginNode, both, decides, in_vain, marked, union
from litellm_migrate.convert.rows import ABSENT, MEMBERS, Cell, Column, Compiler, Row, Stage, of_members
from litellm_migrate.convert.steps import Rows, StepContext, StepRun, carried_places
from litellm_migrate.convert.windows import Family, families


def total(values: list[Decimal]) -> Number | None:
    """The sum of numbers, exact in decimal; None if there are none."""
    return plain(sum(values, Decimal(0))) if values else None


def summand(cell: Cell) -> Cell:
    """A value as a number; what is none is refused."""
    value, origin = cell
    try:
        return (None if value is None else decimal(value)), origin
    except Refused as refusal:
        return None, marked(REFUSED, str(refusal), origin)


def or_else(cell: Cell, otherwise: Cell) -> Cell:
    """A value, or else another one; what decided that the first is absent decides."""
    return cell if cell[0] is not None else (otherwise[0], both(in_vain(cell[1]), otherwise[1]))


def distinct(values: list[object]) -> list[object] | None:
    """Each different value once, in order; None if there are none."""
    try:
        return list(dict.fromkeys(values)) or None
    except TypeError:  # a list or a mapping can only be held against the others
        return [value for number, value in enumerate(values) if value not in values[:number]] or None


def agreed(values: list[object]) -> object:
    """The one value that all give; None if there are several. That a member has none can be a value, too."""
    different = {repr(value): value for value in values}
    return next(iter(different.values())) if len(different) == 1 else None


def earliest(values: list[object]) -> object:
    """The value of the first member that gives one; None if none does."""
    return values[0] if values else None


COUNT, AGREED, SUM = "count", "agreed", "sum"
AGGREGATES: dict[str, Callable[[list[Any]], Any]] = {
    SUM: total,
    "distinct": distinct,
    AGREED: agreed,
    "earliest": earliest,
}
"""By function of the rule language, what a group makes of the values that its members give."""
OF_A_MEMBER = {AGREED, "earliest"}
"""The aggregates whose result is the value of a member."""


class Aggregate(NamedTuple):
    """A column of a group: `count()`, or a function of the values that a column of its members has."""

    function: str
    column: Column | None
    otherwise: Column | None = None
    """What a member without a value counts with; one without that, too, differs from those that have a value."""


class Group(NamedTuple):
    """`group: {by, columns, disagree}`: one row for each different key."""

    by: Mapping[str, Column]
    aggregates: Mapping[str, Aggregate]
    disagree: Sentence | None
    """What becomes of settings on which members do not agree."""
    columns: Mapping[str, Column]
    """The columns of the rows after it."""
    rule: str

    def compiled(self, compiler: Compiler) -> StepRun:
        """A row for each group; its columns have the origins of all members, and the keys decide that it exists."""
        by = {name: compiler(column) for name, column in self.by.items()}
        members = {name: compiler(part.column) for name, part in self.aggregates.items() if part.column}
        instead = {name: compiler(part.otherwise) for name, part in self.aggregates.items() if part.otherwise}
        disagree = self.disagree.outcomes(compiler) if self.disagree else None
        stage = Stage(self.columns, compiler)

        def run(rows: Rows, context: StepContext) -> Rows:
            groups = []
            for family in families(rows, list(by.values())):
                row = group_of(family, stage)
                for number, name in enumerate(by):
                    cells = [keys[number] for _, keys in family]
                    row[name] = gathered(row, cells[0][0], cells)
                for name, (function, *_) in self.aggregates.items():
                    if function == COUNT:
                        row[name] = (len(family), None)
                        continue
                    without_default = cells = [members[name](member) for member, _ in family]
                    if function == SUM:
                        cells = [summand(cell) for cell in cells]
                    if otherwise := instead.get(name):
                        rest = [otherwise(member) for member, _ in family]
                        cells = list(map(or_else, cells, rest))
                    values = [value for value, _ in cells if value is not None or otherwise]
                    row[name] = gathered(row, AGGREGATES[function](values), cells)
                    if function == AGREED and len(distinct(values) or []) > 1 and disagree:
                        context.find(carried_places(without_default), disagree(row), self.rule)
                groups.append(row)
            return groups

        return run


def group_of(family: Family, stage: Stage) -> Row:
    """A row that gathers a family."""
    members = [row for row, _ in family]
    row = Row(stage, members[0].context)
    row.members = members
    row.member_keys = [union([decides(origin) for _, origin in cells]) for _, cells in family]
    if len(members) == 1:
        row.path, row.place = members[0].path, members[0].place
    row[MEMBERS] = (members, None)
    return row


def gathered(row: Row, value: object, cells: list[Cell]) -> Cell:
    """A value made of what every member says; if that is none, its origin has only what was refused or answered."""
    origin = cells[0][1] if len(cells) == 1 else of_members(row, [origin for _, origin in cells])
    if value is not None:
        return value, origin
    return (None, marked(FACTS_ONLY, None, origin)) if isinstance(origin, OriginNode) else ABSENT
