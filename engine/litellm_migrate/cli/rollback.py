"""The command that takes back what was applied."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path as File

from litellm_migrate import shipped
from litellm_migrate.cli.arguments import access_of, book_of
from litellm_migrate.cli.options import GATEWAY, WRITTEN, add, command_parser
from litellm_migrate.gateway.client import Client
from litellm_migrate.gateway.decisions import Decisions
from litellm_migrate.gateway.journal import NAME, Journal
from litellm_migrate.gateway.rollback import Rollback, Rolled, Undone
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
    with Client(access, book.protocol) as client, Journal(folder, access.url) as journal:
        decisions = Decisions(client, journal, book, shipped("schemas"))
        done = Rollback(decisions, given.dry_run, lambda one: print(line(one), file=sys.stderr)).all()
    report(done, given)
    if done.interrupted:
        return INTERRUPTED
    return DONE if done.complete else FAILED


def line(one: Undone) -> str:
    """What became of one thing."""
    shown = "".join(sign if sign.isprintable() else "?" for sign in f"{one.past.endpoint} {one.past.name}".rstrip())
    return f"{one.result:10} {shown}{f': {one.said}' if one.said else ''}"


def report(done: Rolled, given: argparse.Namespace) -> None:
    """What was taken back, in numbers."""
    counts = done.counts()
    ended = "would be" if given.dry_run else "done" if done.complete else "incomplete"
    print(f"{ended}: {', '.join(f'{count} {word}' for word, count in counts.items())}.", file=sys.stderr)
    if given.json:
        listed = [
            {"endpoint": one.past.endpoint, "name": one.past.name, "result": one.result, "said": one.said}
            for one in done.results
        ]
        print(json.dumps({"summary": counts, "interrupted": done.interrupted, "results": listed}))
