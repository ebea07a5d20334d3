"""The report for people: `migration_report.md`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from litellm_migrate.convert.outcomes import MANUAL, SKIPPED
from litellm_migrate.convert.run import Conversion
from litellm_migrate.convert.verdicts import MAPPED
from litellm_migrate.output.markdown import code, document, prose, quoting, table
from litellm_migrate.output.rehearsal import render_rehearsal
from litellm_migrate.output.settings import Settings
from litellm_migrate.output.tables import secrets, shares
from litellm_migrate.source.model import Notice

UNWRAPPED = "unwrapped"
"""The code of a notice that says which part of a file was read: the report says it first."""


def render_report(done: Conversion, settings: Settings, data: Mapping[str, Any], program: str) -> Iterator[str]:
    """The whole report as Markdown, in pieces."""
    return document(lines(done, settings, data, program))


def lines(done: Conversion, settings: Settings, data: Mapping[str, Any], program: str) -> Iterator[str]:
    """Every line of the report."""
    sections = settings.sections()
    yield from summary(done, settings, data, program)
    yield from next_steps(done, settings)
    yield from render_rehearsal(data.get("rehearsal"))
    yield from sections.manual()
    yield from sections.mapped()
    yield from sections.skipped()
    yield from secrets(done.variables)
    yield from shares(done.tables, done.source)
    yield from notices(done)
    for title, text in done.guides:
        yield from [f"## {title}", "", text.rstrip(), ""]


def summary(done: Conversion, settings: Settings, data: Mapping[str, Any], program: str) -> Iterator[str]:
    """What was read, what was written, and how it went in numbers."""
    counts = settings.counts
    close = settings.counts[MAPPED] - settings.exact
    yield "# Migration report"
    yield ""
    yield f"From {code(data['input'])} ({program}) to Synapse, dialect {code(data['dialect'])}."
    if data.get("catalog"):
        yield f"What the configuration does not say of its models comes from {prose(data['catalog'])}."
    yield "Nothing was sent, and the configuration was not changed."
    yield from (said(one) for one in done.notices if one.code == UNWRAPPED)
    yield ""
    yield from table(
        ["Settings", "Mapped exactly", "Mapped, but not identical", "Manual", "Skipped"],
        [[str(n) for n in (settings.all, settings.exact, close, counts[MANUAL], counts[SKIPPED])]],
    )
    rows = [[code(f"payloads/{file}"), amount(body)] for file, body in done.payloads.items()]
    rows += [[code(f"payloads/{file}"), prose(why)] for file, why in done.absent.items()]
    yield from table(["File", "Holds"], rows)


def amount(body: Any) -> str:
    """How much a payload file holds."""
    if isinstance(body, list):
        return f"{len(body)} to create or update"
    lists = [count(len(value), name.removesuffix("s")) for name, value in body.items() if isinstance(value, list)]
    return f"one document{' with ' + ', '.join(lists) if lists else ''}"


def next_steps(done: Conversion, settings: Settings) -> Iterator[str]:
    """What the reader does now, in order."""
    work = settings.counts[MANUAL]
    close = settings.counts[MAPPED] - settings.exact
    literal = sum(one.origin == "literal" for one in done.variables)
    noticed = len(to_notice(done))
    variables = len(done.variables)
    steps = [
        (literal, f"Replace the keys that stand in the configuration itself: {literal} (see Secrets)."),
        (work, f"Work through Manual: {count(work, 'setting')} that no payload carries."),
        (close, f"Read what will not be identical: {count(close, 'setting')} (see Mapped)."),
        (noticed, f"Read {count(noticed, 'notice')} (see Notices)."),
        (variables, f"Set {count(variables, 'environment variable')} (see Secrets)."),
        (True, "Look through `payloads/`, then run `./apply.sh`: it creates or updates, and is safe to run twice."),
        (True, "Point one client at Synapse and compare, then move the others (see the chapters at the end)."),
    ]
    yield from ["## What to do next", ""]
    for number, text in enumerate((text for wanted, text in steps if wanted), 1):
        yield f"{number}. {text}"
    yield ""


def count(many: int, word: str) -> str:
    """A number with its word."""
    return f"{many} {word}{'' if many == 1 else 's'}"


def notices(done: Conversion) -> Iterator[str]:
    """What else the reader should know."""
    others = to_notice(done)
    if others:
        yield from ["## Notices", "", *(f"- {said(one)}" for one in others), ""]


def to_notice(done: Conversion) -> Sequence[Notice]:
    """The notices, without what the summary says."""
    return [one for one in done.notices if one.code != UNWRAPPED]


def said(one: Notice) -> str:
    """A notice with its place, and what it quotes as code."""
    at = f"{code(f'{one.at.file}:{one.at.line}')} " if one.at else ""
    return f"{at}{quoting(one.because)}{' ' + quoting(one.do) if one.do else ''}"
