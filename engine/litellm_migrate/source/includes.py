"""The files that a configuration includes: lists are appended, everything else is replaced by the included file."""

from __future__ import annotations

import os
from collections import deque
from typing import TYPE_CHECKING, Any, NamedTuple

from litellm_migrate.source.documents import read_document
from litellm_migrate.source.grammar import Grammar, check_mapping, kind
from litellm_migrate.source.marks import Marks, Span
from litellm_migrate.source.model import Notice, Path, Position, Problems, Source
from litellm_migrate.source.places import Document, below_of, position, shown
from litellm_migrate.source.text import read_text

if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_FILES = 500
"""The program follows includes by recursion, and fails at about twice as many."""

OUTSIDE = "Move it there, or add --allow-outside"


class Entry(NamedTuple):
    """One included file: its name as written, where that stands, and the file that says so."""

    name: str
    at: Position
    declared_in: str

    def file(self, root: str) -> str:
        """The file meant: next to the one that declares it, or else next to the first one."""
        beside, first = (
            os.path.normpath(os.path.join(os.path.dirname(near), self.name)) for near in (self.declared_in, root)
        )
        return first if os.path.exists(first) and not os.path.exists(beside) else beside


class Configuration:
    """The configuration as it grows, file by file."""

    def __init__(self, main: Document, settings: dict[Any, Any]) -> None:
        self.main = main
        self.value = settings
        self.spans = {key: [Span(0, main)] for key in settings}
        self.notices = list(main.notices)

    def add(self, document: Document, settings: dict[Any, Any]) -> None:
        """Merges the settings of an included file as the program does."""
        self.notices += document.notices
        for key, value in settings.items():
            mine = self.value.get(key)
            if isinstance(mine, list) and isinstance(value, list):
                self.value[key] = [*mine, *value]
                self.spans[key] = [*self.spans[key], Span(len(mine), document)]
                continue
            marks = Marks(self.main, self.spans)
            self.notices += [_replaced(path, marks[path].at, document.file) for path in _lost(key, mine, value)]
            self.value[key] = value
            self.spans[key] = [Span(0, document)]

    def source(self) -> Source:
        """The merged configuration."""
        return Source(self.value, Marks(self.main, self.spans), tuple(self.notices))


def read_includes(main: Document, grammar: Grammar, outside: bool = False) -> Source:
    """The configuration with everything that it includes, each file once, in the program's order.

    Raises Problems for a file that is not in the folder of the first one or below it, unless `outside` allows that.
    """
    check_mapping(main, grammar)
    merged = Configuration(main, _settings(main, grammar))
    pending = deque(_entries(main, grammar))
    seen = {os.path.abspath(main.file)}
    while pending:
        entry = pending.popleft()
        file = entry.file(main.file)
        if os.path.abspath(file) in seen:
            continue
        if len(seen) > MAX_FILES:
            raise _refused(entry.at, f"at most {MAX_FILES} included files, found more. Join some of them")
        if not (outside or within(file, main.file)):
            raise _refused(
                entry.at, f"included files in the folder of {shown(main.file)}, found one outside. {OUTSIDE}"
            )
        seen.add(os.path.abspath(file))
        document = _included(file, entry.at, grammar)
        merged.add(document, _settings(document, grammar))
        pending += _entries(document, grammar)
    return merged.source()


def within(file: str, first: str) -> bool:
    """Whether a file is in the folder of the first one or below it, wherever links lead."""
    try:
        folder, found = os.path.realpath(os.path.dirname(first)), os.path.realpath(file)
    except ValueError:  # a name that no file can have is refused where it is read
        return True
    try:
        return os.path.commonpath([folder, found]) == folder
    except ValueError:  # another drive
        return False


def _included(file: str, at: Position, grammar: Grammar) -> Document:
    document = read_document(file, read_text(file, asked_at=at))
    if not document.value:  # an empty file, an empty list: the program takes each for an empty mapping
        return document._replace(value={})
    check_mapping(document, grammar)
    for key in document.value:
        if not isinstance(key, str):
            spot = position(file, below_of(document.place, key)[0])
            raise _refused(spot, f"text as each top-level key of an included file, found {kind(key)}. Quote the key")
    return document


def _settings(document: Document, grammar: Grammar) -> dict[Any, Any]:
    return {key: value for key, value in document.value.items() if grammar.include is None or key != grammar.include}


def _entries(document: Document, grammar: Grammar) -> Iterator[Entry]:
    if grammar.include is None or grammar.include not in document.value:
        return
    entries = document.value[grammar.include]
    place = below_of(document.place, grammar.include)
    if not isinstance(entries, list):
        expected = f"a list of file names under {shown(grammar.include)}, found {kind(entries)}. Write `- name.yaml`"
        raise _refused(position(document.file, place[0]), expected)
    for index, entry in enumerate(entries):
        at = position(document.file, below_of(place, index)[0])
        if not isinstance(entry, str):
            raise _refused(at, f"the name of a file, found {kind(entry)}. Write one file name for each item")
        yield Entry(entry, at, document.file)


def _lost(key: Any, old: Any, new: Any) -> list[Path]:
    """The settings below `key` that no longer count: `new` lacks them, or gives them another value."""
    if isinstance(old, dict):
        kept = new if isinstance(new, dict) else {}
        return [(key, name) for name, value in old.items() if name not in kept or kept[name] != value]
    return [(key,)] if old is not None and old != new else []


def _replaced(path: Path, at: Position, file: str) -> Notice:
    name = shown(".".join(map(str, path)))
    because = f"{name} does not count: {shown(file)} is included and replaces the whole of {shown(path[0])}."
    return Notice("include-replaced", at, because, f"Move it to {shown(file)} if it is meant to count.")


def _refused(at: Position, expected: str) -> Problems:
    return Problems.at(at, f"expected {expected}.")
