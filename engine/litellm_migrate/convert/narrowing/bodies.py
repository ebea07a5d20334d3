"""Bodies narrowed to a document: without the fields that are nothing in every row."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from litellm_migrate.convert.bodies import Field, Many, Remark, Scalar, Shape, Warning_
from litellm_migrate.convert.closures import true
from litellm_migrate.convert.columns import Constant
from litellm_migrate.convert.narrowing.columns import Narrow, nothing
from litellm_migrate.convert.narrowing.presence import OPEN
from litellm_migrate.convert.narrowing.relations import Narrowed
from litellm_migrate.rulebook.types import Rulebook
from litellm_migrate.source.records import replace


def narrowed(book: Rulebook, document: Any) -> Rulebook:
    """The rulebook for one document: the same values and origins, and nothing about what is not there."""
    relations = Narrowed(book.relations, document)
    endpoints = tuple(shape_of(shape, relations) for shape in book.endpoints)
    views = {name: replace(view, shape=shape_of(view.shape, relations)) for name, view in book.views.items()}
    return replace(book, relations=relations.made, endpoints=endpoints, views=views)


def shape_of(shape: Shape, relations: Narrowed) -> Shape:
    """An endpoint or a view."""
    narrow = Narrow(relations.scope(shape.each))
    variables = {name: narrow.column(column) for name, column in (shape.variables or {}).items()}
    return replace(shape, fields=tuple(fields_of(shape.fields, narrow, relations)), variables=variables)


def fields_of(fields: tuple[Field, ...], narrow: Narrow, relations: Narrowed) -> Iterator[Field]:
    """The fields that are left."""
    for field in fields:
        left = many_of(field, relations) if isinstance(field, Many) else scalar_of(field, narrow)
        if left:
            yield left


def many_of(field: Many, relations: Narrowed) -> Field:
    """A list."""
    inside = Narrow(relations.scope(field.relation) if field.relation else OPEN)
    item = inside.column(field.item) if field.item else None
    return replace(field, item=item, fields=tuple(fields_of(field.fields, inside, relations)))


def scalar_of(field: Scalar, narrow: Narrow) -> Field | None:
    """A field with one value; None if it never has one, and nothing is ever said of it."""
    column = narrow.column(field.column)
    warnings = tuple(warning for one in field.warnings if (warning := warning_of(one, narrow)))
    if nothing(column) and not warnings:
        return None
    return replace(field, column=column, warnings=warnings, remarks=tuple(remarks_of(field.remarks, narrow)))


def remarks_of(remarks: tuple[Remark, ...], narrow: Narrow) -> Iterator[Remark]:
    """The sentences that may be said."""
    for one in remarks:
        when = narrow.column(one.when) if one.when else None
        if not isinstance(when, Constant) or true(when.constant):
            yield Remark(one.text, when)


def warning_of(one: Warning_, narrow: Narrow) -> Warning_ | None:
    """An outcome that may be stated."""
    when = narrow.column(one.when) if one.when else None
    if isinstance(when, Constant) and not true(when.constant):
        return None
    return replace(one, when=when, of=narrow.there(one.of))
