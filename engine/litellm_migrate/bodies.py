"""Request bodies and report views: one relation projected to plain values, every field with its origin."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from litellm_migrate.calls import Call
from litellm_migrate.closures import true
from litellm_migrate.model import Path
from litellm_migrate.outcomes import Finding, Sentence
from litellm_migrate.records import record
from litellm_migrate.rows import Column, Row
from litellm_migrate.trace import DIFFERS, Fact, Trace, demote, told, union

RowsOf = Callable[[str], list[Row]]


@record
class Remark:
    """A sentence about a field, said when its condition holds."""

    text: Column
    when: Column | None

    def on(self, row: Row) -> str | None:
        """The sentence for a row, or None."""
        return self.text.value(row) if self.when is None or true(self.when.value(row)) else None


@record
class Warning_:  # noqa: N801 - a warning about a field, not Python's
    """An outcome for what a column reads, when a condition holds, although the field is written."""

    of: tuple[Column, ...]
    when: Column | None
    sentence: Sentence

    def on(self, row: Row, rule: str) -> Iterator[Finding]:
        """The finding for a row, if there is one."""
        if self.when is None or true(self.when.value(row)):
            places = union(column.trace(row) for column in self.of).carried
            yield Finding(places, self.sentence.on(row), rule, row.spots[0] if row.spots else ())


@record
class Scalar:
    """A field with one value."""

    target: tuple[str, ...]
    rule: str
    column: Column
    remarks: tuple[Remark, ...] = ()
    warnings: tuple[Warning_, ...] = ()
    refers_to: str | None = None
    dropped: Sentence | None = None


@record
class Many:
    """A field that is a list: one item for each row of a relation, or of a column that holds rows."""

    target: tuple[str, ...]
    rule: str
    relation: str | None
    column: Column | None
    item: Column | None
    fields: tuple[Field, ...]
    highest_first: str | None = None
    optional: bool = False
    """Absent instead of empty."""
    dropped: Sentence | None = None


Field = Scalar | Many


@record
class Shape:
    """One file of payloads, or one section of the report."""

    id: str
    each: str
    fields: tuple[Field, ...]
    call: Call | None = None
    variables: Mapping[str, Column] | None = None
    """Dotted fields that may refer to an environment variable, and the column that says why (see `Variable`)."""
    extra: bool = False
    """Written only when it holds something."""
    absent: str = ""
    """What the report says when there is nothing to write."""
    schema: Any = None
    """What one body must fit, if the rules state it; else a file of the endpoint's name says so."""


@record
class Carried:
    """A field of a payload with its origin."""

    pointer: Path
    rule: str
    trace: Trace


@record
class Item:
    """One body, the row it was made from, and the origins of its fields."""

    body: Any
    row: Row
    fields: tuple[Carried, ...]


class Builder:
    """Fills bodies from rows; collects what the rules have to say on the way."""

    def __init__(self, rows_of: RowsOf) -> None:
        self.rows_of = rows_of
        self.findings: list[Finding] = []

    def item(self, shape: Shape, row: Row) -> Item:
        """The body of one row."""
        carried: list[Carried] = []
        return Item(self.body(shape.fields, row, (), carried), row, tuple(carried))

    def body(self, fields: tuple[Field, ...], row: Row, at: Path, carried: list[Carried] | None) -> dict[str, Any]:
        """The fields of one object; what has no value is absent. Their origins are noted if somebody asks for them."""
        made: dict[str, Any] = {}
        for field in fields:
            if field.dropped:
                self.drop(field, row)
                continue
            pointer = (*at, *field.target)
            value = self.scalar(field, row, pointer, carried) if isinstance(field, Scalar) else None
            if isinstance(field, Many):
                value = self.many(field, row, pointer, carried)
            if value is not None:
                place(made, field.target, value)
        return made

    def scalar(self, field: Scalar, row: Row, pointer: Path, carried: list[Carried] | None) -> Any:
        """The value of a field, and its origin noted."""
        value = field.column.value(row)
        if carried is not None:
            carried.append(Carried(pointer, field.rule, self.origin(field, row, value)))
        for warning in field.warnings:
            self.findings.extend(warning.on(row, field.rule))
        if value is not None and field.refers_to:
            return f"${{ref:{field.refers_to}/{value}}}"
        return value

    @staticmethod
    def origin(field: Scalar, row: Row, value: Any) -> Trace:
        """Where the value of a field came from, and what is said to differ about it."""
        trace = field.column.trace(row)
        if value is None or not field.remarks:
            return trace
        said = (remark.on(row) for remark in field.remarks)
        return union((trace, told(Fact(DIFFERS, (), text) for text in said if text)))

    def many(self, field: Many, row: Row, pointer: Path, carried: list[Carried] | None) -> list[Any] | None:
        """The items of a list, those that are ranked highest first."""
        rows = self.rows_of(field.relation) if field.relation else list(field.column.value(row) if field.column else ())
        if field.highest_first:
            rank = field.highest_first
            rows = sorted(rows, key=lambda one: -(one.get(rank) or 0))
        made: list[Any] = []
        for one in rows:
            at = (*pointer, len(made))
            made.append(field.item.value(one) if field.item else self.body(field.fields, one, at, carried))
            if carried is None:
                continue
            carried.append(Carried(at, field.rule, field.item.trace(one) if field.item else one.why()))
            if field.highest_first:
                carried.append(Carried(at, field.rule, demote(one.trace((field.highest_first,)))))
        return None if field.optional and not made else made

    def drop(self, field: Field, row: Row) -> None:
        """Worked out, not written: what it would have carried takes the outcome."""
        carried: list[Carried] = []
        if isinstance(field, Scalar):
            self.scalar(field, row, (), carried)
        else:
            self.many(field, row, (), carried)
        places = union(one.trace for one in carried).carried
        if places and field.dropped:
            self.findings.append(Finding(places, field.dropped.on(row), field.rule))


def place(body: dict[str, Any], target: tuple[str, ...], value: Any) -> None:
    """Puts a value at a dotted target, making the objects on the way."""
    for name in target[:-1]:
        body = body.setdefault(name, {})
    body[target[-1]] = value
