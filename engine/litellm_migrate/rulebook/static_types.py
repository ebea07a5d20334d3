"""Static types of rules: what may be read of a row, of the source's settings, and of a table's answers.

Every path that an expression reads is walked through these types when the rules are loaded, so that a misspelt
name is an error there and never a silent null later.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from litellm_migrate.source.model import Path

if TYPE_CHECKING:
    from litellm_migrate.rulebook.nodes import RuleNode


BELOW = frozenset({"properties", "items", "additionalProperties"})
"""The words of a schema that say what may stand below."""


class StaticType(Protocol):
    """What can be read below a value: the type at a name, and the names that there are."""

    def at(self, name: str) -> StaticType | None:
        """The type at a name; None if there is no such name."""

    def names(self) -> Iterable[str]:
        """The names that can be read, for suggestions."""


class TableCell(NamedTuple):
    """A cell that rows of a table have."""

    table: str
    name: str


class Value:
    """A derived value: nothing is known below it, and nothing may be read there."""

    def __init__(self, sources: tuple[RuleNode | TableCell, ...] = (), items: tuple[Value, ...] = ()) -> None:
        self.sources = sources
        """The constants and the cells of tables that it may be, as far as the rules say so themselves."""
        self.items = items
        """What the items are of a list that the rules make of values."""

    def at(self, name: str) -> StaticType | None:
        """Nothing."""
        return None

    def names(self) -> Iterable[str]:
        """None."""
        return ()


class Setting(NamedTuple):
    """A part of the source, as the schema of all known settings describes it."""

    schema: Any
    """A JSON Schema; `True` where anything may stand."""

    def at(self, name: str) -> Setting | None:
        """The setting of that name, an item of the list (`*`), or anything in a mapping of free keys."""
        if not self.known():
            return self
        free = name == "*" or "items" not in self.schema
        return self.named(name) or (self.rest() if free else None)

    def named(self, name: str) -> Setting | None:
        """The known setting of that name."""
        names = self.names()
        return Setting(names[name]) if name in names else None

    def reached(self, path: Path) -> tuple[int, Setting]:
        """How many keys of a path lead to known settings, and the last of these; an index is an item of a list."""
        setting = self
        for depth, key in enumerate(path):
            below = setting.at("*" if isinstance(key, int) else str(key))
            if below is None:
                return depth, setting
            setting = below
        return len(path), setting

    def known(self) -> bool:
        """Whether the schema says what may stand below."""
        return isinstance(self.schema, dict) and not BELOW.isdisjoint(self.schema)

    def names(self) -> Mapping[str, Any]:
        """The schemas of the settings that are known here, by name."""
        return self.schema.get("properties", {}) if isinstance(self.schema, dict) else {}

    def rest(self) -> Setting | None:
        """What the items of a list, or the free keys of a mapping, are; None if there are none."""
        words = self.schema if isinstance(self.schema, dict) else {}
        rest = words.get("items", words.get("additionalProperties", False))
        return None if rest is False else Setting(rest)


class Settings(NamedTuple):
    """A part of the source that stands in one of several places."""

    of: tuple[Setting, ...]

    def at(self, name: str) -> StaticType | None:
        """The settings of that name, wherever there is one."""
        below = tuple(part for setting in self.of if (part := setting.at(name)) is not None)
        return Settings(below) if below else None

    def names(self) -> Iterable[str]:
        """The names that are known in any of the places."""
        return dict.fromkeys(name for setting in self.of for name in setting.names())


class Answers:
    """The row that a table answers with."""

    def __init__(self, table: str, columns: frozenset[str], read: set[str]) -> None:
        self.table = table
        self.columns = columns
        self.read = read
        """The answers that were asked for: `at` adds to them."""

    def at(self, name: str) -> StaticType | None:
        """One answer; `*` asks for all of them, of which it is any."""
        if name == "*":
            self.read.update(self.columns)
            return Value()
        self.read.add(name)
        return Value((TableCell(self.table, name),)) if name in self.columns else None

    def names(self) -> Iterable[str]:
        """All answers."""
        return self.columns


class AnyOf(NamedTuple):
    """The row of one table or of another: what any of them answers."""

    of: tuple[Answers, ...]

    def at(self, name: str) -> StaticType | None:
        """One answer; `*` asks for all of them, of which it is any."""
        answers = [row.at(name) for row in self.of if name == "*" or name in row.columns]  # all are asked for it
        return answers[0] if answers else None

    def names(self) -> Iterable[str]:
        """All answers."""
        return frozenset().union(*(row.columns for row in self.of))


def alternatives(types: Iterable[StaticType]) -> StaticType:
    """The type of whichever of some values is there first: a table's row if all are such rows, else a value."""
    parts = [part for kind in types for part in (kind.of if isinstance(kind, AnyOf) else [kind])]
    rows = tuple(part for part in parts if isinstance(part, Answers))
    if parts and len(rows) == len(parts):
        return AnyOf(rows)
    return Value(tuple(source for part in parts if isinstance(part, Value) for source in part.sources))


class RowShape:
    """The columns of a relation's rows, those of the rows they come from, and what they later become."""

    def __init__(
        self,
        columns: dict[str, StaticType],
        base: RowShape | None = None,
        later: Callable[[RowShape, str], StaticType | None] = lambda _shape, _name: None,
    ) -> None:
        self.columns = columns
        self.base = base
        self.later = later

    def at(self, name: str) -> StaticType | None:
        """The column of that name."""
        if name in self.columns:
            return self.columns[name]
        return self.later(self, name) or (self.base.at(name) if self.base else None)

    def names(self) -> Iterable[str]:
        """All columns."""
        return [*self.columns, *(self.base.names() if self.base else ())]


class DocumentShape(RowShape):
    """What every row can read beside its columns: the whole document, which is none of them."""

    def names(self) -> Iterable[str]:
        """None, for a column is what is looked for."""
        return ()


ANYTHING = Setting(True)
UNKNOWN = RowShape({}, None, lambda _shape, _name: ANYTHING)
"""The rows of a relation that could not be found: all is right with them, so that one mistake is one problem."""


class RowList(NamedTuple):
    """A list of rows."""

    row: StaticType

    def at(self, name: str) -> StaticType | None:
        """Each row."""
        return self.row if name == "*" else None

    def names(self) -> Iterable[str]:
        """Rows have no names."""
        return ()


def walk(start: StaticType, path: Path) -> StaticType | str:
    """The type at `path`, or what is wrong with the path in words."""
    for depth, name in enumerate(path):
        below = start.at(name)
        if below is None:
            above = f" in `{'.'.join(path[:depth])}`" if depth else ""
            return f"`{name}` is no column or setting{above}{suggestion(name, start.names())}"
        start = below
    return start


def suggestion(name: str, names: Iterable[str], lead: str = "; did you mean ") -> str:
    """The nearest names as the end of a sentence; a full stop if none is near."""
    from difflib import get_close_matches  # noqa: PLC0415 - only when something is wrong

    matches = get_close_matches(str(name), [str(right) for right in names], n=3, cutoff=0.6)
    return f"{lead}{' or '.join(f'`{right}`' for right in matches)}?" if matches else "."


def either(types: Iterable[StaticType]) -> StaticType:
    """What may be read of a column of entries that stand in several places."""
    first, *rest = types
    settings = tuple(kind for kind in (first, *rest) if isinstance(kind, Setting))
    return Settings(settings) if len(settings) > 1 else first


def common(rows: Iterable[RowShape]) -> dict[str, StaticType]:
    """The columns that the rows of all relations have."""
    first, *rest = rows
    shared = set(first.names()).intersection(*(row.names() for row in rest))
    return {name: kind for name in first.names() if name in shared and (kind := first.at(name))}
