"""The wire as the judge: what LiteLLM sends for each name, beside what the payloads mean; the command and its table.

    PYTHONPATH=tests python -m oracle.wire_compare FILES… [--dialect NAME] [--cache DIR] [--json FILE]

A difference is silent where the report does not say it at the setting that it is about. The goal is none.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from conversion import DIALECTS, Result, of_file
from litellm_migrate.source.model import Problems
from oracle.wire_payloads import Gateway
from oracle.wire_records import records
from oracle.wire_report import Report
from oracle.wire_verdicts import compare

UNSERVED = {"not observed", "lost on both sides", "LiteLLM fails, reported", "LiteLLM fails silently"}


@dataclass(frozen=True)
class Judged:
    """What became of one name."""

    file: str
    line: int
    name: str
    verdict: str
    silent: bool
    litellm: str = ""
    payload: str = ""
    by_report: bool = False
    entries: list[str] = field(default_factory=list)


def judge(file: Path, record: Mapping[str, Any], result: Result) -> Iterator[Judged]:
    """Every name of a configuration."""
    gateway, report = Gateway(result, record["values"]), Report(result)
    for name, recorded in record["names"].items():
        verdict, difference, route, call = compare(recorded, [*gateway.routes(name, recorded["mode"])])
        entries = [place for place in recorded["calls"] if place]
        entries = [*dict.fromkeys([*entries, *(route.entries if route else report.entries_named(name))])]
        reported = not difference or all(report.says(field, entries, name) for field in difference)
        if verdict == "lost":
            verdict = "lost and reported" if reported else "lost silently"
        if verdict == "LiteLLM fails":
            verdict += ", reported" if reported else " silently"
        yield Judged(
            *(file.name, report.line(entries), name, verdict, bool(difference) and not reported),
            *(str(call), str(route.call) if route else "nothing"),
            *(bool(route and route.by_report), entries),
        )


def judge_file(file: Path, record: Mapping[str, Any], dialect: str) -> list[Judged]:
    """Every name of a file, or the file itself where one side refuses it."""
    try:
        result = of_file(file, dialect)
    except Problems:
        refused = "refused by both" if record["error"] else "refused by the tool"
        return [Judged(file.name, 1, "", refused, not record["error"], record["error"])]
    if record["error"]:
        reported = any(setting["outcome"] == "manual" for setting in result.data["settings"])
        verdict = "LiteLLM does not load it, reported" if reported else "LiteLLM does not load it, not said"
        return [Judged(file.name, 1, "", verdict, not reported, record["error"])]
    return [*judge(file, record, result)]


def main(arguments: list[str]) -> int:
    """Judge files, print the table of classes and each silent difference."""
    parser = argparse.ArgumentParser(prog="python -m oracle.wire_compare", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--dialect", choices=DIALECTS, default="synapse")
    parser.add_argument("--cache", type=Path, default=Path(".wire"), help="where LiteLLM's side is kept")
    parser.add_argument("--json", type=Path, help="write every verdict here")
    options = parser.parse_args(arguments)
    comparisons: list[Judged] = []
    for file, record in records(options.files, options.cache):
        comparisons += judge_file(file, record, options.dialect)
    print(table(comparisons))
    for comparison in comparisons:
        if comparison.silent:
            print(f"\n{comparison.file}:{comparison.line} {comparison.name!r}: {comparison.verdict}")
            print(f"  LiteLLM  {comparison.litellm}\n  payload  {comparison.payload}")
    if options.json:
        options.json.write_text(
            json.dumps([asdict(comparison) for comparison in comparisons], indent=1), encoding="utf-8"
        )
    return 1 if any(comparison.silent for comparison in comparisons) else 0


def table(comparisons: Iterable[Judged]) -> str:
    """How many names are in each class."""
    names = [comparison for comparison in comparisons if comparison.name]
    files = Counter(comparison.verdict for comparison in comparisons if not comparison.name)
    classes, silent = (
        Counter(comparison.verdict for comparison in names),
        Counter(comparison.verdict for comparison in names if comparison.silent),
    )
    rows = [f"{'names':40} {len(names):6}  silent"]
    rows += [f"{verdict:40} {count:6}  {silent[verdict] or ''}" for verdict, count in classes.most_common()]
    served = sum(count for verdict, count in classes.items() if verdict not in UNSERVED)
    rows.append(f"same, of those that LiteLLM serves and are seen: {classes['same']} of {served}")
    by_report = sum(comparison.verdict == "same" and comparison.by_report for comparison in names)
    rows.append(f"same only because the report says which integration is meant: {by_report}")
    rows += [f"files: {verdict:33} {count:6}" for verdict, count in files.most_common()]
    return "\n".join(rows)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
