"""Columns that the source holds: what an entry says under a name, the entry itself, and where it stands."""

from __future__ import annotations

from typing import Any

from litellm_migrate.convert.batches import alike
from litellm_migrate.convert.frames import Frame
from litellm_migrate.convert.own import inner
from litellm_migrate.convert.rows import Given
from litellm_migrate.convert.trace import NOTHING, Trace, same
from litellm_migrate.source.model import Path, pointer
from litellm_migrate.source.records import record


def inside(path: Path, value: Any, rest: Path) -> Trace:
    """The place `rest` inside a value that stands at `path`, if there is one."""
    for name in rest:
        if not isinstance(value, dict) or name not in value:
            return NOTHING
        path, value = (*path, name), value[name]
    return same(Trace(frozenset((path,))))


@record
class Entry(Given):
    """What an entry of the source says under a name."""

    name: str

    def values(self, frame: Frame) -> list[Any]:
        """What the entries say."""
        return alike([entry.get(self.name) for entry in frame.entries])

    def traces(self, frame: Frame, rest: Path = ()) -> list[Trace]:
        """The place itself, or what lies below it."""
        return within(frame, (self.name, *rest))


@record
class Whole(Given):
    """The value of a mapping's entry, the row's place itself."""

    name: str

    def values(self, frame: Frame) -> list[Any]:
        """The entries."""
        return alike(frame.entries)

    def traces(self, frame: Frame, rest: Path = ()) -> list[Trace]:
        """The place of the row, or what lies below it."""
        return within(frame, rest)


def within(frame: Frame, rest: Path) -> list[Trace]:
    """The place `rest` in the entry of each row."""
    return [inside(inner(spot), entry, rest) for entry, (spot,) in zip(frame.entries, frame.spots, strict=True)]


class Spot(str):
    """A JSON pointer that knows the path it points to."""

    __slots__ = ("path",)
    path: Path

    def __new__(cls, text: str, path: Path) -> Spot:
        """The pointer `text` to `path`."""
        made = super().__new__(cls, text)
        made.path = path
        return made


@record
class Place(Given):
    """Where the row's entry stands in the document, as a JSON pointer that still knows the path; no setting says it."""

    name: str = "place"

    def values(self, frame: Frame) -> list[Any]:
        """The pointers."""
        return [Spot(pointer(spot), spot) for (spot,) in frame.spots]
