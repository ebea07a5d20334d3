"""Columns that look something up: the row of a table that answers, or a row of another relation with the same key.

What a table replies may make a finding of the setting that was looked up; a row of a relation has origins of its own.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import partial
from typing import NamedTuple

from litellm_migrate.convert.origins import ANSWERED, Origin, both, decides, in_vain, marked, union
from litellm_migrate.convert.outcomes import DIFFERS, difference
from litellm_migrate.convert.rows import ABSENT, KEY, Answer, Cell, Column, Compiler, Evaluator, Row, inside
from litellm_migrate.convert.tables import Table

Effect = Callable[[Origin], Origin]
"""What an answer makes of the origin of the question."""
TableReply = tuple[object, object, Effect]
"""The value that a look-up gives, what the table says (a row, an outcome, or None), and the effect of that."""


class TableLookup(NamedTuple):
    """A table's answer: one of its cells, or the whole row."""

    table: Table
    question: Column | Mapping[str, Column]
    answer: str | None = None

    def compiled(self, compiler: Compiler) -> Evaluator:
        """The answer, with the origin of the question; an outcome is the setting's, and gives no value."""
        ask = self.replies(compiler)

        def read(row: Row) -> Cell:
            (value, _, effect), origin = ask(row)
            origin = effect(origin)
            return ABSENT if origin is None and value is None else (value, origin)

        return read

    def replies(self, compiler: Compiler) -> Callable[[Row], tuple[TableReply, Origin]]:
        """The table's reply for a row, and the origin of the question."""
        ask = self._asking(compiler)
        if isinstance(self.question, Mapping):
            parts = {name: compiler(column) for name, column in self.question.items()}

            def ask_with_parts(row: Row) -> tuple[TableReply, Origin]:
                cells = {name: part(row) for name, part in parts.items()}
                values = {name: value for name, (value, _) in cells.items()}
                empty = all(value is None for value in values.values())
                return NO_REPLY if empty else ask(values), union([origin for _, origin in cells.values()])

            return ask_with_parts
        question = compiler(self.question)

        def ask_with_value(row: Row) -> tuple[TableReply, Origin]:
            value, origin = question(row)
            return NO_REPLY if value is None else ask(value), origin

        return ask_with_value

    def _asking(self, compiler: Compiler) -> Callable[[object], TableReply]:
        """The table's reply to a question; equal texts are asked once, unless somebody watches."""
        watch, replies = compiler.observer(self.table), dict[object, TableReply]()

        def ask(key: object) -> TableReply:
            if type(key) is not str or watch:
                reply = self.reply(key)
                if watch:
                    watch(reply[1])
                return reply
            if key not in replies:
                replies[key] = self.reply(key)
            return replies[key]

        return ask

    def reply(self, key: object) -> TableReply:
        """What the table says to a question."""
        answer, cell = self.table.ask(key), self.answer
        if isinstance(answer, Answer):
            if cell is None:
                return answer, answer, as_is
            value = answer.get(cell)
            differs = difference(answer) if value is not None and cell != KEY else None
            return value, answer, partial(marked, DIFFERS, differs) if differs else as_is
        if answer is None:
            return NO_REPLY
        if cell == KEY:  # that a row is known can be asked without taking its outcome
            return None if isinstance(key, dict) else key, answer, as_is
        return None, answer, partial(marked, ANSWERED, answer)


class TableRows(NamedTuple):
    """`rows('table.cell', value)`: all rows of a table with a value in a cell; None if there are none."""

    table: Table
    cell: str
    value: Column

    def compiled(self, compiler: Compiler) -> Evaluator:
        """The rows, with the origin of the value."""
        value, table, cell_name = compiler(self.value), self.table, self.cell

        def read(row: Row) -> Cell:
            wanted, origin = value(row)
            rows = None if wanted is None else table.with_cell(cell_name, wanted)
            return rows or None, origin

        return read


class RelationLookup(NamedTuple):
    """`lookup('relation', key, …).cell`: the first row of another relation with these keys, or a cell of it."""

    relation: str
    mine: tuple[Column, ...]
    """The keys, of this row."""
    theirs: tuple[Column, ...]
    """The columns of the other rows that must be the same."""
    cell: str | None = None

    def compiled(self, compiler: Compiler) -> Evaluator:
        """The row; the keys, and what decided that the row exists, only decide."""
        matches, cell_name = matching(self, compiler), self.cell

        def read(row: Row) -> Cell:
            rows, origin = matches(row)
            match = rows[0] if rows else None
            cell = match, origin if match is None else both(origin, match.why())
            if match is None and origin is None:
                return ABSENT
            return inside(cell, cell_name) if cell_name else cell

        return read


class RelationRows(NamedTuple):
    """`rows('relation', key, …)`: all rows of another relation with these keys; None if there are none."""

    relation: str
    mine: tuple[Column, ...]
    theirs: tuple[Column, ...]

    def compiled(self, compiler: Compiler) -> Evaluator:
        """The rows; the keys decide."""
        matches = matching(self, compiler)

        def read(row: Row) -> Cell:
            rows, origin = matches(row)
            return (list(rows) if rows else None), origin

        return read


class RelationMatches(NamedTuple):
    """`among('relation.column', list, 'exact', 'starred')`: the rows of another relation that a list names."""

    relation: str
    listed: Column
    theirs: tuple[Column, Column, Column]
    """Of the other rows: what is given of each, the texts by which a list names it, and those that stars may fit."""

    def compiled(self, compiler: Compiler) -> Evaluator:
        """The values, with the origin of the list; a list that names no row gives an empty one."""
        listed, relation, theirs = compiler(self.listed), self.relation, self.theirs

        def read(row: Row) -> Cell:
            value, origin = listed(row)
            if not isinstance(value, list):
                return ABSENT if value is None and origin is None else (None, origin)
            return list(row.context.matcher(relation, theirs).named_in(value)), origin

        return read


class Matcher:
    """What lists name of the rows of a relation; lists that are equal are looked at once."""

    def __init__(self, rows: list[tuple[object, object, object]]) -> None:
        self.values = [value for value, _, _ in rows]
        self.starred = [(place, text) for place, (_, _, starred) in enumerate(rows) for text in items(starred)]
        self.exact: dict[str, list[int]] = {}
        for place, (_, exact, _) in enumerate(rows):
            for text in items(exact):
                self.exact.setdefault(text, []).append(place)
        self._known: dict[tuple[str, ...], tuple[object, ...]] = {}

    def named_in(self, listed: list[object]) -> tuple[object, ...]:
        """The values of the rows that a list names, in their order."""
        texts = tuple(items(listed))
        if texts not in self._known:
            places = {place for text in texts for place in self.exact.get(text, ())}
            for pattern in [re.compile(".*".join(map(re.escape, text.split("*")))) for text in texts if "*" in text]:
                places |= {place for place, text in self.starred if pattern.fullmatch(text)}
            self._known[texts] = tuple([self.values[place] for place in sorted(places)])
        return self._known[texts]


def items(value: object) -> list[str]:
    """The texts of a list."""
    return [item for item in value if isinstance(item, str)] if isinstance(value, list) else []


def matching(lookup: RelationLookup | RelationRows, compiler: Compiler) -> Callable[[Row], tuple[list[Row], Origin]]:
    """The rows that match a row, and the origin of its keys; a key that is absent matches nothing."""
    relation, theirs, keys = lookup.relation, lookup.theirs, [compiler(key) for key in lookup.mine]

    def matches(row: Row) -> tuple[list[Row], Origin]:
        cells = [key(row) for key in keys]
        values = tuple([value for value, _ in cells])
        origin = union([decides(origin) for _, origin in cells])
        rows = row.context.rows_by_key(relation, theirs)
        return (rows.get(values, []) if None not in values and hashable(values) else []), origin

    return matches


def hashable(values: tuple[object, ...]) -> bool:
    """Whether keys can be looked up: lists, mappings and sets match nothing."""
    return not any(isinstance(value, (list, dict, set)) for value in values)


def as_is(origin: Origin) -> Origin:
    """The origin of the question."""
    return origin


NO_REPLY: TableReply = (None, None, in_vain)
