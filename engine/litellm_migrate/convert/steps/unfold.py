"""The verb `unfold`: one row for each item of a list, or pair of a mapping, that a row holds."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from litellm_migrate.convert.batches import alike
from litellm_migrate.convert.columns import inside
from litellm_migrate.convert.frames import Frame
from litellm_migrate.convert.own import settled
from litellm_migrate.convert.relations import wrong_type
from litellm_migrate.convert.rows import Column, Given
from litellm_migrate.convert.steps import Scene
from litellm_migrate.convert.trace import NOTHING, Trace
from litellm_migrate.source.model import Path
from litellm_migrate.source.records import record


@record
class Unfolded(Given):
    """The item or value that a row was unfolded for."""

    name: str

    def traces(self, frame: Frame, rest: Path = ()) -> list[Trace]:
        """The place of the item, or what lies below it."""
        if self.name not in frame.items:
            return [NOTHING] * frame.count
        pairs = zip(frame.items[self.name], frame.read((self.name,)), strict=True)
        return [inside(place, item, rest) for place, item in pairs]


@record
class UnfoldedKey(Given):
    """The key of the pair, or the number of the item: a name that no leaf of the source holds."""

    name: str


@record
class Unfold:
    """Unfolds a setting that is a list or a mapping; a row without it gives none."""

    of: Column
    name: str

    def run(self, frame: Frame, scene: Scene) -> Frame:
        """The unfolded rows, in the order of the document."""
        made = [
            (at, (*place, key), key, item)
            for at, place, found in self.places(frame, scene)
            for key, item in (found.items() if isinstance(found, dict) else enumerate(found))
        ]
        frame.pick([at for at, *_ in made])
        frame.items[self.name] = [place for _, place, *_ in made]
        frame.add(f"{self.name}_key", [key for *_, key, _ in made])
        frame.add(self.name, alike([item for *_, item in made]))
        return frame

    def places(self, frame: Frame, scene: Scene) -> Iterator[tuple[int, Path, Any]]:
        """The rows that have something to unfold, and where that stands."""
        for row, found, trace in zip(frame.rows(), frame.values_of(self.of), frame.traces_of(self.of), strict=True):
            whole = {str(settled(path, row.spots)): path for path in trace.carried}
            if found is None or not whole:
                continue
            place = whole[min(whole)]
            if isinstance(found, (list, dict)):
                yield row.at, place, found
            else:
                scene.findings.append(wrong_type(settled(place, row.spots), "a list or a mapping", found))
