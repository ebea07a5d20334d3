"""The shared nouns: where a setting stands, what became of it, and what is wrong."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from litellm_migrate.source.records import record

Path = tuple[Any, ...]
"""A place in a document: mapping keys as YAML reads them, list indexes as integers."""


class Position(NamedTuple):
    """A place in a text file; lines and columns count from 1."""

    file: str
    line: int
    column: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


class Mark(NamedTuple):
    """Where a node of the document was written: its position, and its path inside that file."""

    at: Position
    local: Path


@record
class Notice:
    """Something the reader should know that is no setting's outcome (a repeated key, a wiped section)."""

    code: str
    at: Position | None
    because: str
    do: str = ""


@record
class Source:
    """A configuration as its program sees it: the plain value, and a mark for every node of it."""

    value: dict[Any, Any]
    marks: Mapping[Path, Mark]
    notices: tuple[Notice, ...] = ()

    def at(self, path: Path) -> Position:
        """The position of `path`, or of its nearest ancestor that was written down."""
        while path not in self.marks:
            path = path[:-1]
        return self.marks[path].at


def leaves(value: Any, path: Path = ()) -> Iterator[tuple[Path, Any]]:
    """Every scalar, empty list and empty mapping below `value`, in document order."""
    items: Iterable[tuple[Any, Any]] = ()
    if isinstance(value, dict):
        items = value.items()
    elif isinstance(value, list):
        items = enumerate(value)
    if not isinstance(value, (dict, list)) or not value:
        yield path, value
    for key, below in items:
        yield from leaves(below, (*path, key))


def pointer(path: Path) -> str:
    """`path` as a JSON pointer; keys that are no text are written as JSON writes them."""
    return "".join(["/" + (str(key) if type(key) is int else pointed(key)) for key in path])


def pointed(key: Any) -> str:
    """A mapping's key as part of a JSON pointer."""
    text = key_text(key)
    return text.replace("~", "~0").replace("/", "~1") if "~" in text or "/" in text else text


def key_text(key: Any) -> str:
    """A mapping's key or a list's index as text."""
    if isinstance(key, str):
        return key
    return str(key) if type(key) is int else json.dumps(key, default=str)


@record
class Problem:
    """What keeps a run from going on; reads `where: expected, found. What to do`."""

    file: str
    line: int
    column: int
    message: str

    def __str__(self) -> str:
        spot = f"{self.file}:{self.line}:{self.column}" if self.line else self.file
        return f"{spot}: {self.message}"


def problem(at: Position, message: str) -> Problem:
    """A problem at a position."""
    return Problem(*at, message)


class Problems(Exception):  # noqa: N818 - many, not one
    """All problems of one step at once, sorted by place; `exit_code` is what the process answers."""

    def __init__(self, problems: Iterable[Problem], exit_code: int = 1) -> None:
        self.problems = tuple(sorted(set(problems)))
        self.exit_code = exit_code
        super().__init__("\n".join(str(found) for found in self.problems))
