"""What became of each setting: as an object of the report for programs, and as a line of the report for people."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from litellm_migrate.convert.outcomes import MANUAL, SKIPPED, Code
from litellm_migrate.convert.verdicts import MAPPED, Verdict
from litellm_migrate.output.markdown import code, prose, table_of_lines
from litellm_migrate.source.model import Mark, Path, dotted, key_text, pointer

MOST_TARGETS = 4
"""How many targets of a setting are named in a table; of more, the number."""
NOTHING = ("Nothing.", "")
SENTENCE_END = re.compile(r"(?<=[.!?]) (?=[A-Z])")
Lines = list[str]


class SettingOutcome:
    """A leaf of the source, where it is written, and what became of it; a plain value only while it is written."""

    __slots__ = ("mark", "verdict")

    def __init__(self, verdict: Verdict, mark: Mark) -> None:
        self.verdict = verdict
        self.mark = mark

    def plain(self) -> dict[str, object]:
        """The setting as an object of the report for programs."""
        verdict, (file, line, column) = self.verdict, self.mark.at
        return {
            "path": pointer(self.mark.local),
            "file": file,
            "line": line,
            "column": column,
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


class Sections:
    """The sections Manual, Mapped and Skipped of a report, with one line for each setting in document order."""

    def __init__(self, settings: Iterable[SettingOutcome], codes: Mapping[str, Code]) -> None:
        self._headings = {code: meaning.heading for code, meaning in codes.items() if meaning.heading}
        """By code, the heading that comes before those of all sections."""
        self._exact: Lines = []
        self._differing: dict[str, Lines] = defaultdict(list)
        """By the sentence that says what differs."""
        self._deciding: Lines = []
        self._manual: dict[tuple[str, str, str], Lines] = defaultdict(list)
        """By heading, reason and step to take."""
        self._skipped: dict[str, Lines] = defaultdict(list)
        """By reason."""
        for setting in settings:
            self._add(setting.verdict, setting.mark)

    def _add(self, verdict: Verdict, mark: Mark) -> None:
        file, line, _ = mark.at
        place, name = f"{file}:{line}", dotted(mark.local) or "(the whole document)"
        if verdict.outcome == MAPPED:
            differing = [self._differing[outcome.text] for outcome in verdict.differs]
            for lines in [self._deciding] if verdict.code == "decides" else differing or [self._exact]:
                lines.append(mapped_row(place, name, verdict.targets))
        elif verdict.outcome == MANUAL:
            section = code(key_text(verdict.path[0]) if verdict.path else "")
            heading = self._headings.get(verdict.code, section)
            self._manual[heading, verdict.because, verdict.do].append(f"- {code(place)} {code(name)}")
        elif verdict.outcome == SKIPPED:
            self._skipped[verdict.because].append(f"- {code(place)} {code(name)}")

    def manual(self) -> Iterator[str]:
        """The settings that need a decision, by heading, reason and step to take."""
        yield from ["## Manual", "", "Settings that need your decision.", ""]
        last, first = "", list(self._headings.values())
        for (head, because, do), lines in sorted(
            self._manual.items(),
            key=lambda item: (item[0][0] not in first, first.index(item[0][0]) if item[0][0] in first else 0),
        ):
            if head != last:
                yield from [f"### {head}", ""]
            last = head
            yield from [bold_consequence(because), "", f"To do: {prose(do)}", "", *lines, ""]
        yield from () if self._manual else NOTHING

    def mapped(self) -> Iterator[str]:
        """The settings that payloads carry: exactly, then those of which something differs, then those that decide."""
        yield from ["## Mapped", "", "### Exactly", ""]
        yield from table_of_lines(["Line", "Setting", "Written to"], self._exact)
        yield from ["### Not exactly", ""]
        for sentence, lines in self._differing.items():
            yield from [prose(sentence), ""]
            yield from table_of_lines(["Line", "Setting", "Written to"], lines)
        yield from () if self._differing else NOTHING
        yield from ["### Decides what is written", ""]
        yield from table_of_lines(["Line", "Setting", "Decides"], self._deciding)

    def skipped(self) -> Iterator[str]:
        """The settings that need no action, by reason."""
        yield from ["## Skipped", "", "No action needed.", ""]
        for because, lines in self._skipped.items():
            yield from [prose(because), "", *lines, ""]
        yield from () if self._skipped else NOTHING


def bold_consequence(because: str) -> str:
    """A reason of which the first sentence, the consequence, is bold."""
    consequence, *rest = SENTENCE_END.split(because, maxsplit=1)
    return " ".join([f"**{prose(consequence)}**", *map(prose, rest)])


def mapped_row(place: str, name: str, targets: Sequence[tuple[str, Path]]) -> str:
    """The line of a mapped setting in its table: where it is written, its name, and its places in payload files."""
    places = [
        f"{file} {dotted(path)}" if path and isinstance(path[0], str) else f"{file}{dotted(path)}"
        for file, path in targets[:MOST_TARGETS]
    ]
    more = f" and {len(targets) - MOST_TARGETS} more" if len(targets) > MOST_TARGETS else ""
    return f"| {code(place)} | {code(name)} | {', '.join(map(code, places))}{more} |"
