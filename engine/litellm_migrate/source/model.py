"""The shared nouns: paths, positions, a configuration with the mark of every path, and what stops a run."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

if TYPE_CHECKING:
    from decimal import Decimal

Json: TypeAlias = "bool | int | float | Decimal | str | list[Json] | dict[str, Json] | None"
"""A JSON value; money and rates are Decimal, for a float would change their digits."""

Yaml: TypeAlias = Any
"""A value as YAML 1.1 reads it: dates, bytes, sets and keys of any kind, too; no closed type says that."""

Path = tuple[Any, ...]
"""A place in a document: mapping keys as YAML reads them (texts, numbers, dates, null), list indexes as integers."""


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


class Notice(NamedTuple):
    """Something the reader should know that is no setting's outcome (a repeated key, a replaced section)."""

    code: str
    at: Position | None
    because: str
    do: str = ""


class Source(NamedTuple):
    """A configuration as its program sees it: the plain value, and a mark for every node of it."""

    value: dict[Yaml, Yaml]
    marks: Mapping[Path, Mark]
    notices: tuple[Notice, ...] = ()
    texts: Mapping[str, str] = {}
    """The text of each file that was read, by its name; with every secret that it holds."""
    inside: str | None = None
    """The text of the configuration itself, if it is the value of a text in the first file."""

    def at(self, path: Path) -> Position:
        """The position of `path`, or of its nearest ancestor that is in the file."""
        while path not in self.marks:
            path = path[:-1]
        return self.marks[path].at


class Grammar(NamedTuple):
    """What a rule file says about the program's configurations."""

    sections: tuple[str, ...]
    """Top-level keys; a configuration has at least one of them."""
    include: str | None
    """The top-level key that lists further files."""
    program: str
    """The name of the program, for messages."""
    wrappers: tuple[Path, ...] = ()
    """Where a configuration stands in a file that carries it inside, from the node that is the wrapper; a step `*`
    is any key or index."""
    search: int = 0
    """Levels of other places that are searched for a configuration; with no wrappers and 0, none is unwrapped."""

    @property
    def distinctive(self) -> tuple[str, ...]:
        """The sections that distinguish a configuration from any other document; files of all kinds include others."""
        return tuple(section for section in self.sections if section != self.include)


class Problem(NamedTuple):
    """What keeps a run from going on; reads `where: expected, found. What to do`."""

    file: str
    line: int
    column: int
    message: str

    def __str__(self) -> str:
        spot = f"{self.file}:{self.line}:{self.column}" if self.line else self.file
        return f"{spot}: {self.message}"


USAGE = 2
"""The exit code of wrong usage."""


class Problems(Exception):  # noqa: N818 - a list of errors, not one
    """All problems of one step at once, sorted by place; `exit_code` is the exit code of the process."""

    def __init__(self, problems: Iterable[Problem], exit_code: int = 1) -> None:
        self.problems = tuple(sorted(set(problems)))
        self.exit_code = exit_code
        super().__init__("\n".join(map(str, self.problems)))

    @classmethod
    def at(cls, position: Position, message: str) -> Problems:
        """A single problem at a position."""
        return cls([Problem(*position, message)])


def leaves(value: Yaml, path: Path = ()) -> Iterator[tuple[Path, Yaml]]:
    """Every scalar, empty list and empty mapping below `value` with its path, in document order."""
    items: Iterable[tuple[Yaml, Yaml]] = ()
    if isinstance(value, dict):
        items = value.items()
    elif isinstance(value, list):
        items = enumerate(value)
    if not isinstance(value, (dict, list)) or not value:
        yield path, value
    for key, below in items:
        yield from leaves(below, (*path, key))


def value_at(value: Yaml, path: Path) -> Yaml:
    """The value at a path below `value`; None if it is not there."""
    for key in path:
        if isinstance(value, dict):
            value = value.get(key)
        else:
            value = value[key] if isinstance(value, list) and isinstance(key, int) and key < len(value) else None
    return value


def pointer(path: Path) -> str:
    """`path` as a JSON pointer (`/section/0/a~1b`); keys that are no text are written as JSON writes them."""
    return "".join(["/" + (str(key) if type(key) is int else _escaped(key_text(key))) for key in path])


def _escaped(text: str) -> str:
    return text.replace("~", "~0").replace("/", "~1") if "~" in text or "/" in text else text


def dotted(path: Path) -> str:
    """A path as people write it: `list[0].name.more`."""
    return "".join([f"[{key}]" if isinstance(key, int) else f".{key}" for key in path]).lstrip(".")


def printable(text: str, instead: str = "?") -> str:
    """The text with `instead` in the place of each sign that does not print."""
    return "".join(sign if sign.isprintable() else instead for sign in text)


def key_text(key: Yaml) -> str:
    """A mapping's key or a list's index as text."""
    if isinstance(key, str):
        return key
    return str(key) if type(key) is int else json.dumps(key, default=str)
