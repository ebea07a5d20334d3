"""The report on a conversion as data: what `migration_report.json` holds, and `migration_report.md` shows."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from litellm_migrate.convert.calls import Variable
from litellm_migrate.convert.columns import PathPointer
from litellm_migrate.convert.outcomes import MANUAL, Code
from litellm_migrate.convert.run import Conversion, GlanceAnswer
from litellm_migrate.output.acceptance import Acceptance, Acceptances
from litellm_migrate.output.findings import FindingGroup, class_counts, finding_data, findings_of
from litellm_migrate.output.places import Places
from litellm_migrate.output.rotation import exposed_settings, rotation
from litellm_migrate.output.setting_outcomes import Counts, SettingOutcome
from litellm_migrate.source.model import Json, Notice, Source, pointer, value_at

if TYPE_CHECKING:
    from litellm_migrate.output.rehearsal_report import StageResult


class Invocation(NamedTuple):
    """What reports say of the run itself."""

    version: str
    """Of this program."""
    input: str
    """The configuration as it was named on the command line."""
    dialect: str
    catalog: str
    """Where facts come from that configurations do not state; empty if the rules have none."""
    program: str
    """Name and version of the program whose configuration was read."""
    today: str
    """The day of the run, as ISO writes it."""
    rehearsal: Sequence[StageResult] = ()
    """How each stage of a rehearsal went, if there was one."""
    acceptances: Sequence[Acceptance] = ()
    """The findings that somebody accepts."""


class Report(NamedTuple):
    """What both reports are made of."""

    invocation: Invocation
    conversion: Conversion
    settings: tuple[SettingOutcome, ...]
    """One for each leaf of the source, in document order."""
    counts: Counts
    findings: tuple[FindingGroup, ...]
    """The most urgent ones first; those that somebody accepted are not among them."""
    accepted: tuple[FindingGroup, ...]
    notices: tuple[Notice, ...]

    @property
    def all_findings(self) -> tuple[FindingGroup, ...]:
        """Also those that somebody accepted, which come last."""
        return (*self.findings, *self.accepted)

    @property
    def is_ready(self) -> bool:
        """Whether no finding is urgent."""
        return not any(self.conversion.book.classes[finding.meaning.category].urgent for finding in self.findings)

    @property
    def shown_tables(self) -> Sequence[tuple[Any, list[Any]]]:
        """The tables that are no files of their own."""
        return [(view, rows) for view, rows in self.conversion.tables if not view.file]

    def summary(self) -> dict[str, int]:
        """How many settings had each outcome, and of how many that are Manual the finding is accepted, if of any."""
        numbers = {number for finding in self.accepted for part in finding.statements for number in part.settings}
        accepted = sum(self.settings[number].verdict.outcome == MANUAL for number in numbers)
        return {**self.counts.summary(), **({"accepted": accepted} if accepted else {})}


def report_of(invocation: Invocation, conversion: Conversion) -> Report:
    """What the reports on a conversion are made of."""
    marks = conversion.source.marks
    label = Places(conversion).label
    settings = tuple(
        [SettingOutcome(verdict, marks[verdict.path], label(verdict.path)) for verdict in conversion.verdicts]
    )
    acceptances = Acceptances(invocation.acceptances, marks[()].at.file)
    book = conversion.book
    findings = findings_of(settings, conversion.notices, book.codes, book.classes, acceptances)
    is_open, accepted = (
        tuple(finding for finding in findings if (finding.reason is None) is unaccepted) for unaccepted in (True, False)
    )
    notices = (*conversion.notices, *acceptances.unused())
    return Report(invocation, conversion, settings, Counts.of(settings), is_open, accepted, notices)


def report_data(report: Report, payloads: Iterable[str]) -> dict[str, object]:
    """The report for programs, as its JSON Schema (`schemas/report/`) describes it; `payloads` are texts of files."""
    invocation, conversion = report.invocation, report.conversion
    data: dict[str, object] = {
        "version": invocation.version,
        "input": invocation.input,
        "dialect": invocation.dialect,
        "catalog": invocation.catalog,
        "today": invocation.today,
        "digest": {"configuration": digest(conversion.source.texts.values()), "payloads": digest(payloads)},
        "summary": report.summary(),
        "verdict": verdict(report),
        **({"stopped": conversion.stopped} if conversion.stopped else {}),
        "glance": [answer._asdict() for answer in glance(report)],
        "classes": class_counts(report.findings, conversion.book.classes),
        "findings": [finding_data(finding, conversion.book.classes) for finding in report.all_findings],
        "settings": report.settings,
        "secrets": [variable_data(variable) for variable in conversion.variables],
        "environment": [variable_data(variable) for variable in conversion.environment],
        "exposed": [
            {"path": pointer(setting.mark.local), "file": setting.mark.at.file, "line": setting.mark.at.line}
            for setting in exposed_settings(conversion, report.settings)
        ],
        **{view.shape.id: [located(row, conversion.source) for row in rows] for view, rows in report.shown_tables},
        "entities": dict(entities(conversion)),
        "notices": [notice_data(notice) for notice in report.notices],
        "codes": {finding.code: code_data(finding.meaning) for finding in report.all_findings},
    }
    if invocation.rehearsal:
        from litellm_migrate.output.rehearsal_report import rehearsal_data  # noqa: PLC0415 - seldom needed

        data["rehearsal"] = rehearsal_data(invocation.rehearsal)
    return data


def glance(report: Report) -> list[GlanceAnswer]:
    """What one wants to know first; each answer with those codes only that the report has."""
    codes = {finding.code for finding in report.all_findings}
    answers = [
        answer._replace(see=tuple(code for code in answer.see if code in codes)) for answer in report.conversion.answers
    ]
    return [*answers, GlanceAnswer("Secrets to rotate", rotation(report.conversion, report.settings), ())]


def verdict(report: Report) -> str:
    """What stands in the way, in a sentence."""
    if report.is_ready:
        return f"Ready to apply: no {'open ' if report.accepted else ''}finding is urgent."
    category = report.findings[0].meaning.category
    number = sum(finding.meaning.category == category for finding in report.findings)
    heading = report.conversion.book.classes[category].heading
    return f"Not ready for traffic. {heading}: {count(number, 'finding')}."


def count(number: int, noun: str) -> str:
    """A number with its noun: `1 setting`, `2 settings`."""
    return f"{number} {noun}{'' if number == 1 else 's'}"


def code_data(meaning: Code) -> dict[str, str]:
    """What a code means that settings or notices have."""
    return {"name": meaning.name, "class": meaning.category, "title": meaning.title, "about": meaning.about}


def digest(texts: Iterable[str]) -> str:
    """The SHA-256 of some texts, one after the other."""
    return hashlib.sha256("".join(texts).encode("utf-8", "backslashreplace")).hexdigest()


def entities(conversion: Conversion) -> Iterator[tuple[str, list[str]]]:
    """The names of the entities in each payload file that lists some, in their order."""
    for call in conversion.calls:
        if call.unique_key and call.file in conversion.payloads:
            keys = [tuple(field.split(".")) for field in call.unique_key]
            yield (
                call.file,
                [" ".join(str(value_at(body, key)) for key in keys) for body in conversion.payloads[call.file]],
            )


def variable_data(variable: Variable) -> dict[str, object]:
    """A variable that payloads refer to, and where the configuration asks for it."""
    places = [place.rpartition(":") for place in variable.places]
    return {
        "variable": variable.name,
        "origin": variable.origin,
        "places": [{"file": file, "line": int(line)} for file, _, line in places],
    }


def located(value: Json, source: Source) -> Json:
    """A value of a view, in which each place of the configuration is a pointer into the file where it is written."""
    if isinstance(value, PathPointer):
        return pointer(source.marks[value.path].local)
    if isinstance(value, dict):
        return {key: located(below, source) for key, below in value.items()}
    return [located(below, source) for below in value if below != {}] if isinstance(value, list) else value


def notice_data(notice: Notice) -> dict[str, object]:
    """A notice; where it has no place or no step to take, those are absent."""
    place = {"file": notice.at.file, "line": notice.at.line, "column": notice.at.column} if notice.at else {}
    return {"code": notice.code, **place, "because": notice.because, **({"do": notice.do} if notice.do else {})}
