"""The report on a live gateway: `validation_report.md`, and the same as data."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from litellm_migrate.output.markdown import code, prose, table
from litellm_migrate.output.validation_data import (
    DIFFERENT,
    EXTRA,
    FOREIGN,
    MISSING,
    SAME,
    STATES,
    Probe,
    SimulatedRoute,
    Validation,
    checklist,
)

SHOWN = 200
"""No cell shows more signs of a value."""
WHY = {
    MISSING: "not there",
    DIFFERENT: "different",
    FOREIGN: "there, but not ours: nothing says that it was made here",
}


def render_validation(found: Validation, version: str) -> str:
    """The whole report as Markdown."""
    lines = [
        *head(found, version),
        *differences(found),
        *extras(found),
        *trials("Provider accounts", "Each as the gateway itself finds it.", found.verified),
        *routing(found.routes),
        *trials("Real requests", "One for each name, sent through the gateway.", found.smoked),
    ]
    return "\n".join(lines).rstrip() + "\n"


def head(found: Validation, version: str) -> Iterator[str]:
    """The answer, the numbers, the checklist."""
    yield from ["# Validation report", ""]
    verdict = "Everything is as planned." if found.good else "**Not everything is as planned.**"
    yield f"{code(found.gateway)}, dialect {code(found.dialect)}, litellm-migrate {prose(version)}. {verdict}"
    yield ""
    by_endpoint: dict[str, Counter[str]] = {}
    for one in found.entities:
        by_endpoint.setdefault(one.endpoint, Counter())[one.state] += 1
    rows = [[code(name), *(str(counts[state]) for state in STATES)] for name, counts in by_endpoint.items()]
    yield from table(["Endpoint", *(state.capitalize() for state in STATES)], rows)
    yield from ["## Checklist", ""]
    yield from (f"- [{'x' if done else ' '}] {text}" for text, done in checklist(found))
    yield ""


def differences(found: Validation) -> Iterator[str]:
    """What is not as the payloads say, field by field."""
    wrong = [one for one in found.entities if one.state not in {SAME, EXTRA}]
    yield from ["## Differences", ""]
    rows: list[list[str]] = []
    for one in wrong:
        about = [code(one.endpoint), code(one.name) if one.name else ""]
        rows += [[*about, code(field), shown(old), shown(new)] for field, old, new in one.changes]
        if one.state != DIFFERENT or not one.changes:
            rows.append([*about, prose(WHY[one.state]), "", ""])
    yield from table(["Endpoint", "Entity", "Field", "On the gateway", "In the payloads"], rows)


def extras(found: Validation) -> Iterator[str]:
    """What is ours and in no payload."""
    rows = [[code(one.endpoint), code(one.name)] for one in found.entities if one.state == EXTRA]
    if rows:
        yield from ["## Extra", "", "Created by a migration, and in no payload (any more). Nothing deletes these.", ""]
        yield from table(["Endpoint", "Entity"], rows)


def shown(value: Any) -> str:
    """A value as a cell; nothing where there is none."""
    if value is None:
        return ""
    text = json.dumps(value, ensure_ascii=False)
    return code(text if len(text) <= SHOWN else f"{text[:SHOWN]}…")


def trials(title: str, intro: str, found: Sequence[Probe]) -> Iterator[str]:
    """What was tried and how it went."""
    if not found:
        return
    yield from [f"## {title}", "", intro, ""]
    words = {True: "yes", False: "**no**", None: "not tried"}
    rows = [[code(one.name), words[one.good], prose(one.because), headers(one)] for one in found]
    yield from table(["Name", "Works", "Why not", "Headers"], rows)


def headers(one: Probe) -> str:
    """The headers of an answer in one cell."""
    return ", ".join(code(f"{name}: {value}") for name, value in one.headers)


def routing(found: Sequence[SimulatedRoute]) -> Iterator[str]:
    """Where each name leads."""
    if not found:
        return
    yield from ["## Routing", "", "As the gateway simulates it, without sending anything. Where a name has several", ""]
    yield from ["targets, made-up tenants were asked for: each keeps its target, so a share is one of tenants.", ""]
    rows = [row for one in found for row in route_rows(one)]
    yield from table(["Name", "Leads to", "Wanted", "Seen", "Remarks"], rows)


def route_rows(one: SimulatedRoute) -> Iterator[list[str]]:
    """One row for each target of a name."""
    asked = sum(one.seen.values())
    for number, target in enumerate(dict.fromkeys([*one.wanted, *one.seen])):
        seen = percent(one.seen.get(target, 0) / asked) if asked else ""
        remarks = [f"**{prose(one.because)}**" if one.because else "", prose(one.remark)] if number == 0 else []
        if one.own == target and len(one.wanted) > 1:
            remarks.append("your tenant's")
        name = code(one.name) if number == 0 else ""
        yield [name, code(target), percent(one.wanted.get(target, 0.0)), seen, "; ".join(filter(None, remarks))]


def percent(share: float) -> str:
    """A share for people."""
    return f"{share * 100:.4g} %"
