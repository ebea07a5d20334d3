"""The index of a rulebook: where its declarations stand, and which columns and settings each expression reads.

It is made while rules are parsed. `check-rules` derives from it what examples must make happen; `rules explain` and
`rules matrix` follow settings through it to the fields that carry them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from litellm_migrate.convert.lookups import TableLookup, TableRows
from litellm_migrate.convert.rows import Column
from litellm_migrate.rulebook.nodes import RuleNode
from litellm_migrate.rulebook.static_types import DocumentShape, RowShape, Setting, Settings, StaticType
from litellm_migrate.rulebook.types import Rulebook
from litellm_migrate.source.model import Path

ColumnKey = tuple[int, str]
"""A column of rows: the identity of the shape that holds it, and its name."""


class Site(NamedTuple):
    """Where a declaration stands, the rows that it is about, and the type of its value."""

    node: RuleNode
    declaration: Column
    row: RowShape
    type: StaticType


class RuleRead(NamedTuple):
    """What one expression reads of a row: columns on the way, settings at the end of its paths."""

    node: RuleNode
    columns: tuple[ColumnKey, ...]
    settings: tuple[Setting, ...]
    condition: bool


class Sites:
    """Collects declarations, which are told apart by identity, and reads in the order in which they are parsed."""

    def __init__(self) -> None:
        self.columns: list[Site] = []
        self.conditions: list[Site] = []
        self.texts: list[Site] = []
        self.looks: list[TableLookup | TableRows] = []
        self.relations: set[str] = set()
        """The relations of which rows are looked up."""
        self.reads: list[RuleRead] = []

    def read(self, node: RuleNode, row: RowShape, paths: Iterable[Path], condition: bool) -> None:
        """Notes what an expression reads."""
        columns: list[ColumnKey] = []
        settings: list[Setting] = []
        for path in paths:
            kind: StaticType | None = row
            for name in path:
                columns += column_keys(kind, name)
                kind = kind.at(name) if kind else None
            settings += [kind] if isinstance(kind, Setting) else kind.of if isinstance(kind, Settings) else ()
        self.reads.append(RuleRead(node, tuple(columns), tuple(settings), condition))


def column_keys(row: StaticType | None, name: str) -> list[ColumnKey]:
    """The column of that name, of the rows or of those they come from; none of anything but rows."""
    while isinstance(row, RowShape) and name not in row.columns:
        row = row.base
    if not isinstance(row, RowShape) or isinstance(row, DocumentShape):
        return []
    return [(id(row.columns), name)]


class Parsed(NamedTuple):
    """A rulebook in one dialect, and how it was stated."""

    book: Rulebook
    sites: Sites
    rows: Mapping[str, RowShape]
    """By relation, what its rows look like."""
    overlay: RuleNode
    """The dialect's document."""
    endpoints: Mapping[str, RuleNode]
    """The documents of endpoints, with the dialect laid over."""
    tables: Mapping[str, RuleNode]
    """The documents of tables, with the dialect laid over."""
