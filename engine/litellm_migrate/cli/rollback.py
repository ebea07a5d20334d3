"""The command that takes back what was applied."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from contextlib import nullcontext
from pathlib import Path as File

from litellm_migrate import shipped
from litellm_migrate.cli.arguments import access_of, book_of
from litellm_migrate.cli.options import GATEWAY, WRITTEN, add, command_parser
from litellm_migrate.gateway.client import Client
from litellm_migrate.gateway.journal import NAME, Journal
from litellm_migrate.gateway.names import label
from litellm_migrate.gateway.rollback import rollback
from litellm_migrate.gateway.run import Result, Run
from litellm_migrate.source.model import Problem, Problems

DONE, FAILED, INTERRUPTED = 0, 1, 130


def rollback_parser() -> argparse.ArgumentParser:
    """The arguments of `rollback`."""
    description = "Takes back what --apply did, by its journal: deletes what it created, restores what it changed."
    arguments = command_parser("rollback", description)
    add(arguments, "--output", help="the folder that was applied")
    add(arguments, "--dialect", **WRITTEN)
    add(arguments, "--rules", *GATEWAY, "--dry-run")
    add(arguments, "--json", help="what was done as JSON on standard output")
    arguments.set_defaults(only=(), skip=())
    return arguments


def rollback_command(words: Sequence[str]) -> int:
    """Rolls back; 0 if nothing of ours is left."""
    given = rollback_parser().parse_args(words)
    folder, access, book = File(given.output), access_of(given), book_of(given)
    if not (folder / NAME).exists():
        message = "expected a journal, found none: nothing was applied from here. Name the folder that was applied."
        raise Problems([Problem(str(folder / NAME), 0, 0, message)])
    journal = Journal(folder, access.url)
    with Client(access, book.protocol) as client, nullcontext() if given.dry_run else journal:
        done = rollback(client, journal, book, shipped("schemas"), given.dry_run, show)
    report(done, given)
    if done.interrupted:
        return INTERRUPTED
    return DONE if done.complete else FAILED


def show(result: Result) -> None:
    """Prints what became of one entity or document."""
    name = label(result.endpoint, result.name)
    print(f"{result.result:10} {name}{f': {result.note}' if result.note else ''}", file=sys.stderr)


def report(done: Run, given: argparse.Namespace) -> None:
    """What was taken back, in numbers."""
    counts = done.counts()
    ended = "would be" if given.dry_run else "done" if done.complete else "incomplete"
    print(f"{ended}: {', '.join(f'{count} {word}' for word, count in counts.items())}.", file=sys.stderr)
    if given.json:
        listed = [
            {"endpoint": one.endpoint, "name": one.name, "result": one.result, "said": one.note} for one in done.results
        ]
        print(json.dumps({"summary": counts, "interrupted": done.interrupted, "results": listed}))
