"""Compiles columns that tell a coverage what happens in them, and remembers what rules read and may give."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from litellm_migrate.convert.columns import First, Look, Text, When
from litellm_migrate.convert.expressions import Expression
from litellm_migrate.convert.rows import Column
from litellm_migrate.convert.tables import Table
from litellm_migrate.lint.coverage import Coverage
from litellm_migrate.lint.nodes import Branch, Guarded, Said, There, Watched, Winner
from litellm_migrate.lint.values import KnownAnswers, Origin, Values, union
from litellm_migrate.rulebook.columns import Columns
from litellm_migrate.rulebook.nodes import RuleNode
from litellm_migrate.rulebook.static_types import Answers, RowShape, Setting, StaticType, Value
from litellm_migrate.source.model import Path, Problem
from litellm_migrate.source.records import replace, values

Key = tuple[int, Path]
CONDITIONS = {
    "that": ("no example is kept by `{}`.", "no example is refused by `{}`."),
    "where": ("no example is kept by `{}`.", "no example is left out by `{}`."),
}
BRANCHES = "in no example `{}` holds.", "in every example `{}` holds."
SENTENCES = {"manual", "skipped", "differs", "because"}


class WatchedColumns(Columns):
    """The compiler of columns, with a witness beside every branch."""

    def __init__(
        self, tables: Mapping[str, Table], problems: list[Problem], coverage: Coverage, origin: Origin
    ) -> None:
        super().__init__(tables, problems)
        self.coverage = coverage
        self.origin = origin
        self.watched: dict[str, Watched] = {}
        self.ways: dict[str, set[str]] = {}
        """By table, how it is asked."""
        self.shapes: dict[Key, StaticType] = {}
        """By place in a document, what its column gives."""
        self.defined: dict[tuple[int, str], tuple[RuleNode, RowShape]] = {}
        """By row shape and name, where a column is stated."""
        self.read: set[tuple[int, str]] = set()
        """The columns that expressions read, by row shape and name."""
        self.settings: set[int] = set()
        """The parts of the universe that expressions read, by identity."""

    def column(self, spec: RuleNode, shape: RowShape) -> tuple[Column, StaticType]:
        """A column whose value, and if it is a list whose winner, is noted."""
        made, found = super().column(spec, shape)
        if isinstance(made, When):
            made = Guarded(made.column, made.condition)
        if isinstance(spec.value, list):  # once a list comes to its last alternative, that may always be there
            self.coverage.waive(spec.at(len(spec.value) - 1, "when"), "fails")
        parts = [part for _, part in spec.items()] if isinstance(spec.value, list) else []
        if parts and isinstance(made, First):
            text = "no example gets alternative {} of `{}`."
            wanted = [
                self.coverage.want(part, "won", text.format(part.path[-1] + 1, name_of(spec.path))) for part in parts
            ]
            made = Winner(made.alternatives, tuple(wanted), self.coverage)
        elif states(spec.path) and spec.value != {"is": None}:  # a column that another relation has, for a union
            text = f"in no example has `{name_of(spec.path)}` a value."
            made = There(made, self.coverage.want(spec, "there", text), self.coverage)
        found = self.values(spec, parts, found)
        self.shapes[key_of(spec)] = found
        if spec.path[-2:-1] == ("columns",):
            self.defined[(id(shape.columns), str(spec.path[-1]))] = (spec, shape)
        return made, found

    def values(self, spec: RuleNode, parts: list[RuleNode], found: StaticType) -> StaticType:
        """The shape of a column that can give only some values, as far as the rules themselves state them."""
        if parts and type(found) is Value:
            return union(self.shapes[key_of(part)] for part in parts)
        if isinstance(spec.value, dict) and "is" in spec.value:
            return Values({repr(spec.value["is"]): (spec.value["is"], spec.at("is"))})
        return found

    def condition(self, spec: RuleNode, shape: RowShape) -> Expression:
        """A condition that must hold once, and fail once."""
        made = super().condition(spec, shape)
        holds, fails = (text.format(spec.value) for text in CONDITIONS.get(str(spec.path[-1]), BRANCHES))
        wanted = self.coverage.want(spec, "holds", holds), self.coverage.want(spec, "fails", fails)
        return Branch(made, *wanted, self.coverage)

    def expression(self, spec: RuleNode, shape: RowShape, condition: bool = False) -> tuple[Expression, StaticType]:
        """An expression; what it reads is remembered."""
        made, found = super().expression(spec, shape, condition)
        for path in made.reads:
            self.touch(shape, path, condition)
        return made, found

    def touch(self, shape: StaticType, path: Path, condition: bool) -> None:
        """Remembers the columns and the setting that a path reads; a condition on a whole section reads none of it."""
        below: StaticType | None = shape
        for name in path:
            holder = below
            while isinstance(holder, RowShape) and name not in holder.columns:
                holder = holder.base
            if isinstance(holder, RowShape):
                self.read.add((id(holder.columns), name))
            below = below.at(name) if below else None
        if isinstance(below, Setting) and not (condition and below.known()):
            self.settings.add(id(below.schema))

    def look(self, spec: RuleNode, shape: RowShape) -> tuple[Look, StaticType]:
        """A question to a table that notes which of its rows answer."""
        made, found = super().look(spec, shape)
        name = made.table.id
        if name not in self.watched:
            self.watched[name] = Watched(**values(made.table), coverage=self.coverage, origin=self.origin)
        self.ways.setdefault(name, set()).add(made.way)
        table = self.watched[name]
        if isinstance(found, Answers):
            found = KnownAnswers(found.columns, found.read, table, self.origin)
        elif made.answer:
            found = KnownAnswers(table.columns, set(), table, self.origin).at(made.answer) or found
        return replace(made, table=table), found

    def text(self, spec: RuleNode, shape: RowShape) -> Text:
        """A text; a sentence must be said once, with every hole filled."""
        made = super().text(spec, shape)
        if spec.value is None or not SENTENCES & {*spec.path[-1:], *spec.path[-2:-1]}:
            return made
        said = self.coverage.want(spec, "said", "no example makes the rules say this.")
        return Said(made.parts, said, self.coverage)


def states(path: Path) -> bool:
    """Whether a part of a rule file states a value of its own, and is no mere piece of one."""
    above = path[-2] if len(path) > 1 else None
    if above == "columns" or above in ("agree", "sum", "list", "first", "body", "variables"):
        return isinstance(path[-1], str)
    return len(path) > 2 and path[-1] == "from" and path[-3] == "told_apart_by"


def name_of(path: Path) -> str:
    """What a value is called: the last word of its path that names something."""
    return next((name for name in reversed(path) if isinstance(name, str) and name not in ("from", "usual", "up")), "")


def key_of(spec: RuleNode) -> Key:
    """What tells a part of all documents from the others."""
    return id(spec.marks), spec.path


def reads_of(columns: Iterable[WatchedColumns]) -> set[int]:
    """The parts of the universe that any of several compilers saw read."""
    return set().union(*(one.settings for one in columns))
