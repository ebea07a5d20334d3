"""One document laid over another: what it states takes the place of what stands there, and positions go with it."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from litellm_migrate.rulebook.columns import outcome
from litellm_migrate.rulebook.facts import Facts
from litellm_migrate.rulebook.files import Spec
from litellm_migrate.source.model import Path, Position

Told = Callable[[Spec, Spec], None]
"""Takes what gives way, and what takes its place."""
OPEN: dict[str, frozenset[Path]] = {
    "table": frozenset({(), ("rows",), ("listed",)}),
    "dialect": frozenset({(), ("tables",), ("tables", "*"), ("tables", "*", "*"), ("endpoints",), ("endpoints", "*")}),
    "secrets": frozenset({()}),
}
"""For each kind of document, the mappings that are laid over key by key; whatever else is stated gives way whole."""
ADDS = frozenset({()})
"""A document to which another only adds."""
ADDED: frozenset[Path] = frozenset({("examples",), ("paths",), ("harmless",), ("looks",), ("listed", "*")})
"""The lists that add up."""


@dataclass
class Layer:
    """Lays documents over one; those of a kind that is not open would give way whole."""

    base: Spec
    told: Told
    open: frozenset[Path] | None = None
    """The mappings that are laid over key by key, if not those of the document's kind."""
    marks: dict[Path, Position] = field(default_factory=dict)

    def under(self, over: Spec) -> Spec:
        """The document with another laid over."""
        self.marks = dict(self.base.marks)
        value = self.part(self.base, over)
        return Spec(value, self.base.file, self.marks)

    def part(self, base: Spec, over: Spec) -> Any:
        """The value of one part."""
        if base.value is None:
            return self.taken(over, over.path)
        if any(fits(base.path, path) for path in ADDED) and isinstance(base.value, list):
            return [*base.value, *(self.taken(one, (*base.path, len(base.value) + n)) for n, one in over.items())]
        if not self.opens(base.path) or outcome(base) or outcome(over) or not isinstance(over.value, dict):
            if base.value != over.value:
                self.told(base, over)
                self.marks = {path: at for path, at in self.marks.items() if path[: len(base.path)] != base.path}
                self.taken(over, over.path)
            return over.value
        if isinstance(base.value, Facts):
            return self.facts(base, over)
        keys = in_order(list(base.value), list(over.value))
        return {key: self.part(base.at(key), over.at(key)) if over.has(key) else base.value[key] for key in keys}

    def opens(self, path: Path) -> bool:
        """Whether a mapping is laid over key by key."""
        patterns = OPEN[self.base.value["kind"]] if self.open is None else self.open
        return any(fits(path, pattern) for pattern in patterns)

    def facts(self, base: Spec, over: Spec) -> Any:
        """Generated facts, which stay unread, with some rows before them."""
        for key, row in over.items():
            self.taken(row, row.path)
            if key in base.value:
                self.told(base.at(key), row)
        return ChainMap(over.value, base.value)

    def taken(self, over: Spec, path: Path) -> Any:
        """The value of a part that now stands at a path, where its positions go too."""
        depth = len(over.path)
        for below, at in over.marks.items():
            if below[:depth] == over.path:
                self.marks[(*path, *below[depth:])] = at
        return over.value


def fits(path: Path, pattern: Path) -> bool:
    """Whether a path is one of those that a pattern stands for."""
    return len(path) == len(pattern) and all(part in ("*", key) for key, part in zip(path, pattern, strict=True))


def in_order(base: list[Any], over: list[Any]) -> list[Any]:
    """All keys, of which patterns are tried in this order: a new one comes first, or after the known one it follows."""
    made, place = list(base), 0
    for key in over:
        if key in made:
            place = made.index(key) + 1
        else:
            made.insert(place, key)
            place += 1
    return made


def unlisted(base: Spec, over: Spec, told: Told) -> Spec:
    """A table without the rows that another states in another way: listed here and a row there, or listed elsewhere."""
    rows = {str(key): part for key, part in over.at("rows").items()}
    listed = {str(part.value): part for _, names in over.at("listed").items() for _, part in names.items()}
    marks = {path: at for path, at in base.marks.items() if path[:1] != ("listed",) or len(path) < 3}
    lists: dict[str, list[Any]] = {}
    for answer, names in base.at("listed").items():
        lists[answer] = []
        for _, part in names.items():
            instead = rows.get(str(part.value)) or listed.get(str(part.value))
            if instead is None:
                marks[("listed", answer, len(lists[answer]))] = part.position()
                lists[answer].append(part.value)
            elif instead.path[:2] != part.path[:2]:
                told(part, instead)
    stated = base.at("rows")
    gone = {key for key in listed if stated.has(key)}
    for key in gone:
        told(stated.at(key), listed[key])
    value = {**base.value, **({"listed": lists} if lists else {})}
    if gone:
        value["rows"] = {key: row for key, row in stated.value.items() if key not in gone}
    return Spec(value, base.file, marks)
