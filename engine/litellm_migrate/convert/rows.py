"""One row of a relation, and what a column is: how one value of every row comes about."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Protocol

from litellm_migrate.convert.own import Spots
from litellm_migrate.convert.trace import NOTHING, Trace
from litellm_migrate.source.model import Path

if TYPE_CHECKING:
    from litellm_migrate.convert.frames import Frame

ROW = "row"
"""The answer that is the key of the table's row."""
MEMBERS = "members"
"""The column of a group that holds the rows it gathers."""


class Column(Protocol):
    """How one value of a row comes about, and where from."""

    answers: ClassVar[bool]
    """Whether what lies inside is an answer of a table, which has the origins of the whole."""

    def value(self, row: Row) -> Any:
        """The value for one row; None is absent."""

    def values(self, frame: Frame) -> list[Any]:
        """The values for all rows."""

    def traces(self, frame: Frame, rest: Path = ()) -> list[Trace]:
        """The origins of the values, or of what lies at `rest` inside them, as the rows tell them."""


class Made:
    """A column made of what it reads: what the values are decides which origins are its own."""

    __slots__ = ()
    answers: ClassVar[bool] = False


class Given:
    """A column whose values the source holds, or a step works out."""

    __slots__ = ()
    answers: ClassVar[bool] = False
    name: str

    def value(self, row: Row) -> Any:
        """The value for one row."""
        return row.get(self.name)

    def values(self, frame: Frame) -> list[Any]:
        """Nothing before the step."""
        return [None] * frame.count

    def traces(self, frame: Frame, rest: Path = ()) -> list[Trace]:
        """No setting."""
        return [NOTHING] * frame.count


class Row:
    """One row of a frame; JMESPath reads it as a mapping."""

    __slots__ = ("at", "frame")

    def __init__(self, frame: Frame, at: int) -> None:
        self.frame = frame
        self.at = at

    @property
    def spots(self) -> Spots:
        """The places of the entries that it was made from."""
        return self.frame.spots[self.at]

    def get(self, name: str) -> Any:
        """The value of a column, here, later or earlier."""
        return self.frame.read((name,))[self.at]

    def read(self, path: Path) -> Any:
        """What it holds at a path."""
        return self.frame.read(path)[self.at]

    def trace(self, path: Path) -> Trace:
        """The origins of what it holds at a path, as it tells them."""
        return self.frame.traces(path)[self.at]

    def origins(self, column: Column) -> Trace:
        """The origins of what a column gives, as it tells them."""
        return self.frame.traces_of(column)[self.at]

    def why(self) -> Trace:
        """What decided that it exists, as it tells that."""
        return self.frame.whys()[self.at]
