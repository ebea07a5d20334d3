"""One part of rules laid over another: rows cell by cell, bodies field by field, relations column by column.

`null` takes away what stands below, and `replace: true` beside the cells of a row, or the words of a document, says
that it replaces the whole. A row is an outcome (`manual` or `skipped`) or cells: either replaces the other whole.
"""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Callable, Mapping
from typing import Any

from litellm_migrate.rulebook.columns import outcome
from litellm_migrate.rulebook.lazy_rows import Facts
from litellm_migrate.rulebook.nodes import RuleMarks, RuleNode
from litellm_migrate.rulebook.static_types import suggestion
from litellm_migrate.source.model import Problem

REPLACE = "replace"
"""The word that says that a row or a document replaces the whole of what it is laid over."""
Open = Mapping[str, Any]
"""The keys of a mapping below which parts are laid over one by one; `*` is any key."""
ROWS: Open = {"*": {}}
OPEN: dict[str, Open] = {
    "table": {"rows": ROWS, "columns": ROWS, "listed": {}},
    "dialect": {"tables": {"*": ROWS}, **dict.fromkeys(("endpoints", "calls", "relations", "renames"), ROWS)},
    "endpoint": {"body": {}, "variables": {}, "environment": {}},
    "view": {"body": {}, "heads": {}},
}
"""By kind, the mappings in a document that are laid over key by key, as the document itself is; the rest gives way."""
LISTS = frozenset({"examples", "paths", "public", "harmless", "looks", "listed"})
"""The parts of a document whose lists add up."""
LAID_OVER = {
    "table": (("tables", "rows"),),
    "endpoint": (("endpoints", "body"), ("calls", "")),
    "relation": (("relations", "columns"),),
}
"""By kind of document, where a dialect states what is laid over it, and over which part (empty for the document)."""
NAMES_OF_FIELDS = ("unique_key", "write_only", "not_secret")
"""The words of an endpoint that list fields of its body."""
ROWS_PATH = ("rows",)
"""Where the rows of a table stand in its document."""


class Layers:
    """Lays parts over others; `gone` takes each part that gives way, and what takes its place."""

    def __init__(self, problems: list[Problem], gone: Callable[[RuleNode, RuleNode], None] = lambda *_: None) -> None:
        self.problems = problems
        self.gone = gone

    def document(self, base: RuleNode, over: RuleNode) -> RuleNode:
        """One document laid over another of its kind and id."""
        kind = over.value["kind"]
        if kind == "table" and not over.value.get(REPLACE):
            base = self.unlisted(base, over)
        if kind != "relation":
            return self.part(base, over, OPEN.get(kind, {}), kind == "dialect")
        added = {word for word in ("columns", "group") if isinstance(over.at(word).value, dict)}
        words = over.having({word: part for word, part in over.items() if word not in added})
        return self.extended(self.part(base, words, {}), over) if added else self.part(base, words, {})

    def part(self, base: RuleNode, over: RuleNode, below: Open | None, later: bool = False) -> RuleNode:
        """One part laid over another: key by key where it is open, else whole.

        `later` leaves `null` and `replace` in, for what the result will be laid over.
        """
        if isinstance(base.value, list) and base.path[0] in LISTS:
            return base.having(dict(enumerate(part for node in (base, over) for _, part in node.items())))
        if below is None or not isinstance(over.value, dict):
            if base.value not in (None, over.value):
                self.gone(base, over)
            return base if base.value == over.value else over
        if replaces(base, over):
            if base.value and base.value != {key: value for key, value in over.value.items() if key != REPLACE}:
                self.gone(base, over)
            base = over._replace(value=None)
        if isinstance(base.value, (Facts, ChainMap)):
            return self.facts(base, over)
        parts = dict(base.items())
        for key, part in over.items():
            if key == REPLACE and (self.misused(part) or not later):
                continue
            if part.value is not None or later:
                parts[key] = self.part(base.at(key), part, below.get(key, below.get("*")), later)
            elif key in parts:
                self.gone(parts.pop(key), part)
            else:
                self.problems.append(part.problem(f"there is no `{key}` to take away{suggestion(key, parts)}"))
        if base.path == ROWS_PATH:
            parts = {key: parts[key] for key in in_order(list(base.value or ()), list(over.value)) if key in parts}
        node = base if base.value is not None else over
        place = base if below and base.path and base.value is not None else over
        return node._replace(marks=place.marks).having(parts)

    def misused(self, word: RuleNode) -> bool:
        """Whether the value of the word `replace` is none that it has, which is then a problem."""
        if word.value is not True:
            self.problems.append(word.problem(f"expected `{REPLACE}: true`, found `{word.value}`. Correct it."))
        return word.value is not True

    def facts(self, base: RuleNode, over: RuleNode) -> RuleNode:
        """Generated facts, which stay unread but for the rows that others are laid over; these stand before them."""
        rows = {}
        for key, row in over.items():
            if row.value is None:
                self.problems.append(row.problem("no row of generated facts can be taken away. Lay cells over it."))
            known = RuleNode(base.value.get(key), RuleMarks(base.position()), base.document, (*base.path, key))
            rows[key] = self.part(known, row, {})
        changed = over.having(rows)
        return base._replace(value=ChainMap(changed.value, base.value), marks=changed.marks)

    def unlisted(self, base: RuleNode, over: RuleNode) -> RuleNode:
        """A table in which listed names that another has rows for are rows, and what the other lists is left out."""
        if not isinstance(base.at("rows").value or {}, dict):
            return base
        listed = {str(name.value): name for _, names in over.at("listed").items() for _, name in names.items()}
        rows, lists = dict(base.at("rows").items()), {}
        for answer, names in base.at("listed").items():
            stay = []
            for _, name in names.items():
                key = str(name.value)
                if key in listed and listed[key].path[:2] != name.path[:2]:
                    self.gone(name, listed[key])
                elif over.at("rows").has(key):
                    rows[key] = name._replace(value={base.value.get("gives"): answer})
                elif key not in listed:
                    stay.append(name)
            lists[answer] = names.having(dict(enumerate(stay)))
        for key in rows.keys() & listed.keys():
            self.gone(rows.pop(key), listed[key])
        changed = {"rows": base.at("rows")._replace(value={}).having(rows), "listed": base.at("listed").having(lists)}
        return base.having({**dict(base.items()), **{word: part for word, part in changed.items() if part.value}})

    def extended(self, base: RuleNode, over: RuleNode) -> RuleNode:
        """A relation with columns that another document adds: in its grouping, and after its last step.

        A column that a step states already is replaced there.
        """
        fresh, steps = dict(over.at("columns").items()), [step for _, step in base.at("steps").items()]
        groups = 0
        for place, step in enumerate(steps):
            names = step.at("columns").value or ()
            again = over.at("columns").having({name: fresh.pop(name) for name in names if name in fresh})
            if again.value:
                steps[place] = self.part(step, over.having({"columns": again}), ROWS)
            elif step.has("group") and over.has("group"):
                groups += 1
                steps[place] = self.part(step, over.having({"group": over.at("group")}), {"group": ROWS})
        if over.has("group") and groups != 1:
            text = f"the relation `{over.value['id']}` has {groups} groupings, so nothing can be added to one."
            self.problems.append(over.at("group").problem(text))
        if fresh:
            added = over.at("columns").having(fresh)
            steps.append(self.part(over._replace(value=None), over.having({"columns": added}), ROWS))
        if not steps:
            return base
        changed = base.at("steps")._replace(value=[]).having(dict(enumerate(steps)))
        return base.having({**dict(base.items()), "steps": changed})

    def in_dialect(self, nodes: Mapping[str, RuleNode], dialect: RuleNode, kind: str) -> dict[str, RuleNode]:
        """The documents of a kind, by id, with what a dialect lays over them; its fields come after its new names."""
        documents = dict(nodes)
        for word, part in (*((("renames", "renames"),) if kind == "endpoint" else ()), *LAID_OVER[kind]):
            for name, changes in dialect.at(word).items():
                if name not in documents:
                    self.problems.append(changes.problem(f"`{name}` is no {kind}{suggestion(name, documents)}"))
                elif word == "renames":
                    documents[name] = self.renamed(documents[name], changes)
                else:
                    documents[name] = self.laid_over(documents[name], changes, kind, part)
        return documents

    def laid_over(self, base: RuleNode, changes: RuleNode, kind: str, part: str) -> RuleNode:
        """A document with what a dialect lays over a part of it, or over itself."""
        head = {"kind": changes._replace(value=kind), "id": base.at("id")}
        if part == "body":
            changes = changes.having({name: self.completed(base, name, field) for name, field in changes.items()})
        over = changes.having({**head, **({part: changes} if part else dict(changes.items()))})
        if kind != "table":
            return self.document(base, over)
        base = self.unlisted(base, over)
        rows = base.at(part).value
        for key, row in changes.items():
            if key not in rows:
                text = f"table `{base.value['id']}` has no row `{key}`{suggestion(key, rows)}"
                self.problems.append(row.problem(text))
        return self.part(base, over, OPEN[kind])

    def completed(self, base: RuleNode, name: str, field: RuleNode) -> RuleNode:
        """A field of which a dialect states findings alone: that of the endpoint, whose own findings come first."""
        if not field.has("findings") or field.has("value") or field.has("from"):
            return field
        known = base.at("body", name)
        if known.value is None:
            fields = base.at("body").value
            self.problems.append(field.problem(f"there is no field `{name}` to speak of{suggestion(name, fields)}"))
        words = dict(known.items()) if isinstance(known.value, dict) else {"value": known}
        findings = [*known.at("findings").listed(), *field.at("findings").listed()]
        words["findings"] = field.at("findings").having(dict(enumerate(findings)))
        return field.having(words)

    def renamed(self, endpoint: RuleNode, names: RuleNode) -> RuleNode:
        """An endpoint whose fields have the names of a dialect, wherever it speaks of them."""
        fields, parts = endpoint.at("body").value, dict(endpoint.items())
        for name, place in names.items():
            if not any(f"{field}.".startswith(f"{name}.") for field in fields):
                self.problems.append(place.problem(f"there is no field `{name}` to rename{suggestion(name, fields)}"))

        def renamed(field: str) -> str:
            return str(names.value.get(field, field))

        for word in ("body", "variables"):
            below = {renamed(field): part for field, part in endpoint.at(word).items()}
            parts.update({word: endpoint.at(word).having(below)} if below else {})
        for word in NAMES_OF_FIELDS:
            if word in parts:
                parts[word] = parts[word]._replace(value=[renamed(field) for field in parts[word].value])
        return endpoint.having(parts)


def replaces(base: RuleNode, over: RuleNode) -> bool:
    """Whether a row or document replaces the whole of another: because it says so, or not both of them are cells."""
    cells = isinstance(over.value, dict) and over.value.get(REPLACE) is not True
    return not (base.value and cells) or bool(outcome(base) or outcome(over))


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
