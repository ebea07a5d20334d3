"""The report for people, as Markdown: what matters first, and so short that one person acts on it in ten minutes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from litellm_migrate.convert.columns import PathPointer
from litellm_migrate.output import DATA, PAYLOADS
from litellm_migrate.output.families import manual, mapped, skipped
from litellm_migrate.output.finding_text import Detail, FindingText, link
from litellm_migrate.output.findings import class_counts
from litellm_migrate.output.markdown import code, document, percent, prose, quoting, table
from litellm_migrate.output.places import Places
from litellm_migrate.output.report import Report, count, verdict
from litellm_migrate.output.report import glance as glance_of
from litellm_migrate.output.scripts import gateway_reasons
from litellm_migrate.output.secrets_text import secrets
from litellm_migrate.source.model import Json, Notice, Source

UNWRAPPED = "unwrapped"
"""The code of a notice that says which part of a file was read: the first lines say it."""
DETAILS = (
    Detail(places=10, statements=10, rows=100, headed=True),
    Detail(places=10, statements=8, rows=40, headed=True),
    Detail(places=10, statements=8, rows=40, headed=False),
    Detail(places=8, statements=5, rows=25, headed=False),
    Detail(places=6, statements=3, rows=15, headed=False),
    Detail(places=5, statements=2, rows=10, headed=False),
)
"""How much is written out: the first with which the report is no longer than it may be, else the last."""
BASE_LINES, LINES_A_LINE, MOST_LINES = 120, 0.6, 400
"""A report may have so many lines, and so many more for each line of the configuration, up to a limit."""
MOST_STEPS = 7
"""How many steps the reader is given to begin with."""


def render_report(report: Report) -> str:
    """The report as Markdown, with as much detail as its length allows."""
    lines: dict[str, int] = {}
    for setting in report.settings:
        file, line, _ = setting.mark.at
        lines[file] = max(line, lines.get(file, 0))
    allowed = min(MOST_LINES, BASE_LINES + LINES_A_LINE * sum(lines.values()))
    text = ""
    for detail in DETAILS:
        text = document(report_lines(report, detail))
        if text.count("\n") <= allowed:
            break
    return text


def report_lines(report: Report, detail: Detail) -> Iterator[str]:
    """The lines of the report, with so much detail."""
    conversion = report.conversion
    places = Places(conversion)
    of_gateway = gateway_reasons([call for call in conversion.calls if call.file in conversion.payloads])
    yield from title(report, places)
    yield from glance(report)
    yield from first_steps(report, len(of_gateway) + len(conversion.variables))
    yield from rehearsal_section(report)
    yield from ["## Findings", ""]
    yield from FindingText(places, report.settings, detail).sections(report.findings, conversion.book.classes)
    yield from [] if report.findings else ["None.", ""]
    yield from FindingText(places, report.settings, detail).accepted(report.accepted)
    yield from notices([notice for notice in report.notices if notice.code not in conversion.book.codes])
    yield from views(report, detail)
    yield from secrets(of_gateway, report, len(places.files) == 1, detail)
    yield from manual(report.settings)
    yield from mapped(report.settings, detail)
    yield from skipped(report.settings, detail, conversion.book.codes)
    for heading, text in conversion.guides:
        yield from [f"## {heading}", "", text.rstrip(), ""]


def title(report: Report, places: Places) -> Iterator[str]:
    """What was read, when, and by which facts."""
    invocation, conversion = report.invocation, report.conversion
    yield from [f"# Migration report: {code(invocation.input)} to Synapse", ""]
    if conversion.stopped:
        yield from [f"**{prose(conversion.stopped)}**", ""]
    facts = f", with prices, sizes and end dates from {prose(invocation.catalog)}" if invocation.catalog else ""
    yield (
        f"{invocation.today}. {invocation.program}{facts}; dialect {code(invocation.dialect)}. "
        "Nothing was sent, and the configuration was not changed."
    )
    if len(places.files) == 1:
        yield f"Lines are those of {code(places.files[0])}."
    yield from (notice_text(notice) for notice in report.notices if notice.code == UNWRAPPED)
    yield ""


def glance(report: Report) -> Iterator[str]:
    """The verdict, and what one wants to know first, each answer with a link."""
    conversion, counts = report.conversion, report.counts
    classes = conversion.book.classes
    of_class = class_counts(report.findings, classes)
    yield from ["## At a glance", "", f"**{prose(verdict(report))}**", ""]
    rows = [[question, quoting(answer), ", ".join(map(link, see))] for question, answer, see in glance_of(report)]
    rows[-1][-1] = "[Secrets](#secrets)"
    numbers = [f"{heading}: {of_class[name]}" for name, (heading, *_) in classes.items() if of_class[name]]
    numbers += [f"accepted: {len(report.accepted)}"] if report.accepted else []
    rows.append(["Findings", ", ".join(map(prose, numbers)) or "None", "[Findings](#findings)"])
    rows.append(["Payloads", ", ".join(payloads(report)) or "none", ""])
    settings = f"{counts.settings}: {counts.exact} mapped exactly, {counts.differing} not exactly, "
    rows.append(["Settings", f"{settings}{counts.manual} manual, {counts.skipped} skipped", "[Manual](#manual)"])
    yield from table(["Question", "Answer", "See"], rows)


def payloads(report: Report) -> Iterator[str]:
    """How much each payload file holds: `7 models`, `routing_config with 9 rules`."""
    for file, body in report.conversion.payloads.items():
        name = file.partition(".")[0]
        if isinstance(body, list):
            yield f"{len(body)} {code(name)}"
        else:
            lists = [f"{len(below)} {code(field)}" for field, below in body.items() if isinstance(below, list)]
            yield f"{code(name)}{' with ' + ' and '.join(lists) if lists else ''}"


def first_steps(report: Report, variables: int) -> Iterator[str]:
    """What decides whether the move succeeds, in order of urgency."""
    classes = report.conversion.book.classes
    steps = []
    for finding in report.findings:
        ways = [*dict.fromkeys(statement.do for statement in finding.statements if statement.do)]
        if classes[finding.meaning.category].urgent and ways:
            more = f" And {count(len(ways) - 1, 'more step')}:" if len(ways) > 1 else ""
            steps.append(f"{quoting(finding.meaning.title)}: {quoting(ways[0])}{more} {link(finding.code)}")
    yield from ["## Do this first", ""]
    environment = len(report.conversion.environment)
    elsewhere = f", and {environment} where Synapse itself runs" if environment else ""
    last = (
        f"Set {count(variables, 'environment variable')}{elsewhere} ([Secrets](#secrets)), look through `{PAYLOADS}/`, "
        "run `litellm-migrate plan --output .` in this folder, then `litellm-migrate apply --output .` "
        "(without Python, `./apply.sh`). Both may run twice."
    )
    for number, text in enumerate([*steps[:MOST_STEPS], last], 1):
        yield f"{number}. {text}"
    yield ""


def rehearsal_section(report: Report) -> Iterable[str]:
    """The section about a rehearsal, if there was one."""
    if not report.invocation.rehearsal:
        return ()
    from litellm_migrate.output.rehearsal_report import render_rehearsal  # noqa: PLC0415 - seldom needed

    return render_rehearsal(report.invocation.rehearsal)


def notices(of_reading: Sequence[Notice]) -> Iterator[str]:
    """What was noticed while the files were read."""
    of_reading = [notice for notice in of_reading if notice.code != UNWRAPPED]
    if of_reading:
        yield from ["### Notices", "", *(f"- {notice_text(notice)}" for notice in of_reading), ""]


def views(report: Report, detail: Detail) -> Iterator[str]:
    """The tables that the rules add to the report, each with its title and introduction; none that would be empty."""
    for view, bodies in report.shown_tables:
        rows = [row for body in bodies for row in rows_of(body)]
        if not view.heads or not rows:
            continue
        yield from [f"## {view.title}", "", prose(view.intro), ""]
        source = report.conversion.source
        columns = {head: [cell(row.get(field), source) for row in rows] for field, head in view.heads.items()}
        _, *others = columns  # the first names the rows
        equal = {head: columns[head][0] for head in others if len(rows) > 2 and len(set(columns[head])) == 1}
        if any(equal.values()):
            yield from [
                f"In all rows: {', '.join(f'{prose(head)} {text}' for head, text in equal.items() if text)}.",
                "",
            ]
        different = {head: cells[: detail.rows] for head, cells in columns.items() if head not in equal}
        yield from table(list(different), zip(*different.values(), strict=True))
        if len(rows) > detail.rows:
            yield from [f"{len(rows) - detail.rows} more rows are in `{DATA}`.", ""]


def rows_of(body: dict[str, Json]) -> list[dict[str, Json]]:
    """The rows of a body: one for each item of its first list, with the fields of both; without a list, the body."""
    lists = [value for value in body.values() if isinstance(value, list)]
    return [{**body, **item} for item in lists[0] if isinstance(item, dict)] if lists else [body]


def cell(value: Json, source: Source) -> str:
    """A value as a cell: a share as a percentage, a place as its line, null as nothing, else code."""
    if isinstance(value, PathPointer):
        return f"line {source.at(value.path).line}"
    if isinstance(value, float):
        return percent(value)
    return "" if value is None else code(str(value))


def notice_text(notice: Notice) -> str:
    """A notice with its place, and what it quotes as code."""
    place = f"{code(f'{notice.at.file}:{notice.at.line}')} " if notice.at else ""
    return f"{place}{quoting(notice.because)}{' ' + quoting(notice.do) if notice.do else ''}"
