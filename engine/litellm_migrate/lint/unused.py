"""Relations that nothing reads, columns that nothing reads."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from litellm_migrate.convert.steps.plain import Note, Require, RequireAnswer
from litellm_migrate.lint.books import Audited
from litellm_migrate.lint.found import UNUSED, Found
from litellm_migrate.rulebook.nodes import RuleNode
from litellm_migrate.rulebook.static_types import RowShape
from litellm_migrate.source.model import Position

STATES = (Note, Require, RequireAnswer)
"""Steps that state something although nothing reads their rows."""


def relations(specs: list[RuleNode], relation_specs: Mapping[str, RuleNode], books: list[Audited]) -> Iterator[Found]:
    """A finding for each relation that no endpoint, view, guide or other relation reads and that states nothing."""
    used = {name for spec in specs if spec.value["kind"] != "relation" for name in eaches(spec.value)}
    for audited in books:
        used |= {name for relation in audited.book.relations.values() for name in relation.needs}
        used |= {name for spec in audited.endpoints.values() for name in eaches(spec.value)}
        for name, relation in audited.book.relations.items():
            if any(isinstance(step, STATES) or getattr(step, "otherwise", None) for step in relation.steps):
                used.add(name)
    for name, spec in relation_specs.items():
        if name not in used:
            yield Found.at(UNUSED, spec, f"nothing reads relation `{name}`. Delete it, or use it.")


def eaches(value: object) -> Iterator[str]:
    """Every relation that a document is a projection of."""
    if isinstance(value, dict):
        if isinstance(value.get("each"), str):
            yield value["each"]
        for below in value.values():
            yield from eaches(below)
    elif isinstance(value, list):
        for below in value:
            yield from eaches(below)


def columns(books: list[Audited]) -> Iterator[Found]:
    """A finding for each column that nothing reads in any dialect."""
    places: dict[Position, tuple[RuleNode, str]] = {}
    read: set[Position] = set()
    for audited in books:
        names = read_by(audited)
        for key, (spec, _) in audited.columns.defined.items():
            places[spec.position()] = (spec, key[1])
            if key in names:
                read.add(spec.position())
    for place in sorted(set(places) - read):
        spec, name = places[place]
        yield Found.at(UNUSED, spec, f"nothing reads the column `{name}`. Delete it, or use it.")


def read_by(audited: Audited) -> set[tuple[int, str]]:
    """The columns that rules read, by row shape and name; of a union, those of each part."""
    read = set(audited.columns.read)
    relations = audited.book.relations
    for relation in reversed(list(relations.values())):  # each comes after those that it is made from
        base = relation.shape.base
        if len(relation.rows) > 1 and base is not None:
            for column in [column for shape, column in read if shape == id(base.columns)]:
                for source in relation.rows:
                    read |= holder(relations[source].shape, column)
    return read


def holder(shape: RowShape | None, name: str) -> set[tuple[int, str]]:
    """The shape that holds a column, and its name."""
    while shape is not None and name not in shape.columns:
        shape = shape.base
    return {(id(shape.columns), name)} if shape is not None else set()
