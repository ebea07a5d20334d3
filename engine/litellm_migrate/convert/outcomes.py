"""What becomes of a setting that no payload carries, and the sentences that say so."""

from __future__ import annotations

from typing import NamedTuple, Protocol

from litellm_migrate.convert.rows import Row
from litellm_migrate.source.model import Path
from litellm_migrate.source.records import record

MANUAL, SKIPPED = "manual", "skipped"


class Outcome(NamedTuple):
    """An end other than being mapped."""

    word: str
    because: str
    do: str = ""
    code: str = ""


@record
class Finding:
    """An outcome for some places of the source; with no place it is a notice about `spot`."""

    paths: frozenset[Path]
    outcome: Outcome
    rule: str
    spot: Path = ()


class Filled(Protocol):
    """A text with holes that a row fills."""

    def said(self, row: Row) -> str:
        """The filled text, whatever is missing."""


@record
class Sentence:
    """An outcome whose texts may have holes."""

    word: str
    because: Filled
    do: Filled
    code: str

    def on(self, row: Row) -> Outcome:
        """The outcome as it reads for a row."""
        return Outcome(self.word, self.because.said(row), self.do.said(row), self.code)
