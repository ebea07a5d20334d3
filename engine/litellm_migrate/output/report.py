"""The report on a conversion: for programs (`migration_report.json`) and for people (`migration_report.md`)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from litellm_migrate.convert.calls import DEFAULT, LITERAL, REFERENCE, Variable
from litellm_migrate.convert.columns import PathPointer
from litellm_migrate.convert.run import Conversion
from litellm_migrate.output import PAYLOADS
from litellm_migrate.output.markdown import code, document, percent, prose, quoting, table
from litellm_migrate.output.scripts import gateway_reasons
from litellm_migrate.output.setting_outcomes import Counts, Sections, SettingOutcome
from litellm_migrate.source.model import Json, Notice, Source, dotted, pointer

if TYPE_CHECKING:
    from litellm_migrate.output.rehearsal_report import StageResult

UNWRAPPED = "unwrapped"
"""The code of a notice that says which part of a file was read: the summary says it."""
MOST_PLACES = 5
"""How many places of a variable are named in a table; of more, the number."""
ORIGINS = {
    REFERENCE: "the configuration names it, or its credential",
    DEFAULT: "LiteLLM reads it when no key is given",
    LITERAL: "replaces a literal in the configuration",
}
"""Why payloads refer to a variable, by its origin."""


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
    rehearsal: Sequence[StageResult] = ()
    """How each stage of a rehearsal went, if there was one."""


class Report(NamedTuple):
    """What both reports are made of."""

    invocation: Invocation
    conversion: Conversion
    settings: tuple[SettingOutcome, ...]
    """One for each leaf of the source, in document order."""
    counts: Counts


def report_of(invocation: Invocation, conversion: Conversion) -> Report:
    """What the reports on a conversion are made of."""
    marks = conversion.source.marks
    settings = tuple([SettingOutcome(verdict, marks[verdict.path]) for verdict in conversion.verdicts])
    return Report(invocation, conversion, settings, Counts.of(settings))


def report_data(report: Report) -> dict[str, object]:
    """The report for programs, as its JSON Schema (`schemas/report/`) describes it."""
    invocation, conversion = report.invocation, report.conversion
    data: dict[str, object] = {
        "version": invocation.version,
        "input": invocation.input,
        "dialect": invocation.dialect,
        "catalog": invocation.catalog,
        "summary": report.counts.summary(),
        "settings": report.settings,
        "secrets": [variable_data(variable) for variable in conversion.variables],
        "environment": [variable_data(variable) for variable in conversion.environment],
        **{view.shape.id: [located(row, conversion.source) for row in rows] for view, rows in conversion.tables},
        "notices": [notice_data(notice) for notice in conversion.notices],
        "codes": dict(codes_data(conversion)),
    }
    if invocation.rehearsal:
        from litellm_migrate.output.rehearsal_report import rehearsal_data  # noqa: PLC0415 - seldom needed

        data["rehearsal"] = rehearsal_data(invocation.rehearsal)
    return data


def codes_data(conversion: Conversion) -> Iterator[tuple[str, dict[str, str]]]:
    """What each declared code means that settings or notices have."""
    found = {verdict.code for verdict in conversion.verdicts} | {notice.code for notice in conversion.notices}
    for name in sorted(found & conversion.codes.keys()):
        meaning = conversion.codes[name]
        yield name, {"name": meaning.name, "class": meaning.category, "title": meaning.title}


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
    return [located(below, source) for below in value] if isinstance(value, list) else value


def notice_data(notice: Notice) -> dict[str, object]:
    """A notice; where it has no place or no step to take, those are absent."""
    place = {"file": notice.at.file, "line": notice.at.line, "column": notice.at.column} if notice.at else {}
    return {"code": notice.code, **place, "because": notice.because, **({"do": notice.do} if notice.do else {})}


def render_report(report: Report) -> str:
    """The report for people, as Markdown."""
    conversion, sections = report.conversion, Sections(report.settings, report.conversion.codes)
    notices = [notice for notice in conversion.notices if notice.code != UNWRAPPED]
    of_gateway = gateway_reasons([call for call in conversion.calls if call.file in conversion.payloads])
    lines = [
        *summary(report),
        *next_steps(conversion, len(of_gateway), report.counts, len(notices)),
        *rehearsal_section(report.invocation.rehearsal),
        *sections.manual(),
        *sections.mapped(),
        *sections.skipped(),
        *secrets(of_gateway, conversion),
        *views(conversion),
    ]
    if notices:
        lines += ["## Notices", "", *(f"- {notice_text(notice)}" for notice in notices), ""]
    for title, text in conversion.guides:
        lines += [f"## {title}", "", text.rstrip(), ""]
    return document(lines)


def summary(report: Report) -> Iterator[str]:
    """What was read, what was written, and how it went in numbers."""
    invocation, conversion = report.invocation, report.conversion
    yield from ["# Migration report", ""]
    yield f"From {code(invocation.input)} ({invocation.program}) to Synapse, dialect {code(invocation.dialect)}."
    if invocation.catalog:
        yield f"Prices, sizes and end dates that the configuration does not state are from {prose(invocation.catalog)}."
    yield "Nothing was sent, and the configuration was not changed."
    yield from (notice_text(notice) for notice in conversion.notices if notice.code == UNWRAPPED)
    yield ""
    heads = ["Settings", "Mapped exactly", "Mapped, not exactly", "Manual", "Skipped"]
    yield from table(heads, [list(map(str, report.counts))])
    rows = [[code(f"{PAYLOADS}/{file}"), amount(body)] for file, body in conversion.payloads.items()]
    rows += [[code(f"{PAYLOADS}/{file}"), prose(because)] for file, because in conversion.absent.items()]
    yield from table(["File", "Holds"], rows)


def amount(payload: list[Json] | dict[str, Json]) -> str:
    """How much a payload file holds: `3 to create or update`, `one document with 2 rules`."""
    if isinstance(payload, list):
        return f"{len(payload)} to create or update"
    lists = [count(len(value), name.removesuffix("s")) for name, value in payload.items() if isinstance(value, list)]
    return f"one document{' with ' + ', '.join(lists) if lists else ''}"


def next_steps(conversion: Conversion, of_gateway: int, counts: Counts, notices: int) -> Iterator[str]:
    """What the reader does now, in order; `of_gateway` variables are those by which the gateway is reached."""
    variables, environment = conversion.variables, len(conversion.environment)
    literal = len(replacing(conversion))
    steps = [
        (literal, f"Rotate {count(literal, 'key')} that the configuration states literally (see Secrets)."),
        (counts.manual, f"Work through Manual: decide {count(counts.manual, 'setting')}."),
        (counts.differing, f"Read what changes: {count(counts.differing, 'setting')} (see Mapped)."),
        (notices, f"Read {count(notices, 'notice')} (see Notices)."),
        (True, f"Set {count(of_gateway + len(variables), 'environment variable')} (see Secrets)."),
        (environment, f"Set {count(environment, 'environment variable')} where Synapse runs (see Secrets)."),
        (
            True,
            f"Look through `{PAYLOADS}/`, then run `./apply.sh`: it creates or updates, and is safe to run twice.",
        ),
        (True, "Point one client at Synapse and compare, then move the others (see the chapters at the end)."),
    ]
    yield from ["## What to do next", ""]
    for number, text in enumerate((text for needed, text in steps if needed), 1):
        yield f"{number}. {text}"
    yield ""


def count(number: int, noun: str) -> str:
    """A number with its noun: `1 setting`, `2 settings`."""
    return f"{number} {noun}{'' if number == 1 else 's'}"


def rehearsal_section(stages: Sequence[StageResult]) -> Iterable[str]:
    """The section about a rehearsal, if there was one."""
    if not stages:
        return ()
    from litellm_migrate.output.rehearsal_report import render_rehearsal  # noqa: PLC0415 - seldom needed

    return render_rehearsal(stages)


def replacing(conversion: Conversion) -> list[Variable]:
    """The variables that take the place of a key that the configuration states, each once."""
    variables = {variable.name: variable for variable in (*conversion.environment, *conversion.variables)}
    return [variables[name] for name in sorted(variables) if variables[name].origin == LITERAL]


def secrets(of_gateway: Mapping[str, str], conversion: Conversion) -> Iterator[str]:
    """The environment variables of the scripts, of payloads and of the gateway itself, and the keys to rotate."""
    intro = "Set these variables before you apply. Payloads hold references, never keys."
    yield from ["## Secrets", "", intro, ""]
    rows = [[code(name), because, ""] for name, because in of_gateway.items()]
    yield from table(["Variable", "Why", "Lines"], rows + [variable_row(one) for one in conversion.variables])
    if conversion.environment:
        yield from ["Set these where Synapse itself runs. It reads them there, and `apply.sh` does not.", ""]
        yield from table(["Variable", "Why", "Lines"], [variable_row(one) for one in conversion.environment])
    literal = replacing(conversion)
    if literal:
        yield from ["Rotate: anyone who read the file has these keys.", ""]
        for variable in literal:
            yield f"- [ ] new key for {code(variable.name)}, old key ({places_text(variable)}) revoked"
        yield ""


def variable_row(variable: Variable) -> list[str]:
    """The line of a variable in its table."""
    return [code(variable.name), ORIGINS[variable.origin], places_text(variable)]


def places_text(variable: Variable) -> str:
    """Where the configuration asks for a variable: the first places, and how many more there are."""
    more = len(variable.places) - MOST_PLACES
    return ", ".join(map(code, variable.places[:MOST_PLACES])) + (f" and {more} more" if more > 0 else "")


def views(conversion: Conversion) -> Iterator[str]:
    """The tables that the rules add to the report, each with its title and introduction."""
    for view, bodies in conversion.tables:
        yield from [f"## {view.title}", "", prose(view.intro), ""]
        rows = [row for body in bodies for row in rows_of(body)]
        cells = [[cell(row.get(field), conversion.source) for field in view.heads] for row in rows]
        yield from table(list(view.heads.values()), cells)


def rows_of(body: dict[str, Json]) -> list[dict[str, Json]]:
    """The rows of a body: one for each item of its first list, with the fields of both; without a list, the body."""
    lists = [value for value in body.values() if isinstance(value, list)]
    return [{**body, **item} for item in lists[0] if isinstance(item, dict)] if lists else [body]


def cell(value: Json, source: Source) -> str:
    """A value as a cell: a share as a percentage, a place as the path of its setting, null as nothing, else code."""
    if isinstance(value, PathPointer):
        return code(dotted(source.marks[value.path].local))
    if isinstance(value, float):
        return percent(value)
    return "" if value is None else code(str(value))


def notice_text(notice: Notice) -> str:
    """A notice with its place, and what it quotes as code."""
    place = f"{code(f'{notice.at.file}:{notice.at.line}')} " if notice.at else ""
    return f"{place}{quoting(notice.because)}{' ' + quoting(notice.do) if notice.do else ''}"
