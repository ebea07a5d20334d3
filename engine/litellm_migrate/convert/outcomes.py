"""What is said of a setting: how it ended if no payload carries it, and what differs if one does."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

MANUAL, SKIPPED, DIFFERS = "manual", "skipped", "differs"
DO, CODE = "do", "code"
"""The cells of a row with what to do about what differs, and with its code."""


class Outcome(NamedTuple):
    """What becomes of a setting that no payload carries, or what differs about one that a payload carries."""

    word: str
    because: str
    do: str = ""
    code: str = ""
    """A declared code of its consequence."""

    @property
    def text(self) -> str:
        """Why, and what to do, in one line."""
        return f"{self.because} {self.do}" if self.do else self.because


def difference(row: Mapping[str, object]) -> Outcome | None:
    """What a row of a table says of every setting that another of its cells answers; None if nothing."""
    because = row.get(DIFFERS)
    return Outcome(DIFFERS, str(because), str(row.get(DO, "")), str(row.get(CODE, ""))) if because else None


class CodeClass(NamedTuple):
    """How much findings of some codes matter."""

    heading: str
    urgent: bool
    """Whether the reader has to act before traffic moves."""
    needs_reason: bool = False
    """Whether such a finding is accepted with a stated reason only."""


class Code(NamedTuple):
    """What outcomes of one code have in common."""

    name: str
    category: str
    """How much it matters: the class that the rules give it."""
    title: str
    """The consequence, as a sentence without a full stop."""
    about: str
    stops: bool = False
    """Whether the program whose configuration it is does not start with such a setting."""
