"""Expressions of rule files: the value on a row, and which paths of the row are read (a static walk of the tree)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import jmespath

from litellm_migrate.closures import Node, closure, path_of
from litellm_migrate.functions import Refused
from litellm_migrate.model import Path
from litellm_migrate.rows import Row
from litellm_migrate.trace import Trace, refuse, union

TIGHT_NOT = re.compile(r"!\s*[A-Za-z_]\w*\.")


class Expression:
    """One JMESPath expression of a rule file."""

    __slots__ = ("_value", "plain", "reads", "text")

    def __init__(self, text: str, condition: bool = False) -> None:
        """Compile; raises JMESPathError, ValueError or LookupError (an unknown function) for the rule's author."""
        if TIGHT_NOT.search(text):
            raise ValueError("JMESPath reads `!a.b` as `(!a).b`. Write `!(a.b)`")
        tree = jmespath.compile(text).parsed
        if not condition and any(node["type"] == "or_expression" for node in nodes(tree)):
            raise ValueError("`||` hides which side won. Write a list: the first that is there")
        self.text = text
        self.plain = tree["type"] in {"field", "subexpression"}
        self._value = closure(tree)
        self.reads: tuple[Path, ...] = tuple(dict.fromkeys(reads(tree)))

    def value(self, row: Row) -> Any:
        """What it gives; None where a conversion refuses the value."""
        try:
            return self._value(row)
        except Refused:
            return None

    def trace(self, row: Row, rest: Path = ()) -> Trace:
        """The origins of all that it reads."""
        if self.plain:
            return row.trace((*self.reads[0], *rest))
        found = union(row.trace(path) for path in self.reads)
        try:
            self._value(row)
        except Refused as refused:
            return refuse(found, str(refused))
        return found


def nodes(node: Node) -> Iterator[Node]:
    """A node of a syntax tree and all below it."""
    yield node
    for child in node["children"]:
        if isinstance(child, dict):  # a slice holds plain numbers
            yield from nodes(child)


def reads(node: Node) -> Iterator[Path]:
    """Every path that a syntax tree reads."""
    if node["type"] == "field":
        yield (node["value"],)
    elif node["type"] == "subexpression":
        yield path_of(node)
    else:
        for child in node["children"]:
            yield from reads(child)
