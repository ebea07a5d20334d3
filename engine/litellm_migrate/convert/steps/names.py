"""The verb `name`: unique, readable, and made of the row alone, so that a neighbour renames nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from litellm_migrate.convert.batches import demoted, united
from litellm_migrate.convert.frames import Frame
from litellm_migrate.convert.rows import Column, Given
from litellm_migrate.convert.steps import Scene
from litellm_migrate.convert.trace import Trace
from litellm_migrate.source.model import Path
from litellm_migrate.source.records import record


@record
class Part:
    """What tells a row apart where it departs from what is usual."""

    of: Column
    usual: Column | None

    def values(self, frame: Frame) -> list[str | None]:
        """The texts to append, or None."""
        usual = frame.values_of(self.usual) if self.usual else [None] * frame.count
        pairs = zip(frame.values_of(self.of), usual, strict=True)
        return [None if one in (None, other) else str(one) for one, other in pairs]


@record
class Named(Given):
    """A unique name."""

    name: str
    of: Column
    parts: tuple[Part, ...] = ()
    shared: Column | None = None

    def traces(self, frame: Frame, rest: Path = ()) -> list[Trace]:
        """What it is made of; what tells it apart only decides."""
        apart = [demoted(frame.traces_of(part.of)) for part in self.parts]
        return united(frame.count, [frame.traces_of(self.of), *apart])

    def plain(self, frame: Frame) -> list[str]:
        """The names that the rows alone give."""
        several = zip(frame.values_of(self.of), *[part.values(frame) for part in self.parts], strict=True)
        return ["-".join([str(name), *[more for more in parts if more]]) for name, *parts in several]


@record
class Name:
    """Gives rows their names; only true clashes are numbered, in the order of the rows."""

    names: Mapping[str, Named]

    def run(self, frame: Frame, scene: Scene) -> Frame:
        """The same rows, named."""
        for column, named in self.names.items():
            wanted = named.plain(frame)
            if named.shared:
                wanted = unshared(wanted, list(map(str, frame.values_of(named.shared))))
            frame.add(column, unique(wanted))
        return frame


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
