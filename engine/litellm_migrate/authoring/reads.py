"""Which rules read a setting, and which fields its value reaches: followed through columns, without a configuration."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from litellm_migrate.convert.expressions import Expression
from litellm_migrate.convert.relations import Relation
from litellm_migrate.convert.rows import MEMBERS
from litellm_migrate.convert.tables import Table
from litellm_migrate.rulebook.columns import Columns
from litellm_migrate.rulebook.nodes import RuleNode
from litellm_migrate.rulebook.static_types import Rows, RowShape, Setting, StaticType
from litellm_migrate.source.model import Path, Position, Problem

DECIDES = frozenset({"when", "that", "where", "usual", "told_apart_by", "when_shared", "lowest", "highest_first"})
"""The words below which an expression only decides."""


class Place(NamedTuple):
    """Something that a rule states: a column of a relation, a field of an endpoint, or what a step says."""

    kind: str
    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Read:
    """One expression: where it stands, what it states, and which settings and columns it reads."""

    place: Place
    at: Position
    settings: tuple[int, ...]
    """By identity, parts of the schema of all settings."""
    columns: tuple[tuple[int, str], ...]
    """By identity of the shape that holds them, and name."""
    decides: bool


class ReadingColumns(Columns):
    """A compiler that remembers what every expression reads."""

    def __init__(self, tables: Mapping[str, Table], problems: list[Problem], documents: Mapping[Any, RuleNode]) -> None:
        super().__init__(tables, problems)
        self.documents = documents
        """By the position of its beginning, each document."""
        self.reads: list[Read] = []

    def expression(self, spec: RuleNode, shape: RowShape, condition: bool = False) -> tuple[Expression, StaticType]:
        """An expression; what it reads is remembered."""
        made, found = super().expression(spec, shape, condition)
        document = self.documents.get(spec.document)
        if document is not None:
            settings: list[int] = []
            columns: list[tuple[int, str]] = []
            for path in made.reads:
                follow(shape, path, settings, columns)
            place = stated(document, spec.path)
            decides = (
                condition or bool(DECIDES & set(spec.path)) or spec.path[2:4] in (("join", "by"), ("within", "by"))
            )
            self.reads.append(Read(place, spec.position(), tuple(settings), tuple(columns), decides))
        return made, found


def follow(shape: StaticType | None, path: Path, settings: list[int], columns: list[tuple[int, str]]) -> None:
    """Notes the columns along a path, and the setting at its end."""
    for name in path:
        holder = shape
        while isinstance(holder, RowShape) and name not in holder.columns:
            holder = holder.base
        if isinstance(holder, RowShape):
            columns.append((id(holder.columns), name))
        shape = shape.at(name) if shape else None
    if isinstance(shape, Setting):
        settings.append(id(shape.schema))


def stated(document: RuleNode, path: Path) -> Place:
    """What an expression at a path of a document helps to state."""
    kind, name = str(document.value["kind"]), str(document.value["id"])
    if kind != "relation":
        fields = [str(path[n + 1]) for n, above in enumerate(path[:-1]) if above == "body"]
        return Place(kind, name, ".".join(fields))
    verb, below = (*path[2:4], None, None)[:2]
    if verb in ("columns", "name"):
        return Place(kind, name, str(below))
    if verb in ("group", "within") and len(path) > 4 and isinstance(path[4], str):
        return Place(kind, name, str(path[4]))
    step = document.at(*path[:3])
    column = (
        step.value.get("as", step.value.get("to") if verb == "join" else None) if isinstance(step.value, dict) else None
    )
    return Place(kind, name, str(column or ""))


def owners(relations: Mapping[str, Relation]) -> dict[int, str]:
    """By identity of its columns, the relation of each shape of rows."""
    found: dict[int, str] = {}

    def visit(shape: StaticType | None, name: str) -> None:
        while isinstance(shape, RowShape) and id(shape.columns) not in found:
            found[id(shape.columns)] = name
            members = shape.columns.get(MEMBERS)
            visit(members.row if isinstance(members, Rows) else None, name)
            shape = shape.base

    for name, relation in relations.items():
        visit(relation.shape, name)
    return found


def unions(relations: Mapping[str, Relation]) -> Iterator[tuple[Place, Place]]:
    """The columns of relations that become those of a union, and which."""
    for name, relation in relations.items():
        base = relation.shape.base
        if len(relation.rows) > 1 and base is not None:
            for column in base.columns:
                yield from ((Place("relation", one, column), Place("relation", name, column)) for one in relation.rows)
