"""The verbs of a relation that look at several rows: group them, let them know their siblings, name them apart."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, NamedTuple

from litellm_migrate.convert.columns import Sentence
from litellm_migrate.convert.expressions import true
from litellm_migrate.convert.functions import Number, Refused, decimal, kind_of, plain
from litellm_migrate.convert.origins import FACTS_ONLY, Origin, OriginNode, both, decides, marked, union
from litellm_migrate.convert.rows import ABSENT, MEMBERS, Cell, Column, Compiler, Evaluator, Row, Stage, of_members
from litellm_migrate.convert.steps import Rows, StepContext, StepRun, carried_places

Family = list[tuple[Row, list[Cell]]]
"""Rows with equal keys, each with the cells of its key."""


def families(rows: Rows, by: list[Evaluator]) -> list[Family]:
    """Rows by equal keys, in the order in which the keys appear."""
    by_key: dict[str, Family] = {}
    for row in rows:
        cells = [key(row) for key in by]
        by_key.setdefault(repr([value for value, _ in cells]), []).append((row, cells))
    return list(by_key.values())


# ------------------------------------------------------------------ group
def total(values: list[object]) -> Number | None:
    """The sum of the numbers, exact in decimal; None if there are none."""
    numbers = []
    for value in values:
        try:
            numbers.append(decimal(value))
        except Refused:
            continue
    return plain(sum(numbers, Decimal(0))) if numbers else None


def distinct(values: list[object]) -> list[object] | None:
    """Each different value once, in order; None if there are none."""
    try:
        return list(dict.fromkeys(values)) or None
    except TypeError:  # a list or a mapping can only be held against the others
        return [value for number, value in enumerate(values) if value not in values[:number]] or None


def agreed(values: list[object]) -> object:
    """The one value that all give; None if there are several."""
    different = {repr(value): value for value in values}
    return next(iter(different.values())) if len(different) == 1 else None


def first(values: list[object]) -> object:
    """The value of the first member that gives one; None if none does."""
    return values[0] if values else None


GATHERS: dict[str, Callable[[list[Any]], Any]] = {"sum": total, "list": distinct, "agree": agreed, "first": first}
"""By word of the rule language, what a group makes of the values that its members give."""
OF_A_MEMBER = {"agree", "first"}
"""The words whose result is what some member says, as it says it."""


class Group(NamedTuple):
    """`group: {by, sum, list, agree, first, disagree, count}`: one row for each different key."""

    by: Mapping[str, Column]
    gathers: tuple[tuple[str, str, Column], ...]
    """Word of `GATHERS`, new column, and what each member says."""
    count_as: str | None
    disagree: Sentence | None
    """What becomes of settings on which members do not agree."""
    columns: Mapping[str, Column]
    """The columns of the rows after it."""
    rule: str

    def compiled(self, compiler: Compiler) -> StepRun:
        """A row for each group; its columns have the origins of all members, and the keys decide that it exists."""
        by = {name: compiler(column) for name, column in self.by.items()}
        gathers = [(word, name, compiler(column)) for word, name, column in self.gathers]
        disagree = self.disagree.outcomes(compiler) if self.disagree else None
        stage = Stage(self.columns, compiler)

        def run(rows: Rows, context: StepContext) -> Rows:
            groups = []
            for family in families(rows, list(by.values())):
                row = group_of(family, stage)
                for number, name in enumerate(by):
                    cells = [keys[number] for _, keys in family]
                    row[name] = gathered(row, cells[0][0], cells)
                if self.count_as:
                    row[self.count_as] = (len(family), None)
                for word, name, column in gathers:
                    cells = [column(member) for member, _ in family]
                    values = [value for value, _ in cells if value is not None]
                    row[name] = gathered(row, GATHERS[word](values), cells)
                    if word == "agree" and values and row.value(name) is None and disagree:
                        context.find(carried_places(cells), disagree(row), self.rule)
                groups.append(row)
            return groups

        return run


def group_of(family: Family, stage: Stage) -> Row:
    """A row that gathers a family."""
    members = [row for row, _ in family]
    row = Row(stage, members[0].contests)
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


# ------------------------------------------------------------------ within
class Share(NamedTuple):
    """A row's part of the whole: the first measure that is positive for any sibling decides for all."""

    of: tuple[Column, ...]
    among: Column | None
    """The condition for having a part."""


class Within(NamedTuple):
    """`within: {by, count, lowest: {name: column}, share: {name: {of, among}}}`: the same rows, knowing siblings.

    `count` is how many siblings a row has, itself included; `lowest` whether it has the smallest value among them;
    `share` its part of their sum.
    """

    by: tuple[Column, ...]
    count_as: str | None
    lowest: Mapping[str, Column]
    share: Mapping[str, Share]

    def compiled(self, compiler: Compiler) -> StepRun:
        """The same rows; what they have in common decides that they are siblings."""
        by = [compiler(column) for column in self.by]
        lowest = {name: compiler(column) for name, column in self.lowest.items()}
        shares = {
            name: ([compiler(column) for column in share.of], compiler(share.among) if share.among else None)
            for name, share in self.share.items()
        }

        def run(rows: Rows, context: StepContext) -> Rows:
            for family in families(rows, by):
                members = [row for row, _ in family]
                for name, level in lowest.items():
                    mark_lowest(name, members, level)
                for name, (measures, among) in shares.items():
                    divide(name, members, measures, among)
                for row, cells in family:
                    if self.count_as:
                        row[self.count_as] = (len(members), None)
                    row.filters = union([row.filters, *[decides(origin) for _, origin in cells]])
            return rows

        return run


def mark_lowest(name: str, rows: Rows, level: Evaluator) -> None:
    """Writes which rows are of the family's lowest level: all, if none has one."""
    cells = [level(row) for row in rows]
    levels: list[Any] = [value for value, _ in cells if kind_of(value) == "number"]
    low = min(levels, default=None)
    for row, (value, origin) in zip(rows, cells, strict=True):
        row[name] = (not levels or value == low, origin if value is not None else None)


def divide(name: str, rows: Rows, measures: list[Evaluator], among: Evaluator | None) -> None:
    """Writes each row's share; rows outside `among`, or without the deciding measure, get nothing.

    Three rows with the measures 2, 1 and none get 2/3, 1/3 and 0; without any measure, each gets 1/3.
    """
    conditions = [among(row) if among else (True, None) for row in rows]
    takes = [true(value) for value, _ in conditions]
    cells: list[list[Cell]] = [[] for _ in rows]  # by row, the measures that anybody has asked for

    def measured(place: int, number: int) -> Cell:
        for measure in measures[len(cells[place]) : number + 1]:
            cells[place].append(measure(rows[place]))
        return cells[place][number]

    sizes = [Decimal(taking) for taking in takes]
    for number in range(len(measures)):
        amounts = [amount(measured(place, number)[0]) if taking else Decimal(0) for place, taking in enumerate(takes)]
        if any(amounts):
            sizes = amounts
            break
    whole = sum(sizes, Decimal(0))
    for place, (row, size, (_, condition)) in enumerate(zip(rows, sizes, conditions, strict=True)):
        of = (measured(place, number) for number in range(len(measures)))
        carried: Origin = next((origin for value, origin in of if value is not None), None)
        row[name] = (quotient(size, whole) if whole else 0.0, both(carried, decides(condition)))


def quotient(size: Decimal, whole: Decimal) -> float:
    """What a size is of a whole, rounded once: integers divide exactly."""
    (over, under), (of, by) = size.as_integer_ratio(), whole.as_integer_ratio()
    return over * by / (under * of)


def amount(value: object) -> Decimal:
    """A measure as a number that is not negative; what is no number measures nothing."""
    try:
        return max(decimal(value), Decimal(0)) if value is not None else Decimal(0)
    except Refused:
        return Decimal(0)


# ------------------------------------------------------------------ name
class UniqueName(NamedTuple):
    """A name: what it is made of, what is appended to it, and what takes its place where rows share it."""

    of: Column
    parts: tuple[Column, ...] = ()
    shared: Column | None = None


class Name(NamedTuple):
    """`name: {column: {from, told_apart_by, when_shared}}`: names made of the row alone.

    A neighbour renames nothing; only true clashes are numbered, in the order of the rows.
    """

    names: Mapping[str, UniqueName]

    def compiled(self, compiler: Compiler) -> StepRun:
        """The same rows, named; what a name is made of carries, what tells it apart decides."""
        names = {column: compiled_name(name, compiler) for column, name in self.names.items()}

        def run(rows: Rows, context: StepContext) -> Rows:
            for column, (read, shared) in names.items():
                cells = [read(row) for row in rows]
                texts = [str(value) for value, _ in cells]
                if shared:
                    texts = unshared(texts, [str(shared(row)[0]) for row in rows])
                for row, text, (_, origin) in zip(rows, unique(texts), cells, strict=True):
                    row[column] = (text, origin)
            return rows

        return run


def compiled_name(name: UniqueName, compiler: Compiler) -> tuple[Evaluator, Evaluator | None]:
    """The name that a row gives by itself, and the one in its place where others have the same."""
    of = compiler(name.of)
    parts = [compiler(part) for part in name.parts]

    def read(row: Row) -> Cell:
        value, origin = of(row)
        words, origins = [str(value)], [origin]
        for part in parts:
            apart, decider = part(row)
            origins.append(decides(decider))
            if apart is not None and str(apart):
                words.append(str(apart))
        return "-".join(words), union(origins)

    return read, compiler(name.shared) if name.shared else None


def unshared(names: list[str], instead: list[str]) -> list[str]:
    """The same names, but another one for each row whose name is not its alone."""
    counts = Counter(names)
    return [substitute if counts[name] > 1 else name for name, substitute in zip(names, instead, strict=True)]


def unique(names: list[str]) -> list[str]:
    """The same names, later ones numbered where one is taken: `a, a, a-2` become `a, a-3, a-2`."""
    reserved, used, result = set(names), set[str](), []
    for name in names:
        free, number = name, 2
        while free in used or (free != name and free in reserved):
            free, number = f"{name}-{number}", number + 1
        used.add(free)
        result.append(free)
    return result
