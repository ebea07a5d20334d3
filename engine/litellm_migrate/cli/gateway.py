"""The verbs that read and change a gateway (plan, apply, validate, rollback): from options to an answer."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Mapping
from contextlib import nullcontext
from functools import partial
from pathlib import Path as File
from typing import TextIO

from litellm_migrate import INTERRUPTED, __version__, shipped
from litellm_migrate.cli.agreement import agree, is_asked
from litellm_migrate.cli.options import rules_folder
from litellm_migrate.cli.outcomes import (
    FAILURE,
    PENDING,
    SUCCESS,
    VerbResult,
    in_color,
    note,
    print_to,
)
from litellm_migrate.cli.reviewed import reviewed
from litellm_migrate.cli.target import access_of, book_of, decisions_of, literals_of, payloads_of, report_of, secrets_of
from litellm_migrate.gateway.access import Access
from litellm_migrate.gateway.change import CONFLICT, Change
from litellm_migrate.gateway.client import Client
from litellm_migrate.gateway.journal import CREATE, UPDATE, Journal
from litellm_migrate.gateway.membership import completed
from litellm_migrate.gateway.payloads import check_content
from litellm_migrate.gateway.plan import plan
from litellm_migrate.gateway.plan_file import SavedPlan, check_unmoved, saved_plan, write_plan
from litellm_migrate.gateway.plan_text import colored, plan_data, plan_text
from litellm_migrate.gateway.preflight import dialects_of, preflight
from litellm_migrate.gateway.progress import Progress, result_line, run_text
from litellm_migrate.gateway.rollback import DELETED, RESTORED, rollback
from litellm_migrate.gateway.run import FAILED, REFUSED, GatewayRun, Result, apply, check, missing_values
from litellm_migrate.output import JOURNAL, PAYLOADS
from litellm_migrate.output.lock import locked
from litellm_migrate.rulebook.types import Rulebook
from litellm_migrate.source.model import Json, Problem, Problems, printable

VALIDATION_REPORT, VALIDATION_DATA = "validation_report.md", "validation_report.json"


def plan_command(options: argparse.Namespace) -> VerbResult:
    """The plan; with --detailed-exitcode another exit code when there is something to change."""
    folder, access = File(options.output), access_of(options)
    with locked(folder, shared=True):
        book = book_of(options)
        payloads = payloads_of(options, book)
        check_content(payloads, book, folder)
        journal = Journal(folder, access.url)
    with Client(access, book.protocol) as client:
        client.report = waits(options, Progress(sys.stderr))
        payloads = with_memberships(options, book, payloads, client)
        changes = plan(payloads, book, client, journal, decisions_of(options))
        dialects = partial(dialects_of, rules_folder(options.rules))
        problems = [] if options.no_preflight else list(preflight(changes, client, dialects, False))
    missing = missing_values(changes, os.environ)
    pending = any(change.action in {CREATE, UPDATE, CONFLICT} for change in changes)
    code = FAILURE if problems else PENDING if pending and options.detailed_exitcode else SUCCESS
    text = plan_output(options, access, changes, missing, sys.stdout)
    if options.out and not problems:
        write_plan(File(options.out), plan_to_save(options, access, book, payloads, changes), changes)
        text += f"\nTo apply exactly this: litellm-migrate apply {options.out}"
    return VerbResult(code, plan_data(changes, missing), text, tuple(problems))


def apply_command(options: argparse.Namespace) -> VerbResult:
    """Plans and applies what lies in the output folder (a conversion comes first, if there is an input)."""
    saved = reviewed(options)
    access = access_of(options)
    with Journal(File(options.output), access.url) as journal, Progress(sys.stderr) as progress:
        book = book_of(options)
        with Client(access, book.protocol) as client:
            client.report = waits(options, progress)
            run = applied(options, saved, book, client, journal, progress)
    verdict = "done" if run.complete else "interrupted" if run.interrupted else "incomplete"
    note(options, run_text(run, verdict, progress.seconds))
    if not run.complete:
        print_to(f"What was done is in {JOURNAL}; run this again to go on.", sys.stderr)
    return VerbResult(exit_code(run), run_data(run, "steps"))


def applied(  # noqa: PLR0913, PLR0917 - each is a fact of its own
    options: argparse.Namespace,
    saved: SavedPlan | None,
    book: Rulebook,
    client: Client,
    journal: Journal,
    progress: Progress,
) -> GatewayRun:
    """What became of each change, once the plan was shown and agreed to."""
    folder, access = journal.folder, client.access
    payloads = payloads_of(options, book)
    check_content(payloads, book, folder)
    payloads = with_memberships(options, book, payloads, client)
    values = {**literals_of(options), **{name: value for name, value in os.environ.items() if value}}
    changes = plan(payloads, book, client, journal, decisions_of(options))
    if saved:
        check_unmoved(File(options.plan), saved, plan_to_save(options, access, book, payloads, changes))
    note(options, plan_output(options, access, changes, {}, sys.stderr))
    dialects = partial(dialects_of, rules_folder(options.rules))
    problems = [] if options.no_preflight else list(preflight(changes, client, dialects))
    check(changes, values, journal, problems)
    if any(change.action in {CREATE, UPDATE} for change in changes):
        agree(options, f"Apply these changes to {access.url}?")
    progress.begin(len(changes))
    return apply(changes, client, journal, values, unless_quiet(options, progress.show))


def rollback_command(options: argparse.Namespace) -> VerbResult:
    """Rolls back; exit code 0 if nothing of ours is left."""
    folder, access, progress = File(options.output), access_of(options), Progress(sys.stderr)
    journal = Journal(folder, access.url)
    with nullcontext() if options.dry_run else journal:
        book = book_of(options)
        with Client(access, book.protocol) as client:
            if not (folder / JOURNAL).exists():
                return nothing_applied(options, folder)
            client.report = waits(options, progress)
            take_back = partial(rollback, client, journal, book, shipped("schemas"))
            if options.dry_run or is_asked(options):
                run = take_back(True, unless_quiet(options, print_intent))
                if run.interrupted:
                    raise KeyboardInterrupt
                changing = run.counts()[DELETED] or run.counts()[RESTORED]
                if changing and not options.dry_run:
                    agree(options, f"Take this back on {access.url}?")
            if not options.dry_run:
                progress.begin(0)
                run = take_back(False, unless_quiet(options, print_result))
    verdict = "would be" if options.dry_run else "done" if run.complete else "incomplete"
    note(options, run_text(run, verdict, progress.seconds))
    if run.counts()[REFUSED]:
        note(options, "What is refused stays. Undo what others changed, or delete it yourself; then run this again.")
    return VerbResult(exit_code(run), run_data(run, "results"))


def nothing_applied(options: argparse.Namespace, folder: File) -> VerbResult:
    """What a rollback answers where there is no journal; raises Problems if nobody can have applied the folder."""
    if not (folder / PAYLOADS).is_dir():
        message = "expected a journal, found none: nothing was applied from here. Name the folder that was applied."
        raise Problems([Problem(str(folder / JOURNAL), 0, 0, message)])
    note(options, f"done: nothing was applied from {folder}, so there is nothing to take back.")
    return VerbResult(SUCCESS, {"summary": {}, "interrupted": False, "results": []})


def validate_command(options: argparse.Namespace) -> VerbResult:
    """Writes the validation report; exit code 0 if all is as planned."""
    from litellm_migrate.gateway.verify import Probes, validation  # noqa: PLC0415 - only to validate
    from litellm_migrate.output.json_text import render_json  # noqa: PLC0415
    from litellm_migrate.output.validation_report import render_validation, validation_data  # noqa: PLC0415
    from litellm_migrate.output.validation_text import validation_text  # noqa: PLC0415
    from litellm_migrate.output.write import write  # noqa: PLC0415

    folder, access = File(options.output), access_of(options)
    with locked(folder, shared=True):
        book = book_of(options)
        payloads = payloads_of(options, book)
        journal = Journal(folder, access.url)
    probes = Probes(options.tenants, options.smoke)
    with Client(access, book.protocol) as client:
        client.report = waits(options, Progress(sys.stderr))
        client.hide(secrets_of(book, payloads))
        payloads = with_memberships(options, book, payloads, client)
        result = validation(payloads, book, client, journal, probes)
    data = validation_data(result, __version__)
    texts = {VALIDATION_REPORT: render_validation(result, __version__), VALIDATION_DATA: render_json(data)}
    write(folder, texts, frozenset(texts))
    note(options, validation_text(result, VALIDATION_REPORT))
    return VerbResult(SUCCESS if result.good else FAILURE, data)


def with_memberships(
    options: argparse.Namespace, book: Rulebook, payloads: Mapping[str, Json], client: Client
) -> Mapping[str, Json]:
    """The payloads with what this gateway takes beside the published fields, which is said."""
    found = completed(book, payloads, File(options.output), client)
    for text in found.notes:
        note(options, printable(text))
    return found.payloads


def plan_output(
    options: argparse.Namespace, access: Access, changes: list[Change], missing: Mapping[str, str], stream: TextIO
) -> str:
    """A plan for people, below what it is for; coloured where the stream may be."""
    folder = File(options.output)
    verdict, taken = report_of(folder, "verdict"), {change.call.file for change in changes}
    left_out = sorted(file.stem for file in (folder / PAYLOADS).glob("*.json") if file.name not in taken)
    lines = [f"Gateway: {access.url}{f', tenant {access.tenant}' if access.tenant else ''}"]
    lines += [f"Report: {printable(verdict)}"] if verdict else []
    lines += [f"Left out: {', '.join(left_out)}"] if options.only or options.skip else []
    text = "\n".join([*lines, "", plan_text(changes, missing, options.verbose)])
    return colored(text) if in_color(options, stream) else text


def print_result(result: Result) -> None:
    """Prints what became of one entity or document."""
    print_to(result_line(result), sys.stderr)


def unless_quiet(options: argparse.Namespace, show: Callable[[Result], None]) -> Callable[[Result], None]:
    """What shows the result of a change; only failures where nothing else is to be said."""
    return show if not options.quiet else lambda result: print_result(result) if result.result == FAILED else None


def print_intent(result: Result) -> None:
    """Prints what would become of one entity or document."""
    print_to(f"would be {result_line(result)}", sys.stderr)


def waits(options: argparse.Namespace, progress: Progress) -> Callable[[str], None]:
    """What says for what is waited, unless only errors are to be said."""
    return progress.wait if not options.quiet else lambda text: None


def plan_to_save(
    options: argparse.Namespace,
    access: Access,
    book: Rulebook,
    payloads: Mapping[str, Json],
    changes: list[Change],
) -> SavedPlan:
    """A plan as it is kept for review."""
    chosen, decided = ([*options.only], [*options.skip]), decisions_of(options)
    return saved_plan(File(options.output), access, book.dialect, chosen, decided, payloads, changes)


def run_data(run: GatewayRun, results: str) -> dict[str, Json]:
    """A run for programs; `results` names the list of what became of each change."""
    rows: list[Json] = [
        {"endpoint": result.endpoint, "name": result.name, "result": result.result, "said": result.note}
        for result in run.results
    ]
    return {"summary": {**run.counts()}, "interrupted": run.interrupted, results: rows}


def exit_code(run: GatewayRun) -> int:
    """What the process answers after a run."""
    return INTERRUPTED if run.interrupted else SUCCESS if run.complete else FAILURE
