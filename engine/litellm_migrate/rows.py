"""Rows: what a relation is made of, and how a row says where its values came from."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Protocol

from litellm_migrate.model import Path
from litellm_migrate.trace import NOTHING, Trace, agreed, demote, union


class Column(Protocol):
    """How one value of a row comes about, and where from."""

    answers: ClassVar[bool]
    """Whether what lies inside is an answer of a table, which has the origins of the whole."""

    def value(self, row: Row) -> Any:
        """The value for a row; None is absent."""

    def trace(self, row: Row, rest: Path = ()) -> Trace:
        """The origins of the value, or of what lies at `rest` inside it."""

    def seen(self, row: Row, rest: Path = ()) -> Seen:
        """The value and these origins, at the cost of one."""


Seen = tuple[Any, Trace]


class Simple:
    """A column whose value and whose origins have nothing to do with each other."""

    __slots__ = ()
    answers: ClassVar[bool] = False
    value: Any
    trace: Any

    def seen(self, row: Row, rest: Path = ()) -> Seen:
        """The value and its origins."""
        return self.value(row), self.trace(row, rest)


class Made:
    """A column made of others: what their values are decides which of their origins are its own."""

    __slots__ = ()
    answers: ClassVar[bool] = False
    """Whether what lies inside is an answer of a table: it has the origins of the whole."""
    seen: Any

    def trace(self, row: Row, rest: Path = ()) -> Trace:
        """The origins alone."""
        trace: Trace = self.seen(row, rest)[1]
        return trace


ROW = "row"
"""The answer that is the key of the table's row."""
MEMBERS = "members"
"""The column of a group that holds the rows it gathers."""


EMPTY: Mapping[str, Any] = {}
"""What most rows have of what few rows have."""


class Row:
    """One row: its own values, those of the row it was made from, and the rows it became or joined later."""

    __slots__ = ("_parts", "_traces", "_why", "base", "columns", "keys", "later", "paths", "reasons", "spots", "values")

    def __init__(
        self, columns: Mapping[str, Column], base: Row | None = None, spots: tuple[Path, ...] | None = None
    ) -> None:
        self.columns = columns
        self.base = base
        self.spots: tuple[Path, ...] = spots if spots is not None else (base.spots if base else ())
        self.values: dict[str, Any] = {}
        self.later: Mapping[str, Row] = EMPTY
        self.paths: Mapping[str, Path] = EMPTY
        self.reasons: tuple[Column, ...] = ()
        """What kept the row."""
        self.keys: tuple[Column, ...] = ()
        """What the members of a group have in common."""
        self._parts: dict[int, list[Row]] | None = None
        self._traces: dict[Path, Trace] | None = None
        self._why: Trace | None = None

    def twin(self) -> Row:
        """Another row with the same values and the same past."""
        made = Row(self.columns, self.base, self.spots)
        made.values, made.paths, made.reasons, made.keys = dict(self.values), self.paths, self.reasons, self.keys
        return made

    def becomes(self, name: str, row: Row) -> None:
        """Takes the row that it becomes in another relation, the first if there are several."""
        if name not in self.later:
            self.later = {**self.later, name: row}

    def get(self, name: str, default: Any = None) -> Any:
        """The value of a column, here, later or earlier; this is what JMESPath calls."""
        row: Row | None = self
        while row is not None:
            if name in row.values:
                return row.values[name]
            if name in row.later:
                return row.later[name]
            row = row.base
        return default

    def trace(self, path: Path) -> Trace:
        """The origins of what an expression reads at `path`."""
        name = path[0]
        row: Row | None = self
        while row is not None:
            if name in row.columns or name in row.later:
                known = row._traces
                if known is None:
                    known = row._traces = {}
                found = known.get(path)
                if found is None:
                    found = known[path] = row._trace(name, path[1:])
                return found
            row = row.base
        return NOTHING

    def _trace(self, name: str, rest: Path) -> Trace:
        if name not in self.columns:
            return self.later[name].seen_by(self).trace(rest) if rest else NOTHING
        column = self.columns[name]
        if rest and column.answers:
            return answered(self.trace((name,)), self.get(name), rest[0])
        return column.trace(self, rest)

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
            past = [self.base] if self.base else self.values.get(MEMBERS, [])
            own = [(column, self) for column in self.reasons] + [(key, member) for key in self.keys for member in past]
            self._why = union([*(demote(column.trace(row)) for column, row in own), *(row.why() for row in past)])
        return self._why


def answered(whole: Trace, found: Any, name: str) -> Trace:
    """The origins of one answer of a table's row: those of the question; what differs is said of answers alone."""
    said = isinstance(found, dict) and found.get(name) is not None and name != ROW
    return whole if said else agreed(whole)
