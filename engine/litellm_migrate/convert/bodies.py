"""Request bodies and report views: what their fields are made of, and how rows fill them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from litellm_migrate.convert.calls import Call, identity_of, number
from litellm_migrate.convert.columns import Sentence
from litellm_migrate.convert.expressions import true
from litellm_migrate.convert.origins import Origin, decides, marked, resolve, union
from litellm_migrate.convert.outcomes import DIFFERS
from litellm_migrate.convert.relations import Relations
from litellm_migrate.convert.rows import Column, Compiler, Row
from litellm_migrate.convert.steps import FindingRule
from litellm_migrate.source.model import Json, Path

Target = tuple[str, ...]
"""The keys of a field inside its object."""


class Remark(NamedTuple):
    """What will not be identical about a field."""

    when: Column
    """Whether that is so."""
    sentence: Sentence


class Scalar(NamedTuple):
    """A field with one value."""

    target: Target
    rule: str
    column: Column
    differs: tuple[Remark, ...] = ()
    warnings: tuple[FindingRule, ...] = ()
    """Outcomes for what some columns carry, although the field is written."""
    refers_to: str | None = None
    """The endpoint whose entity the value names."""
    dropped: Sentence | None = None
    """What becomes of the settings of a field that is worked out and not written."""


class Many(NamedTuple):
    """A field that is a list: one item for each row of a relation, or of a column that holds rows."""

    target: Target
    rule: str
    relation: str | None
    column: Column | None
    fields: tuple[Field, ...]
    highest_first: str | None = None
    dropped: Sentence | None = None


Field = Scalar | Many


class Shape(NamedTuple):
    """One file of payloads, or one section of the report."""

    id: str
    each: str
    fields: tuple[Field, ...]
    call: Call | None
    variables: Mapping[str, Column]
    """Dotted fields that may refer to an environment variable, and the column that says why (see `Variable`)."""
    environment: Mapping[str, Column]
    """Likewise, fields that hold the name of a variable which the gateway reads where it runs."""
    optional: bool
    """Written only when it holds something."""
    absent: str
    """What the report says when there is nothing to write."""
    schema: Any  # a JSON Schema
    """What one body must fit, if the rules state it; else a file of the endpoint's name says so."""


class FieldOrigin(NamedTuple):
    """Where a field of a body is, which rule states it, where its value came from, and whether it is written."""

    pointer: Path
    rule: str
    origin: Origin
    written: bool = True


class Body(NamedTuple):
    """The body of one row, and the origins of its fields."""

    value: dict[str, Any]  # JSON
    row: Row
    fields: list[FieldOrigin]


Trail = list[FieldOrigin] | None
"""Takes the origins of fields; None where nobody asks for them."""
Filler = Callable[[Row, Path, Relations, Trail], Any]
"""The JSON value of a field that stands at a path of its body, None if it has none."""


def compiled_object(fields: Iterable[Field], compiler: Compiler) -> Filler:
    """The function that fills an object of some fields; what has no value is absent."""
    fillers = [(field.target, compiled_field(field, compiler)) for field in fields]

    def fill(row: Row, path: Path, relations: Relations, trail: Trail) -> dict[str, Any]:
        body: dict[str, Any] = {}
        for target, filler in fillers:
            value = filler(row, (*path, *target), relations, trail)
            if value is not None:
                place(body, target, value)
        return body

    return fill


def place(body: dict[str, Any], target: Target, value: object) -> None:
    """Puts a value at a dotted target, making the objects on the way."""
    for name in target[:-1]:
        body = body.setdefault(name, {})
    body[target[-1]] = value


def compiled_field(field: Field, compiler: Compiler) -> Filler:
    """The function that fills one field."""
    filler = compiled_scalar(field, compiler) if isinstance(field, Scalar) else compiled_list(field, compiler)
    return compiled_dropped(field.rule, field.dropped, filler, compiler) if field.dropped else filler


def compiled_scalar(field: Scalar, compiler: Compiler) -> Filler:
    """The function that fills a field with one value, remarks and warnings included."""
    read = compiler(field.column)
    remarks = [(compiler(remark.when), remark.sentence.outcomes(compiler)) for remark in field.differs]
    warnings = [rule.compiled(compiler) for rule in field.warnings]

    def fill(row: Row, path: Path, relations: Relations, trail: Trail) -> Any:
        value, origin = read(row)
        if trail is not None:
            for warn in warnings:
                warn(row, relations)
            for when, differs in remarks if value is not None else ():
                origin = marked(DIFFERS, differs(row), origin) if true(when(row)[0]) else origin
            if value is not None or origin is not None:
                trail.append(FieldOrigin(path, field.rule, origin, value is not None))
        return value if value is None or not field.refers_to else f"${{ref:{field.refers_to}/{value}}}"

    return fill


def compiled_list(field: Many, compiler: Compiler) -> Filler:
    """The function that fills a list with an item for each row; those that are ranked, highest first."""
    rank = field.highest_first
    members = field.column and compiler(field.column)
    body = compiled_object(field.fields, compiler)

    def fill(row: Row, path: Path, relations: Relations, trail: Trail) -> list[Any]:
        rows: Any = relations.rows_of(field.relation) if field.relation else (members and members(row)[0]) or []
        if rank:
            rows = sorted(rows, key=lambda ranked: -(number(ranked.value(rank)) or 0))
        items: list[Any] = []
        for index, item_row in enumerate(rows):
            at = (*path, index)
            items.append(body(item_row, at, relations, trail))
            if trail is not None:
                trail.append(FieldOrigin(at, field.rule, item_row.why()))
                if rank:
                    trail.append(FieldOrigin(at, field.rule, decides(item_row[rank][1])))
        return items

    return fill


def compiled_dropped(rule: str, sentence: Sentence, filler: Filler, compiler: Compiler) -> Filler:
    """The function of a field that is worked out and not written: what it would have carried takes an outcome."""
    outcome = sentence.outcomes(compiler)

    def fill(row: Row, path: Path, relations: Relations, trail: Trail) -> None:
        if trail is None:
            return
        dropped: list[FieldOrigin] = []
        filler(row, path, relations, dropped)
        places = resolve(union([field.origin for field in dropped])).carried
        if places:
            relations.find(places, outcome(row), rule, dropped=True)

    return fill


def repeated(call: Call, bodies: Iterable[Json]) -> Iterator[tuple[int, int]]:
    """The number of each body that has the same unique key as an earlier one, and the number of that."""
    first: dict[str, int] = {}
    for index, body in enumerate(bodies) if call.unique_key else ():
        key = identity_of(call, body)
        if first.setdefault(key, index) != index:
            yield index, first[key]
