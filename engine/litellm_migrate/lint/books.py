"""The rulebook in every dialect, compiled so that its examples show what happens in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path as File

from litellm_migrate.convert.tables import Table
from litellm_migrate.lint.coverage import Coverage
from litellm_migrate.lint.found import LOAD, Found
from litellm_migrate.lint.values import Origin
from litellm_migrate.lint.watched import WatchedColumns
from litellm_migrate.rulebook.load import compiled
from litellm_migrate.rulebook.nodes import RuleNode
from litellm_migrate.rulebook.overlay import with_fields
from litellm_migrate.rulebook.types import Rulebook
from litellm_migrate.source.model import Problem, Problems


@dataclass(frozen=True)
class Audited:
    """One dialect: its book, the compiler that made it, and the documents behind it."""

    book: Rulebook
    columns: WatchedColumns
    stated: RuleNode
    """The dialect's own document."""
    endpoints: Mapping[str, RuleNode]
    """Endpoints with the dialect laid over."""

    @property
    def plain(self) -> bool:
        """Whether the dialect lays nothing over the rules: then their examples show what it gives."""
        return not (self.stated.has("tables") or self.stated.has("endpoints"))


def books_of(specs: list[RuleNode], schemas: File, coverage: Coverage) -> tuple[list[Audited], list[Found]]:
    """The book of each dialect, and what keeps some from being one."""
    made: list[Audited] = []
    found: dict[Found, None] = {}
    tables = by_id(specs, "table")
    for name, dialect in by_id(specs, "dialect").items():
        origin = Origin(tables, dialect.at("tables"))
        seen: list[WatchedColumns] = []
        compiler = partial(watched, coverage=coverage, origin=origin, seen=seen)
        try:
            book = compiled(specs, schemas, name, compiler)
        except Problems as problems:
            found.update(dict.fromkeys(Found.all(LOAD, problems.problems)))
            continue
        endpoints = with_fields(by_id(specs, "endpoint"), dialect.at("endpoints"), [])
        made.append(Audited(book, seen[0], dialect, endpoints))
    return made, list(found)


def watched(
    tables: Mapping[str, Table],
    problems: list[Problem],
    coverage: Coverage,
    origin: Origin,
    seen: list[WatchedColumns],
) -> WatchedColumns:
    """A compiler with witnesses, which is kept."""
    seen.append(WatchedColumns(tables, problems, coverage, origin))
    return seen[-1]


def by_id(specs: list[RuleNode], kind: str) -> dict[str, RuleNode]:
    """The documents of a kind, by id."""
    return {str(spec.value["id"]): spec for spec in specs if spec.value.get("kind") == kind}
