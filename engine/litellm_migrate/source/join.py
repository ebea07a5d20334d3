"""Two configurations as one: a file, and what the running program says beside it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from litellm_migrate.source.model import Mark, Notice, Path, Source, Yaml
from litellm_migrate.source.positions import quoted

FIRST, SECOND = 0, 1
Home = tuple[int, Yaml]
"""Which of the two a part is from, and the key or index that it has there."""
RowTest = Callable[[str, Yaml], bool]
"""Something about a row of a section."""


class JoinedMarks(Mapping[Path, Mark]):
    """The marks of both, by the paths that nodes have in the whole."""

    def __init__(
        self, value: Yaml, marks: tuple[Mapping[Path, Mark], Mapping[Path, Mark]], homes: Mapping[Yaml, Yaml]
    ) -> None:
        self._value = value
        self._marks = marks
        self._homes = homes

    def __getitem__(self, path: Path) -> Mark:
        if not path:
            return self._marks[FIRST][path]
        home = self._homes[path[0]]
        if isinstance(home, int):
            return self._marks[home][path]
        if len(path) == 1:
            return self._marks[FIRST][path]
        which, key = home[path[1]]
        return self._marks[which][(path[0], key, *path[2:])]

    def __iter__(self) -> Iterator[Path]:
        yield from nodes(self._value, ())

    def __len__(self) -> int:
        return sum(1 for _ in self)


def nodes(value: Yaml, path: Path) -> Iterator[Path]:
    """The paths of a value and of everything in it."""
    yield path
    for key, below in value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ():
        yield from nodes(below, (*path, key))


def joined(first: Source, second: Source, in_first: RowTest, refers: Callable[[str], bool]) -> Source:
    """The first with what the second adds: rows of lists, and settings of mappings, of which the second's count.

    `in_first` tells rows of the second that the first has, too; `refers` texts that stand for a value not shown.
    """
    value: dict[Yaml, Yaml] = dict(first.value)
    homes: dict[Yaml, Yaml] = dict.fromkeys(value, FIRST)
    notices = [*first.notices, *second.notices]
    for section, added in second.value.items():
        present = value.get(section)
        if isinstance(added, list):
            rows = [(SECOND, index) for index, row in enumerate(added) if not in_first(section, row)]
            before = present if isinstance(present, list) else []
            value[section] = [*before, *(added[index] for _, index in rows)]
            homes[section] = dict(enumerate([*((FIRST, index) for index in range(len(before))), *rows]))
            if not isinstance(present, list):
                homes[section] = SECOND if len(rows) == len(added) else homes[section]
        elif isinstance(present, dict) and isinstance(added, dict):
            value[section], homes[section] = dict(present), {key: (FIRST, key) for key in present}
            for key, setting in added.items():
                hidden = isinstance(setting, str) and refers(setting)
                if in_first(section, setting) or (key in present and (hidden or present[key] == setting)):
                    continue
                if key in present:
                    notices.append(in_force(section, key, first, second))
                value[section][key], homes[section][key] = setting, (SECOND, key)
        else:
            value[section], homes[section] = added, SECOND
    marks = JoinedMarks(value, (first.marks, second.marks), homes)
    texts = {**first.texts, **second.texts}
    return Source(value, marks, tuple(notices), texts, first.inside)


def in_force(section: Yaml, key: Yaml, first: Source, second: Source) -> Notice:
    """That a setting of the file is not the one in force."""
    place = second.at((section, key))
    because = f"{quoted(f'{section}.{key}')} is another one in force, which {place} shows. That one was converted."
    return Notice("in-force", first.at((section, key)), because, "Check which of the two is meant.")
