"""The verbs that read and change a gateway (plan, apply, validate, rollback): from options to an answer."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import nullcontext
from functools import partial
from pathlib import Path as File
from typing import TextIO

from litellm_migrate import __version__, shipped
from litellm_migrate.cli.agreement import agree, is_asked
from litellm_migrate.cli.options import rules_folder
from litellm_migrate.cli.outcomes import (
    FAILURE,
    INTERRUPTED,
    PENDING,
    SUCCESS,
    VerbResult,
    detail,
    in_color,
    note,
    print_to,
)
from litellm_migrate.cli.reviewed import reviewed
from litellm_migrate.gateway.access import Access
from litellm_migrate.gateway.change import UNCHANGED, Change, Options
from litellm_migrate.gateway.client import Client
from litellm_migrate.gateway.journal import CREATE, UPDATE, Journal
from litellm_migrate.gateway.names import variables
from litellm_migrate.gateway.payloads import check_content, literals, read_payloads
from litellm_migrate.gateway.plan import plan
from litellm_migrate.gateway.plan_file import SavedPlan, check_unmoved, saved_plan, write_plan
from litellm_migrate.gateway.plan_text import colored, plan_data, plan_text
from litellm_migrate.gateway.preflight import dialects_of, preflight
from litellm_migrate.gateway.progress import Progress, result_line, run_text
from litellm_migrate.gateway.rollback import rollback
from litellm_migrate.gateway.run import FAILED, GatewayRun, Result, apply, check, missing_values
from litellm_migrate.output import DATA, JOURNAL, KEY, PAYLOADS, TENANT, URL
from litellm_migrate.rulebook.build import rulebook_of
from litellm_migrate.rulebook.types import Rulebook, select
from litellm_migrate.source.model import USAGE, Json, Problem, Problems

VALIDATION_REPORT, VALIDATION_DATA = "validation_report.md", "validation_report.json"
LONGEST_KEY = 65536


def plan_command(options: argparse.Namespace) -> VerbResult:
    """The plan; with --detailed-exitcode another exit code when there is something to change."""
    folder, access, book = File(options.output), access_of(options), book_of(options)
    payloads = payloads_of(options, book)
    check_content(payloads, book, folder)
    with Client(access, book.protocol) as client:
        client.report = waits(options, Progress(sys.stderr))
        changes = plan(payloads, book, client, Journal(folder, access.url), decisions_of(options))
        dialects = partial(dialects_of, rules_folder(options.rules))
        problems = [] if options.no_preflight else list(preflight(changes, client, dialects, False))
    missing = missing_values(changes, os.environ)
    pending = any(change.action != UNCHANGED for change in changes)
    code = FAILURE if problems else PENDING if pending and options.detailed_exitcode else SUCCESS
    text = plan_output(options, changes, missing, sys.stdout)
    if options.out and not problems:
        write_plan(File(options.out), kept_plan(options, access, book, payloads, changes), changes)
        text += f"\nTo apply exactly this: litellm-migrate apply {options.out}"
    return VerbResult(code, plan_data(changes, missing), text, tuple(problems))


def apply_command(options: argparse.Namespace) -> VerbResult:
    """Plans and applies what lies in the output folder (a conversion comes first, if there is an input)."""
    saved = reviewed(options)
    folder, access, book = File(options.output), access_of(options), book_of(options)
    with (
        Client(access, book.protocol) as client,
        Journal(folder, access.url) as journal,
        Progress(sys.stderr) as progress,
    ):
        client.report = waits(options, progress)
        payloads = payloads_of(options, book)
        check_content(payloads, book, folder)
        values = {**literals_of(options), **{name: value for name, value in os.environ.items() if value}}
        changes = plan(payloads, book, client, journal, decisions_of(options))
        if saved:
            check_unmoved(File(options.plan), saved, kept_plan(options, access, book, payloads, changes))
        note(options, plan_output(options, changes, {}, sys.stderr))
        dialects = partial(dialects_of, rules_folder(options.rules))
        problems = [] if options.no_preflight else list(preflight(changes, client, dialects))
        check(changes, values, journal, problems)
        if any(change.action in {CREATE, UPDATE} for change in changes):
            agree(options, f"Apply these changes to {access.url}?")
        progress.begin(len(changes))
        run = apply(changes, client, journal, values, shown(options, progress.show))
    verdict = "done" if run.complete else "interrupted" if run.interrupted else "incomplete"
    note(options, run_text(run, verdict, progress.seconds))
    if not run.complete:
        print_to(f"What was done is in {JOURNAL}; run this again to go on.", sys.stderr)
    return VerbResult(exit_code(run), run_data(run, "steps"))


def rollback_command(options: argparse.Namespace) -> VerbResult:
    """Rolls back; exit code 0 if nothing of ours is left."""
    folder, access, book = File(options.output), access_of(options), book_of(options)
    journal, progress = Journal(folder, access.url), Progress(sys.stderr)
    with Client(access, book.protocol) as client:
        if not (folder / JOURNAL).exists():
            return nothing_applied(options, folder)
        client.report = waits(options, progress)
        take_back = partial(rollback, client, journal, book, shipped("schemas"))
        with nullcontext() if options.dry_run else journal:
            if options.dry_run or is_asked(options):
                run = take_back(True, shown(options, print_intent))
            if not options.dry_run:
                agree(options, f"Take this back on {access.url}?")
                progress.begin(0)
                run = take_back(False, shown(options, print_result))
    verdict = "would be" if options.dry_run else "done" if run.complete else "incomplete"
    note(options, run_text(run, verdict, progress.seconds))
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

    folder, access, book = File(options.output), access_of(options), book_of(options)
    payloads = payloads_of(options, book)
    probes = Probes(options.tenants, options.smoke)
    with Client(access, book.protocol) as client:
        client.report = waits(options, Progress(sys.stderr))
        client.hide(secrets_of(book, payloads))
        result = validation(payloads, book, client, Journal(folder, access.url), probes)
    data = validation_data(result, __version__)
    texts = {VALIDATION_REPORT: render_validation(result, __version__), VALIDATION_DATA: render_json(data)}
    write(folder, texts, frozenset(texts))
    note(options, validation_text(result, VALIDATION_REPORT))
    return VerbResult(SUCCESS if result.good else FAILURE, data)


def book_of(options: argparse.Namespace) -> Rulebook:
    """The rules of the dialect that the output folder is written in, or of `--dialect` if the folder names none."""
    folder = File(options.output)
    if not os.path.isdir(folder):
        what = "a file" if os.path.exists(folder) else "nothing there"
        raise Problems([Problem(str(folder), 0, 0, f"expected the folder that a conversion wrote, found {what}.")])
    dialect = dialect_of(folder)
    if options.dialect and dialect not in (None, options.dialect):
        message = f"expected {dialect}, in which {folder} is written, found {options.dialect}. Leave --dialect out, "
        raise Problems([Problem("--dialect", 0, 0, f"{message}or convert again with it.")], USAGE)
    book = rulebook_of(rules_folder(options.rules), shipped("schemas"), options.dialect or dialect)
    return select(book, options.only, options.skip)


def payloads_of(options: argparse.Namespace, book: Rulebook) -> Mapping[str, Json]:
    """The payloads of the output folder by file name; raises Problems for all that is wrong."""
    payloads = read_payloads(File(options.output), book, shipped("schemas"))
    for file in payloads:
        detail(options, f"read {File(options.output) / PAYLOADS / file}")
    return payloads


def dialect_of(folder: File) -> str | None:
    """The dialect of the payloads in a folder, if their report states it."""
    try:
        return str(json.loads((folder / DATA).read_text(encoding="utf-8"))["dialect"])
    except (OSError, ValueError, KeyError, TypeError):
        return None


def access_of(options: argparse.Namespace) -> Access:
    """How the gateway is reached; raises Problems (exit 2) if an address or a key is missing."""
    url, key = options.gateway_url or os.environ.get(URL, ""), api_key_of(options)
    problems = []
    if not url:
        problems.append(Problem("--gateway-url", 0, 0, f"expected the gateway's address. Add it, or set {URL}."))
    if not key:
        problems.append(Problem("--api-key-file", 0, 0, f"expected the gateway's key. Set {KEY}, or name a file."))
    if problems:
        raise Problems(problems, USAGE)
    return Access(
        url=url,
        key=key,
        tenant=options.tenant or os.environ.get(TENANT) or None,
        ca_bundle=options.ca_bundle,
        insecure_http=options.insecure_http,
        timeout=options.timeout,
        concurrency=options.concurrency,
    )


def api_key_of(options: argparse.Namespace) -> str:
    """The gateway's key: of the option, of the file, or of the environment."""
    if options.key or not options.key_file:
        return options.key or os.environ.get(KEY, "")
    try:
        with open(options.key_file, encoding="utf-8") as stream:
            key = stream.read(LONGEST_KEY + 1)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "what is no text in UTF-8"
        message = f"expected a file that can be read, found {options.key_file}: {reason}. Name another."
        raise Problems([Problem("--api-key-file", 0, 0, message)], USAGE) from error
    if len(key) > LONGEST_KEY:
        message = f"expected a key, found more than {LONGEST_KEY} characters in {options.key_file}. Name another file."
        raise Problems([Problem("--api-key-file", 0, 0, message)], USAGE)
    return key.strip()


def decisions_of(options: argparse.Namespace) -> Options:
    """What the user decided about changes."""
    return Options(adopt=options.adopt, everything=options.update_all)


def literals_of(options: argparse.Namespace) -> dict[str, str]:
    """The keys that stand in the configuration itself, by variable, if there is an input that can be read again."""
    if not options.input or options.input == "-":
        return {}
    from litellm_migrate.cli.convert import converted  # noqa: PLC0415 - not needed to apply what is there

    return literals(*converted(options))


def secrets_of(book: Rulebook, payloads: Mapping[str, Json]) -> Iterator[str]:
    """The values that payloads ask for and that no message may repeat, as far as they are in the environment."""
    for call in (endpoint.call for endpoint in book.endpoints if endpoint.call):
        payload = payloads.get(call.file)
        for body in payload if isinstance(payload, list) else [payload] if payload else []:
            for name in variables(call, body).values():
                yield os.environ.get(name, "")


def plan_output(options: argparse.Namespace, changes: list[Change], missing: Mapping[str, str], stream: TextIO) -> str:
    """A plan for people, coloured where the stream may be."""
    text = plan_text(changes, missing, options.verbose)
    return colored(text) if in_color(options, stream) else text


def print_result(result: Result) -> None:
    """Prints what became of one entity or document."""
    print_to(result_line(result), sys.stderr)


def shown(options: argparse.Namespace, show: Callable[[Result], None]) -> Callable[[Result], None]:
    """What shows the result of a change; only failures where nothing else is to be said."""
    return show if not options.quiet else lambda result: print_result(result) if result.result == FAILED else None


def print_intent(result: Result) -> None:
    """Prints what would become of one entity or document."""
    print_to(f"would be {result_line(result)}", sys.stderr)


def waits(options: argparse.Namespace, progress: Progress) -> Callable[[str], None]:
    """What says for what is waited, unless only errors are to be said."""
    return progress.wait if not options.quiet else lambda text: None


def kept_plan(
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
