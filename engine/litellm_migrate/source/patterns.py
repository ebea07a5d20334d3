"""Regular expressions of the rules, compiled when a text may fit: of many patterns, a run needs few."""

from __future__ import annotations

import re
from functools import cache

PLAIN = re.compile(r"(?:[\w:/=\" -]|\\\W)*(?![?*+{])", re.ASCII)
"""The signs at the beginning of a pattern that stand for themselves."""
ELSE = re.compile(r"\||\(\?\w+\)")
"""What makes a pattern fit other beginnings: alternatives, and flags."""


def beginning(pattern: str) -> str:
    """What every text begins with that a pattern fits; nothing where that is not plain."""
    plain = PLAIN.match(pattern)
    return re.sub(r"\\(\W)", r"\1", plain[0]) if plain and not ELSE.search(pattern) else ""


@cache
def compiled(pattern: str) -> re.Pattern[str]:
    """A pattern, ready."""
    return re.compile(pattern)
