"""Findings for people: by class, each with its consequence, what to do, and the settings that it is about."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from typing import NamedTuple

from litellm_migrate.convert.outcomes import CodeClass
from litellm_migrate.output import DATA
from litellm_migrate.output.findings import FindingGroup, Statement
from litellm_migrate.output.markdown import code, quoting
from litellm_migrate.output.places import Places
from litellm_migrate.output.setting_outcomes import SettingOutcome

DO = "**Do:**"


class Detail(NamedTuple):
    """How much of a report is written out; of the rest, the number."""

    places: int
    """Settings of a statement."""
    statements: int
    """Statements of a finding."""
    rows: int
    """Rows of a table."""
    headed: bool
    """Whether urgent findings have a heading each; all others are items of a list."""


class FindingText:
    """Writes findings of one report as Markdown."""

    def __init__(self, places: Places, settings: Sequence[SettingOutcome], detail: Detail) -> None:
        self._places = places
        self._settings = settings
        self._detail = detail

    def sections(self, findings: Sequence[FindingGroup], classes: Mapping[str, CodeClass]) -> Iterator[str]:
        """Every class that has findings, most urgent first."""
        for name, (heading, urgent, *_) in classes.items():
            headed = urgent and self._detail.headed
            of_class = [finding for finding in findings if finding.meaning.category == name]
            if of_class:
                yield from [f"### {heading}", ""]
            for finding in of_class:
                yield from self._headed(finding) if headed else self._listed(finding)
            if of_class and not headed:
                yield ""

    def accepted(self, findings: Sequence[FindingGroup]) -> Iterator[str]:
        """What somebody accepted, each finding with the reason."""
        if findings:
            yield from ["### Accepted", ""]
            for finding in findings:
                yield from self._listed(finding, f"Accepted: {finding.reason}" if finding.reason else "Accepted.")
            yield ""

    def _headed(self, finding: FindingGroup) -> Iterator[str]:
        yield f'#### <a id="{anchor(finding.code)}"></a>{finding.code} {quoting(finding.meaning.title)}'
        if len(finding.statements) == 1:
            (statement,) = finding.statements
            yield from filter(None, [sentences(rest_of(statement.because, finding.meaning.title), statement.do)])
            yield from (f"- {places}" for places in self._places_of(statement))
        else:
            yield from self._statements(finding, "")
        yield ""

    def _listed(self, finding: FindingGroup, lead: str = "") -> Iterator[str]:
        title = f'- <a id="{anchor(finding.code)}"></a>**{finding.code} {quoting(finding.meaning.title)}.**'
        title += f" {sentence(lead)}" if lead else ""
        if len(finding.statements) == 1:
            yield f"{title} {self._statement(finding.statements[0], finding, True)}"
        else:
            yield title
            yield from self._statements(finding, "  ")

    def _statements(self, finding: FindingGroup, indent: str) -> Iterator[str]:
        """Statements as items; a step that all of them share comes once, after them."""
        steps = {statement.do for statement in finding.statements}
        most = self._detail.statements
        for statement in finding.statements[:most]:
            yield f"{indent}- {self._statement(statement, finding, len(steps) > 1)}"
        if len(finding.statements) > most:
            yield f"{indent}- and {len(finding.statements) - most} more like these, in `{DATA}`"
        if len(steps) == 1 and any(steps):
            yield f"{indent}- {DO} {quoting(steps.pop())}"

    def _statement(self, statement: Statement, finding: FindingGroup, with_step: bool) -> str:
        because = rest_of(statement.because, finding.meaning.title)
        text = sentences(because, statement.do if with_step else "")
        return " ".join(filter(None, [text, *(f"({places})" for places in self._places_of(statement))]))

    def _places_of(self, statement: Statement) -> Iterator[str]:
        """The settings of a statement in one text, if it has any; entries that share a line come once."""
        lines = ((self._places.line(at), "") for at in statement.places)
        settings = (self._places.setting(self._settings[number]) for number in statement.settings)
        entries: dict[str, list[str]] = {}
        for text, entry in chain(lines, settings):
            if text not in entries and len(entries) == self._detail.places:
                break
            entries.setdefault(text, []).append(entry)
        more = len(statement.places) + len(statement.settings) - sum(map(len, entries.values()))
        if entries:
            texts = [f"{text}{of_entries(names, self._detail.places)}" for text, names in entries.items()]
            yield "; ".join(texts) + (f"; and {more} more" if more else "")


def of_entries(names: Sequence[str], most: int) -> str:
    """The entries that a setting belongs to, at most so many: ` of `chat`, `chat-large``; empty if it has none."""
    shown = [code(name) for name in dict.fromkeys(names) if name]
    more = f" and {len(shown) - most} more" if len(shown) > most else ""
    return f" of {', '.join(shown[:most])}{more}" if shown else ""


def anchor(code: str) -> str:
    """The name of a finding in links."""
    return code.lower()


def link(code: str) -> str:
    """A link to a finding."""
    return f"[{code}](#{anchor(code)})"


def sentences(because: str, do: str) -> str:
    """A reason and what to do, as Markdown."""
    return " ".join(filter(None, [quoting(because), f"{DO} {quoting(do)}" if do else ""]))


def sentence(text: str) -> str:
    """A text as Markdown, with a full stop unless it ends a sentence itself."""
    return quoting(text if text.endswith((".", "!", "?")) else f"{text}.")


def rest_of(because: str, title: str) -> str:
    """A reason without the title, where it begins with that."""
    if not because.startswith((f"{title}. ", f"{title}: ", f"{title}, and ")):
        return because
    rest = because.removeprefix(title).lstrip(".:, ").removeprefix("and ")
    return rest[:1].upper() + rest[1:]
