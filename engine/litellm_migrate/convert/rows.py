"""Rows and their cells. A cell is a value with its origin, worked out when it is first read, once.

A row is made from an entry of the document, from a row of another relation (its base), or from several rows (the
members of a group). A column that a row does not have is the base row's.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, Protocol

from litellm_migrate.convert.document import Document, Subtree
from litellm_migrate.convert.origins import MemberOrigins, Origin, Restricted, below, both, marked
from litellm_migrate.convert.outcomes import DIFFERS, difference
from litellm_migrate.source.model import Path

if TYPE_CHECKING:
    from litellm_migrate.convert.lookups import Matcher

MEMBERS = "members"
"""The column of a group that holds the rows it gathers."""
KEY = "key"
"""The cell of a table's answer that holds the key of its row."""
Cell = tuple[object, Origin]
"""A value, None if it is absent, and where it came from."""
Evaluator = Callable[["Row"], Cell]
"""What a column compiles to: the cell of a row."""
ABSENT: Cell = (None, None)
CONFIG = "config"
"""The column of every row that holds the whole document."""


class Column(Protocol):
    """How a value of a row comes about, as a rule file says it."""

    def compiled(self, compiler: Compiler) -> Evaluator:
        """The one function that gives its value and origin."""


Watch = Callable[[Any], None]  # a value of any type
Observer = Callable[[object], Watch | None]
"""Gives, for a column, a table or a step that adds columns, what is called with each value, reply or list of rows;
None if nobody watches it."""


class Compiler:
    """Compiles columns; with an observer, what happens in them can be watched."""

    def __init__(self, observer: Observer = lambda _: None) -> None:
        self.observer = observer

    def __call__(self, column: Column) -> Evaluator:
        """The evaluator of a column."""
        read, watch = column.compiled(self), self.observer(column)
        if watch is None:
            return read

        def watched(row: Row) -> Cell:
            cell = read(row)
            watch(cell[0])
            return cell

        return watched


class RowContext(Protocol):
    """What columns read beside their row: the document, rows of other relations, and where contests are noted."""

    document: Document
    contests: list[Contest]
    """Lists of alternatives with a winner."""

    def rows_by_key(self, relation: str, keys: tuple[Column, ...]) -> Mapping[tuple[object, ...], list[Row]]:
        """The rows of a relation by the values of some of its columns."""

    def matcher(self, relation: str, columns: tuple[Column, Column, Column]) -> Matcher:
        """What lists name of the rows of a relation."""


class Answer(dict[str, object]):
    """A row of a table as an answer: what lies inside it has the origin of the question."""

    __slots__ = ()


class Stage(dict[str, Evaluator]):
    """The evaluators of a relation's columns between two groupings, each compiled when it is first read."""

    def __init__(self, columns: Mapping[str, Column], compiler: Compiler) -> None:
        self.columns = columns
        self.compiler = compiler

    def __missing__(self, name: str) -> Evaluator:
        column = self.columns.get(name)
        missing = whole if name == CONFIG else inherited(name)
        evaluator = self[name] = missing if column is None else self.compiler(column)
        return evaluator


def whole(row: Row) -> Cell:
    """The document."""
    return row.context.document.value, row.context.document.root


def inherited(name: str) -> Evaluator:
    """The row's descendant in the relation of that name, or else a column of its base row."""

    def read(row: Row) -> Cell:
        if row.descendants is not None and name in row.descendants:
            return row.descendants[name], None
        return row.base[name] if row.base is not None else ABSENT

    return read


class Row(dict[str, Cell]):
    """One row of a relation: its cells by column, each worked out when it is first read."""

    __slots__ = (
        *("_why", "base", "context", "descendants", "entry", "filters"),
        *("member_keys", "members", "path", "place", "stage"),
    )

    def __init__(self, stage: Stage, context: RowContext) -> None:
        self.stage = stage
        self.context = context
        self.base: Row | None = None
        self.members: list[Row] | None = None
        self.member_keys: list[Origin] = []
        """By member, the origin of its key."""
        self.entry: object = None
        """The value of the entry of the document that it was made from, with its path and its place."""
        self.path: Path | None = None
        self.place: Origin = None
        self.filters: Origin = None
        """The conditions that let it pass."""
        self.descendants: dict[str, Row | MemberView] | None = None
        """The rows of other relations that were made from it, by relation."""
        self._why: tuple[Origin] | None = None

    def __missing__(self, name: str) -> Cell:
        cell = self[name] = self.stage[name](self)
        return cell

    def __eq__(self, other: object) -> bool:
        return self is other

    __hash__ = object.__hash__  # type: ignore[assignment]  # rows are told apart by identity

    def value(self, name: str) -> object:
        """The value of a column."""
        return self[name][0]

    def copy(self) -> Row:
        """A second row with the same cells."""
        twin = Row(self.stage, self.context)
        twin.update(dict(self))
        twin.base, twin.members = self.base, self.members
        twin.member_keys, twin.filters = self.member_keys, self.filters
        twin.entry, twin.path, twin.place = self.entry, self.path, self.place
        return twin

    def why(self) -> Origin:
        """What decided that it exists: conditions that let it pass, keys that grouped it."""
        if self._why is None:
            earlier: Origin = None
            if self.base is not None:
                earlier = self.base.why()
            elif self.members is not None:
                pairs = zip(self.member_keys, self.members, strict=True)
                earlier = of_members(self, [both(key, member.why()) for key, member in pairs])
            self._why = (both(self.filters, earlier),)
        return self._why[0]

    def entries(self) -> list[tuple[Path, Origin]]:
        """The entries of the document that it was made from, each once, with their places."""
        if self.path is not None:
            return [(self.path, self.place)]
        if self.members is not None:
            entries = {path: (path, place) for member in self.members for path, place in member.entries()}
            return list(entries.values())
        return self.base.entries() if self.base is not None else []

    def ancestors(self) -> Iterator[Row]:
        """The rows of other relations that it, or what it gathers, was made from."""
        if self.members is not None:
            for member in self.members:
                yield from member.ancestors()
        elif self.base is not None:
            yield self.base


Contest = tuple[Row, tuple[Evaluator, ...], Origin]
"""A row, the later alternatives of a list that were not read in it because an earlier one had a value, and the origin
of that value."""


class MemberView:
    """A group as one of its ancestors reads it: its values, with the origins of that ancestor's members only.

    A deployment that reads the name of its group gets the group's value, and of its origins those from itself.
    """

    __slots__ = ("members", "row")

    def __init__(self, row: Row, members: list[int]) -> None:
        self.row = row
        self.members = members

    def __getitem__(self, name: str) -> Cell:
        value, origin = self.row[name]
        return value, None if origin is None else Restricted(self.row, self.members, origin)


def link_descendants(relation: str, rows: list[Row]) -> None:
    """Lets the ancestors of a relation's rows find them by the relation's name; of several, each finds the first."""
    for row in rows:
        for number, member in enumerate(row.members or (row,)):
            for ancestor in member.ancestors():
                if ancestor.descendants is None:
                    ancestor.descendants = {}
                if row.members is None or len(row.members) == 1:
                    ancestor.descendants.setdefault(relation, row)
                    continue
                view = ancestor.descendants.setdefault(relation, MemberView(row, [number]))
                if isinstance(view, MemberView) and view.row is row and view.members[-1] != number:
                    view.members.append(number)


def of_members(row: Row, origins: list[Origin]) -> Origin:
    """The origin of what a group gathers; a group of one has its member's."""
    if len(origins) == 1:
        return origins[0]
    return MemberOrigins(row, origins) if any(origin is not None for origin in origins) else None


def inside(cell: Cell, key: str) -> Cell:
    """The cell under a key of a value: of a setting, of a table's answer, or of another row."""
    value, origin = cell
    if value is None:
        return ABSENT if origin is None else (None, below(origin, key))
    if type(value) is dict:
        if type(origin) is Subtree:
            place = origin.children.get(key)
            return ABSENT if place is None else (value[key], place)
        return value.get(key), below(origin, key)
    if isinstance(value, Answer):
        content = value.get(key)
        differs = difference(value) if content is not None and key != KEY else None
        return content, (marked(DIFFERS, differs, origin) if differs else origin)
    if isinstance(value, (Row, MemberView)):
        content, inner = value[key]
        return content, both(origin, inner)
    return ABSENT if origin is None else (None, below(origin, key))
