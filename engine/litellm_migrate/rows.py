"""Rows: what a relation is made of, and how a row says where its values came from."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from litellm_migrate.model import Path
from litellm_migrate.trace import NOTHING, Trace, demote, union


class Column(Protocol):
    """How one value of a row comes about, and where from."""

    def value(self, row: Row) -> Any:
        """The value for a row; None is absent."""

    def trace(self, row: Row, rest: Path = ()) -> Trace:
        """The origins of the value, or of what lies at `rest` inside it."""


MEMBERS = "members"
"""The column of a group that holds the rows it gathers."""


class Row:
    """One row: its own values, those of the row it was made from, and the rows it became or joined later."""

    __slots__ = ("_parts", "_traces", "_why", "base", "columns", "later", "paths", "reasons", "spots", "values")

    def __init__(
        self, columns: Mapping[str, Column], base: Row | None = None, spots: tuple[Path, ...] | None = None
    ) -> None:
        self.columns = columns
        self.base = base
        self.spots: tuple[Path, ...] = spots if spots is not None else (base.spots if base else ())
        self.values: dict[str, Any] = {}
        self.later: dict[str, Row] = {}
        self.paths: dict[str, Path] = {}
        self.reasons: list[tuple[Column, Row]] = []
        self._parts: dict[int, list[Row]] | None = None
        self._traces: dict[Path, Trace] = {}
        self._why: Trace | None = None

    def twin(self) -> Row:
        """Another row with the same values and the same past."""
        made = Row(self.columns, self.base, self.spots)
        made.values, made.paths, made.reasons = dict(self.values), dict(self.paths), list(self.reasons)
        return made

    def get(self, name: str, default: Any = None) -> Any:
        """The value of a column, here, later or earlier; this is what JMESPath calls."""
        if name in self.values:
            return self.values[name]
        if name in self.later:
            return self.later[name]
        return self.base.get(name, default) if self.base else default

    def trace(self, path: Path) -> Trace:
        """The origins of what an expression reads at `path`."""
        if path not in self._traces:
            self._traces[path] = self._trace(path)
        return self._traces[path]

    def _trace(self, path: Path) -> Trace:
        name, rest = path[0], path[1:]
        if name in self.columns:
            return self.columns[name].trace(self, rest)
        if name in self.later:
            return self.later[name].seen_by(self).trace(rest) if rest else NOTHING
        return self.base.trace(path) if self.base else NOTHING

    def seen_by(self, source: Row) -> Row:
        """The row as far as `source` is part of it: what a group's other members said is not its doing."""
        members = self.values.get(MEMBERS, ())
        if len(members) < 2:
            return self
        if self._parts is None:
            self._parts = {}
            for member in members:
                for one in member.sources():
                    self._parts.setdefault(id(one), []).append(member)
        view = Row(self.columns, None, source.spots)
        view.values = {**self.values, MEMBERS: self._parts.get(id(source), members)}
        view.paths, view.later = self.paths, self.later
        return view

    def sources(self) -> list[Row]:
        """The rows of other relations that this row, or the rows it gathers, were made from."""
        if self.base:
            return [self.base]
        return [source for member in self.values.get(MEMBERS, []) for source in member.sources()]

    def why(self) -> Trace:
        """What decided that this row exists: conditions that kept it, keys that grouped it."""
        if self._why is None:
            own = [demote(column.trace(row)) for column, row in self.reasons]
            past = [self.base] if self.base else self.values.get(MEMBERS, [])
            self._why = union([*own, *(row.why() for row in past)])
        return self._why
