"""Who uses what in a rulebook: which rules read a setting, and which fields its value reaches.

Settings are followed through the columns that are made of them, without a configuration.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from itertools import chain
from pathlib import Path as File
from typing import NamedTuple

from litellm_migrate.convert.rows import MEMBERS
from litellm_migrate.rulebook.index import Parsed, RuleRead, column_keys
from litellm_migrate.rulebook.load import documents_of, parse
from litellm_migrate.rulebook.lookups import KEYS
from litellm_migrate.rulebook.nodes import RuleNode, by_id, of_kind
from litellm_migrate.rulebook.static_types import RowList, RowShape, Setting, StaticType
from litellm_migrate.rulebook.steps import OF_WINDOWS, PARTS
from litellm_migrate.rulebook.universe import patterns_of, settings
from litellm_migrate.source.model import Path, Position

DECIDES = frozenset({"if()", "unless()", KEYS, PARTS, OF_WINDOWS, "when", "highest_first"})
"""The words below which an expression only decides."""
NAMES = frozenset({"columns", "body", "by"})
"""The words below which stand names of columns and fields, which may be any word."""


class RulePlace(NamedTuple):
    """Something that a rule states: a column of a relation, a field of an endpoint, or what a step says."""

    kind: str
    id: str
    name: str


class Use(NamedTuple):
    """An expression that reads a setting: what it helps to state, where it stands, and whether it only decides."""

    place: RulePlace
    at: Position
    decides: bool


class Reach(NamedTuple):
    """What reads a setting, the fields that hold its value or what is made of it, and those that it only decides."""

    uses: tuple[Use, ...]
    written: tuple[RulePlace, ...]
    decided: tuple[RulePlace, ...]


def usage_of(rules: File, schemas: File, dialect: str | None = None) -> Usage:
    """The usage of a folder of rules in a dialect (or the default one); raises Problems."""
    nodes = documents_of(rules, schemas)
    return Usage(parse(nodes, schemas, dialect), nodes)


class Usage:
    """The uses of all settings by the rules of one dialect, whose documents are `nodes`."""

    def __init__(self, parsed: Parsed, nodes: list[RuleNode]) -> None:
        self.book = parsed.book
        self.endpoints = parsed.endpoints
        self.tables = parsed.tables
        self.rows = parsed.rows
        self.sites = parsed.sites
        self.nodes = nodes
        self.files = {shape.id: shape.call.file for shape in self.book.endpoints if shape.call}
        """By endpoint, the file of its payloads."""
        self.dispositions = dict(chain.from_iterable(map(patterns_of, of_kind(nodes, "dispositions"))))
        self._uses: dict[int, list[Use]] = defaultdict(list)
        """By identity of a setting's schema."""
        self._onward: dict[RulePlace, list[Use]] = defaultdict(list)
        """From what a rule states to what is made of it, and whether it only decides that."""
        self._documents = {node.document: node for node in nodes}
        relations = owners(parsed.rows)
        for read in parsed.sites.reads:
            use = Use(self.place(read.node), read.node.position(), decides(read))
            for setting in read.settings:
                self._uses[id(setting.schema)].append(use)
            for row, column in read.columns:
                self._onward[RulePlace("relation", relations.get(row, ""), column)].append(use)
        documents = by_id(nodes, "relation")
        for source, target in unions(parsed, relations):
            self._onward[source].append(Use(target, documents[target.id].at("from").position(), False))

    def place(self, node: RuleNode) -> RulePlace:
        """What a part of a rule document helps to state."""
        return place_of(self._documents[node.document], node.path)

    def readers(self, place: RulePlace) -> list[Use]:
        """The expressions that read what a rule states."""
        return list(dict.fromkeys(self._onward.get(place, ())))

    def sources(self, place: RulePlace) -> list[str]:
        """The columns and settings that something is made of, each by its own name."""
        columns = [source for source, uses in self._onward.items() if any(use.place == place for use in uses)]
        read = {setting for setting, uses in self._uses.items() if any(use.place == place for use in uses)}
        paths = {
            ".".join(path[:depth])
            for path in (self.settings() if read else ())
            for depth, setting in enumerate(self.settings_to(path), 1)
            if id(setting.schema) in read
        }
        return [*(f"{source.id}.{source.name}" for source in columns), *sorted(paths)]

    def settings(self) -> Iterator[tuple[str, ...]]:
        """Every setting that has none below it."""
        return (path for path, _ in settings(Setting(self.book.universe)))

    def reach(self, path: tuple[str, ...]) -> Reach:
        """The reach of a setting: of itself and of whatever it is part of."""
        *above, setting = [self._uses.get(id(part.schema), ()) for part in self.settings_to(path)] or [()]
        uses = (*setting, *(use for section in above for use in section if not use.decides))
        reached: dict[RulePlace, bool] = {}
        waiting = [(use.place, use.decides) for use in uses]
        while waiting:
            place, only_decides = waiting.pop()
            if reached.get(place, True) and (place not in reached or not only_decides):
                reached[place] = only_decides
                onward = self._onward.get(place, ()) if place.name else ()
                waiting.extend((use.place, only_decides or use.decides) for use in onward)
        fields = sorted(place for place in reached if place.kind == "endpoint" and place.name)
        written = tuple(place for place in fields if not reached[place])
        return Reach(uses, written, tuple(place for place in fields if reached[place]))

    def settings_to(self, path: tuple[str, ...]) -> Iterator[Setting]:
        """All that a setting is part of, and itself; they end where nothing is known below."""
        setting = Setting(self.book.universe)
        for key in path:
            below = setting.named(key) or setting.rest()
            if below is None:
                return
            setting = below
            yield setting


def decides(read: RuleRead) -> bool:
    """Whether what an expression gives only decides something."""
    return read.condition or not DECIDES.isdisjoint(words_of(read.node.path))


def words_of(path: Path) -> Iterator[object]:
    """The words of a path that are no names of columns or fields."""
    above: object = None
    for word in path:
        is_name = above in NAMES
        if not is_name:
            yield word
        above = None if is_name else word


def place_of(document: RuleNode, path: Path) -> RulePlace:
    """What an expression at a path of a document helps to state."""
    kind, name = str(document.value["kind"]), str(document.value["id"])
    if kind != "relation":
        fields = [str(path[depth + 1]) for depth, word in enumerate(path[:-1]) if word == "body"]
        return RulePlace(kind, name, ".".join(fields))
    verb, below = (*path[2:4], None, None)[:2]
    if verb == "columns":
        return RulePlace(kind, name, str(below))
    if verb == "group" and len(path) > 4 and isinstance(path[4], str):
        return RulePlace(kind, name, str(path[4]))
    return RulePlace(kind, name, str(document.at(*path[:3]).value["as"]) if verb == "unfold" else "")


def owners(rows: Mapping[str, RowShape]) -> dict[int, str]:
    """By identity of its columns, the relation of each shape of rows."""
    relations: dict[int, str] = {}

    def visit(shape: StaticType | None, name: str) -> None:
        while isinstance(shape, RowShape) and id(shape.columns) not in relations:
            relations[id(shape.columns)] = name
            members = shape.columns.get(MEMBERS)
            visit(members.row if isinstance(members, RowList) else None, name)
            shape = shape.base

    for name, row in rows.items():
        visit(row, name)
    return relations


def unions(parsed: Parsed, relations: Mapping[int, str]) -> Iterator[tuple[RulePlace, RulePlace]]:
    """The columns of relations that become those of a union, and which; `relations` says whose columns they are."""
    for name, relation in parsed.book.relations.items():
        base = parsed.rows[name].base
        for column in base.columns if len(relation.rows) > 1 and base is not None else ():
            for source in relation.rows:
                for row, _ in column_keys(parsed.rows[source], column):
                    yield RulePlace("relation", relations.get(row, ""), column), RulePlace("relation", name, column)
