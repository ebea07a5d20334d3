"""How large a document may be once its aliases are written out."""

from __future__ import annotations

from ..model import Problems, problem
from .places import Spot, position

MAX_DEPTH = 100
"""Levels of nesting; the program itself resolves references no deeper."""

MAX_NODES = 2_000_000
"""Values and items; about 100,000 deployments have as many. A few lines of nested aliases can ask for billions."""


def too_deep(file: str, spot: Spot) -> Problems:
    """The refusal of a document that nests too deep."""
    return _refusal(file, spot, f"at most {MAX_DEPTH} levels of nesting, found more. Flatten what stands here")


def too_many(file: str, spot: Spot) -> Problems:
    """The refusal of a document that is too large."""
    return _refusal(file, spot, f"at most {MAX_NODES:,} nodes with aliases written out, found more. Use fewer aliases")


def recursive(file: str, spot: Spot) -> Problems:
    """The refusal of a node that contains itself."""
    return _refusal(file, spot, "a value that ends, found an alias of the node that it stands in. Write the value out")


def _refusal(file: str, spot: Spot, expected: str) -> Problems:
    return Problems([problem(position(file, spot), f"expected {expected}.")])
