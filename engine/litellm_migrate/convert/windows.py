"""Windows: columns that look at all rows of a step. They count siblings, divide a whole, and name rows apart."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from decimal import Decimal
from typing import Any, NamedTuple, Protocol

from litellm_migrate.convert.expressions import true
from litellm_migrate.convert.functions import Refused, decimal, kind_of
from litellm_migrate.convert.origins import Origin, both, decides, union
from litellm_migrate.convert.rows import Cell, Column, Compiler, Evaluator, Row

WindowRun = Callable[[list[Row]], list[Cell]]
"""The cells of a column for some rows, in their order."""
Family = list[tuple[Row, list[Cell]]]
"""Rows with equal keys, each with the cells of its key."""


class Window(Protocol):
    """A column of which no row alone gives the value."""

    def compiled(self, compiler: Compiler) -> WindowRun:
        """The function that gives its cells."""


def families(rows: list[Row], by: list[Evaluator]) -> list[Family]:
    """Rows by equal keys, in the order in which the keys appear."""
    by_key: dict[str, Family] = {}
    for row in rows:
        cells = [key(row) for key in by]
        by_key.setdefault(repr([value for value, _ in cells]), []).append((row, cells))
    return list(by_key.values())


def over_siblings(by: list[Evaluator], cells_of: WindowRun) -> WindowRun:
    """The cells that `cells_of` gives for each family; what siblings have in common decides that they are siblings."""

    def run(rows: list[Row]) -> list[Cell]:
        cells: dict[int, Cell] = {}
        for family in families(rows, by):
            siblings = [row for row, _ in family]
            for (row, keys), cell in zip(family, cells_of(siblings), strict=True):
                cells[id(row)] = cell
                row.filters = union([row.filters, *[decides(origin) for _, origin in keys]])
        return [cells[id(row)] for row in rows]

    return run


# ------------------------------------------------------------------ siblings
class CountPer(NamedTuple):
    """`count_per(key, …)`: how many rows have the same keys, itself included."""

    by: tuple[Column, ...]

    def compiled(self, compiler: Compiler) -> WindowRun:
        """The number, without an origin."""
        return over_siblings([compiler(key) for key in self.by], lambda rows: [(len(rows), None)] * len(rows))


class LowestPer(NamedTuple):
    """`lowest_per(key, level)`: whether no sibling has a lower level; true in all rows, if none has a level."""

    by: Column
    level: Column

    def compiled(self, compiler: Compiler) -> WindowRun:
        """True or false, with the origin of the level."""
        level = compiler(self.level)

        def run(rows: list[Row]) -> list[Cell]:
            cells = [level(row) for row in rows]
            levels: list[Any] = [value for value, _ in cells if kind_of(value) == "number"]
            low = min(levels, default=None)
            return [(not levels or value == low, origin if value is not None else None) for value, origin in cells]

        return over_siblings([compiler(self.by)], run)


class SharePer(NamedTuple):
    """`share_per(key, among, measure, …)`: a row's part of the whole, from 0 to 1.

    The first measure that is positive for any sibling decides for all. Rows outside `among`, or without the deciding
    measure, get nothing: three rows with the measures 2, 1 and none get 2/3, 1/3 and 0; without any measure, each
    gets 1/3.
    """

    by: Column
    among: Column
    measures: tuple[Column, ...]

    def compiled(self, compiler: Compiler) -> WindowRun:
        """The part, which carries the row's first measure, and which `among` decides."""
        among, measures = compiler(self.among), [compiler(measure) for measure in self.measures]

        def run(rows: list[Row]) -> list[Cell]:
            conditions = [among(row) for row in rows]
            takes = [true(value) for value, _ in conditions]
            measured = Measured(rows, measures)
            sizes = measured.sizes(takes)
            whole = sum(sizes, Decimal(0))
            return [
                (quotient(size, whole) if whole else 0.0, both(measured.carried(place), decides(condition)))
                for place, (size, (_, condition)) in enumerate(zip(sizes, conditions, strict=True))
            ]

        return over_siblings([compiler(self.by)], run)


class Measured:
    """The measures of some rows, each worked out only if it is asked for."""

    def __init__(self, rows: list[Row], measures: list[Evaluator]) -> None:
        self.rows = rows
        self.measures = measures
        self.cells: list[list[Cell]] = [[] for _ in rows]

    def cell(self, place: int, number: int) -> Cell:
        """A measure of a row."""
        for measure in self.measures[len(self.cells[place]) : number + 1]:
            self.cells[place].append(measure(self.rows[place]))
        return self.cells[place][number]

    def sizes(self, takes: list[bool]) -> list[Decimal]:
        """What each row has of the first measure that is positive for any row that takes part; else one for each."""
        for number in range(len(self.measures)):
            amounts = [
                amount(self.cell(place, number)[0]) if taking else Decimal(0) for place, taking in enumerate(takes)
            ]
            if any(amounts):
                return amounts
        return [Decimal(taking) for taking in takes]

    def carried(self, place: int) -> Origin:
        """The origin of the first measure that a row has."""
        cells = (self.cell(place, number) for number in range(len(self.measures)))
        return next((origin for value, origin in cells if value is not None), None)


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


# ------------------------------------------------------------------ names
class Unique(NamedTuple):
    """`unique(name, part, …)`: a name made of the row alone, to which the parts that are there are appended.

    A neighbour renames nothing; only true clashes are numbered, in the order of the rows.
    """

    of: Column
    parts: tuple[Column, ...]

    def compiled(self, compiler: Compiler) -> WindowRun:
        """The name, whose base carries and whose parts decide."""
        of, parts = compiler(self.of), [compiler(part) for part in self.parts]

        def full(row: Row) -> tuple[str | None, Origin]:
            value, origin = of(row)
            if value is None:
                return None, origin
            cells = [part(row) for part in parts]
            words = [str(value), *(str(part) for part, _ in cells if part is not None and str(part))]
            return "-".join(words), union([origin, *[decides(decider) for _, decider in cells]])

        def run(rows: list[Row]) -> list[Cell]:
            names = [full(row) for row in rows]
            texts = numbered([name for name, _ in names])
            return [(text, origin) for text, (_, origin) in zip(texts, names, strict=True)]

        return run


class Unshared(NamedTuple):
    """`unshared(name, instead)`: a name, or another one where rows share it; clashes that remain are numbered."""

    of: Column
    instead: Column

    def compiled(self, compiler: Compiler) -> WindowRun:
        """The name, with the origin of the first."""
        of, instead = compiler(self.of), compiler(self.instead)

        def run(rows: list[Row]) -> list[Cell]:
            cells = [of(row) for row in rows]
            texts = [None if name is None else str(name) for name, _ in cells]
            preferred = {number for number, name in enumerate(texts) if name is not None}
            while preferred:
                counts = Counter(texts)
                shared = {number for number in preferred if counts[texts[number]] > 1}
                for number in shared:
                    other = instead(rows[number])[0]
                    texts[number] = None if other is None else str(other)
                preferred = preferred - shared if shared else set()
            return [(text, origin) for text, (_, origin) in zip(numbered(texts), cells, strict=True)]

        return run


def numbered(names: list[str | None]) -> list[str | None]:
    """The same names, later ones numbered where one is taken: `a, a, a-2` become `a, a-3, a-2`; none stays none."""
    reserved, used, result = set(names), set[str](), list[str | None]()
    for name in names:
        if name is None:
            result.append(None)
            continue
        free, number = name, 2
        while free in used or (free != name and free in reserved):
            free, number = f"{name}-{number}", number + 1
        used.add(free)
        result.append(free)
    return result
