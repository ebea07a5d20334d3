"""Findings for other programs: lines, JSON, SARIF 2.1.0 and annotations of GitHub, all from the report for programs."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Iterator
from itertools import groupby
from pathlib import PurePath
from typing import Any, NamedTuple
from urllib.parse import quote

from litellm_migrate.output import DATA
from litellm_migrate.output.finding_text import rest_of
from litellm_migrate.output.markdown import visible
from litellm_migrate.output.report import count

ReportData = dict[str, Any]
"""What `migration_report.json` holds, or an object in it."""

PROGRAM = "litellm-migrate"
SARIF_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
FINGERPRINT = "finding/v1"
"""The name and version of how a finding is recognized again."""
ANNOTATIONS = {"error": "error", "warning": "warning", "note": "notice"}
"""What GitHub calls each level."""
MOST_ANNOTATIONS = 10
"""So many of each level does GitHub show of one step."""


class PlacedFinding(NamedTuple):
    """What is said of one place; of the whole configuration where it has none."""

    code: str
    category: str
    level: str
    title: str
    because: str
    do: str
    reason: str | None
    """Why somebody accepted it; None if nobody did."""
    statement: int
    """The number of the statement, of which others may be at other places."""
    file: str = ""
    line: int = 0
    column: int = 0
    setting: str = ""
    """The setting as a JSON pointer; empty where it is none."""

    @property
    def text(self) -> str:
        """All that is said but the title."""
        because = rest_of(self.because, self.title)
        return f"{because} Do: {self.do}" if self.do else because

    @property
    def key(self) -> str:
        """What stays when lines move: code, file and setting, else what is said."""
        return "\n".join((self.code, self.file, self.setting or self.because))


def placed_findings(report: ReportData) -> Iterator[PlacedFinding]:
    """Every finding at each of its places, the most urgent first."""
    number = 0
    for group in report["findings"]:
        of_group = group["code"], group["class"], group["level"], group["title"]
        for statement in group["statements"]:
            number += 1
            texts = statement["because"], statement["do"], group.get("reason")
            places = [(at["file"], at["line"], at["column"], "") for at in statement["places"]]
            for setting in (report["settings"][index] for index in statement["settings"]):
                places.append((setting["file"], setting["line"], setting["column"], setting["path"]))
            for place in places or [("", 0, 0, "")]:
                yield PlacedFinding(*of_group, *texts, number, *place)


def pending(report: ReportData) -> Iterator[PlacedFinding]:
    """The findings that nobody accepted."""
    return (finding for finding in placed_findings(report) if finding.reason is None)


def text_lines(report: ReportData) -> Iterator[str]:
    """A line for each place, as compilers write them; without what was accepted."""
    return map(line_of, pending(report))


def line_of(finding: PlacedFinding) -> str:
    """A finding as a line."""
    where = f"{finding.file}:{finding.line}:{finding.column}: " if finding.file else ""
    return visible(f"{where}{finding.code} {finding.title}. {finding.text}")


def json_lines(report: ReportData) -> Iterator[str]:
    """A list with an object for each place."""
    yield json.dumps([*map(json_object, placed_findings(report))], indent=2)


def json_object(finding: PlacedFinding) -> ReportData:
    """A finding as an object; a place, a setting and a reason only where it has them."""
    place = {"file": finding.file, "line": finding.line, "column": finding.column} if finding.file else {}
    return {
        "code": finding.code,
        "class": finding.category,
        "level": finding.level,
        "title": finding.title,
        "because": finding.because,
        "do": finding.do,
        **place,
        **({"setting": finding.setting} if finding.setting else {}),
        **({} if finding.reason is None else {"accepted": True, "reason": finding.reason}),
    }


def sarif_lines(report: ReportData) -> Iterator[str]:
    """A SARIF log with one run; what was accepted is suppressed there."""
    codes, levels = report["codes"], {group["code"]: group["level"] for group in report["findings"]}
    numbers = {code: number for number, code in enumerate(codes)}
    seen: Counter[str] = Counter()
    results = []
    for finding in placed_findings(report):
        seen[finding.key] += 1
        fingerprint = hashlib.sha256(f"{finding.key}\n{seen[finding.key]}".encode()).hexdigest()
        results.append(sarif_result(finding, numbers[finding.code], fingerprint))
    rules = [sarif_rule(code, meaning, levels[code]) for code, meaning in codes.items()]
    driver = {"name": PROGRAM, "version": report["version"], "rules": rules}
    run = {"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": results}
    yield json.dumps({"$schema": SARIF_SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2)


def sarif_rule(code: str, meaning: ReportData, level: str) -> ReportData:
    """A code as a rule of SARIF."""
    return {
        "id": code,
        "name": "".join(part.capitalize() for part in meaning["name"].split("-")),
        "shortDescription": {"text": f"{meaning['title']}."},
        "fullDescription": {"text": meaning["about"]},
        "help": {"text": f"{meaning['about']} `{PROGRAM} rules explain {code}` says more."},
        "defaultConfiguration": {"level": level},
        "properties": {"tags": [meaning["class"]]},
    }


def sarif_result(finding: PlacedFinding, rule: int, fingerprint: str) -> ReportData:
    """A finding at one place as a result of SARIF."""
    region = {"startLine": finding.line, "startColumn": finding.column}
    physical = {"artifactLocation": {"uri": uri(finding.file)}, "region": region}
    logical = {"logicalLocations": [{"fullyQualifiedName": finding.setting}]} if finding.setting else {}
    return {
        "ruleId": finding.code,
        "ruleIndex": rule,
        "level": finding.level,
        "message": {"text": f"{finding.title}. {finding.text}"},
        **({"locations": [{"physicalLocation": physical, **logical}]} if finding.file else {}),
        "partialFingerprints": {FINGERPRINT: fingerprint},
        **({} if finding.reason is None else {"suppressions": [suppression(finding.reason)]}),
    }


def suppression(reason: str) -> ReportData:
    """That somebody accepted a finding, and why."""
    return {"kind": "external", "status": "accepted", **({"justification": reason} if reason else {})}


def uri(file: str) -> str:
    """A file as SARIF names it: relative to where the program ran, unless its name is absolute."""
    path = PurePath(file)
    return path.as_uri() if path.is_absolute() else quote(path.as_posix())


def github_lines(report: ReportData) -> Iterator[str]:
    """An annotation for each statement, at its first place; what GitHub would not show is a plain line in the log."""
    numbers: Counter[str] = Counter()
    for _, of_statement in groupby(pending(report), key=lambda finding: finding.statement):
        first, *others = of_statement
        numbers[first.level] += 1
        more = f" Also in {count(len(others), 'more place')}: see {DATA}." if others else ""
        yield annotation(first, more) if numbers[first.level] <= MOST_ANNOTATIONS else line_of(first) + more


def annotation(finding: PlacedFinding, more: str) -> str:
    """A finding as a command of GitHub's runners; it ends where the line does, so that no text can begin another."""
    place = {"file": finding.file, "line": finding.line, "col": finding.column} if finding.file else {}
    properties = {**place, "title": f"{finding.code} {finding.title}"}
    fields = ",".join(f"{name}={escaped(visible(str(value)), ':,')}" for name, value in properties.items())
    return f"::{ANNOTATIONS[finding.level]} {fields}::{escaped(visible(finding.text + more))}"


def escaped(text: str, signs: str = "") -> str:
    """A text as GitHub reads it in a command; in a property, its delimiters are `signs`."""
    return "".join(f"%{ord(sign):02X}" if sign in f"%\r\n{signs}" else sign for sign in text)


LINES: dict[str, Callable[[ReportData], Iterator[str]]] = {
    "text": text_lines,
    "json": json_lines,
    "sarif": sarif_lines,
    "github": github_lines,
}
"""The lines of each format, by its name."""
