"""Fills bodies from rows: the fields of each object are worked out for all rows of a relation, then laid row by row."""

from __future__ import annotations

from typing import Any, NamedTuple

from litellm_migrate.convert.bodies import Carried, Field, Item, Many, Remark, Scalar, Shape, Warning_, place
from litellm_migrate.convert.closures import true
from litellm_migrate.convert.frames import Frame
from litellm_migrate.convert.outcomes import Finding
from litellm_migrate.convert.relations import Relations
from litellm_migrate.convert.rows import Column, Row
from litellm_migrate.convert.trace import DIFFERS, NOTHING, Fact, Trace, demote, told, union
from litellm_migrate.source.model import Path


class Worked(NamedTuple):
    """One field worked out for all rows of a frame."""

    field: Field
    values: list[Any]
    origins: list[Trace]
    remarks: list[tuple[Remark, list[bool]]]
    """With each, for which rows it is said."""
    warnings: list[tuple[Warning_, list[bool]]]


class Builder:
    """Fills bodies from rows; collects what the rules have to say on the way."""

    def __init__(self, relations: Relations) -> None:
        self.relations = relations
        self.findings: list[Finding] = []
        self._worked: dict[tuple[int, int, bool], list[Worked]] = {}

    def items(self, shape: Shape) -> list[Item]:
        """The bodies of an endpoint."""
        items = [self.item(shape, row) for row in self.relations.rows_of(shape.each)]
        self._worked.clear()
        return items

    def bodies(self, shape: Shape) -> list[Any]:
        """The bodies alone."""
        bodies = [self.body(shape.fields, row, (), None) for row in self.relations.rows_of(shape.each)]
        self._worked.clear()
        return bodies

    def item(self, shape: Shape, row: Row) -> Item:
        """The body of one row."""
        carried: list[Carried] = []
        return Item(self.body(shape.fields, row, (), carried), row, tuple(carried), row.why())

    def body(self, fields: tuple[Field, ...], row: Row, at: Path, carried: list[Carried] | None) -> dict[str, Any]:
        """The fields of one object; what has no value is absent. Their origins are noted if somebody asks for them."""
        made: dict[str, Any] = {}
        for worked in self.worked(fields, row.frame, carried is not None):
            field = worked.field
            if field.dropped:
                self.drop(worked, row)
                continue
            pointer = (*at, *field.target) if at else field.target
            if isinstance(field, Scalar):
                value = self.scalar(worked, row, pointer, carried)
            else:
                value = self.many(field, row, pointer, carried)
            if value is not None:
                place(made, field.target, value)
        return made

    def worked(self, fields: tuple[Field, ...], frame: Frame, traced: bool) -> list[Worked]:
        """The fields of an object for all rows of a frame."""
        key = id(fields), id(frame), traced
        if key not in self._worked:
            self._worked[key] = [work(field, frame, traced or bool(field.dropped)) for field in fields]
        return self._worked[key]

    def scalar(self, worked: Worked, row: Row, pointer: Path, carried: list[Carried] | None) -> Any:
        """The value of a field, and its origin noted."""
        field, value = worked.field, worked.values[row.at]
        if carried is not None:
            origin = worked.origins[row.at]
            if worked.remarks and value is not None:
                said = (remark.text.value(row) for remark, holds in worked.remarks if holds[row.at])
                origin = union((origin, told(Fact(DIFFERS, (), text) for text in said if text)))
            if value is not None or origin is not NOTHING:
                carried.append(Carried(pointer, field.rule, origin, row.spots))
        for warning, holds in worked.warnings:
            if holds[row.at]:
                self.findings.append(warning.on(row, field.rule))
        if value is not None and isinstance(field, Scalar) and field.refers_to:
            return f"${{ref:{field.refers_to}/{value}}}"
        return value

    def many(self, field: Many, row: Row, pointer: Path, carried: list[Carried] | None) -> list[Any] | None:
        """The items of a list, those that are ranked highest first."""
        rows = self.rows(field, row)
        made: list[Any] = []
        for one in rows:
            at = (*pointer, len(made))
            made.append(field.item.value(one) if field.item else self.body(field.fields, one, at, carried))
            if carried is None:
                continue
            origin = one.origins(field.item) if field.item else one.why()
            carried.append(Carried(at, field.rule, origin, one.spots))
            if field.highest_first:
                carried.append(Carried(at, field.rule, demote(one.trace((field.highest_first,))), one.spots))
        return None if field.optional and not made else made

    def rows(self, field: Many, row: Row) -> list[Row]:
        """The rows that a list has items for."""
        held = field.column.value(row) if field.column else ()
        rows = self.relations.rows_of(field.relation) if field.relation else list(held or ())
        rank = field.highest_first
        return sorted(rows, key=lambda one: -(one.get(rank) or 0)) if rank else rows

    def drop(self, worked: Worked, row: Row) -> None:
        """Worked out, not written: what it would have carried takes the outcome."""
        carried: list[Carried] = []
        field = worked.field
        if isinstance(field, Scalar):
            self.scalar(worked, row, (), carried)
        else:
            self.many(field, row, (), carried)
        places = union(one.trace for one in carried).carried
        if places and field.dropped:
            self.findings.append(Finding(places, field.dropped.on(row), field.rule))


def work(field: Field, frame: Frame, traced: bool) -> Worked:
    """One field for all rows; its origins only if they are asked for."""
    if isinstance(field, Many):
        return Worked(field, [], [], [], [])
    return Worked(
        field,
        frame.values_of(field.column),
        frame.traces_of(field.column) if traced else [],
        [(remark, holding(remark.when, frame)) for remark in field.remarks] if traced else [],
        [(warning, holding(warning.when, frame)) for warning in field.warnings],
    )


def holding(when: Column | None, frame: Frame) -> list[bool]:
    """For which rows a condition holds."""
    return list(map(true, frame.values_of(when))) if when else [True] * frame.count
