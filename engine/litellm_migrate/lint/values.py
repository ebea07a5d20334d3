"""The values that a column can give, as far as the rules themselves state them: constants and cells of tables."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from litellm_migrate.convert.outcomes import Outcome
from litellm_migrate.convert.tables import Table
from litellm_migrate.rulebook.nodes import RuleNode
from litellm_migrate.rulebook.static_types import Answers, StaticType, Value


class Values(Value):
    """A derived value that is one of some known ones."""

    def __init__(self, known: Mapping[str, tuple[Any, RuleNode]]) -> None:
        self.known = known
        """By its notation, each value and the place that states it."""


def union(shapes: Iterable[StaticType]) -> StaticType:
    """The values that one of several columns may give; those that are not known are left out."""
    known: dict[str, tuple[Any, RuleNode]] = {}
    for shape in shapes:
        known.update(shape.known if isinstance(shape, Values) else {})
    return Values(known) if known else Value()


@dataclass
class Origin:
    """Where the rows and cells of tables are stated: a dialect's overlay comes first."""

    tables: Mapping[str, RuleNode]
    overlay: RuleNode
    names: dict[str, dict[str, RuleNode]] = field(default_factory=dict)

    def row(self, table: str, key: str) -> RuleNode:
        """The place of a row."""
        laid = self.overlay.at(table, key)
        return laid if laid.value is not None else self.below(table).get(key, self.tables[table])

    def cell(self, table: str, key: str, name: str) -> RuleNode:
        """The place of a cell; of a listed row, its answer's."""
        laid = self.overlay.at(table, key, name)
        if laid.value is not None:
            return laid
        return self.below(table).get(key, self.tables[table]).at(name)

    def below(self, table: str) -> dict[str, RuleNode]:
        """The places of all rows of a table, without the overlay."""
        if table not in self.names:
            self.names[table] = dict(rows_of(self.tables[table]))
        return self.names[table]


def rows_of(spec: RuleNode) -> Iterator[tuple[str, RuleNode]]:
    """Every row that a table states, listed or not; one that is stated twice comes twice."""
    for _, names in spec.at("listed").items():
        for _, name in names.items():
            yield str(name.value), name
    rows = spec.at("rows")
    for key, row in rows.items() if isinstance(rows.value, dict) else ():  # generated facts are read one by one
        yield str(key), row


class KnownAnswers(Answers):
    """The row that a table answers with; each cell is one of those that the table holds."""

    def __init__(self, columns: frozenset[str], read: set[str], table: Table, origin: Origin) -> None:
        super().__init__(columns, read)
        self.table = table
        self.origin = origin

    def at(self, name: str) -> StaticType | None:
        """One answer, with the values that rows give."""
        found = Answers.at(self, name)
        if found is None or self.table.answers is not None:
            return found
        known: dict[str, tuple[Any, RuleNode]] = {}
        for key, row in self.table.rows.items():
            if name == "row":
                known[repr(key)] = (key, self.origin.row(self.table.id, key))
            elif not isinstance(row, Outcome) and name in row:
                known.setdefault(repr(row[name]), (row[name], self.origin.cell(self.table.id, key, name)))
        return Values(known) if known else found
