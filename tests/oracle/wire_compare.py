"""The wire as the judge: what LiteLLM sends for each name, beside what the payloads mean; the command and its table.

    PYTHONPATH=tests python -m oracle.wire_compare FILES… [--dialect NAME] [--cache DIR] [--json FILE]

A difference is silent where the report does not say it at the setting that it is about. The goal is none.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from conversion import DIALECTS, Result, of_file
from litellm_migrate.source.model import Problems
from oracle.wire_calls import Call, sent
from oracle.wire_litellm import records
from oracle.wire_payloads import Gateway, Route

FIELDS = ("host", "path", "operation", "model", "credential", "place", "header")
"""What may differ between two calls, the gravest first."""

MODEL = r"model|model_name|custom_llm_provider|use_litellm_proxy|completion_model|base_model|mode"
ADDRESS = rf"{MODEL}|\w*(api_base|base_url|endpoint|host)\w*|default_litellm_params(/.*)?"
KEY = r"\w*(key|secret|credential|role|profile|session|tenant)\w*|azure_ad_token|client_id|azure_username"
PLACE = r"\w*(region|location|project|api_version|model_id)\w*"
SHARE = r"weight|rpm|tpm|order|tags|team_id|blocked|routing_strategy|supported_environments|enable_tag_filtering"

ABOUT = {
    "lost": (rf"{ADDRESS}|{KEY}|{SHARE}", r"\bnames?\b|\bno\b|\bnot\b|fails?\b|refuse"),
    "host": (ADDRESS, r"address|host|server|endpoint|resource|calls?\b|router"),
    "path": (ADDRESS, r"address|path|endpoint|calls?\b|protocol"),
    "operation": (MODEL, r"endpoint|calls?\b|operation|protocol"),
    "model": (f"{MODEL}|{PLACE}", r"\bid\b|deployment|calls?\b|\bnames?\b"),
    "credential": (rf"{MODEL}|{KEY}", r"key|credential|sign|\btoken\b|account|secret|role|profile"),
    "place": (rf"{MODEL}|{PLACE}", r"region|location|project|version"),
    "header": (r"\w*headers?(/.*)?|organization|model", r"header|organization"),
    "share": (rf"{MODEL}|{SHARE}", r"share|weight|traffic|split|order|requests|no traffic"),
    "fails": (r".*", r"."),
}
"""For each difference, the last word of the settings at which the report has to say it, and what it speaks of there."""

ELSEWHERE = re.compile(
    r"^(Spend is counted|Prices?\b|Requests for this model may fail|Requests may carry a wrong model id)"
    r"|slug before it|A single tenant sees one part"
    r"|Anyone who read this file|Synapse may not reach this address|The payload has the key not-needed"
)
"""Sentences about prices, ends of life, ids, secrets in the file: about no difference on the wire."""

UNSEEN = re.compile(r"No module named|pip install|ImportError|CustomLLM|Not implemented yet|device code|vertexai", re.I)
NEVER = {"not observed", "lost on both sides", "LiteLLM fails, reported", "LiteLLM fails silently"}


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


class Report:
    """What the report says, by setting."""

    def __init__(self, result: Result) -> None:
        self.settings: list[dict[str, Any]] = result.data["settings"]
        self.notices: list[dict[str, Any]] = result.data["notices"]

    def line(self, entries: Iterable[str]) -> int:
        """The line of the first of these entries."""
        lines = [one["line"] for one in self.settings if one["path"].startswith(tuple(f"{e}/" for e in entries))]
        return min(lines, default=1)

    def says(self, difference: str, entries: Iterable[str], name: str) -> bool:
        """Whether a finding at an entry, an alias or a setting for all of them is about a difference."""
        settings, words = ABOUT[difference]
        of_entries, alias = tuple(f"{entry}/" for entry in entries), f"/{name.replace('~', '~0').replace('/', '~1')}"
        for one in self.settings:
            path = one["path"]
            general = "alias" not in path and difference not in ("lost", "fails")
            here = path.startswith(of_entries) if path.startswith("/model_list/") else general
            if ("alias" in path and alias in path) or (here and re.search(rf"/({settings})\Z", path, re.I)):
                texts = [*one["differs"], *([f"{one['because']} {one['do']}"] if one["outcome"] == "manual" else [])]
                if any(re.search(words, text, re.I) and not ELSEWHERE.search(text) for text in texts):
                    return True
        spans = {(one["file"], one["line"]) for one in self.settings if one["path"].startswith(of_entries)}
        notices = [one["because"] for one in self.notices if (one.get("file"), one.get("line")) in spans]
        return any(re.search(words, text, re.I) for text in notices) and difference in ("lost", "share", "fails")


def judge(file: Path, record: Mapping[str, Any], result: Result) -> Iterator[Judged]:
    """Every name of a configuration."""
    gateway, report = Gateway(result, record["values"]), Report(result)
    for name, seen in record["names"].items():
        verdict, difference, route, call = compare(seen, [*gateway.routes(name, mode_of(seen))])
        entries = [place for place in seen["calls"] if place]
        entries = [*dict.fromkeys([*entries, *(route.entries if route else ())])]
        told = not difference or all(report.says(one, entries, name) for one in difference)
        if verdict == "lost":
            verdict = "lost and reported" if told else "lost silently"
        if verdict == "LiteLLM fails":
            verdict += ", reported" if told else " silently"
        shown = str(call)
        yield Judged(
            *(file.name, report.line(entries), name, verdict, bool(difference) and not told),
            *(shown, str(route.call) if route else "nothing"),
            *(bool(route and route.by_report), entries),
        )


def mode_of(seen: Mapping[str, Any]) -> str:
    """The operation that a client asked for."""
    return str(seen["mode"])


Verdict = tuple[str, list[str], Route | None, Call | str]
"""The verdict on a name, what differs, and the pair that shows it."""


def compare(seen: Mapping[str, Any], routes: list[Route]) -> Verdict:
    """What became of a name: LiteLLM's calls beside the routes of the payloads."""
    calls = {place: sent(call) for place, call in seen["calls"].items() if "url" in call}
    if any("$%7b" in str(call).lower() for call in calls.values()):
        return "not observed", [], next(iter(routes), None), "a template that nobody filled in"
    if not calls:
        return refused([call.get("error", "") for call in seen["calls"].values()], routes)
    failed = {place for place, call in seen["calls"].items() if "url" not in call}
    routes = [route for route in routes if not route.entries or not route.entries <= failed]
    if not routes:
        return "lost", ["lost"], None, next(iter(calls.values()))
    return beside(seen, calls, routes)


def refused(errors: list[str], routes: list[Route]) -> Verdict:
    """What became of a name for which LiteLLM calls nobody."""
    first = (errors or ["no request is made for this mode"])[0]
    if not errors or any(UNSEEN.search(error) for error in errors) or '"error"' not in first:
        return "not observed", [], next(iter(routes), None), first
    if not routes:
        return "lost on both sides", [], None, first
    return "LiteLLM fails", ["fails"], routes[0], first


def beside(seen: Mapping[str, Any], calls: Mapping[str, Call], routes: list[Route]) -> Verdict:
    """What became of a name that both sides serve."""
    found: list[tuple[list[str], Route, Call]] = []
    for call in calls.values():
        route = min(routes, key=lambda one: weight(differences(call, one.call)))
        found.append((differences(call, route.call), route, call))
    found += [
        (differences(call, route.call), route, call)
        for route in (routes if seen["exact"] or len(calls) == 1 == len(routes) else [])
        for call in [min(calls.values(), key=lambda one: weight(differences(one, route.call)))]
    ]
    worst = max(found, key=lambda one: weight(one[0]))
    if worst[0]:
        every = [one for one in FIELDS if any(one in differ for differ, _, _ in found)]
        return f"{worst[0][0]} differs", every, worst[1], worst[2]
    if seen["exact"] and shares_differ(seen["picks"], calls, routes):
        shares = {place: round(share, 3) for place, share in seen["picks"].items()}
        return "share differs", ["share"], routes[0], f"{shares} for {[round(one.share, 3) for one in routes]}"
    return "same", [], worst[1], worst[2]


def weight(differ: list[str]) -> int:
    """How grave differences are."""
    return sum(1 << (len(FIELDS) - FIELDS.index(one)) for one in differ)


def differences(litellm: Call, payload: Call) -> list[str]:
    """In what two calls differ; a version that the payload leaves open may be LiteLLM's own default."""
    differ = [one for one in FIELDS if getattr(litellm, one) != getattr(payload, one)]
    if "credential" in differ and litellm.credential == TEMPLATE % payload.credential.removeprefix("value-of-"):
        differ.remove("credential")
    if "credential" in differ and not payload.credential and PLACEHOLDER.fullmatch(litellm.credential):
        differ.remove("credential")
    if "place" in differ and not payload.place and litellm.place in DEFAULT_VERSIONS:
        differ.remove("place")
    return differ


TEMPLATE = "${%s}"
"""What a tool fills in before LiteLLM reads the file: LiteLLM sends it as it stands, and nobody means that."""

PLACEHOLDER = re.compile(r"(?!value-of-)(sk-)?[A-Za-z_ -]{1,24}")
"""A word in the place of a key is none: the payload says not-needed."""

DEFAULT_VERSIONS = {"2025-02-01-preview", "2024-05-01-preview", "2024-02-01", "preview", "v1"}


def shares_differ(picks: Mapping[str, float], calls: Mapping[str, Call], routes: list[Route]) -> bool:
    """Whether calls get other shares than in LiteLLM, by more than rounding."""
    theirs, ours = [0.0] * len(routes), [0.0] * len(routes)
    for place, share in picks.items():
        if place in calls:
            fits = (n for n, route in enumerate(routes) if not differences(calls[place], route.call))
            theirs[next(fits)] += share
    for route in routes:
        ours[next(n for n, one in enumerate(routes) if one.call == route.call)] += route.share
    return any(abs(one - other) > 0.005 for one, other in zip(theirs, ours, strict=True))


def judge_file(file: Path, record: Mapping[str, Any], dialect: str) -> list[Judged]:
    """Every name of a file, or the file itself where one side refuses it."""
    try:
        result = of_file(file, dialect)
    except Problems:
        refused = "refused by both" if record["error"] else "refused by the tool"
        return [Judged(file.name, 1, "", refused, not record["error"], record["error"])]
    if record["error"]:
        said = any(one["outcome"] == "manual" for one in result.data["settings"])
        verdict = "LiteLLM does not load it, reported" if said else "LiteLLM does not load it, not said"
        return [Judged(file.name, 1, "", verdict, not said, record["error"])]
    return [*judge(file, record, result)]


def main(arguments: list[str]) -> int:
    """Judge files, print the table of classes and each silent difference."""
    parser = argparse.ArgumentParser(prog="python -m oracle.wire_compare", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--dialect", choices=DIALECTS, default="synapse")
    parser.add_argument("--cache", type=Path, default=Path(".wire"), help="where LiteLLM's side is kept")
    parser.add_argument("--json", type=Path, help="write every verdict here")
    options = parser.parse_args(arguments)
    judged: list[Judged] = []
    for file, record in records(options.files, options.cache):
        judged += judge_file(file, record, options.dialect)
    print(table(judged))
    for one in judged:
        if one.silent:
            print(f"\n{one.file}:{one.line} {one.name!r}: {one.verdict}")
            print(f"  LiteLLM  {one.litellm}\n  payload  {one.payload}")
    if options.json:
        options.json.write_text(json.dumps([asdict(one) for one in judged], indent=1), encoding="utf-8")
    return 1 if any(one.silent for one in judged) else 0


def table(judged: Iterable[Judged]) -> str:
    """How many names are in each class."""
    names = [one for one in judged if one.name]
    files = Counter(one.verdict for one in judged if not one.name)
    classes, silent = Counter(one.verdict for one in names), Counter(one.verdict for one in names if one.silent)
    rows = [f"{'names':40} {len(names):6}  silent"]
    rows += [f"{verdict:40} {count:6}  {silent[verdict] or ''}" for verdict, count in classes.most_common()]
    seen = sum(count for verdict, count in classes.items() if verdict not in NEVER)
    rows.append(f"same, of those that LiteLLM serves and are seen: {classes['same']} of {seen}")
    by_report = sum(one.verdict == "same" and one.by_report for one in names)
    rows.append(f"same only because the report says which integration is meant: {by_report}")
    rows += [f"files: {verdict:33} {count:6}" for verdict, count in files.most_common()]
    return "\n".join(rows)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
