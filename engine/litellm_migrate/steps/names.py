"""The verb `name`: unique, readable, and made of the row alone, so that a neighbour renames nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from litellm_migrate.model import Path
from litellm_migrate.records import record
from litellm_migrate.rows import Column, Row, Simple
from litellm_migrate.steps import Scene
from litellm_migrate.trace import Trace, demote, union


@record
class Part:
    """What tells a row apart where it departs from what is usual."""

    of: Column
    usual: Column | None

    def value(self, row: Row) -> str | None:
        """The text to append, or None."""
        found = self.of.value(row)
        return None if found is None or (self.usual and found == self.usual.value(row)) else str(found)


@record
class Named(Simple):
    """A unique name."""

    name: str
    of: Column
    parts: tuple[Part, ...] = ()
    shared: Column | None = None

    def value(self, row: Row) -> Any:
        """The name."""
        return row.values.get(self.name)

    def trace(self, row: Row, rest: Path = ()) -> Trace:
        """What it is made of; what tells it apart only decides."""
        return union([self.of.trace(row), *(demote(part.of.trace(row)) for part in self.parts)])

    def plain(self, row: Row) -> str:
        """The name that the row alone gives."""
        name = str(self.of.value(row))
        for part in self.parts:
            more = part.value(row)
            name = f"{name}-{more}" if more else name
        return name


@record
class Name:
    """Gives rows their names; only true clashes are numbered, in the order of the rows."""

    names: Mapping[str, Named]

    def run(self, rows: list[Row], scene: Scene) -> list[Row]:
        """The same rows, named."""
        for column, named in self.names.items():
            wanted = [named.plain(row) for row in rows]
            if named.shared:
                wanted = unshared(wanted, [str(named.shared.value(row)) for row in rows])
            for row, name in zip(rows, unique(wanted), strict=True):
                row.values[column] = name
        return rows


def unshared(wanted: list[str], instead: list[str]) -> list[str]:
    """The same names, but another one for each row whose name is not its alone."""
    often = Counter(wanted)
    return [other if often[name] > 1 else name for name, other in zip(wanted, instead, strict=True)]


def unique(wanted: list[str]) -> list[str]:
    """The same names, later ones numbered where one is taken."""
    taken, made = set(wanted), []
    seen: set[str] = set()
    for name in wanted:
        free, number = name, 2
        while free in seen or (free != name and free in taken):
            free, number = f"{name}-{number}", number + 1
        seen.add(free)
        made.append(free)
    return made
