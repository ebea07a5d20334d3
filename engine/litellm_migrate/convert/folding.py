"""Expressions without what is not there: null in its place, and what follows from that."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from litellm_migrate.convert.closures import Node, closure, path_of, true
from litellm_migrate.source.model import Path

Absent = Callable[[Path], bool]


def fold(node: Node, absent: Absent) -> Node:
    """A syntax tree with null for the paths that are absent; one that is then the same in every row is its value."""
    kind = node["type"]
    if kind in {"field", "subexpression"}:
        return literal(None) if absent(path_of(node)) else node
    if kind == "literal":
        return node
    parts = [fold(child, absent) for child in node["children"]]
    known = [part["type"] == "literal" for part in parts]
    made = {**node, "children": parts}
    if kind in {"and_expression", "or_expression"}:
        return parts[true(parts[0]["value"]) is (kind == "and_expression")] if known[0] else made
    if kind == "function_expression":
        return literal(None) if literal(None) in parts else made
    return literal(closure(made)(())) if all(known) else made


def literal(value: Any) -> Node:
    """The tree of a constant."""
    return {"type": "literal", "value": value, "children": []}
