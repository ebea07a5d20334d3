"""Parses look-ups: what a table replies to a key, and the rows of a relation with the same key."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, NamedTuple

from jmespath.exceptions import JMESPathError

from litellm_migrate.convert.columns import Constant
from litellm_migrate.convert.lookups import RelationLookup, RelationMatches, RelationRows, TableLookup, TableRows
from litellm_migrate.convert.rows import KEY, Column
from litellm_migrate.convert.tables import Table
from litellm_migrate.rulebook.nodes import RuleNode
from litellm_migrate.rulebook.static_types import (
    UNKNOWN,
    Answers,
    RowList,
    RowShape,
    StaticType,
    TableCell,
    Value,
    suggestion,
)
from litellm_migrate.rulebook.syntax import AMONG, LOOKUP, FormCall, parts_of_mapping

if TYPE_CHECKING:
    from litellm_migrate.rulebook.columns import ColumnParser

KEYS = "lookup()"
"""The word of a path below which a key only decides which row is meant."""


class KeyedRows(NamedTuple):
    """What another relation's rows look like, and the columns by which they are looked up."""

    shape: RowShape
    key: tuple[Column, ...]


RelationRowsOf = Callable[[str, RuleNode], KeyedRows | None]
"""The rows of a relation by its name; None for an unknown one, which is then a problem."""


class LookupParser:
    """Parses the calls of `lookup` and `rows`."""

    def __init__(self, columns: ColumnParser, tables: Mapping[str, Table]) -> None:
        self.columns = columns
        self.tables = tables
        self.relations: Mapping[str, RuleNode] = {}
        self.rows_of: RelationRowsOf
        self.cells_read: dict[str, set[str]] = {}
        """By table, the cells that rules read."""

    def parse(self, call: FormCall, spec: RuleNode, shape: RowShape) -> tuple[Column, StaticType]:
        """The column that a call states, by what its first argument names."""
        arguments = [spec.piece(start, end) for start, end in call.arguments]
        name = self.columns.literal(arguments[0])
        cell = spec.piece(call.end - len(call.cell), call.end) if call.cell else None
        if name is None:
            return Constant(None), Value()
        relation = str(name.value).partition(".")[0]
        if call.name == LOOKUP and relation not in self.relations:
            if len(arguments) != 2:
                self.columns.wrong(spec, f"expected lookup('{name.value}', KEY), found `{spec.value}`.")
            return self.table(name, arguments[-1], cell, shape)
        if relation in self.tables and relation not in self.relations:
            return self.table_rows(name, arguments[1:], shape)
        if relation not in self.relations:
            known = [*self.tables, *self.relations]
            self.columns.wrong(name, f"`{name.value}` is no relation or table{suggestion(relation, known)}")
            return Constant(None), Value()
        if call.name == AMONG:
            return self.among(name, arguments[1:], shape)
        return self.relation(call.name, name, arguments[1:], cell, shape)

    def relation(
        self, form: str, name: RuleNode, keys: list[RuleNode], cell: RuleNode | None, shape: RowShape
    ) -> tuple[Column, StaticType]:
        """The row of a relation with the same key, a cell of it, or all such rows."""
        relation, _, by = str(name.value).partition(".")
        rows = self.rows_of(relation, name) or KeyedRows(UNKNOWN, ())
        self.columns.sites.relations.add(relation)
        begin = len(relation) + 1
        theirs = (self.columns.expression(name.piece(begin, begin + len(by)), rows.shape)[0],) if by else rows.key
        deciding = [key._replace(path=(*key.path[:-1], KEYS, number)) for number, key in enumerate(keys)]
        mine = tuple(self.columns.column(key, shape)[0] for key in deciding)
        if mine and len(mine) != len(theirs) and rows.shape is not UNKNOWN:
            text = f"`{relation}` has a key of {len(theirs)}, and {len(mine)} are given"
            self.columns.wrong(name, f"{text}. Give it a `key`, or name a column: lookup('{relation}.COLUMN', KEY).")
        if form != LOOKUP:
            return RelationRows(relation, mine, theirs if mine else ()), RowList(rows.shape)
        kind: StaticType = rows.shape
        if cell:
            kind = rows.shape.at(cell.value) or Value()
            self.columns.read_path(cell, rows.shape, (cell.value,))
        return RelationLookup(relation, mine, theirs if mine else (), cell.value if cell else None), kind

    def among(self, name: RuleNode, arguments: list[RuleNode], shape: RowShape) -> tuple[Column, StaticType]:
        """What a list names of the rows of a relation."""
        relation, _, column = str(name.value).partition(".")
        rows = self.rows_of(relation, name) or KeyedRows(UNKNOWN, ())
        self.columns.sites.relations.add(relation)
        begin = len(relation) + 1
        pieces = [name.piece(begin, begin + len(column)), *map(self.columns.literal, arguments[1:])]
        if not column or None in pieces:
            self.columns.wrong(name, f"expected among('{relation}.COLUMN', LIST, 'EXACT', 'STARRED').")
            return Constant(None), Value()
        value, exact, starred = (self.columns.expression(piece, rows.shape)[0] for piece in pieces if piece)
        listed = self.columns.column(arguments[0], shape)[0]
        return RelationMatches(relation, listed, (value, exact, starred)), Value()

    def table(
        self, name: RuleNode, key: RuleNode, cell: RuleNode | None, shape: RowShape
    ) -> tuple[TableLookup, StaticType]:
        """A table's whole answer, or a cell of it."""
        table = self.tables.get(name.value) or Table(name.value, {})
        if name.value not in self.tables:
            known = [*self.tables, *self.relations]
            self.columns.wrong(name, f"`{name.value}` is no table or relation{suggestion(name.value, known)}")
        question: Column | dict[str, Column]
        try:
            parts = parts_of_mapping(key.value)
        except (JMESPathError, ValueError) as error:
            self.columns.wrong(key, f"expected a key, found `{key.value}`: {error}.")
            parts = {}
        if parts is None:
            question = self.columns.column(key, shape)[0]
        else:
            question = {}
            for name_of_cell, (begins, start, end) in parts.items():
                question[name_of_cell] = self.columns.column(key.piece(start, end), shape)[0]
                self.read_cell(table, name_of_cell, key.piece(begins, start))
        if cell:
            self.read_cell(table, cell.value, cell)
        cells = self.cells_read.setdefault(table.id, {KEY})
        look = TableLookup(table, question, cell.value if cell else None)
        self.columns.sites.looks.append(look)
        return look, Value((TableCell(table.id, cell.value),)) if cell else Answers(table.id, table.columns, cells)

    def table_rows(self, name: RuleNode, values: list[RuleNode], shape: RowShape) -> tuple[Column, StaticType]:
        """The rows of a table that have a value in a cell."""
        table, cell = self.tables[str(name.value).partition(".")[0]], str(name.value).partition(".")[2]
        if not cell or len(values) != 1:
            self.columns.wrong(name, f"expected rows('{table.id}.CELL', VALUE), found `{name.value}`.")
            return Constant(None), Value()
        begin = len(table.id) + 1
        self.read_cell(table, cell, name.piece(begin, begin + len(cell)))
        look = TableRows(table, cell, self.columns.column(values[0], shape)[0])
        self.columns.sites.looks.append(look)
        return look, RowList(Answers(table.id, table.columns, self.cells_read[table.id]))

    def read_cell(self, table: Table, name: str, spec: RuleNode) -> None:
        """Notes that rules read a cell, and a problem if no row of the table has it."""
        self.cells_read.setdefault(table.id, {KEY}).add(name)
        if name not in table.columns and table.rows:
            self.columns.wrong(spec, f"table `{table.id}` answers no `{name}`{suggestion(name, table.columns)}")
