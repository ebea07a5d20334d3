"""Parses relations on demand: one that reads what its rows later become parses that first."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from litellm_migrate.convert.relations import Each, Relation
from litellm_migrate.convert.rows import CONFIG, Column
from litellm_migrate.rulebook.columns import ColumnParser
from litellm_migrate.rulebook.lookups import KeyedRows
from litellm_migrate.rulebook.nodes import RuleNode
from litellm_migrate.rulebook.static_types import (
    ANYTHING,
    UNKNOWN,
    DocumentShape,
    RowShape,
    Setting,
    StaticType,
    Value,
    common,
    either,
    suggestion,
)
from litellm_migrate.rulebook.steps import RelationDraft, step
from litellm_migrate.source.model import Path

SectionPaths = list[tuple[RuleNode, Path]]
"""Sections of the configuration: where a rule names each, and the keys that lead to it."""


def sections_of(spec: RuleNode) -> SectionPaths:
    """Each `config.KEY.KEY` that a relation is made from, with its keys; none if it is made from other relations."""
    parts = [(part, str(part.value).split(".")) for part in spec.at("from").listed()]
    return [(part, tuple(keys)) for part, (head, *keys) in parts if head == CONFIG]


def sources(spec: RuleNode) -> list[str]:
    """The relations whose rows a relation starts from."""
    return [str(part.value) for part in spec.at("from").listed() if str(part.value).split(".")[0] != CONFIG]


class RelationParser:
    """Relations by name, parsed once each, with the shapes of their rows."""

    def __init__(self, specs: Mapping[str, RuleNode], columns: ColumnParser, universe: Any) -> None:
        self.specs = specs
        self.columns = columns
        self.universe = universe
        self.relations: dict[str, Relation] = {}
        self.shapes: dict[str, RowShape] = {}
        self.keys: dict[str, tuple[Column, ...]] = {}
        self.document = DocumentShape({CONFIG: Setting(universe)})
        self.needs: list[tuple[str, set[str]]] = []
        columns.lookups.relations = specs
        columns.lookups.rows_of = self.keyed_rows

    def all(self) -> dict[str, Relation]:
        """Every relation."""
        for name in self.specs:
            self.relation(name)
        return self.relations

    def relation(self, name: str) -> Relation:
        """One relation."""
        if name not in self.relations:
            needs: set[str] = set()
            self.needs.append((name, needs))
            relation = self._parse(name, needs)
            self.needs.pop()
            self.relations[name] = relation
        return self.relations[name]

    def shape_of(self, name: str, spec: RuleNode) -> RowShape | None:
        """The shape of another relation's rows, which must then be made before this one's."""
        if name not in self.specs:
            self.columns.wrong(spec, f"`{name}` is no relation{suggestion(name, self.specs)}")
            return None
        chain = [busy for busy, _ in self.needs]
        if name in chain:
            self.columns.wrong(spec, f"relations in a circle: {' needs '.join([*chain[chain.index(name) :], name])}.")
            return None
        self.relation(name)
        if self.needs:
            self.needs[-1][1].add(name)
        return self.shapes[name]

    def keyed_rows(self, name: str, spec: RuleNode) -> KeyedRows | None:
        """The shape of another relation's rows, and its key."""
        shape = self.shape_of(name, spec)
        return KeyedRows(shape, self.keys[name]) if shape else None

    def later(self, origin: str, name: str) -> StaticType | None:
        """What a row of `origin` became in relation `name`, if that is made from it."""
        spec = self.specs.get(name)
        busy = {relation for relation, _ in self.needs}
        if spec is None or {name, origin} & busy or origin not in sources(spec):
            return None
        return self.shape_of(name, spec)

    def _parse(self, name: str, needs: set[str]) -> Relation:
        spec = self.specs[name]
        each, shapes = self._entries(sections_of(spec))
        starts = sources(spec)
        if each and starts:
            self.columns.wrong(
                spec.at("from"), "sections stand beside relations. Make a relation of the sections first."
            )
        columns: dict[str, Column] = each[0].columns() if each else {}
        base = self._base(spec, starts) if starts else None
        base = UNKNOWN if any(entries.fields == frozenset() for entries in each) else base
        shape = RowShape(shapes, base or self.document, lambda _, other: self.later(name, other))
        draft = RelationDraft(name, self.columns, shape, columns, self.document)
        steps = [step(draft, part, number + 1) for number, part in spec.at("steps").items()]
        self.shapes[name] = draft.shape
        self.keys[name] = tuple(self.columns.column(part, draft.shape)[0] for part in spec.at("key").listed())
        return Relation(name, each, tuple(starts), columns, tuple(s for s in steps if s), frozenset(needs))

    def _base(self, spec: RuleNode, starts: list[str]) -> RowShape | None:
        bases = [shape for shape in (self.shape_of(start, spec.at("from")) for start in starts) if shape]
        if len(bases) < len(starts):
            return UNKNOWN
        return bases[0] if len(bases) == 1 else RowShape(common(bases), self.document)

    def _entries(self, sections: SectionPaths) -> tuple[tuple[Each, ...], dict[str, StaticType]]:
        """The entries of all sections that become rows, and the types of their columns."""
        pairs = [self._each(part, path) for part, path in sections]
        names = [set(shapes) for _, shapes in pairs]
        if len(sections) > 1 and any(other != names[0] for other in names):
            self.columns.wrong(
                sections[0][0], "the entries of these sections have other columns. Make each a relation."
            )
        types = (
            {name: either(shapes[name] for _, shapes in pairs) for name in set.intersection(*names)} if names else {}
        )
        return tuple(each for each, _ in pairs), types

    def _each(self, part: RuleNode, path: Path) -> tuple[Each, dict[str, StaticType]]:
        """The entries that become rows, and the types of their columns."""
        depth, setting = Setting(self.universe).reached(path)
        if depth < len(path):
            message = f"`{path[depth]}` is no known setting{suggestion(path[depth], setting.names())}"
            self.columns.wrong(part, message)
            return Each(path, "list", frozenset()), {"place": Value()}
        if not path:
            each = Each(path, "document", frozenset(setting.names()))
        elif isinstance(setting.schema, dict) and "items" in setting.schema:
            setting = Setting(setting.schema["items"])
            each = Each(path, "list", frozenset(setting.names()) or None)
        else:
            value = setting.at("*") or ANYTHING
            return Each(path, "mapping", None), {"key": Value(), "value": value, "place": Value()}
        if each.fields is None:
            return each, {"value": setting, "place": Value()}
        return each, {**{name: setting.at(name) or Value() for name in each.fields}, "place": Value()}
