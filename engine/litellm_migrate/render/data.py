"""The report as data: `migration_report.json`."""

from __future__ import annotations

from collections import Counter
from typing import Any

from litellm_migrate.classify import Verdict
from litellm_migrate.columns import Spot
from litellm_migrate.convert import Conversion
from litellm_migrate.model import Notice, Source, pointer


def report_data(done: Conversion, name: str, dialect: str, version: str, catalog: str = "") -> dict[str, Any]:
    """Everything that the report says, as plain values."""
    counts = Counter(verdict.outcome for verdict in done.verdicts)
    summary = {word: counts[word] for word in ("mapped", "manual", "skipped")}
    return {
        "version": version,
        "input": name,
        "dialect": dialect,
        "catalog": catalog,
        "summary": {**summary, "settings": len(done.verdicts)},
        "settings": [setting(verdict, done.source) for verdict in done.verdicts],
        "secrets": [
            {"variable": one.name, "origin": one.origin, "places": [place(text) for text in one.places]}
            for one in done.variables
        ],
        **{view: located(rows, done.source) for view, rows in done.views.items()},
        "notices": [notice(one) for one in done.notices],
    }


def setting(verdict: Verdict, source: Source) -> dict[str, Any]:
    """One leaf of the source and what became of it."""
    mark = source.marks[verdict.path]
    return {
        "path": pointer(mark.local),
        "file": mark.at.file,
        "line": mark.at.line,
        "column": mark.at.column,
        "outcome": verdict.outcome,
        "exact": verdict.exact,
        "targets": [{"file": file, "pointer": pointer(path)} for file, path in verdict.targets],
        "rule": verdict.rule,
        "because": verdict.because,
        "do": verdict.do,
        "differs": list(verdict.differs),
        "code": verdict.code,
    }


def place(text: str) -> dict[str, Any]:
    """`file:line` in two parts."""
    file, _, line = text.rpartition(":")
    return {"file": file, "line": int(line)}


def located(value: Any, source: Source) -> Any:
    """The same value, in which pointers lead into the file where a place is written."""
    if isinstance(value, Spot):
        return pointer(source.marks[value.path].local)
    if isinstance(value, dict):
        return {key: located(below, source) for key, below in value.items()}
    return [located(below, source) for below in value] if isinstance(value, list) else value


def notice(one: Notice) -> dict[str, Any]:
    """A notice; where it has no place or no step, those are absent."""
    spot = {"file": one.at.file, "line": one.at.line, "column": one.at.column} if one.at else {}
    return {"code": one.code, **spot, "because": one.because, **({"do": one.do} if one.do else {})}
