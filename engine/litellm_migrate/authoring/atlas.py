"""Every setting with its answers: who reads it, which fields it reaches, and which disposition speaks of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path as File
from typing import Any

from litellm_migrate.authoring.reads import Place, Read, ReadingColumns, owners, unions
from litellm_migrate.convert.tables import Table
from litellm_migrate.lint.books import by_id
from litellm_migrate.lint.universe import settings
from litellm_migrate.rulebook.load import compiled, documents_of
from litellm_migrate.rulebook.nodes import RuleNode
from litellm_migrate.rulebook.overlay import with_fields
from litellm_migrate.rulebook.types import Rulebook
from litellm_migrate.rulebook.universe import segments
from litellm_migrate.source.model import Problem


@dataclass(frozen=True, slots=True)
class Reach:
    """What reads a setting, and where its value comes to."""

    reads: tuple[Read, ...] = ()
    """The expressions that read it themselves."""
    written: tuple[Place, ...] = ()
    """The fields that hold its value, or what is made of it."""
    decided: tuple[Place, ...] = ()
    """The fields that it only decides."""


@dataclass
class Atlas:
    """A rulebook in one dialect, with its documents."""

    book: Rulebook
    specs: list[RuleNode]
    endpoints: Mapping[str, RuleNode]
    dispositions: dict[tuple[str, ...], RuleNode]
    by_setting: dict[int, list[Read]] = field(default_factory=lambda: defaultdict(list))
    onward: dict[Place, list[tuple[Place, bool]]] = field(default_factory=lambda: defaultdict(list))
    """From what a rule states to what is made of it, and whether it only decides that."""

    def reach(self, path: tuple[str, ...]) -> Reach:
        """The reach of a setting: of itself and of whatever it is part of."""
        *above, own = [self.by_setting.get(id(schema), ()) for schema in self.schemas(path)] or [()]
        reads = (*own, *(read for part in above for read in part if not read.decides))
        seen: dict[Place, bool] = {}
        waiting = [(read.place, read.decides) for read in reads]
        while waiting:
            place, decides = waiting.pop()
            if seen.get(place, True) and (place not in seen or not decides):
                seen[place] = decides
                waiting.extend((one, decides or only) for one, only in self.onward.get(place, ()) if place.name)
        fields = [place for place in seen if place.kind == "endpoint" and place.name]
        written = tuple(sorted(place for place in fields if not seen[place]))
        return Reach(reads, written, tuple(sorted(place for place in fields if seen[place])))

    def schemas(self, path: tuple[str, ...]) -> Iterator[Any]:
        """The schema of a setting and of all that it is part of."""
        schema: Any = self.book.universe
        for key in path:
            free = schema.get("items", schema.get("additionalProperties")) if isinstance(schema, dict) else None
            schema = schema.get("properties", {}).get(key, free) if isinstance(schema, dict) else None
            if not isinstance(schema, dict):
                return
            yield schema

    def all(self) -> Iterator[tuple[str, ...]]:
        """Every setting that has none below it."""
        return (path for path, _ in settings(self.book.universe, set()))


def atlas_of(rules: File, schemas: File, dialect: str) -> Atlas:
    """The atlas of a folder of rules in a dialect; raises Problems."""
    specs = documents_of(rules, schemas)
    seen: list[ReadingColumns] = []
    book = compiled(specs, schemas, dialect, partial(reading, seen, {spec.document: spec for spec in specs}))
    laid = with_fields(by_id(specs, "endpoint"), by_id(specs, "dialect")[dialect].at("endpoints"), [])
    made = Atlas(book, specs, laid, dict(patterns(specs)))
    relations = owners(book.relations)
    for read in seen[0].reads:
        for schema in read.settings:
            made.by_setting[schema].append(read)
        for shape, column in read.columns:
            made.onward[Place("relation", relations.get(shape, ""), column)].append((read.place, read.decides))
    for source, target in unions(book.relations):
        made.onward[source].append((target, False))
    return made


def reading(
    seen: list[ReadingColumns], documents: Mapping[Any, RuleNode], tables: Mapping[str, Table], problems: list[Problem]
) -> ReadingColumns:
    """A compiler that is kept."""
    seen.append(ReadingColumns(tables, problems, documents))
    return seen[-1]


def patterns(specs: list[RuleNode]) -> Iterator[tuple[tuple[str, ...], RuleNode]]:
    """Every disposition's pattern, and where it stands."""
    for spec in specs:
        if spec.value["kind"] == "dispositions":
            for key, part in spec.at("settings").items():
                yield (*segments(spec.value.get("under", "")), *segments(key)), part
