"""The steps of a relation: columns, findings, unfolding and grouping (in `groups`).

Each step is a declaration that compiles to one function, from the rows before the step to the rows after it. A step
that gives rows a column writes the cells, values and origins alike.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple, Protocol

from litellm_migrate.convert.columns import Sentence
from litellm_migrate.convert.document import Document, Place, Subtree
from litellm_migrate.convert.expressions import Expression, true
from litellm_migrate.convert.lookups import TableLookup
from litellm_migrate.convert.origins import both, decides, resolve, union
from litellm_migrate.convert.outcomes import Outcome
from litellm_migrate.convert.rows import ABSENT, Cell, Column, Compiler, Row
from litellm_migrate.convert.windows import Window


class Finding(NamedTuple):
    """An outcome for some places of the document; without a place it is a notice about a row."""

    places: frozenset[Place]
    outcome: Outcome
    rule: str
    row: Row | None = None
    dropped: bool = False
    """Whether it is about what a field would have carried that is not written."""


class StepContext(Protocol):
    """What a step sees beside its rows: the document, and where findings go."""

    document: Document

    def find(self, places: Iterable[Place], outcome: Outcome, rule: str, row: Row | None = None) -> None:
        """Notes an outcome for some places."""

    def unanswered(self, places: Iterable[Place], value: object) -> None:
        """Notes that no row of a table answers a value."""

    def wrong_type(self, place: Place, expected: str, value: object) -> None:
        """Notes that a setting is of another type than is read there."""


Rows = list[Row]
StepRun = Callable[[Rows, StepContext], Rows]


class Step(Protocol):
    """One step with its arguments."""

    def compiled(self, compiler: Compiler) -> StepRun:
        """The function from the rows before the step to the rows after it."""


# ------------------------------------------------------------------ columns
class AddColumns(NamedTuple):
    """`columns: {name: value}`: values worked out when they are read, and windows over all rows, worked out at once."""

    columns: Mapping[str, Column]
    windows: Mapping[str, Window]

    def compiled(self, compiler: Compiler) -> StepRun:
        """The same rows, whose stage has the columns, with the cells of the windows."""
        watch = compiler.observer(self)
        windows = {name: window.compiled(compiler) for name, window in self.windows.items()}

        def run(rows: Rows, context: StepContext) -> Rows:
            for name, window in windows.items():
                for row, cell in zip(rows, window(rows), strict=True):
                    row[name] = cell
            if watch:
                watch(rows)
            return rows

        return run


# ------------------------------------------------------------------ findings
Finder = Callable[[Row, StepContext], bool]
"""Notes what is found about a row; the result says whether the row stays."""


class FindingRule(NamedTuple):
    """`{when, at, manual|skipped|notice, do, drop}`: an outcome for the settings of some columns, or of the whole row.

    A rule that drops lets pass the rows for which its condition does not hold; without a sentence it is a filter.
    """

    when: Expression | None
    at: tuple[Column, ...] | None
    """The columns whose settings it is about; none of them is a notice, None stands for all settings of the row."""
    sentence: Sentence | None
    drops: bool
    rule: str

    def compiled(self, compiler: Compiler) -> Finder:
        """The function that applies it to a row."""
        columns = None if self.at is None else [compiler(column) for column in self.at]
        outcome = self.sentence.outcomes(compiler) if self.sentence else None
        condition = compiler(self.when) if self.when else None

        def find(row: Row, context: StepContext) -> bool:
            value, origin = condition(row) if condition else (True, None)
            if self.drops:
                row.filters = both(row.filters, decides(origin))
            if not true(value):
                return True
            if outcome:
                places = places_of(row) if columns is None else carried_places(column(row) for column in columns)
                context.find(places, outcome(row), self.rule, row)
            return not self.drops

        return find


class AnswerRule(NamedTuple):
    """`{answer: column, drop: true}`: a row passes if a table answers it; else it takes an outcome."""

    look: TableLookup
    rule: str

    def compiled(self, compiler: Compiler) -> Finder:
        """The function that applies it to a row; what the answer rests on decides that the row is there."""
        ask, table, question = self.look.replies(compiler), self.look.table, self.look.question
        read_key = None if isinstance(question, Mapping) else compiler(question)

        def find(row: Row, context: StepContext) -> bool:
            (_, reply, effect), origin = ask(row)
            answer = table.otherwise if reply is None else reply
            if isinstance(answer, Outcome):
                context.find(places_of(row), answer, f"{self.rule} {table.id}", row)
                return False
            if answer is None:
                context.unanswered(places_of(row), read_key(row)[0] if read_key else {})
                return False
            row.filters = both(row.filters, decides(effect(origin)))
            return True

        return find


class Findings(NamedTuple):
    """`findings: [rule, …]`: what is found about each row, rule by rule, until one drops it."""

    rules: tuple[FindingRule | AnswerRule, ...]

    def compiled(self, compiler: Compiler) -> StepRun:
        """The rows that no rule drops."""
        finders = [rule.compiled(compiler) for rule in self.rules]

        def passes(row: Row, context: StepContext) -> bool:
            for finder in finders:  # noqa: SIM110 - a generator for each row takes longer than most rules
                if not finder(row, context):
                    return False
            return True

        return lambda rows, context: [row for row in rows if passes(row, context)]

    @property
    def states(self) -> bool:
        """Whether it says something, and does more than filter."""
        return any(isinstance(rule, AnswerRule) or rule.sentence for rule in self.rules)


def carried_places(cells: Iterable[Cell]) -> frozenset[Place]:
    """The places whose values some cells carry."""
    return resolve(union([origin for _, origin in cells])).carried


def places_of(row: Row) -> frozenset[Place]:
    """The places of the entries that a row was made from."""
    return frozenset([place for _, place in row.entries() if isinstance(place, (int, Subtree))])


# ------------------------------------------------------------------ unfold
class Unfold(NamedTuple):
    """`unfold: {of, as, keep}`: one row for each item of a list, pair of a mapping, or row of another relation.

    The item becomes the column `as`, its index or key the column `<as>_key`. With `keep`, a row that holds none of
    these stays one row, in which both columns are absent.
    """

    of: Column
    name: str
    keep: bool = False

    def compiled(self, compiler: Compiler) -> StepRun:
        """The unfolded rows, in the order of the document."""
        of = compiler(self.of)

        def run(rows: Rows, context: StepContext) -> Rows:
            return [
                self.unfolded(row, item, key) for row in rows for key, item in items_of(of(row), context, self.keep)
            ]

        return run

    def unfolded(self, row: Row, item: Cell, key: object) -> Row:
        """A copy of a row for one of its items."""
        copy = row.copy()
        copy[self.name], copy[f"{self.name}_key"] = item, (key, None)
        return copy


def items_of(cell: Cell, context: StepContext, keep: bool) -> Iterable[tuple[object, Cell]]:
    """The items of a cell by index or key: each carries its setting, or what the whole list does that the rules made.

    What chose rows of a relation decides of each.
    """
    value, origin = cell
    if isinstance(value, list) and value and isinstance(value[0], Row):
        return [(number, (row, both(origin, row.why()))) for number, row in enumerate(value)]
    places = sorted(resolve(origin).carried, key=lambda place: str(context.document.path(place)))
    if value is None:
        return [(None, ABSENT)] if keep else []
    if not isinstance(value, (list, dict)):
        for place in places[:1]:
            context.wrong_type(place, "a list or a mapping", value)
        return []
    pairs = value.items() if isinstance(value, dict) else enumerate(value)
    if places and isinstance(places[0], Subtree) and len(places[0].children) == len(value):
        return [(key, (item, places[0].children.get(key))) for key, item in pairs]
    return [(key, (item, origin)) for key, item in pairs]  # a list that the rules made
