"""The verb `unfold`: one row for each item of a list, or pair of a mapping, that a row holds."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from litellm_migrate.columns import inside
from litellm_migrate.model import Path
from litellm_migrate.records import record
from litellm_migrate.relations import wrong_type
from litellm_migrate.rows import Column, Row, Simple
from litellm_migrate.steps import Scene
from litellm_migrate.trace import NOTHING, Trace


@record
class Unfolded(Simple):
    """The item or value that a row was unfolded for."""

    name: str

    def value(self, row: Row) -> Any:
        """The plain value."""
        return row.values.get(self.name)

    def trace(self, row: Row, rest: Path = ()) -> Trace:
        """The place of the item, or what lies below it."""
        return inside(row.paths[self.name], row.values[self.name], rest) if self.name in row.paths else NOTHING


@record
class UnfoldedKey(Simple):
    """The key of the pair: a name that no leaf of the source holds."""

    name: str

    def value(self, row: Row) -> Any:
        """The key, or the number of the item."""
        return row.values.get(self.name)

    def trace(self, row: Row, rest: Path = ()) -> Trace:
        """No leaf."""
        return NOTHING


@record
class Unfold:
    """Unfolds a setting that is a list or a mapping; a row without it gives none."""

    of: Column
    name: str

    def run(self, rows: list[Row], scene: Scene) -> list[Row]:
        """The unfolded rows, in the order of the document."""
        return [made for row in rows for made in self.unfold(row, scene)]

    def unfold(self, row: Row, scene: Scene) -> Iterator[Row]:
        """The rows of one row."""
        found = self.of.value(row)
        places = self.of.trace(row).carried
        if found is None or not places:
            return
        place = min(places, key=str)
        if not isinstance(found, (list, dict)):
            scene.findings.append(wrong_type(place, "a list or a mapping", found))
            return
        for key, item in found.items() if isinstance(found, dict) else enumerate(found):
            made = row.twin()
            made.values.update({self.name: item, f"{self.name}_key": key})
            made.paths = {**row.paths, self.name: (*place, key)}
            yield made
