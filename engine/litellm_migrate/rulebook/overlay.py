"""Rule documents laid over others: an overlay over the shipped rules, a dialect's fields over endpoints, more examples.

What gives way is reported, and positions lead to the file that states a part.
"""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Mapping
from pathlib import Path as File
from typing import Any

from litellm_migrate.rulebook.columns import outcome
from litellm_migrate.rulebook.lazy_rows import Facts
from litellm_migrate.rulebook.nodes import RuleMarks, RuleNode, of_kind
from litellm_migrate.rulebook.static_types import suggestion
from litellm_migrate.rulebook.universe import patterns_of
from litellm_migrate.source.model import Notice, Path, Problem, Problems

DISPOSITIONS, EXAMPLES = "dispositions", "examples"
Open = Mapping[str, Any]
"""The keys of a mapping below which parts are laid over one by one; `*` is any key."""
OPEN: dict[str, Open] = {
    "table": {"rows": {}, "listed": {}},
    "dialect": {"tables": {"*": {"*": {}}}, "endpoints": {"*": {}}},
    "secrets": {},
}
"""By kind, the mappings that are laid over key by key; any other part gives way whole."""
LISTS = frozenset({"examples", "paths", "harmless", "looks", "listed"})
"""The parts of a document whose lists add up."""


def is_overlay(nodes: list[RuleNode]) -> bool:
    """Whether documents say nothing of the source as a whole: then they are laid over some that do."""
    return not of_kind(nodes, "source")


class Overlay:
    """The documents of an overlay laid over those of the folder `root`."""

    def __init__(self, base: list[RuleNode], root: File) -> None:
        self.documents = list(base)
        self.root = root
        self.notices: list[Notice] = []
        """Which parts of the base gave way."""
        self.problems: list[Problem] = []
        self.name = ""
        """The document that is being laid over another."""

    def lay(self, nodes: list[RuleNode]) -> list[RuleNode]:
        """All documents; raises Problems for what the overlay itself states twice."""
        for node in nodes:
            if node.value["kind"] == DISPOSITIONS:
                self.dispositions(node)
            elif node.value["kind"] != EXAMPLES:
                self.document(node)
        if self.problems:
            raise Problems(self.problems)
        return [*self.documents, *of_kind(nodes, EXAMPLES)]

    def document(self, node: RuleNode) -> None:
        """Lays one document over that of its kind and id, or adds it."""
        kind, name = node.value["kind"], node.value["id"]
        self.name = f"{kind} {name}"
        for place, base in enumerate(self.documents):
            if (base.value["kind"], base.value.get("id")) == (kind, name):
                if kind in OPEN:
                    self.documents[place] = self.part(self.unlisted(base, node), node, OPEN[kind])
                else:
                    self.replaced(base, node)
                    self.documents[place] = node
                return
        self.documents.append(node)

    def part(self, base: RuleNode, over: RuleNode, below: Open | None) -> RuleNode:
        """One part laid over another: key by key where it is open, else whole."""
        if base.value is None:
            return over
        if isinstance(base.value, list) and base.path[0] in LISTS:
            return base.having(dict(enumerate(part for node in (base, over) for _, part in node.items())))
        if below is None or outcome(base) or outcome(over) or not isinstance(over.value, dict):
            if base.value == over.value:
                return base
            self.replaced(base, over)
            return over
        if isinstance(base.value, Facts):
            return self.facts(base, over)
        parts = {}
        for key in in_order(list(base.value), list(over.value)):
            inner = below.get(key, below.get("*"))
            parts[key] = self.part(base.at(key), over.at(key), inner) if over.has(key) else base.at(key)
        return base.having(parts)

    def facts(self, base: RuleNode, over: RuleNode) -> RuleNode:
        """Generated facts, which stay unread, with some rows before them."""
        for key, row in over.items():
            if key in base.value:
                self.replaced(base.at(key), row)
        return base._replace(value=ChainMap(over.value, base.value), marks=RuleMarks(base.position(), over.marks.below))

    def unlisted(self, base: RuleNode, over: RuleNode) -> RuleNode:
        """A table without the rows that another states in another way: listed here and a row there, or elsewhere."""
        rows = {str(key): row for key, row in over.at("rows").items()}
        listed = {str(name.value): name for _, names in over.at("listed").items() for _, name in names.items()}
        instead = {**listed, **rows}
        parts = dict(base.items())
        lists: dict[str, RuleNode] = {}
        for answer, names in base.at("listed").items():
            stay = [name for _, name in names.items() if not self.gives_way(name, instead.get(str(name.value)))]
            lists[answer] = names.having(dict(enumerate(stay)))
            parts["listed"] = base.at("listed").having(lists)
        if listed and isinstance(base.at("rows").value, dict):  # generated facts stay unread
            rest = {key: row for key, row in parts["rows"].items() if not self.gives_way(row, listed.get(key))}
            parts["rows"] = parts["rows"].having(rest)
        return base.having(parts)

    def gives_way(self, part: RuleNode, instead: RuleNode | None) -> bool:
        """Whether there is a row in the place of another; reported unless it is listed under the same answer."""
        if instead is not None and instead.path[:2] != part.path[:2]:
            self.replaced(part, instead)
        return instead is not None

    def dispositions(self, node: RuleNode) -> None:
        """Adds dispositions; the same pattern elsewhere gives way."""
        self.name = DISPOSITIONS
        patterns = dict(patterns_of(node))
        for place, base in enumerate(self.documents):
            if base.value["kind"] == DISPOSITIONS:
                settings = dict(base.at("settings").items())
                for pattern, part in patterns_of(base):
                    if pattern in patterns:
                        self.replaced(settings.pop(part.path[-1]), patterns[pattern], pattern)
                rest = base.at("settings").having(settings)
                self.documents[place] = base.having({**dict(base.items()), "settings": rest})
        self.documents.append(node)

    def replaced(self, base: RuleNode, over: RuleNode, name: Path | None = None) -> None:
        """Reports what gives way; a problem if the overlay itself stated it."""
        position = base.position()
        try:
            file = File(position.file).relative_to(self.root).as_posix()
        except ValueError:
            self.problems.append(over.problem(f"this is also stated in {position}. Keep one of the two."))
            return
        parts = ".".join(map(str, over.path if name is None else name))
        rule = f"{self.name}{': ' if parts else ''}{parts}"
        text = f"{rule} takes the place of the shipped rule in {file}:{position.line}."
        self.notices.append(Notice("rule-override", over.position(), text))


def in_order(base: list[Any], over: list[Any]) -> list[Any]:
    """All keys, of which patterns are tried in this order: a new one comes first, or after the known one it follows."""
    keys, place = list(base), 0
    for key in over:
        if key in keys:
            place = keys.index(key) + 1
        else:
            keys.insert(place, key)
            place += 1
    return keys


def with_examples(nodes: list[RuleNode]) -> list[RuleNode]:
    """The documents with the examples that stand in documents of their own; raises Problems for those of nothing."""
    documents = [node for node in nodes if node.value["kind"] != EXAMPLES]
    problems: list[Problem] = []
    for node in of_kind(nodes, EXAMPLES):
        kind = next(word for word in node.value if word not in ("kind", EXAMPLES))
        places = {base.value["id"]: place for place, base in enumerate(documents) if base.value["kind"] == kind}
        name = node.value[kind]
        if name not in places:
            problems.append(node.at(kind).problem(f"`{name}` is no {kind}{suggestion(name, places)}"))
            continue
        base = documents[places[name]]
        examples = [*base.at(EXAMPLES).items(), *node.at(EXAMPLES).items()]
        both = node.at(EXAMPLES).having(dict(enumerate(example for _, example in examples)))
        documents[places[name]] = base.having({**dict(base.items()), EXAMPLES: both})
    if problems:
        raise Problems(problems)
    return documents


def with_fields(endpoints: Mapping[str, RuleNode], changes: RuleNode, problems: list[Problem]) -> dict[str, RuleNode]:
    """The endpoints with the fields of a dialect in the place of theirs, or beside them."""
    changed = dict(endpoints)
    for name, fields in changes.items():
        if name not in changed:
            problems.append(fields.problem(f"`{name}` is no endpoint{suggestion(name, changed)}"))
            continue
        parts = dict(changed[name].items())
        parts["body"] = parts["body"].having({**dict(parts["body"].items()), **dict(fields.items())})
        changed[name] = changed[name].having(parts)
    return changed


def lays_nothing(dialect: RuleNode) -> bool:
    """Whether a dialect lays nothing over the rules: then their examples show what it gives."""
    return not (dialect.has("tables") or dialect.has("endpoints"))
