"""The files that a configuration includes: lists are appended, everything else is replaced by the included file."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from litellm_migrate.source.documents import read_document, read_text
from litellm_migrate.source.model import Grammar, Mark, Notice, Path, Position, Problems, Source, Yaml
from litellm_migrate.source.positions import PlaceTree, YamlDocument, place_below, quoted

MAX_FILES = 500
"""The program follows includes by recursion, and fails at about twice as many."""

KINDS = {dict: "a mapping", list: "a list", str: "text", bool: "true or false", int: "a number", float: "a number"}


class Span(NamedTuple):
    """The part of a section that one file wrote: of a list it begins at the index `start` of the whole list."""

    start: int
    document: YamlDocument


class Marks(Mapping[Path, Mark]):
    """A mark for each node, made when it is asked for: nothing is stored for each path.

    The local path leads from the top of the file, through the mappings that wrap a configuration; of one that is a text
    inside the file it leads from the top of that text, for no path leads into a text, and the position does the rest.
    """

    def __init__(self, main: YamlDocument, sections: Mapping[Yaml, Sequence[Span]]) -> None:
        self._main = main
        self._sections = sections

    def __getitem__(self, path: Path) -> Mark:
        document, local = self._home(path)
        place = document.place
        for step in local:
            place = place_below(place, step)
        return Mark(document.position(place), (*document.prefix, *local))

    def __iter__(self) -> Iterator[Path]:
        yield ()
        for key, spans in self._sections.items():
            yield (key,)
            for start, document in spans:
                yield from _paths(place_below(document.place, key), (key,), start)

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def _home(self, path: Path) -> tuple[YamlDocument, Path]:
        """The document that wrote a path, and the path in that document."""
        if not path:
            return self._main, path
        spans = self._sections[path[0]]
        if len(path) == 1 or len(spans) == 1:
            return spans[0].document, path
        for start, document in reversed(spans):
            if isinstance(path[1], int) and start <= path[1]:
                return document, (path[0], path[1] - start, *path[2:])
        raise KeyError(path)


def _paths(place: PlaceTree, path: Path, start: int = 0) -> Iterator[Path]:
    below = place[1]
    steps = below.items() if isinstance(below, dict) else enumerate(below or (), start)
    for step, deeper in steps:
        yield (*path, step)
        yield from _paths(deeper, (*path, step))


class _Merge:
    """The configuration as it grows, file by file."""

    def __init__(self, main: YamlDocument, text: str, grammar: Grammar) -> None:
        self.grammar = grammar
        self.main = main
        self.texts = {main.file: text}
        self.value = self._settings(main)
        self.spans = {key: [Span(0, main)] for key in self.value}
        self.notices = list(main.notices)

    def add(self, document: YamlDocument, text: str) -> None:
        """Merges the settings of an included file as the program does."""
        self.texts[document.file] = text
        self.notices += document.notices
        for key, value in self._settings(document).items():
            before = self.value.get(key)
            if isinstance(before, list) and isinstance(value, list):
                self.value[key] = [*before, *value]
                self.spans[key] = [*self.spans[key], Span(len(before), document)]
                continue
            marks = Marks(self.main, self.spans)
            self.notices += [_replaced(path, marks[path].at, document.file) for path in _lost(key, before, value)]
            self.value[key] = value
            self.spans[key] = [Span(0, document)]

    def source(self) -> Source:
        """The merged configuration."""
        return Source(self.value, Marks(self.main, self.spans), tuple(self.notices), self.texts, self.main.inside)

    def _settings(self, document: YamlDocument) -> dict[Yaml, Yaml]:
        include = self.grammar.include
        return {key: value for key, value in document.value.items() if include is None or key != include}


def read_includes(main: YamlDocument, text: str, grammar: Grammar, outside: bool = False) -> Source:
    """The configuration with everything that it includes, each file once, in the program's order.

    Raises Problems for a file that is not in the folder of the first one or below it, unless `outside` allows that.
    """
    _check_mapping(main, grammar)
    merge = _Merge(main, text, grammar)
    pending = deque(_entries(main, grammar))
    visited = {os.path.abspath(main.file)}
    while pending:
        name, at = pending.popleft()
        file = _file(name, at.file, main.file)
        if os.path.abspath(file) in visited:
            continue
        if len(visited) > MAX_FILES:
            raise _refusal(at, f"at most {MAX_FILES} included files, found more. Join some of them")
        if not (outside or _within(file, main.file)):
            folder, advice = quoted(main.file), "Move it there, or add --allow-outside"
            raise _refusal(at, f"included files in the folder of {folder}, found one outside. {advice}")
        visited.add(os.path.abspath(file))
        text = read_text(file, included_at=at)
        document = _included(file, text, grammar)
        merge.add(document, text)
        pending += _entries(document, grammar)
    return merge.source()


def _entries(document: YamlDocument, grammar: Grammar) -> Iterator[tuple[str, Position]]:
    """The name of each file that a document includes, and where that name stands."""
    if grammar.include is None or grammar.include not in document.value:
        return
    entries = document.value[grammar.include]
    place = place_below(document.place, grammar.include)
    if not isinstance(entries, list):
        expected = f"a list of file names under {quoted(grammar.include)}, found {kind(entries)}. Write `- name.yaml`"
        raise _refusal(document.position(place), expected)
    for index, entry in enumerate(entries):
        at = document.position(place_below(place, index))
        if not isinstance(entry, str):
            raise _refusal(at, f"the name of a file, found {kind(entry)}. Write one file name for each item")
        yield entry, at


def _file(name: str, declared_in: str, root: str) -> str:
    """The file that a name means: next to the file that declares it, or else next to the first one."""
    beside, first = (os.path.normpath(os.path.join(os.path.dirname(file), name)) for file in (declared_in, root))
    return first if os.path.exists(first) and not os.path.exists(beside) else beside


def _within(file: str, first: str) -> bool:
    """Whether a file is in the folder of the first one or below it, wherever links lead."""
    try:
        folder, target = os.path.realpath(os.path.dirname(first)), os.path.realpath(file)
    except ValueError:  # a name that no file can have is refused where it is read
        return True
    try:
        return os.path.commonpath([folder, target]) == folder
    except ValueError:  # another drive
        return False


def _included(file: str, text: str, grammar: Grammar) -> YamlDocument:
    document = read_document(file, text)
    if not document.value:  # an empty file, an empty list: the program takes each for an empty mapping
        return document._replace(value={})
    _check_mapping(document, grammar)
    for key in document.value:
        if not isinstance(key, str):
            spot = document.position(place_below(document.place, key))
            raise _refusal(spot, f"text as each top-level key of an included file, found {kind(key)}. Quote the key")
    return document


def _check_mapping(document: YamlDocument, grammar: Grammar) -> None:
    """Raises Problems unless the document is a mapping."""
    if not isinstance(document.value, dict):
        expected = f"expected a mapping with the sections of a {grammar.program} configuration"
        advice = f"Check that `{document.file}` is the configuration."
        raise Problems.at(document.at, f"{expected}, found {kind(document.value)}. {advice}")


def kind(value: object) -> str:
    """What a value is, for a message that must not show it."""
    return "nothing" if value is None else KINDS.get(type(value), f"a {type(value).__name__}")


def _lost(key: Yaml, old: Yaml, new: Yaml) -> list[Path]:
    """The settings below `key` that no longer count: `new` lacks them, or gives them another value."""
    if isinstance(old, dict):
        rest = new if isinstance(new, dict) else {}
        return [(key, name) for name, value in old.items() if name not in rest or rest[name] != value]
    return [(key,)] if old is not None and old != new else []


def _replaced(path: Path, at: Position, file: str) -> Notice:
    name = quoted(".".join(map(str, path)))
    because = f"{name} does not count: {quoted(file)} is included and replaces the whole of {quoted(path[0])}."
    return Notice("include-replaced", at, because, f"Move it to {quoted(file)} if it is meant to count.")


def _refusal(at: Position, expected: str) -> Problems:
    return Problems.at(at, f"expected {expected}.")
