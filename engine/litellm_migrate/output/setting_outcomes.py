"""What became of each setting, as an object of the report for programs, and how many had each outcome."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from litellm_migrate.convert.outcomes import MANUAL, SKIPPED
from litellm_migrate.convert.verdicts import MAPPED, Verdict
from litellm_migrate.source.model import Mark, pointer


class SettingOutcome:
    """A leaf of the source, where it is written, and what became of it; a plain value only while it is written."""

    __slots__ = ("entry", "mark", "verdict")

    def __init__(self, verdict: Verdict, mark: Mark, entry: str) -> None:
        self.verdict = verdict
        self.mark = mark
        self.entry = entry
        """The name of the entry that it belongs to; empty if it belongs to none, or is that name."""

    def plain(self) -> dict[str, object]:
        """The setting as an object of the report for programs."""
        verdict, (file, line, column) = self.verdict, self.mark.at
        return {
            "path": pointer(self.mark.local),
            "file": file,
            "line": line,
            "column": column,
            "entry": self.entry,
            "outcome": verdict.outcome,
            "exact": verdict.exact,
            "targets": [{"file": name, "pointer": pointer(path)} for name, path in verdict.targets],
            "rule": verdict.rule,
            "because": verdict.because,
            "do": verdict.do,
            "differs": [outcome.text for outcome in verdict.differs],
            "code": verdict.code,
        }


class Counts(NamedTuple):
    """How many settings there are, and how many had each outcome."""

    settings: int
    exact: int
    """Mapped, and nothing is known to differ."""
    differing: int
    """Mapped, but not exactly."""
    manual: int
    skipped: int

    @classmethod
    def of(cls, settings: Sequence[SettingOutcome]) -> Counts:
        """The settings, counted."""
        outcomes = Counter((setting.verdict.outcome, setting.verdict.exact) for setting in settings)
        mapped = outcomes[MAPPED, True], outcomes[MAPPED, False]
        return cls(len(settings), *mapped, outcomes[MANUAL, False], outcomes[SKIPPED, False])

    def summary(self) -> dict[str, int]:
        """The numbers as the command and the report for programs give them."""
        mapped = self.exact + self.differing
        return {"mapped": mapped, "manual": self.manual, "skipped": self.skipped, "settings": self.settings}
