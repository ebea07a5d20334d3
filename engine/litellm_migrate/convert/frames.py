"""The rows of a relation, held by columns: each column is worked out for all rows at once."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import chain
from typing import TYPE_CHECKING, Any

from litellm_migrate.convert.batches import alike, demoted, once, united
from litellm_migrate.convert.own import Spots, Way, all_led, numbers, way_of
from litellm_migrate.convert.rows import ROW, Column, Row
from litellm_migrate.convert.trace import NOTHING, Trace, agreed
from litellm_migrate.source.model import Path

if TYPE_CHECKING:
    from litellm_migrate.convert.descent import Became


class Frame:
    """The rows of a relation, while steps make it and for good."""

    def __init__(self, columns: Mapping[str, Column], spots: list[Spots]) -> None:
        self.columns = columns
        self.spots = spots
        self.entries: list[Any] = []
        """What the source holds for each row."""
        self.bases: tuple[Frame, ...] = ()
        """The frames whose rows these were made from; `base_rows` counts through all of them."""
        self.base_rows: list[int] = []
        self.gathered: Frame | None = None
        """The frame whose rows are gathered here, those of each row in `members`."""
        self.members: list[list[int]] = []
        self.later: dict[str, Became] = {}
        """What the rows became in other relations."""
        self.items: dict[str, list[Path]] = {}
        """Where the items stand that a row was unfolded for, as it tells that."""
        self.reasons: tuple[Column, ...] = ()
        """What kept the rows."""
        self.keys: tuple[Column, ...] = ()
        """What the members of a row have in common."""
        self._read: dict[Path, list[Any]] = {}
        self._traces: dict[Path, list[Trace]] = {}
        self._values_of: dict[int, list[Any]] = {}
        self._traces_of: dict[tuple[int, Path], list[Trace]] = {}
        self._asked: list[Column] = []
        """Columns that are known by their identity here, so they must not go."""
        self._whys: list[Trace] | None = None
        self._ways: list[tuple[int, list[int], tuple[Way, ...]]] | None = None
        self._empty: dict[int, list[Any]] = {}
        self._rows: dict[int, Row] = {}

    @property
    def count(self) -> int:
        """How many rows there are."""
        return len(self.spots)

    def row(self, at: int) -> Row:
        """One row, always the same object."""
        if at not in self._rows:
            self._rows[at] = Row(self, at)
        return self._rows[at]

    def rows(self) -> list[Row]:
        """All rows."""
        return list(map(self.row, range(self.count)))

    def add(self, name: str, values: list[Any]) -> None:
        """Takes what a step worked out."""
        self._read[name,] = values

    def pick(self, chosen: list[int]) -> None:
        """Keeps the chosen rows, in that order, as often as they are chosen."""
        if chosen == list(range(self.count)):
            return
        held: tuple[dict[Any, list[Any]], ...] = (
            *(self._read, self._traces, self._values_of, self._traces_of),
            self.items,
        )
        picked: dict[int, list[Any]] = {}
        for lists in held:
            for name, values in lists.items():
                if id(values) not in picked:
                    picked[id(values)] = [values[at] for at in chosen]
                lists[name] = picked[id(values)]
        self.spots = [self.spots[at] for at in chosen]
        self.entries = [self.entries[at] for at in chosen] if self.entries else []
        self.base_rows = [self.base_rows[at] for at in chosen] if self.base_rows else []
        self.members = [self.members[at] for at in chosen] if self.members else []
        self._rows, self._ways, self._empty = {}, None, {}

    def read(self, path: Path) -> list[Any]:
        """What all rows hold at a path: in a column, here, later or earlier, or inside one."""
        found = self._read.get(path)
        if found is None:
            found = self._read[path] = self._kept(self._found(path))
        return found

    def _kept(self, values: list[Any]) -> list[Any]:
        """The same values; where no row has any, one list for all of those."""
        for nothing in (None, NOTHING):
            if values and values[0] is nothing and values.count(nothing) == len(values):
                return self._empty.setdefault(id(nothing), values)
        return values

    def _found(self, path: Path) -> list[Any]:
        if path[0] in self.columns:
            return self._below(path) if path[1:] else self.values_of(self.columns[path[0]])
        earlier = self._gather([base.read(path) for base in self.bases]) or [None] * self.count
        return self.later[path[0]].values(path[1:], earlier) if path[0] in self.later else earlier

    def _below(self, path: Path) -> list[Any]:
        last = path[-1]
        return alike([held.get(last) if hasattr(held, "get") else None for held in self.read(path[:-1])])

    def _gather(self, several: list[list[Any]]) -> list[Any]:
        """What base rows have, for the rows made from them."""
        held = several[0] if len(several) == 1 else list(chain.from_iterable(several))
        return [held[at] for at in self.base_rows]

    def values_of(self, column: Column) -> list[Any]:
        """What a column gives in all rows."""
        found = self._values_of.get(id(column))
        if found is None:
            self._asked.append(column)
            found = self._values_of[id(column)] = self._kept(column.values(self))
        return found

    def traces_of(self, column: Column, rest: Path = ()) -> list[Trace]:
        """The origins of what a column gives, or of what lies at `rest` inside it."""
        found = self._traces_of.get((id(column), rest))
        if found is None:
            self._asked.append(column)
            found = self._traces_of[id(column), rest] = self._kept(column.traces(self, rest))
        return found

    def traces(self, path: Path) -> list[Trace]:
        """The origins of what all rows hold at a path."""
        found = self._traces.get(path)
        if found is None:
            found = self._traces[path] = self._kept(self._told(path[0], path[1:]))
        return found

    def _told(self, name: str, rest: Path) -> list[Trace]:
        column = self.columns.get(name)
        if column and rest and column.answers:
            inputs = [self.traces((name,)), self.read((name,))]
            return once(self.count, inputs, lambda given: answered(given[0], given[1], rest[0]))
        if column:
            return self.traces_of(column, rest)
        earlier = self._gather([base.traces((name, *rest)) for base in self.bases]) or [NOTHING] * self.count
        return self.later[name].traces(rest, earlier) if name in self.later else earlier

    def drawn(self, told: list[Trace]) -> list[Trace]:
        """The origins of what each row gathers, of which `told` tells row by row."""
        if told.count(NOTHING) == len(told):
            return [NOTHING] * self.count
        found = [told[members[0]] for members in self.members]
        known: dict[tuple[int, ...], Trace] = {}
        for at, members, ways in self.ways():
            several = [told[member] for member in members]
            key = (id(ways), *map(id, several))
            if key not in known:
                known[key] = all_led(several, ways)
            found[at] = known[key]
        return found

    def ways(self) -> list[tuple[int, list[int], tuple[Way, ...]]]:
        """The rows that tell what they gather in another way than that does; equal ways are one object."""
        if self._ways is None and self.gathered:
            known: dict[tuple[Way, ...], tuple[Way, ...]] = {}
            theirs = self.gathered.spots
            self._ways = []
            for at, (spots, members) in enumerate(zip(self.spots, self.members, strict=True)):
                if len(members) > 1 or theirs[members[0]] != spots:
                    mine = numbers(spots)
                    ways = tuple([way_of(theirs[member], mine) for member in members])
                    self._ways.append((at, members, known.setdefault(ways, ways)))
        return self._ways or []

    def whys(self) -> list[Trace]:
        """What decided that each row exists: conditions that kept it, keys that grouped it."""
        if self._whys is None:
            several = [demoted(self.traces_of(column)) for column in self.reasons]
            if self.bases:
                several.append(self._gather([base.whys() for base in self.bases]))
            if self.gathered:
                past = [demoted(self.gathered.traces_of(column)) for column in self.keys]
                several.append(self.drawn(united(self.gathered.count, [*past, self.gathered.whys()])))
            self._whys = united(self.count, several)
        return self._whys


def based(columns: Mapping[str, Column], bases: tuple[Frame, ...]) -> Frame:
    """A row for each row of other frames."""
    frame = Frame(columns, list(chain.from_iterable(base.spots for base in bases)))
    frame.bases, frame.base_rows = bases, list(range(frame.count))
    return frame


def answered(whole: Trace, found: Any, name: str) -> Trace:
    """The origins of one answer of a table's row: those of the question; what differs is said of answers alone."""
    said = isinstance(found, dict) and found.get(name) is not None and name != ROW
    return whole if said else agreed(whole)
