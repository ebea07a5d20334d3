"""The commands after an apply: hold the gateway against the payloads, and take back what was done."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from importlib.metadata import version
from pathlib import Path as File
from typing import Any

from litellm_migrate.bundle import shipped
from litellm_migrate.gateway.arguments import access_of, add_gateway, book_of, positive
from litellm_migrate.gateway.client import Client
from litellm_migrate.gateway.decisions import Decisions
from litellm_migrate.gateway.journal import NAME, Journal
from litellm_migrate.gateway.names import needed
from litellm_migrate.gateway.payloads import read_payloads
from litellm_migrate.gateway.rollback import Rollback, Rolled, Undone
from litellm_migrate.gateway.routes import TENANTS
from litellm_migrate.gateway.verify import STATES, Asked, Validation, validation
from litellm_migrate.model import Problem, Problems
from litellm_migrate.rulebook.book import Rulebook

DONE, FAILED, INTERRUPTED = 0, 1, 130
REPORT, DATA = "validation_report.md", "validation_report.json"


def add_validate(made: argparse.ArgumentParser) -> None:
    """Adds the arguments of `--validate` alone."""
    made.add_argument("--smoke", action="store_true", help="with --validate: send one real request for each name")
    text = f"with --validate: made-up tenants that show the shares of a split (default: {TENANTS})"
    made.add_argument("--tenants", type=positive, default=TENANTS, metavar="N", help=text)


def validate_command(given: argparse.Namespace) -> int:
    """Writes the validation report; 0 if all is as planned."""
    folder, access, book = File(given.output), access_of(given), book_of(given)
    payloads = read_payloads(folder, book, shipped("schemas"))
    asked = Asked(given.smoke, given.tenants, tuple(given.also))
    with Client(access, book.protocol) as client, Journal(folder, access.url) as journal:
        client.hide(secrets(book, payloads))
        found = validation(payloads, book, client, journal, asked)
    data = write_report(folder, found)
    if given.json:
        print(json.dumps(data, indent=2))
    print(summary(found), file=sys.stderr)
    return DONE if found.good else FAILED


def write_report(folder: File, found: Validation) -> dict[str, Any]:
    """The report as data, after writing it both ways."""
    from litellm_migrate.render.payloads import render_json  # noqa: PLC0415 - not needed to roll back
    from litellm_migrate.render.validation import render_validation  # noqa: PLC0415
    from litellm_migrate.render.validation_data import validation_data  # noqa: PLC0415
    from litellm_migrate.write import write  # noqa: PLC0415

    program = version("litellm-migrate")
    data = validation_data(found, program)
    texts = {REPORT: render_validation(found, program), DATA: render_json(data)}
    write(folder, texts, frozenset(texts))
    return data


def secrets(book: Rulebook, payloads: Mapping[str, Any]) -> Iterator[str]:
    """The values that payloads ask for and that no message may repeat, as far as they are in the environment."""
    for shape in book.endpoints:
        payload = payloads.get(shape.call.file) if shape.call else None
        for body in payload if isinstance(payload, list) else [payload] if payload else []:
            for name in needed(shape.call, body) if shape.call else ():
                yield os.environ.get(name, "")


def summary(found: Validation) -> str:
    """One line: what the report says in numbers."""
    states = [one.state for one in found.entities]
    numbers = ", ".join(f"{states.count(state)} {state}" for state in STATES)
    astray = sum(bool(one.because) for one in found.routes)
    broken = sum(not one.good for one in found.verified) + sum(one.good is False for one in found.smoked)
    verdict = "all as planned" if found.good else "not as planned"
    return f"{verdict}: {numbers}; {astray} of {len(found.routes)} names astray, {broken} trials failed. See {REPORT}."


def rollback_parser() -> argparse.ArgumentParser:
    """The arguments of `rollback`."""
    made = argparse.ArgumentParser(
        prog="litellm-migrate rollback",
        description="Takes back what --apply did, by its journal: deletes what it created, restores what it changed.",
        allow_abbrev=False,
    )
    made.add_argument("--output", required=True, metavar="DIR", help="the folder that was applied")
    made.add_argument("--dialect", metavar="NAME", help="that of the payloads (default: as the folder's report says)")
    made.add_argument("--rules", metavar="DIR", help="a folder of rules in the place of the shipped ones")
    made.set_defaults(only=(), skip=())
    add_gateway(made)
    made.add_argument("--dry-run", action="store_true", help="only say what would be done")
    made.add_argument("--json", action="store_true", help="what was done as JSON on standard output")
    return made


def rollback_main(words: Sequence[str]) -> int:
    """`litellm-migrate rollback`."""
    return rollback_command(rollback_parser().parse_args(words))


def rollback_command(given: argparse.Namespace) -> int:
    """Rolls back; 0 if nothing of ours is left."""
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
