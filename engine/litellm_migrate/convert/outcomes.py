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
    """A declared code of its consequence."""


class Code(NamedTuple):
    """What outcomes of one code have in common."""

    name: str
    category: str
    """How much it matters: the class that the rules give it."""
    title: str
    """The consequence, as a sentence without a full stop."""
    about: str
    heading: str = ""
    """Under which the report lists its settings, before all others; empty for the section of the configuration."""
