"""Findings: what settings and notices of one code have in common, the most urgent class first.

A finding has statements: a reason with what to do about it, and the settings that it is about. A setting that no
payload carries makes one statement, one that is mapped makes one for each thing that differs.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from litellm_migrate.convert.outcomes import Code, CodeClass
from litellm_migrate.output.acceptance import Acceptances
from litellm_migrate.output.setting_outcomes import SettingOutcome
from litellm_migrate.source.model import Notice, Position


class Statement(NamedTuple):
    """One reason, and where it applies."""

    because: str
    do: str
    settings: list[int]
    """The numbers of the settings that it is about."""
    places: list[Position]
    """Where notices stand that say so."""

    @property
    def number(self) -> int:
        """How many places it has; one without any counts as one."""
        return len(self.settings) + len(self.places) or 1


class FindingGroup(NamedTuple):
    """Everything with one code."""

    code: str
    meaning: Code
    statements: list[Statement]
    reason: str | None = None
    """Why somebody accepted it, empty if they did not say; None if nobody did."""

    @property
    def number(self) -> int:
        """How many places it has."""
        return sum(statement.number for statement in self.statements)


def findings_of(
    settings: Sequence[SettingOutcome],
    notices: Sequence[Notice],
    codes: Mapping[str, Code],
    classes: Iterable[str],
    acceptances: Acceptances,
) -> list[FindingGroup]:
    """All findings, by class, then those with most places first; what was accepted is apart, by its reason."""
    groups: dict[tuple[str, str | None], dict[tuple[str, str], Statement]] = {}
    for code, because, do, setting, at in statements(settings, notices):
        if code in codes:
            reason = acceptances.reason(code, None if setting is None else settings[setting], at)
            of_code = groups.setdefault((code, reason), {})
            statement = of_code.get((because, do))
            if statement is None:
                statement = of_code[because, do] = Statement(because, do, [], [])
            if setting is not None:
                statement.settings.append(setting)
            elif at:
                statement.places.append(at)
    findings = [
        FindingGroup(code, codes[code], sorted(of_code.values(), key=lambda statement: -statement.number), reason)
        for (code, reason), of_code in groups.items()
    ]
    order = {name: number for number, name in enumerate(classes)}
    return sorted(findings, key=lambda finding: (order[finding.meaning.category], -finding.number, finding.code))


def statements(
    settings: Sequence[SettingOutcome], notices: Sequence[Notice]
) -> Iterator[tuple[str, str, str, int | None, Position | None]]:
    """Code, reason, step, number of the setting and position of everything that is said."""
    for number, setting in enumerate(settings):
        verdict = setting.verdict
        if verdict.because:
            yield verdict.code, verdict.because, verdict.do, number, None
        for differs in verdict.differs:
            yield differs.code, differs.because, differs.do, number, None
    for notice in notices:
        yield notice.code, notice.because, notice.do, None, notice.at


def class_counts(findings: Sequence[FindingGroup], classes: Iterable[str]) -> dict[str, int]:
    """How many findings each class has, none included."""
    return {name: sum(finding.meaning.category == name for finding in findings) for name in classes}


def level(category: str, classes: Mapping[str, CodeClass]) -> str:
    """How other programs call what is of a class: an error, a warning, or a note where nobody has to act."""
    return "error" if classes[category].urgent else "note" if category == [*classes][-1] else "warning"


def finding_data(finding: FindingGroup, classes: Mapping[str, CodeClass]) -> dict[str, object]:
    """A finding as an object of the report for programs."""
    return {
        "code": finding.code,
        "name": finding.meaning.name,
        "class": finding.meaning.category,
        "level": level(finding.meaning.category, classes),
        "title": finding.meaning.title,
        **({} if finding.reason is None else {"accepted": True, "reason": finding.reason}),
        "statements": [
            {
                "because": statement.because,
                "do": statement.do,
                "settings": statement.settings,
                "places": [{"file": at.file, "line": at.line, "column": at.column} for at in statement.places],
            }
            for statement in finding.statements
        ],
    }
