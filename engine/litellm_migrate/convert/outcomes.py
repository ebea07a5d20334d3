"""Ends of a setting other than being mapped."""

from __future__ import annotations

from typing import NamedTuple

MANUAL, SKIPPED = "manual", "skipped"


class Outcome(NamedTuple):
    """What becomes of a setting that no payload carries: the word for it, why, and what to do."""

    word: str
    because: str
    do: str = ""
    code: str = ""
