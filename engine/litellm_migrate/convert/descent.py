"""From rows to the rows that were made from them: what an earlier row may read of what it became."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from litellm_migrate.convert.frames import Frame
from litellm_migrate.convert.own import moved, settled
from litellm_migrate.convert.trace import NOTHING, Trace
from litellm_migrate.source.model import Path

NEVER = -1
"""The place of what became of a row of which nothing did."""


class Became:
    """What the rows of a frame became in a relation, each the first if they are several."""

    def __init__(
        self, sources: Frame, frame: Frame, places: list[int], stands: tuple[Frame, list[int]] | None = None
    ) -> None:
        self.sources = sources
        self.stands = stands or (sources, list(range(sources.count)))
        """The rows of a relation that the sources stand for, or `NEVER` where they are a part of one."""
        self.frame = frame
        self.places = places
        self._own: Frame | None = None

    def values(self, rest: Path, earlier: list[Any]) -> list[Any]:
        """What those rows hold at `rest`; where there is none, what was there earlier."""
        held = self.frame.read(rest) if rest else self.frame.rows()
        return [below if at == NEVER else held[at] for at, below in zip(self.places, earlier, strict=True)]

    def traces(self, rest: Path, earlier: list[Trace]) -> list[Trace]:
        """The origins of that, as the sources tell them: what a group's other members said is not their doing."""
        told = list(earlier)
        there = [source for source, at in enumerate(self.places) if at != NEVER]
        for source, trace in zip(there, self._traces(there, rest), strict=True):
            told[source] = trace
        return told

    def _traces(self, there: list[int], rest: Path) -> list[Trace]:
        if not rest:
            return [NOTHING] * len(there)
        if self.frame.gathered:
            self._own = self._own or self._parts(there)
            return self._own.traces(rest)
        held, theirs, spots = self.frame.traces(rest), self.frame.spots, self.sources.spots
        return [moved(held[self.places[at]], theirs[self.places[at]], spots[at]) for at in there]

    def _parts(self, there: list[int]) -> Frame:
        """For each source its group, without the members that it is no part of: they are no origins of a column."""
        frame, places = self.frame, [self.places[source] for source in there]
        made = Frame(frame.columns, [self.sources.spots[source] for source in there])
        for name in frame.columns:
            values = frame.read((name,))
            made.add(name, [values[at] for at in places])
        alone = [at if len(frame.members[at]) < 2 else NEVER for at in places]
        made.later = {
            name: Became(made, one.frame, [one.places[at] for at in places], (frame, alone))
            for name, one in frame.later.items()
        }
        made.items = {name: [settled(held[at], frame.spots[at]) for at in places] for name, held in frame.items.items()}
        made.gathered = frame.gathered
        of, rows = self.stands
        parts = {at: members_of(frame, of, at) for at in set(places)}
        pairs = zip(there, places, strict=True)
        made.members = [parts[at].get(rows[source]) or frame.members[at] for source, at in pairs]
        return made


def members_of(frame: Frame, sources: Frame, at: int) -> dict[int, list[int]]:
    """The members of a group by the rows of `sources` that they were made from."""
    parts: dict[int, list[int]] = {}
    for member in frame.members[at] if frame.gathered else ():
        for source, place in sources_of(frame.gathered, member) if frame.gathered else ():
            if source is sources:
                parts.setdefault(place, []).append(member)
    return parts


def sources_of(frame: Frame, at: int) -> Iterator[tuple[Frame, int]]:
    """The rows of other relations that a row, or the rows it gathers, were made from."""
    if frame.gathered:
        for member in frame.members[at]:
            yield from sources_of(frame.gathered, member)
    elif frame.bases:
        at = frame.base_rows[at]
        for base in frame.bases:
            if at < base.count:
                yield base, at
                return
            at -= base.count


def tell_sources(name: str, frame: Frame) -> None:
    """Lets the rows that a relation was made from know what they became."""
    for at in range(frame.count):
        for source, place in sources_of(frame, at):
            if name not in source.later:
                source.later[name] = Became(source, frame, [NEVER] * source.count)
            if source.later[name].places[place] == NEVER:
                source.later[name].places[place] = at
