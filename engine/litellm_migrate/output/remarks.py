"""What is said of the lines of a configuration in its annotated copy."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from typing import TypeAlias

from litellm_migrate.convert.ledger import FieldPath
from litellm_migrate.convert.verdicts import MAPPED
from litellm_migrate.output.finding_text import rest_of
from litellm_migrate.output.findings import FindingGroup, Statement
from litellm_migrate.output.places import MASKED
from litellm_migrate.output.report import Report
from litellm_migrate.output.setting_outcomes import SettingOutcome
from litellm_migrate.source.documents import read_document
from litellm_migrate.source.model import Mark, dotted, key_text
from litellm_migrate.source.positions import place_below

MOST_TARGETS, MOST_SETTINGS = 2, 6
"""How many fields a setting names, and how many settings a line."""

LineTexts: TypeAlias = "dict[int, list[str]]"
"""Texts by the number of a line."""


class Remarks:
    """What is said of the lines of each file."""

    def __init__(self, report: Report) -> None:
        self._report = report
        self._accepted = {
            (number, finding.code)
            for finding in report.accepted
            for statement in finding.statements
            for number in statement.settings
        }

    def head(self, file: str) -> list[str]:
        """What the copy is, and what is said of no line."""
        run = self._report.invocation
        lines = [
            f"{file} for Synapse, as litellm-migrate {run.version} converts it: dialect {run.dialect}, {run.today}.",
            f"A copy to read. The configuration itself was not changed; {MASKED} hides what may be a secret.",
        ]
        findings = self._report.all_findings
        pairs = [(finding, statement) for finding in findings for statement in finding.statements]
        lines += [sentence(*pair) for pair in pairs if not pair[1].settings and not pair[1].places]
        return lines

    def of_file(self, file: str, inside: str | None) -> tuple[LineTexts, LineTexts]:
        """What is said above its lines and beside them; of a text `inside` a file, by the lines of that text."""
        line_of = line_in_file if inside is None else lines_inside(file, inside)
        above: LineTexts = defaultdict(list)
        by_line: dict[int, list[tuple[str, str]]] = defaultdict(list)
        settings = self._report.settings
        for number, setting in enumerate(settings):
            if setting.mark.at.file == file:
                name = next((key_text(key) for key in reversed(setting.mark.local) if not isinstance(key, int)), "")
                by_line[line_of(setting.mark)].append((name, self._outcome(number, setting)))
        for finding in self._report.all_findings:
            for statement in finding.statements:
                marks = [settings[number].mark for number in statement.settings]
                lines = [line_of(mark) for mark in marks if mark.at.file == file]
                lines += [at.line if inside is None else 1 for at in statement.places if at.file == file]
                if lines and first_file(statement, marks) == file:
                    above[min(lines)].append(sentence(finding, statement))
        return above, {line: [joined(remarks)] for line, remarks in by_line.items()}

    def _outcome(self, number: int, setting: SettingOutcome) -> str:
        """What became of a setting, in a few words."""
        verdict, known = setting.verdict, self._report.conversion.book.codes
        if verdict.outcome == MAPPED:
            codes = ", ".join(dict.fromkeys(differs.code for differs in verdict.differs if differs.code))
            differs = f", differs {codes}".rstrip() if verdict.differs else ""
            return f"mapped{differs}{' → ' if verdict.targets else ''}{targets_text(verdict.targets)}"
        if verdict.code in known:
            accepted = ", accepted" if (number, verdict.code) in self._accepted else ""
            return f"{verdict.outcome} {verdict.code}{accepted}: {known[verdict.code].title}"
        return f"{verdict.outcome}: {verdict.because}"


def line_in_file(mark: Mark) -> int:
    """The line of a mark."""
    return mark.at.line


def lines_inside(file: str, text: str) -> Callable[[Mark], int]:
    """The function that tells the line of a mark in a text of its own; 1 where the text does not hold it."""
    document = read_document(file, text)

    def line_of(mark: Mark) -> int:
        place = document.place
        try:
            for step in mark.local:
                place = place_below(place, step)
        except KeyError:
            return 1
        return place[0].line + 1

    return line_of


def first_file(statement: Statement, marks: list[Mark]) -> str:
    """The file of the first place of a statement."""
    return marks[0].at.file if marks else statement.places[0].file


def sentence(finding: FindingGroup, statement: Statement) -> str:
    """All that a finding says of some places."""
    title = finding.meaning.title
    step = f" Do: {statement.do}" if statement.do else ""
    reason = "" if finding.reason is None else f" (accepted{': ' if finding.reason else ''}{finding.reason})"
    return f"{finding.code}{reason} {title}. {rest_of(statement.because, title)}{step}"


def joined(remarks: list[tuple[str, str]]) -> str:
    """What is said of the settings of a line; their names only where there are several."""
    unique = list(dict.fromkeys(remarks))
    texts = [f"{name}: {text}" if len(unique) > 1 and name else text for name, text in unique[:MOST_SETTINGS]]
    return "; ".join(texts + ([f"and {len(unique) - MOST_SETTINGS} more"] if len(unique) > MOST_SETTINGS else []))


def targets_text(targets: tuple[FieldPath, ...]) -> str:
    """The fields that carry a setting: `models.json[3].id`."""
    texts = []
    for file, path in targets[:MOST_TARGETS]:
        steps = dotted(path)
        texts.append(f"{file}{'' if steps.startswith('[') or not steps else ': '}{steps}")
    more = len(targets) - MOST_TARGETS
    return ", ".join(texts) + (f" and {more} more" if more > 0 else "")
