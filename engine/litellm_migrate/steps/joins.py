"""The verb `join`: beside each row its match in another relation."""

from __future__ import annotations

from typing import Any

from litellm_migrate.model import Path
from litellm_migrate.outcomes import Finding, Sentence
from litellm_migrate.records import record
from litellm_migrate.rows import Column, Row, Simple
from litellm_migrate.steps import Scene
from litellm_migrate.trace import NOTHING, Trace, demote, union


@record
class Joined(Simple):
    """The matching row."""

    name: str
    mine: tuple[Column, ...]

    def value(self, row: Row) -> Any:
        """The match, or None."""
        return row.values.get(self.name)

    def trace(self, row: Row, rest: Path = ()) -> Trace:
        """What is read of the match; what matched only decided."""
        match = row.values.get(self.name)
        keys = demote(union(column.trace(row) for column in self.mine))
        if not isinstance(match, Row):
            return keys
        return union((keys, match.why(), match.trace(rest) if rest else NOTHING))


@record
class Join:
    """Finds for each row the row of another relation with equal values; with `every`, one row per match."""

    to: str
    name: str
    mine: tuple[Column, ...]
    theirs: tuple[Column, ...]
    every: bool
    otherwise: Sentence | None
    rule: str

    def run(self, rows: list[Row], scene: Scene) -> list[Row]:
        """The rows with their matches; with `otherwise`, only those that have one."""
        if not rows:
            return []
        index: dict[tuple[Any, ...], list[Row]] = {}
        for other in scene.rows_of(self.to):
            known = tuple(column.value(other) for column in self.theirs)
            if hashable(known):
                index.setdefault(known, []).append(other)
        joined: list[Row] = []
        for row in rows:
            key = tuple(column.value(row) for column in self.mine)
            matches = [] if self.mine and None in key else index.get(key, []) if hashable(key) else []
            if not matches and self.otherwise:
                places = union(column.trace(row) for column in self.mine)
                spots = places.carried or frozenset(row.spots)
                scene.findings.append(Finding(spots, self.otherwise.on(row), self.rule))
                continue
            joined.extend(self.beside(row, matches))
        return joined

    def beside(self, row: Row, matches: list[Row]) -> list[Row]:
        """The row with its match, or with `every` a copy for each match."""
        chosen: list[Row | None] = [*matches] if self.every else [*matches[:1]]
        made = []
        for match in chosen or [None]:
            one = row if len(chosen) < 2 else row.twin()
            one.values[self.name] = match
            made.append(one)
        return made


def hashable(key: tuple[Any, ...]) -> bool:
    """Whether a key can be looked up: lists, mappings and sets match nothing."""
    return not any(isinstance(part, (list, dict, set)) for part in key)
