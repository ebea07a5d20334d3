"""Bodies as values only: what an audit wants to see happen, without the origins that a report wants."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from litellm_migrate.convert.bodies import Field, Many, Scalar, Shape, place
from litellm_migrate.convert.expressions import true
from litellm_migrate.convert.rows import Row


class Filling:
    """Fills bodies as a conversion does, and says all that it would say."""

    def __init__(self, rows_of: Callable[[str], list[Row]]) -> None:
        self.rows_of = rows_of

    def bodies(self, shape: Shape) -> list[Any]:
        """The bodies of an endpoint or view."""
        return [self.body(shape.fields, row) for row in self.rows_of(shape.each)]

    def body(self, fields: tuple[Field, ...], row: Row) -> dict[str, Any]:
        """The fields of one object."""
        made: dict[str, Any] = {}
        for field in fields:
            value = self.scalar(field, row) if isinstance(field, Scalar) else self.many(field, row)
            if field.dropped:
                field.dropped.on(row) if value else None
            elif value is not None:
                place(made, field.target, value)
        return made

    def scalar(self, field: Scalar, row: Row) -> Any:
        """The value of a field; what is to be said of it is said."""
        value = field.column.value(row)
        if value is not None:
            for remark in field.remarks:
                remark.on(row)
        for warning in field.warnings:
            if warning.when is None or true(warning.when.value(row)):
                warning.sentence.on(row)
        return f"${{ref:{field.refers_to}/{value}}}" if value is not None and field.refers_to else value

    def many(self, field: Many, row: Row) -> list[Any] | None:
        """The items of a list, those that are ranked highest first."""
        rows = self.rows_of(field.relation) if field.relation else list(field.column.value(row) if field.column else ())
        rank = field.highest_first
        if rank:
            rows = sorted(rows, key=lambda one: -(one.get(rank) or 0))
        made = [field.item.value(one) if field.item else self.body(field.fields, one) for one in rows]
        return None if field.optional and not made else made

    def reasons(self, shape: Shape) -> None:
        """Works out why each variable of an endpoint is one."""
        for row in self.rows_of(shape.each):
            for column in (shape.variables or {}).values():
                column.value(row)
