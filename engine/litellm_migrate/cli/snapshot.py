"""`litellm-migrate snapshot`, and the snapshot that a conversion takes by itself."""

from __future__ import annotations

import argparse
import atexit
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path as File

from litellm_migrate import shipped
from litellm_migrate.cli.keys import key_in
from litellm_migrate.cli.options import rules_folder
from litellm_migrate.cli.outcomes import STRICT, SUCCESS, VerbResult, note
from litellm_migrate.convert.functions.texts import start_of_run
from litellm_migrate.gateway.access import Access
from litellm_migrate.gateway.private_files import ignore, write_text
from litellm_migrate.output import SOURCE_KEY
from litellm_migrate.output.markdown import visible
from litellm_migrate.reading.answers import AnswerSource, FolderAnswers, LiveAnswers, reader_of
from litellm_migrate.reading.document import ReadingRules, SnapshotResult, snapshot_of, text_of
from litellm_migrate.rulebook.build import rulebook_of
from litellm_migrate.rulebook.types import Rulebook
from litellm_migrate.source.model import USAGE, Problem, Problems

MOST_CALLS = 4
"""Calls side by side; whoever serves traffic has other things to do."""


def snapshot_command(options: argparse.Namespace) -> VerbResult:
    """Takes a snapshot, and says what it has and what it lacks."""
    book = rulebook_of(rules_folder(options.rules), shipped("schemas"))
    if len(options.inputs) > 1:
        raise Problems(
            [Problem("--input", 0, 0, "expected one folder, found several. Take one snapshot of each.")], USAGE
        )
    snapshot = new_snapshot(options, book, next(iter(options.inputs), None), options.only)
    write_text(File(options.output), text_of(snapshot.document))
    missing, rows = snapshot.missing(), snapshot.rows()
    for line in missing:
        note(options, f"not read: {visible(line)}")
    numbers = ", ".join(f"{count} {name}" for name, count in rows.items() if count)
    note(options, f"{visible(str(options.output))}: {numbers}. It holds no secret, but names and addresses of people.")
    data = {**snapshot.facts(), "output": options.output, "rows": rows, "missing": missing}
    return VerbResult(STRICT if options.strict and missing else SUCCESS, data)


def saved_snapshot(
    options: argparse.Namespace, book: Rulebook, folder: File | None, names: Iterator[str], place: str | None
) -> str:
    """The file of a new snapshot, in the folder of the conversion or, without one, in one that the process removes."""
    snapshot = new_snapshot(options, book, place, ())
    if folder is None:
        folder = File(tempfile.mkdtemp(prefix="litellm-migrate-"))
        atexit.register(shutil.rmtree, folder, ignore_errors=True)
    file = folder / next(names)
    write_text(file, text_of(snapshot.document))
    ignore(folder)
    for line in snapshot.missing():
        note(options, f"not read: {visible(line)}")
    return str(file)


def new_snapshot(
    options: argparse.Namespace, book: Rulebook, folder: str | None, only: tuple[str, ...]
) -> SnapshotResult:
    """A snapshot of a folder of answers or, without one, of what runs at the address; raises Problems."""
    if book.snapshot is None:
        raise Problems([Problem("--rules", 0, 0, "expected rules that say what is read, found none.")], USAGE)
    rules = ReadingRules(book.readings, book.snapshot, book.secrets)
    with ExitStack() as stack:
        answers: AnswerSource
        if folder is not None:
            answers = FolderAnswers(File(folder))
        else:
            client = stack.enter_context(reader_of(access_of_source(options)))
            client.report = lambda text: note(options, text)
            answers = LiveAnswers(client)
        return snapshot_of(rules, answers, start_of_run(), only)


def access_of_source(options: argparse.Namespace) -> Access:
    """How the running program is reached; raises Problems (exit 2) where its key is missing."""
    key = key_in("--from-key-file", options.from_key_file) if options.from_key_file else os.environ.get(SOURCE_KEY, "")
    if not key:
        message = f"expected a key that may read everything. Set {SOURCE_KEY}, or name a file."
        raise Problems([Problem("--from-key-file", 0, 0, message)], USAGE)
    return Access(
        url=options.from_url,
        key=key,
        ca_bundle=options.ca_bundle,
        insecure_http=options.insecure_http,
        timeout=options.timeout,
        concurrency=min(options.concurrency, MOST_CALLS),
        options=("--from-url", "--from-key-file", SOURCE_KEY),
    )
