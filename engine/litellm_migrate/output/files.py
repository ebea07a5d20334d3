"""All files of one conversion, as texts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from os.path import dirname, relpath
from pathlib import PurePath
from typing import NamedTuple

from litellm_migrate.convert.run import Conversion
from litellm_migrate.output import ANNOTATED, DATA, INCLUDED, PAGE, PAYLOADS, REPORT
from litellm_migrate.output.acceptance import Acceptance
from litellm_migrate.output.json_text import render_json
from litellm_migrate.output.page import render_page
from litellm_migrate.output.report import Invocation, report_data, report_of, verdict
from litellm_migrate.output.report_text import render_report
from litellm_migrate.output.scripts import APPLY, ROLLBACK, Levels, render_rollback, render_script
from litellm_migrate.source.model import Notice


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
    texts[DATA] = render_json(report_data(report, payloads))
    texts[REPORT] = render_report(report)
    if choices.html:
        texts[PAGE] = render_page(report, texts)
    copies = annotated_names(conversion.source.texts)
    if choices.annotated:
        from litellm_migrate.output.annotation import annotated  # noqa: PLC0415 - seldom needed

        texts.update(annotated(report, copies, "\n".join(texts.values())))
    owned = frozenset([*texts, PAGE, *copies.values(), *(f"{PAYLOADS}/{call.file}" for call in calls)])
    return Output(texts, owned, report.summary(), report.notices, verdict(report))


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
