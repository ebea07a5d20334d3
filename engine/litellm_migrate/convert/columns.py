"""Columns of rule files: how a value of a row comes about, and where from.

Each kind of column is a declaration that compiles to one closure from a row to a cell; that closure is the only place
where its meaning is written. Conversion, `check-rules` and `rules explain` run the same closures.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from litellm_migrate.convert.document import Subtree
from litellm_migrate.convert.expressions import Expression, true
from litellm_migrate.convert.origins import Origin, both, decides, in_vain, union
from litellm_migrate.convert.outcomes import Outcome
from litellm_migrate.convert.rows import ABSENT, Cell, Column, Compiler, Evaluator, Row
from litellm_migrate.source.model import Path, pointer


# ------------------------------------------------------------------ what the document holds
class Entry(NamedTuple):
    """A setting of the row's entry."""

    name: str

    def compiled(self, compiler: Compiler) -> Evaluator:
        """The value in the entry, which carries."""
        name = self.name

        def read(row: Row) -> Cell:
            place = row.place.children.get(name) if type(row.place) is Subtree else None
            return ABSENT if place is None else (row.entry[name], place)  # type: ignore[index]  # a mapping

        return read


class WholeEntry(NamedTuple):
    """The row's entry itself."""

    def compiled(self, compiler: Compiler) -> Evaluator:
        """The entry, which carries as a whole."""
        return lambda row: (row.entry, row.place)


class EntryKey(NamedTuple):
    """The key of the row's entry in its mapping: a name that no leaf of the document holds."""

    def compiled(self, compiler: Compiler) -> Evaluator:
        """The key, without an origin."""
        return lambda row: (row.path[-1] if row.path else None, None)


class EntryPlace(NamedTuple):
    """Where the row's entry stands in the document."""

    def compiled(self, compiler: Compiler) -> Evaluator:
        """The pointer, without an origin."""
        return lambda row: (PathPointer(row.path or ()), None)


class PathPointer(str):
    """A JSON pointer that still has the path it points to."""

    __slots__ = ("path",)
    path: Path

    def __new__(cls, path: Path) -> PathPointer:
        """The pointer to `path`."""
        text = super().__new__(cls, pointer(path))
        text.path = path
        return text


# ------------------------------------------------------------------ what is made of other columns
class Constant(NamedTuple):
    """The same value in every row."""

    constant: object

    def compiled(self, compiler: Compiler) -> Evaluator:
        """The constant; its origin is the rule that states it."""
        cell = (self.constant, None)
        return lambda row: cell


class First(NamedTuple):
    """The first alternative that is there; `0` and `false` are there."""

    alternatives: tuple[Column, ...]

    def compiled(self, compiler: Compiler) -> Evaluator:
        """The winner's value and origin; alternatives before it were asked in vain, those after it are not asked."""
        pairs = [(compiler(alternative), carries_settings(alternative)) for alternative in self.alternatives]
        turns = [
            (evaluator, tuple([later for later, carries in pairs[number:] if carries]))
            for number, (evaluator, _) in enumerate(pairs, 1)
        ]

        def read(row: Row) -> Cell:
            passed: list[Origin] = []
            for evaluator, later in turns:
                cell = evaluator(row)
                value, origin = cell
                if value is not None:
                    if later:
                        row.context.contests.append((row, later, origin))
                    return (value, union([*passed, origin])) if passed else cell
                if origin is not None and (vain := in_vain(origin)) is not None:
                    passed.append(vain)
            return (None, union(passed)) if passed else ABSENT

        return read


def carries_settings(column: Column) -> bool:
    """Whether a column can carry a setting: a constant cannot, whatever decides that it is there."""
    return carries_settings(column.column) if isinstance(column, When) else not isinstance(column, Constant)


class When(NamedTuple):
    """A value that is there only if a condition holds."""

    column: Column
    condition: Expression

    def compiled(self, compiler: Compiler) -> Evaluator:
        """The value, with its origin and the condition's, which decides."""
        value_of, condition = compiler(self.column), compiler(self.condition)

        def read(row: Row) -> Cell:
            holds, origin = condition(row)
            if true(holds):
                cell = value_of(row)
                return cell if origin is None else (cell[0], both(decides(origin), cell[1]))
            return ABSENT if origin is None else (None, decides(origin))

        return read


class Unless(NamedTuple):
    """A value that is there only where it departs from what is usual."""

    column: Column
    usual: Column

    def compiled(self, compiler: Compiler) -> Evaluator:
        """The value with its origin, which a value that is usual has as well."""
        value_of, usual_of = compiler(self.column), compiler(self.usual)

        def read(row: Row) -> Cell:
            value, origin = value_of(row)
            return (None if value == usual_of(row)[0] else value), origin

        return read


class Text(NamedTuple):
    """A text with holes."""

    parts: tuple[Column, ...]
    """The holes, and what stands between them as constants."""

    def compiled(self, compiler: Compiler) -> Evaluator:
        """The filled text, there only if every hole has a value, with the origins of all holes."""
        parts = [compiler(part) for part in self.parts]

        def read(row: Row) -> Cell:
            cells = [part(row) for part in parts]
            values = [value for value, _ in cells]
            text = None if None in values else "".join(map(str, values))
            return text, union([origin for _, origin in cells])

        return read

    def sentence(self, compiler: Compiler) -> Callable[[Row], str]:
        """The text with an ellipsis for each hole that has no value: a sentence that must be read is never empty."""
        parts, watch = [compiler(part) for part in self.parts], compiler.observer(self)

        def fill(row: Row) -> str:
            values = [part(row)[0] for part in parts]
            text = "".join("…" if value is None else str(value) for value in values)
            if watch:
                watch(None if None in values else text)
            return text

        return fill


class ListOf(NamedTuple):
    """A list of the values that are there; none is no list."""

    columns: tuple[Column, ...]

    def compiled(self, compiler: Compiler) -> Evaluator:
        """The list, with the origins of all."""
        parts = [compiler(column) for column in self.columns]

        def read(row: Row) -> Cell:
            cells = [part(row) for part in parts]
            return [value for value, _ in cells if value is not None] or None, union([cell[1] for cell in cells])

        return read


class Sentence(NamedTuple):
    """An outcome whose texts may have holes."""

    word: str
    because: Text
    do: Text
    code: str

    def outcomes(self, compiler: Compiler) -> Callable[[Row], Outcome]:
        """The outcome as it reads for a row."""
        because, do = self.because.sentence(compiler), self.do.sentence(compiler)
        return lambda row: Outcome(self.word, because(row), do(row), self.code)
