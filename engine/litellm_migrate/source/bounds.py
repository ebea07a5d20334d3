"""How large a document may be once its aliases are written out."""

from __future__ import annotations

from litellm_migrate.source.model import Problems
from litellm_migrate.source.places import Spot, position

MAX_DEPTH = 100
"""Levels of nesting; the program itself resolves references no deeper."""

MAX_NODES = 2_000_000
"""Values and items; about 100,000 deployments have as many. A few lines of nested aliases can ask for billions."""

MANY, SHORT = 100_000, 1_000_000
"""What a text of no length may hold, and the characters up to which each ten more allow one value more.

A usual value takes twelve. In a longer text two characters do: whoever writes so much may use anchors for all of it.
"""


LONGEST_NUMBER = 5000
"""Characters of a number to the base of 60 (`1:30`); to read one of a megabyte takes minutes."""


def check_number(text: str) -> None:
    """Raises ValueError for a number that is too long to be read."""
    if len(text) > LONGEST_NUMBER and ":" in text:
        raise ValueError


def most_nodes(characters: int) -> int:
    """How many values and items a text of this length may hold, its aliases written out."""
    return min(MAX_NODES, MANY + characters // (10 if characters < SHORT else 2))


def too_deep(file: str, spot: Spot) -> Problems:
    """The refusal of a document that nests too deep."""
    return _refusal(file, spot, f"at most {MAX_DEPTH} levels of nesting, found more. Flatten what stands here")


def too_many(file: str, spot: Spot, most: int = MAX_NODES) -> Problems:
    """The refusal of a document that holds too much for its length."""
    advice = "Use fewer aliases, or divide it"
    return _refusal(
        file, spot, f"at most {most:,} values in a text of this length, aliases written out, found more. {advice}"
    )


def recursive(file: str, spot: Spot) -> Problems:
    """The refusal of a node that contains itself."""
    return _refusal(file, spot, "a value that ends, found an alias of the node that it stands in. Write the value out")


def _refusal(file: str, spot: Spot, expected: str) -> Problems:
    return Problems.at(position(file, spot), f"expected {expected}.")
