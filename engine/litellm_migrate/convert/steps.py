"""The verbs of a relation that look at one row at a time, and those that bring in other rows.

Each verb is a declaration that compiles to one function, from the rows before the step to the rows after it. A verb
that gives rows a column writes the cells, values and origins alike.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple, Protocol

from litellm_migrate.convert.columns import Sentence
from litellm_migrate.convert.document import Document, Place, Subtree
from litellm_migrate.convert.expressions import Expression, true
from litellm_migrate.convert.lookups import Look
from litellm_migrate.convert.origins import Origin, both, decides, resolve, union
from litellm_migrate.convert.outcomes import Outcome
from litellm_migrate.convert.rows import ABSENT, Cell, Column, Compiler, Evaluator, Row


class Finding(NamedTuple):
    """An outcome for some places of the document; without a place it is a notice about a row."""

    places: frozenset[Place]
    outcome: Outcome
    rule: str
    row: Row | None = None


class StepContext(Protocol):
    """What a step sees beside its rows: other relations, the document, and where findings go."""

    document: Document

    def rows_of(self, name: str) -> list[Row]:
        """The rows of another relation."""

    def find(self, places: Iterable[Place], outcome: Outcome, rule: str, row: Row | None = None) -> None:
        """Notes an outcome for some places."""

    def wrong_type(self, place: Place, expected: str, value: object) -> None:
        """Notes that a setting is of another type than is read there."""


Rows = list[Row]
StepRun = Callable[[Rows, StepContext], Rows]


class Step(Protocol):
    """One verb with its arguments."""

    def compiled(self, compiler: Compiler) -> StepRun:
        """The function from the rows before the step to the rows after it."""


def carried_places(cells: Iterable[Cell]) -> frozenset[Place]:
    """The places whose values some cells carry."""
    return resolve(union([origin for _, origin in cells])).carried


def places_of(row: Row) -> frozenset[Place]:
    """The places of the entries that a row was made from."""
    return frozenset([place for _, place in row.entries() if isinstance(place, (int, Subtree))])


# ------------------------------------------------------------------ one row at a time
class AddColumns(NamedTuple):
    """`columns: {name: column}`: derived values, worked out when they are read; the rows' stage has them already."""

    columns: Mapping[str, Column]

    def compiled(self, compiler: Compiler) -> StepRun:
        """The same rows: their stage has the columns."""
        watch = compiler.observer(self)

        def run(rows: Rows, context: StepContext) -> Rows:
            if watch:
                watch(rows)
            return rows

        return run


class Where(NamedTuple):
    """`where: condition`: the rows for which it holds; the others are not of this relation."""

    condition: Expression

    def compiled(self, compiler: Compiler) -> StepRun:
        """The rows that pass."""
        condition = compiler(self.condition)
        return lambda rows, context: [row for row in rows if passes(row, condition(row))]


def passes(row: Row, cell: Cell) -> bool:
    """Whether a condition lets a row pass, whose filters then include it."""
    row.filters = both(row.filters, decides(cell[1]))
    return true(cell[0])


class Require(NamedTuple):
    """`require: {that, else}`: the rows for which a condition holds; the entries of the others take an outcome."""

    condition: Expression
    otherwise: Sentence
    rule: str

    def compiled(self, compiler: Compiler) -> StepRun:
        """The rows that pass."""
        condition, otherwise = compiler(self.condition), self.otherwise.outcomes(compiler)

        def run(rows: Rows, context: StepContext) -> Rows:
            passed = []
            for row in rows:
                if passes(row, condition(row)):
                    passed.append(row)
                else:
                    context.find(places_of(row), otherwise(row), self.rule)
            return passed

        return run


class RequireAnswer(NamedTuple):
    """`require: {look, up, as}`: the rows that a table answers; the entries of the others take the table's outcome."""

    name: str
    look: Look
    rule: str

    def compiled(self, compiler: Compiler) -> StepRun:
        """The rows with an answer, which becomes a column."""
        ask, table = self.look.replies(compiler), self.look.table

        def run(rows: Rows, context: StepContext) -> Rows:
            passed = []
            for row in rows:
                (_, reply, effect), origin = ask(row)
                answer = table.otherwise if reply is None else reply
                if isinstance(answer, Outcome):
                    context.find(places_of(row), answer, f"{self.rule} {table.id}")
                elif answer is not None:
                    row[self.name] = (answer, effect(origin))
                    row.filters = both(row.filters, decides(effect(origin)))
                    passed.append(row)
            return passed

        return run


class Note(NamedTuple):
    """`note: {of, when, manual|skipped}`: an outcome for the settings that some columns carry; all rows pass."""

    of: tuple[Column, ...]
    when: Expression | None
    sentence: Sentence
    rule: str

    def compiled(self, compiler: Compiler) -> StepRun:
        """The same rows."""
        columns, outcome = [compiler(column) for column in self.of], self.sentence.outcomes(compiler)
        condition = compiler(self.when) if self.when else None

        def run(rows: Rows, context: StepContext) -> Rows:
            for row in rows:
                if condition is None or true(condition(row)[0]):
                    places = carried_places(column(row) for column in columns)
                    context.find(places, outcome(row), self.rule, row)
            return rows

        return run


# ------------------------------------------------------------------ rows from elsewhere
class Join(NamedTuple):
    """`join: {to, by: {mine: theirs}, as, every, else}`: a row of another relation beside each row.

    A row without a match has None there; with `otherwise`, it goes, and its keys take an outcome. With `every`, a row
    is repeated for each match.
    """

    to: str
    name: str
    mine: tuple[Column, ...]
    theirs: tuple[Column, ...]
    every: bool
    otherwise: Sentence | None
    rule: str

    def compiled(self, compiler: Compiler) -> StepRun:
        """The rows with their matches; keys, and what decided that the match exists, only decide."""
        keys = [compiler(column) for column in self.mine]
        their_keys = [compiler(column) for column in self.theirs]
        otherwise = self.otherwise.outcomes(compiler) if self.otherwise else None

        def run(rows: Rows, context: StepContext) -> Rows:
            joined: Rows = []
            index = rows_by_key(context.rows_of(self.to), their_keys) if rows else {}
            for row in rows:
                cells = [key(row) for key in keys]
                matches = matching(index, tuple([value for value, _ in cells]))
                if not matches and otherwise:
                    context.find(carried_places(cells) or places_of(row), otherwise(row), self.rule)
                    continue
                origin = union([decides(origin) for _, origin in cells])
                if not (self.every and matches[1:]):
                    joined.append(with_match(row, self.name, matches[0] if matches else None, origin))
                    continue
                joined += [with_match(row.copy(), self.name, match, origin) for match in matches]
            return joined

        return run


def with_match(row: Row, name: str, match: Row | None, origin: Origin) -> Row:
    """The row with its match as a column."""
    row[name] = (match, origin if match is None else both(origin, match.why()))
    return row


def rows_by_key(rows: Rows, keys: list[Evaluator]) -> dict[tuple[object, ...], Rows]:
    """Rows by the values of some columns."""
    index: dict[tuple[object, ...], Rows] = {}
    for row in rows:
        values = tuple([key(row)[0] for key in keys])
        if hashable(values):
            index.setdefault(values, []).append(row)
    return index


def matching(index: Mapping[tuple[object, ...], Rows], values: tuple[object, ...]) -> Rows:
    """The rows with these keys; a key that is absent matches nothing."""
    return index.get(values, []) if None not in values and hashable(values) else []


def hashable(values: tuple[object, ...]) -> bool:
    """Whether keys can be looked up: lists, mappings and sets match nothing."""
    return not any(isinstance(value, (list, dict, set)) for value in values)


class Unfold(NamedTuple):
    """`unfold: {of, as, keep}`: one row for each item of a list, or pair of a mapping, that a row holds.

    The item becomes the column `as`, its index or key the column `<as>_key`. With `keep`, a row that holds neither
    stays one row, in which both columns are absent.
    """

    of: Column
    name: str
    keep: bool = False

    def compiled(self, compiler: Compiler) -> StepRun:
        """The unfolded rows, in the order of the document; items carry, keys have no origin."""
        of = compiler(self.of)

        def run(rows: Rows, context: StepContext) -> Rows:
            unfolded: Rows = []
            for row in rows:
                value, origin = of(row)
                places = sorted(resolve(origin).carried, key=lambda place: str(context.document.path(place)))
                if value is None or not places:
                    unfolded += [self.unfolded(row, ABSENT, None)] if self.keep else []
                    continue
                if not isinstance(value, (list, dict)):
                    context.wrong_type(places[0], "a list or a mapping", value)
                    continue
                children = places[0].children if isinstance(places[0], Subtree) else {}
                for key, item in value.items() if isinstance(value, dict) else enumerate(value):
                    unfolded.append(self.unfolded(row, (item, children.get(key)), key))
            return unfolded

        return run

    def unfolded(self, row: Row, item: Cell, key: object) -> Row:
        """A copy of a row for one of its items."""
        copy = row.copy()
        copy[self.name], copy[f"{self.name}_key"] = item, (key, None)
        return copy
