"""The commands that read and change a gateway: from arguments to an exit code."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path as File
from typing import Any

from litellm_migrate import shipped
from litellm_migrate.cli.arguments import access_of, book_of, rules_of
from litellm_migrate.cli.options import CHANGES, GATEWAY, WRITTEN, add, command_parser
from litellm_migrate.gateway.change import UNCHANGED, Options
from litellm_migrate.gateway.client import Client
from litellm_migrate.gateway.format import Progress, plan_data, plan_text
from litellm_migrate.gateway.journal import Journal
from litellm_migrate.gateway.payloads import literals, read_payloads
from litellm_migrate.gateway.plan import plan
from litellm_migrate.gateway.preflight import dialects_of, preflight
from litellm_migrate.gateway.run import Run, apply
from litellm_migrate.rulebook.types import Rulebook
from litellm_migrate.source.model import Problems

DONE, FAILED, PENDING = 0, 1, 2
INTERRUPTED = 130


def plan_parser() -> argparse.ArgumentParser:
    """The arguments of `plan`."""
    arguments = command_parser("plan", "Shows what --apply would change on a gateway. Nothing is written.")
    add(arguments, "--output", help="the folder that a conversion wrote")
    add(arguments, "--dialect", **WRITTEN)
    add(arguments, "--rules", "--only", "--skip", *GATEWAY, *CHANGES)
    add(arguments, "--json", help="the plan as JSON on standard output")
    add(arguments, "--detailed-exitcode")
    return arguments


def plan_command(words: Sequence[str]) -> int:
    """Shows the plan; 0, or with --detailed-exitcode 2 when there is something to change."""
    given = plan_parser().parse_args(words)
    folder, access, book = File(given.output), access_of(given), book_of(given)
    payloads = read_payloads(folder, book, shipped("schemas"))
    with Client(access, book.protocol) as client:
        steps = plan(payloads, book, client, Journal(folder, access.url), options(given))
        standing = () if given.no_preflight else preflight(steps, client, lambda: dialects_of(rules_of(given)), False)
        problems = list(standing)
    print(json.dumps(plan_data(steps), indent=2) if given.json else plan_text(steps))
    if problems:
        raise Problems(problems)
    changes = any(step.action != UNCHANGED for step in steps)
    return PENDING if changes and given.detailed_exitcode else DONE


def apply_command(given: argparse.Namespace) -> int:
    """Plans and applies what lies in the output folder (a conversion comes first, if one was asked for)."""
    folder, access, book = File(given.output), access_of(given), book_of(given)
    with Client(access, book.protocol) as client, Journal(folder, access.url) as journal:
        payloads = read_payloads(folder, book, shipped("schemas"))
        values = {**written(given, book), **os.environ}
        steps = plan(payloads, book, client, journal, options(given))
        print(plan_text(steps), file=sys.stderr)
        standing = () if given.no_preflight else preflight(steps, client, lambda: dialects_of(rules_of(given)))
        done = apply(steps, client, journal, values, Progress(len(steps), sys.stderr).show, standing)
    report(done, given, left(book, payloads, given))
    if done.interrupted:
        return INTERRUPTED
    return DONE if done.complete else FAILED


def options(given: argparse.Namespace) -> Options:
    """What the user decided."""
    return Options(adopt=given.adopt, everything=given.update_all, also=given.also)


def written(given: argparse.Namespace, book: Rulebook) -> dict[str, str]:
    """The keys that stand in the configuration itself, if one was given."""
    if not getattr(given, "input", None) or given.input == "-":
        return {}
    from litellm_migrate.cli.convert import convert_checked  # noqa: PLC0415 - not needed to apply what is there
    from litellm_migrate.source.read import read_source  # noqa: PLC0415

    source = read_source(given.input, book.grammar, outside=getattr(given, "allow_outside", False))
    return literals(convert_checked(book, source, shipped("schemas")), book)


def left(book: Rulebook, payloads: Mapping[str, Any], given: argparse.Namespace) -> list[str]:
    """The endpoints that are called only when asked for, and were not."""
    asked = [shape.call for shape in book.endpoints if shape.call and shape.call.asked]
    return [call.id for call in asked if call.file in payloads and call.id not in given.also]


def report(done: Run, given: argparse.Namespace, left: list[str]) -> None:
    """What was done, in numbers; failures again, where they cannot be missed."""
    counts = done.counts()
    for name in left:
        print(f"left       {name} (add --also {name} to send it: it acts on the whole gateway)", file=sys.stderr)
    ended = "done" if done.complete else "interrupted" if done.interrupted else "incomplete"
    numbers = ", ".join(f"{count} {word}" for word, count in counts.items())
    print(f"{ended}: {numbers}.", file=sys.stderr)
    if not done.complete:
        print("What was done is in journal.jsonl; run this again to go on.", file=sys.stderr)
    if given.json:
        said = [
            {"endpoint": one.endpoint, "name": one.name, "result": one.result, "said": one.note} for one in done.results
        ]
        print(json.dumps({"summary": counts, "interrupted": done.interrupted, "steps": said}))
