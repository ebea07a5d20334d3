"""The conversion as a command: reads, converts, rehearses, writes, and reports in one line."""

from __future__ import annotations

import argparse
import gc
import json
import os
import sys
from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from pathlib import Path as File
from typing import TYPE_CHECKING, Any

from litellm_migrate import __version__, shipped
from litellm_migrate.cli.ignores import OPTION, acceptances
from litellm_migrate.cli.inputs import read_inputs
from litellm_migrate.cli.options import rules_folder
from litellm_migrate.cli.outcomes import FAILURE, STRICT, SUCCESS, VerbResult, detail, in_color, note
from litellm_migrate.convert.calls import Variable
from litellm_migrate.convert.functions.texts import today
from litellm_migrate.convert.run import Conversion, convert
from litellm_migrate.output import DATA, REPORT
from litellm_migrate.output.acceptance import UNUSED
from litellm_migrate.output.files import USUAL, Choices, Output, files_of
from litellm_migrate.output.markdown import visible
from litellm_migrate.output.report import Invocation
from litellm_migrate.output.scripts import Levels
from litellm_migrate.output.validation import inspection
from litellm_migrate.output.write import write_tracked
from litellm_migrate.rulebook.build import rulebook_of
from litellm_migrate.rulebook.endpoint_schemas import schema_of
from litellm_migrate.rulebook.types import Rulebook, select
from litellm_migrate.source.model import USAGE, Json, Problem, Problems, Source

if TYPE_CHECKING:
    from litellm_migrate.output.rehearsal_report import StageResult


def convert_command(options: argparse.Namespace) -> VerbResult:
    """Converts and writes; the result has the summary, and the findings in the format that was asked for."""
    if options.format and options.json:
        message = "expected one of --format and --json: each prints a document of its own. Leave one out."
        raise Problems([Problem("--format", 0, 0, message)], USAGE)
    collecting = gc.isenabled()
    gc.disable()  # nothing that a conversion makes is garbage before its end
    try:
        summary, findings = run(options)
    finally:
        if collecting:
            gc.enable()
    counts = summary["summary"]
    unaccepted = counts["manual"] > counts.get("accepted", 0)
    code = FAILURE if summary.get("rehearsed") is False else STRICT if options.strict and unaccepted else SUCCESS
    return VerbResult(code, summary, findings)


def run(options: argparse.Namespace) -> tuple[dict[str, Any], str]:
    """Converts, writes, and says the numbers; returns the summary, and the findings as `--format` wants them."""
    conversion, book = converted(options)
    accepted = acceptances(options.ignore, options.ignore_file, options.input, book)
    choices = Choices(not options.no_html, options.annotate, accepted)
    rehearsal = rehearsed(conversion.payloads, conversion.variables, book) if options.rehearse else ()
    output = output_of(conversion, options.input, __version__, rehearsal, choices)
    folder, counts = File(options.output), output.summary
    refuse_originals(folder, output.owned, conversion.source.texts)
    replaced = write_tracked(folder, output.texts, output.owned, options.force)
    for name in replaced:
        note(options, f"replaced: {visible(str(folder / name))}")
    for notice in output.notices:
        if notice.code == UNUSED:
            note(options, f"warning: {visible(f'{notice.at or OPTION}: {notice.because} {notice.do}')}")
    if conversion.stopped:
        note(options, visible(conversion.stopped))
    note(options, counts_text(options, counts))
    if not any(isinstance(payload, list) and payload for payload in conversion.payloads.values()):
        note(options, "nothing to serve: no payload has an entity, and apply refuses this folder.")
    summary = {
        "input": options.input,
        "output": options.output,
        "dialect": book.dialect,
        "summary": counts,
        "files": sorted(output.texts),
    }
    if replaced:
        summary["replaced"] = replaced
    if rehearsal:
        from litellm_migrate.output.rehearsal_report import TRIAL_WORDS, is_good  # noqa: PLC0415 - seldom needed

        note(options, f"rehearsal: {', '.join(f'{stage.name} {TRIAL_WORDS[stage.good]}' for stage in rehearsal)}")
        summary["rehearsed"] = is_good(rehearsal)
    note(options, f"{output.verdict} Read {visible(str(folder / REPORT))} first.")
    return summary, findings_text(options.format, output.texts[DATA])


def findings_text(form: str | None, report: str) -> str:
    """The findings of a report in a format; nothing if none was asked for."""
    if not form:
        return ""
    from litellm_migrate.output.finding_formats import LINES  # noqa: PLC0415 - seldom needed

    return "\n".join(LINES[form](json.loads(report)))


def refuse_originals(folder: File, names: Iterable[str], files: Iterable[str]) -> None:
    """Raises Problems if one of the files to be written or removed is one that was read."""
    originals = [file for file in files if os.path.exists(file)]
    for target in (folder / name for name in names):
        if os.path.exists(target) and any(os.path.samefile(target, original) for original in originals):
            message = "expected another file, found the configuration itself. Name another output."
            raise Problems([Problem(str(target), 0, 0, message)])


def converted(options: argparse.Namespace) -> tuple[Conversion, Rulebook]:
    """What the configuration becomes, and by which rules."""
    schemas = shipped("schemas")
    cost_map = File(options.cost_map) if options.cost_map else None
    book = rulebook_of(rules_folder(options.rules), schemas, options.dialect, cost_map)
    book = select(book, options.only, options.skip)
    try:
        source = read_inputs(options, book)
    except Problems as error:
        raise book.secrets.redact_problems(error) from None
    for file in source.texts:
        detail(options, f"read {visible(file)}")
    detail(options, f"rules of {visible(str(rules_folder(options.rules)))} in the dialect {book.dialect}")
    return convert_checked(book, source, schemas), book


def convert_checked(book: Rulebook, source: Source, schemas: File) -> Conversion:
    """The conversion of a source; raises Problems if the rules would write what a schema or a secret forbids."""
    return convert(book, source, inspection(book.secrets, partial(schema_of, folders=book.schemas, schemas=schemas)))


def output_of(
    conversion: Conversion,
    name: str,
    version: str,
    rehearsal: Sequence[StageResult] = (),
    choices: Choices = USUAL,
) -> Output:
    """The files of a conversion of the input `name`, and in the reports how its rehearsal went, if there was one."""
    book = conversion.book
    facts = version, name, book.dialect, book.catalog, book.program, today()
    invocation = Invocation(*facts, rehearsal, choices.accepted)
    levels, fields = levels_of(book), fields_of(book, shipped("schemas"))
    return files_of(invocation, conversion, levels, fields, choices)


def levels_of(book: Rulebook) -> dict[str, Levels]:
    """The levels of the rules' own tables, by the id of the endpoint that chooses one of them."""
    levels = {endpoint.id: book.levels(endpoint.call) for endpoint in book.endpoints if endpoint.call}
    return {name: of_endpoint for name, of_endpoint in levels.items() if of_endpoint is not None}


def fields_of(book: Rulebook, schemas: File) -> dict[str, list[str]]:
    """The fields that each endpoint takes, by its schema."""
    called = [endpoint for endpoint in book.endpoints if endpoint.call]
    schema_by_id = {endpoint.id: schema_of(endpoint, book.schemas, schemas) for endpoint in called}
    return {name: list(schema.get("properties", {})) for name, schema in schema_by_id.items()}


def rehearsed(payloads: Mapping[str, Json], variables: Sequence[Variable], book: Rulebook) -> tuple[StageResult, ...]:
    """How each stage of a rehearsal against a gateway in memory went."""
    from litellm_migrate.sandbox.rehearsal import rehearse  # noqa: PLC0415 - only when it is asked for

    return rehearse(payloads, variables, book, shipped("schemas"))


def counts_text(options: argparse.Namespace, counts: dict[str, int]) -> str:
    """How many settings had each outcome, in one line."""
    plural = "" if counts["settings"] == 1 else "s"
    accepted = f" ({counts['accepted']} accepted)" if "accepted" in counts else ""
    line = "{settings} setting{plural}: {mapped} mapped, {manual} manual{note}, {skipped} skipped".format(
        **counts, plural=plural, note=accepted
    )
    if in_color(options, sys.stderr):
        line = f"\033[1m{line}\033[0m"
    return line
