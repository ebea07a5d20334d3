"""Expressions of rule files: the value on a row, and which paths of the row are read (a static walk of the tree)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from copy import copy
from typing import Any

from litellm_migrate.convert.batches import once, united
from litellm_migrate.convert.closures import Closure, Node, closure, path_of
from litellm_migrate.convert.folding import fold
from litellm_migrate.convert.frames import Frame
from litellm_migrate.convert.functions import Refused
from litellm_migrate.convert.rows import Made, Row
from litellm_migrate.convert.trace import NOTHING, Trace, refuse
from litellm_migrate.source.model import Path

TIGHT_NOT = re.compile(r"!\s*[A-Za-z_]\w*\.")


class Expression(Made):
    """One JMESPath expression of a rule file."""

    __slots__ = ("_value", "plain", "reads", "text", "tree")

    def __init__(self, text: str, condition: bool = False) -> None:
        """Compile; raises JMESPathError, ValueError or LookupError (an unknown function) for the rule's author."""
        if TIGHT_NOT.search(text):
            raise ValueError("JMESPath reads `!a.b` as `(!a).b`. Write `!(a.b)`")
        from jmespath import compile as compiled  # noqa: PLC0415 - prepared rules are compiled already

        tree = compiled(text).parsed
        if not condition and any(node["type"] == "or_expression" for node in nodes(tree)):
            raise ValueError("`||` hides which side won. Write a list: the first that is there")
        self.text = text
        self.tree: Node = tree
        self.plain = tree["type"] in {"field", "subexpression"}
        self.reads: tuple[Path, ...] = tuple(dict.fromkeys(reads(tree)))
        self._value: Closure = closure(tree, self.reads)

    def narrowed(self, absent: Callable[[Path], bool]) -> Expression:
        """The same expression where some of the paths that it reads are nothing and have no origin."""
        there = tuple(path for path in self.reads if not absent(path))
        if len(there) == len(self.reads):
            return self
        made = copy(self)
        made.tree, made.reads, made.plain = fold(self.tree, absent), there, False
        made._value = made._first
        return made

    def _first(self, given: Sequence[Any]) -> Any:
        """The value for the first that asks: from then on, the closure does it alone."""
        self._value = closure(self.tree, self.reads)
        return self._value(given)

    def __getstate__(self) -> tuple[Any, ...]:
        return self.text, self.tree, self.reads, self.plain

    def __setstate__(self, state: tuple[Any, ...]) -> None:
        self.text, self.tree, self.reads, self.plain = state
        self._value = self._first

    def value(self, row: Row) -> Any:
        """What it gives; None where a conversion refuses the value."""
        return self.of([row.read(path) for path in self.reads])

    def of(self, given: Sequence[Any]) -> Any:
        """What it gives for the values at the paths that it reads."""
        try:
            return self._value(given)
        except Refused:
            return None

    def values(self, frame: Frame) -> list[Any]:
        """What it gives in all rows."""
        inputs = [frame.read(path) for path in self.reads]
        if self.plain:
            return inputs[0]
        return once(frame.count, inputs, self.of)

    def traces(self, frame: Frame, rest: Path = ()) -> list[Trace]:
        """The origins of all that it reads."""
        if self.plain:
            return frame.traces((*self.reads[0], *rest))
        told = united(frame.count, [frame.traces(path) for path in self.reads])
        nothing = [at for at, value in enumerate(frame.values_of(self)) if value is None and told[at] is not NOTHING]
        if nothing:
            inputs = [told, *map(frame.read, self.reads)]
            told = list(told)
            some = once(len(nothing), [[one[at] for at in nothing] for one in inputs], self._refused)
            for at, trace in zip(nothing, some, strict=True):
                told[at] = trace
        return told

    def _refused(self, given: Sequence[Any]) -> Trace:
        """The origins, given before the values, of what is nothing: refused, if that is why."""
        trace: Trace = given[0]
        try:
            self._value(given[1:])
        except Refused as refused:
            return refuse(trace, str(refused))
        return trace


def nodes(node: Node) -> Iterator[Node]:
    """A node of a syntax tree and all below it."""
    yield node
    for child in node["children"]:
        if isinstance(child, dict):  # a slice holds plain numbers
            yield from nodes(child)


def reads(node: Node) -> Iterator[Path]:
    """Every path that a syntax tree reads."""
    if node["type"] in {"field", "subexpression"}:
        yield path_of(node)
    else:
        for child in node["children"]:
            yield from reads(child)
