"""A new row of a table as it is asked for: its key, and words such as `cell=value` or `DIALECT.cell=value`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path as File
from typing import NamedTuple

from litellm_migrate import shipped
from litellm_migrate.authoring.folder import Addition
from litellm_migrate.convert.outcomes import MANUAL, SKIPPED
from litellm_migrate.rulebook.cells import DIFFERENCE, TableColumns
from litellm_migrate.rulebook.dialects import lays_nothing
from litellm_migrate.rulebook.load import documents_of
from litellm_migrate.rulebook.nodes import RuleNode, by_id, has_rules
from litellm_migrate.rulebook.static_types import suggestion
from litellm_migrate.source.model import USAGE, Json, Problem, Problems

OUTCOME_WORDS = (MANUAL, SKIPPED, "do", "code")
"""The words of a row that is an outcome; they are texts in every table."""


class NewRow(NamedTuple):
    """A row that is to be added to a table, and what is different of it in dialects."""

    table: RuleNode
    key: str
    cells: Mapping[str, Json]
    layers: Mapping[str, Mapping[str, Json]]
    """By dialect, the cells that are laid over the row there."""
    plain: str
    """The dialect that lays nothing over the rules, whose rows examples show."""

    @property
    def is_outcome(self) -> bool:
        """Whether it says what becomes of settings in the place of cells."""
        return MANUAL in self.cells or SKIPPED in self.cells

    def additions(self) -> Iterator[Addition]:
        """The row, and what dialects lay over it."""
        name = str(self.table.value["id"])
        if self.cells or not self.layers:
            yield Addition("table", name, ("rows", self.key), dict(self.cells))
        for dialect, cells in self.layers.items():
            yield Addition("dialect", dialect, ("tables", name, self.key), dict(cells))


def new_row(root: File, table: str, key: str, words: Sequence[str]) -> NewRow:
    """The row that words ask for; raises Problems (exit 2) for what is not as the table's columns say."""
    nodes = documents_of(root if has_rules(root) else shipped("rules"), shipped("schemas"))
    tables, endpoints, dialects = (by_id(nodes, kind) for kind in ("table", "endpoint", "dialect"))
    plain = next((name for name, node in dialects.items() if lays_nothing(node)), "")
    if table not in tables:
        raise wrong("TABLE", f"`{table}` is no table{suggestion(table, tables)}")
    cells: dict[str, dict[str, Json]] = {}
    problems: list[Problem] = []
    for word in words:
        name, equals, text = word.partition("=")
        dialect, _, cell = name.rpartition(".")
        if not equals or (dialect and dialect not in dialects):
            hint = suggestion(dialect, dialects) if equals else ", as in cell=value."
            raise wrong(name, f"expected a cell and its value, or DIALECT.CELL of a dialect{hint}")
        columns = TableColumns(tables[table], endpoints, dialects, dialect or None, shipped("schemas"))
        value = text if cell in OUTCOME_WORDS else columns.typed(cell, text)
        problems += [Problem(name, 0, 0, refusal) for refusal in refusals(columns, cell, value)]
        cells.setdefault(dialect, {})[cell] = value
    row = NewRow(tables[table], key, cells.pop("", {}), cells, plain)
    if not (problems or row.is_outcome or (cells and not row.cells)):
        columns = TableColumns(tables[table], endpoints, dialects, None, shipped("schemas"))
        problems = [Problem(key, 0, 0, f"lacks {text}") for text in columns.absent(row.cells)]
    if problems:
        raise Problems(problems, USAGE)
    refuse_repetition(row)
    return row


def refusals(columns: TableColumns, cell: str, value: Json) -> Iterator[str]:
    """What is wrong with a cell; the value, which may be a secret, is not repeated."""
    table = columns.table.value
    names = [*columns.declared, *table.get("answers", ()), *OUTCOME_WORDS, *DIFFERENCE]
    if cell not in names and ("columns" in table or "answers" in table):
        yield f"`{cell}` is no column of table `{table['id']}`{suggestion(cell, names)}"
    elif refusal := columns.refusal(cell, value):
        yield f"expected {refusal}"


def refuse_repetition(row: NewRow) -> None:
    """Raises Problems for a row that its table has already."""
    name, place = row.table.value["id"], row.table.at("rows", row.key)
    listed = [part for _, names in row.table.at("listed").items() for _, part in names.items() if part.value == row.key]
    places = [place, *listed] if place.value is not None else listed
    if places and (row.cells or not row.layers):
        raise Problems([places[0].problem(f"the table `{name}` has the row `{row.key}` already. Change it there.")])


def wrong(argument: str, text: str) -> Problems:
    """A problem of the command line."""
    return Problems([Problem(argument, 0, 0, text)], USAGE)
