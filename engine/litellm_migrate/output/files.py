"""All files of one conversion, as texts."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from os.path import dirname, relpath
from pathlib import PurePath
from typing import Any, NamedTuple

from litellm_migrate.convert.run import Conversion
from litellm_migrate.output import ANNOTATED, DATA, INCLUDED, PAGE, PAYLOADS, REPORT
from litellm_migrate.output.acceptance import Acceptance
from litellm_migrate.output.json_text import render_json
from litellm_migrate.output.page import render_page
from litellm_migrate.output.report import Invocation, report_data, report_of, verdict
from litellm_migrate.output.report_text import render_report
from litellm_migrate.output.scripts import APPLY, ROLLBACK, Levels, render_rollback, render_script
from litellm_migrate.source.model import Notice

FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""How a cell begins that spreadsheets compute."""


class Choices(NamedTuple):
    """What whoever runs a conversion wants of its reports."""

    html: bool = True
    """Whether the page is among them."""
    annotated: bool = False
    """Whether the configuration with comments is."""
    accepted: Sequence[Acceptance] = ()
    """The findings that count no more."""


USUAL = Choices()


class Output(NamedTuple):
    """The files of a conversion."""

    texts: dict[str, str]
    """By file name."""
    owned: frozenset[str]
    """The names that a run may write or remove."""
    summary: dict[str, int]
    """How many settings there are, and how many had each outcome."""
    notices: tuple[Notice, ...]
    """What the reader should know beside that."""
    verdict: str
    """What stands in the way, in a sentence."""


def files_of(
    invocation: Invocation,
    conversion: Conversion,
    levels: Mapping[str, Levels],
    fields: Mapping[str, Sequence[str]],
    choices: Choices = USUAL,
) -> Output:
    """The files of a conversion.

    `levels` and `fields` are as for `render_script` and `render_rollback`.
    """
    protocol = conversion.book.protocol
    report, calls, variables = report_of(invocation, conversion), conversion.calls, conversion.variables
    texts = {f"{PAYLOADS}/{file}": render_json(payload) for file, payload in conversion.payloads.items()}
    payloads = list(texts.values())
    texts[APPLY] = render_script(calls, conversion.payloads.keys(), variables, protocol, levels)
    texts[ROLLBACK] = render_rollback(calls, fields, protocol)
    texts.update(tables_of(conversion))
    texts[DATA] = render_json(report_data(report, payloads))
    texts[REPORT] = render_report(report)
    if choices.html:
        texts[PAGE] = render_page(report, texts)
    copies = annotated_names(conversion.source.texts)
    if choices.annotated:
        from litellm_migrate.output.annotation import annotated  # noqa: PLC0415 - seldom needed

        texts.update(annotated(report, copies, "\n".join(texts.values())))
    tables = [name for view, _ in conversion.tables if view.file for name in names_of_table(view.file)]
    owned = frozenset([*texts, PAGE, *tables, *copies.values(), *(f"{PAYLOADS}/{call.file}" for call in calls)])
    return Output(texts, owned, report.summary(), report.notices, verdict(report))


def tables_of(conversion: Conversion) -> Iterator[tuple[str, str]]:
    """Name and text of the files of tables that are files of their own and have a row."""
    for view, rows in conversion.tables:
        if view.file and rows:
            name_of_json, name_of_csv = names_of_table(view.file)
            yield name_of_json, render_json(rows)
            yield name_of_csv, render_csv(list(view.heads), list(view.heads.values()), rows)


def names_of_table(name: str) -> tuple[str, str]:
    """The names of the two files of a table."""
    return f"{name}.json", f"{name}.csv"


def render_csv(fields: Sequence[str], heads: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> str:
    """Rows as a spreadsheet reads them; what it would take for a formula stands behind an apostrophe."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(heads)
    for row in rows:
        cells = (row.get(field) for field in fields)
        texts = [
            "" if cell is None else ", ".join(map(str, cell)) if isinstance(cell, list) else str(cell) for cell in cells
        ]
        writer.writerow([f"'{text}" if text.startswith(FORMULA) else text for text in texts])
    return stream.getvalue()


def annotated_names(files: Iterable[str]) -> dict[str, str]:
    """By the name of each file that was read, the name of its annotated copy."""
    first, *others = files
    names = {first: ANNOTATED}
    for file in others:
        path = PurePath(relpath(file, dirname(first) or "."))
        name = path.name if ".." in path.parts else path.as_posix()
        while f"{INCLUDED}/{name}" in names.values():
            name = f"_{name}"
        names[file] = f"{INCLUDED}/{name}"
    return names
