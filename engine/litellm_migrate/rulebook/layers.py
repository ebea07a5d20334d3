"""One document laid over another: what it states takes the place of what stands there, and positions go with it."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from litellm_migrate.model import Path, Position
from litellm_migrate.rulebook.columns import outcome
from litellm_migrate.rulebook.facts import Facts
from litellm_migrate.rulebook.files import Spec

Told = Callable[[Spec, Spec], None]
"""Takes what gives way, and what takes its place."""
OPEN: dict[str, frozenset[Path]] = {
    "table": frozenset({(), ("rows",), ("listed",)}),
    "dialect": frozenset({(), ("tables",), ("tables", "*"), ("tables", "*", "*"), ("endpoints",), ("endpoints", "*")}),
    "secrets": frozenset({()}),
}
"""For each kind of document, the mappings that are laid over key by key; whatever else is stated gives way whole."""
ADDED: frozenset[Path] = frozenset({("examples",), ("paths",), ("harmless",), ("listed", "*")})
"""The lists that add up."""


@dataclass
class Layer:
    """Lays documents over one; those of a kind that is not open would give way whole."""

    base: Spec
    told: Told
    marks: dict[Path, Position] = field(default_factory=dict)

    def under(self, over: Spec) -> Spec:
        """The document with another laid over."""
        self.marks = dict(self.base.marks)
        value = self.part(self.base, over)
        return Spec(value, self.base.file, self.marks)

    def part(self, base: Spec, over: Spec) -> Any:
        """The value of one part."""
        kind = str(self.base.value["kind"])
        if base.value is None:
            return self.taken(over, over.path)
        if any(fits(base.path, path) for path in ADDED) and isinstance(base.value, list):
            return [*base.value, *(self.taken(one, (*base.path, len(base.value) + n)) for n, one in over.items())]
        closed = not any(fits(base.path, path) for path in OPEN.get(kind, {()}))
        if closed or outcome(base) or outcome(over) or not isinstance(over.value, dict):
            if base.value != over.value:
                self.told(base, over)
                self.marks = {path: at for path, at in self.marks.items() if path[: len(base.path)] != base.path}
                self.taken(over, over.path)
            return over.value
        if isinstance(base.value, Facts):
            return self.facts(base, over)
        return {key: self.part(base.at(key), over.at(key)) if over.has(key) else base.value[key]
                for key in in_order(list(base.value), list(over.value))}  # fmt: skip

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
    """All keys: a new one comes first, or after the known one that it follows; of patterns, the first that fits decides."""
    made, place = list(base), 0
    for key in over:
        if key in made:
            place = made.index(key) + 1
        else:
            made.insert(place, key)
            place += 1
    return made
