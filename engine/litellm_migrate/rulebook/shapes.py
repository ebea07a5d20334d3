"""What a rule may read: the columns of a row, the settings of the source, the answers of a table.

Every path that an expression reads is walked through these shapes when the rules are loaded, so that a misspelt
name is an error there and never a silent null later.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from typing import Any, Protocol

from litellm_migrate.source.model import Path
from litellm_migrate.source.records import record


class Shape(Protocol):
    """What can be read below a value."""

    def at(self, name: str) -> Shape | None:
        """The shape at a name; None if there is no such name."""

    def names(self) -> Iterable[str]:
        """The names that can be read, for suggestions."""


@record
class Value:
    """A derived value: nothing is known below it, and nothing may be read there."""

    def at(self, name: str) -> Shape | None:
        """Nothing."""
        return None

    def names(self) -> Iterable[str]:
        """None."""
        return ()


@record
class Setting:
    """A part of the source, as the schema of all known settings describes it."""

    schema: Any

    def at(self, name: str) -> Shape | None:
        """The setting of that name, an item of the list (`*`), or anything in a mapping of free keys."""
        if not self.known():
            return self
        items, properties = self.schema.get("items"), self.schema.get("properties", {})
        if name == "*" and items is not None:
            return Setting(items)
        if name in properties:
            return Setting(properties[name])
        rest = self.schema.get("additionalProperties", False)
        return None if rest is False else Setting(rest)

    def known(self) -> bool:
        """Whether the schema says what may stand below."""
        words = ("items", "properties", "additionalProperties")
        return isinstance(self.schema, dict) and any(word in self.schema for word in words)

    def names(self) -> Collection[str]:
        """The settings that are known here."""
        return self.schema.get("properties", {}) if isinstance(self.schema, dict) else ()


@record
class Answers:
    """The row that a table answers with."""

    columns: frozenset[str]
    read: set[str]
    """The answers that were asked for."""

    def at(self, name: str) -> Shape | None:
        """One answer."""
        self.read.add(name)
        return Value() if name in self.columns else None

    def names(self) -> Iterable[str]:
        """All answers."""
        return self.columns


@record
class AnyOf:
    """The row of one table or of another: what any of them answers."""

    of: tuple[Answers, ...]

    def at(self, name: str) -> Shape | None:
        """One answer."""
        found = [shape.at(name) for shape in self.of if name in shape.columns]
        return found[0] if found else None

    def names(self) -> Iterable[str]:
        """All answers."""
        return frozenset().union(*(shape.columns for shape in self.of))


def alternatives(shapes: Iterable[Shape]) -> Shape:
    """The shape of the first of several that is there: an answer if all are answers, else a value."""
    several = list(shapes)
    of = [part for shape in several for part in (shape.of if isinstance(shape, AnyOf) else [shape])]
    answers = tuple(part for part in of if isinstance(part, Answers))
    return AnyOf(answers) if several and len(answers) == len(of) else Value()


def never(_shape: RowShape, _name: str) -> None:
    """What rows later become that become nothing."""


@record
class RowShape:
    """The columns of a relation's rows, those of the rows they come from, and what they later become."""

    columns: dict[str, Shape]
    base: RowShape | None = None
    later: Callable[[RowShape, str], Shape | None] = never

    def at(self, name: str) -> Shape | None:
        """The column of that name."""
        if name in self.columns:
            return self.columns[name]
        found = self.later(self, name)
        return found or (self.base.at(name) if self.base else None)

    def names(self) -> Iterable[str]:
        """All columns."""
        return [*self.columns, *(self.base.names() if self.base else ())]


ANYTHING = Setting(True)
UNKNOWN = RowShape({}, None, lambda _shape, _name: ANYTHING)
"""The rows of a relation that could not be found: all is right with them, so that one mistake is one problem."""


@record
class Rows:
    """A list of rows."""

    row: Shape

    def at(self, name: str) -> Shape | None:
        """Each row."""
        return self.row if name == "*" else None

    def names(self) -> Iterable[str]:
        """Rows have no names."""
        return ()


def walk(shape: Shape, path: Path) -> Shape | str:
    """The shape at `path`, or what is wrong with it."""
    seen: Path = ()
    for name in path:
        below = shape.at(name)
        if below is None:
            spot = f" in `{'.'.join(seen)}`" if seen else ""
            return f"`{name}` is no column or setting{spot}{suggestion(name, shape.names())}"
        shape, seen = below, (*seen, name)
    return shape


def suggestion(name: str, known: Iterable[str], lead: str = "; did you mean ") -> str:
    """The nearest known names as the end of a sentence; empty if none is near."""
    from difflib import get_close_matches  # noqa: PLC0415 - only when something is wrong

    near = get_close_matches(str(name), [str(other) for other in known], n=3, cutoff=0.6)
    return f"{lead}{' or '.join(f'`{other}`' for other in near)}?" if near else "."


def common(shapes: Iterable[RowShape]) -> dict[str, Shape]:
    """The columns that the rows of all of several relations have."""
    first, *others = shapes
    known: dict[str, Shape] = {name: shape for name in first.names() if (shape := first.at(name))}
    return {name: shape for name, shape in known.items() if all(name in set(other.names()) for other in others)}
