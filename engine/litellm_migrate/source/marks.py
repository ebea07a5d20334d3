"""The mark of every path of a configuration, looked up in the files that it was written in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from litellm_migrate.source.model import Mark, Path
from litellm_migrate.source.places import Document, Place, below_of, position


class Span(NamedTuple):
    """The part of a list that one file wrote: it begins at the index `start` of the whole list."""

    start: int
    document: Document


class Marks(Mapping[Path, Mark]):
    """A mark for each node, made when it is asked for: nothing is stored for each path.

    The local path leads from the top of the file, through the mappings that wrap a configuration; of one that is a text
    inside the file it leads from the top of that text, for no path leads into a text, and the position tells the rest.
    """

    def __init__(self, main: Document, sections: Mapping[Any, Sequence[Span]]) -> None:
        self._main = main
        self._sections = sections

    def __getitem__(self, path: Path) -> Mark:
        document, local = self._home(path)
        place = document.place
        for step in local:
            place = below_of(place, step)
        return Mark(position(document.file, place[0]), (*document.prefix, *local))

    def __iter__(self) -> Iterator[Path]:
        yield ()
        for key, spans in self._sections.items():
            yield (key,)
            for start, document in spans:
                yield from _paths(below_of(document.place, key), (key,), start)

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def _home(self, path: Path) -> tuple[Document, Path]:
        if not path:
            return self._main, path
        spans = self._sections[path[0]]
        if len(path) == 1 or len(spans) == 1:
            return spans[0].document, path
        for start, document in reversed(spans):
            if isinstance(path[1], int) and start <= path[1]:
                return document, (path[0], path[1] - start, *path[2:])
        raise KeyError(path)


def _paths(place: Place, path: Path, start: int = 0) -> Iterator[Path]:
    below = place[1]
    steps = below.items() if isinstance(below, dict) else enumerate(below or (), start)
    for step, deeper in steps:
        yield (*path, step)
        yield from _paths(deeper, (*path, step))
