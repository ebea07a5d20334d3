"""The command that holds a gateway against the payloads and reports on it."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path as File
from typing import Any

from litellm_migrate import __version__, shipped
from litellm_migrate.cli.arguments import access_of, book_of
from litellm_migrate.gateway.client import Client
from litellm_migrate.gateway.journal import Journal
from litellm_migrate.gateway.names import variables
from litellm_migrate.gateway.payloads import read_payloads
from litellm_migrate.gateway.verify import Probes, validation
from litellm_migrate.output.live_report import STATES, Validation
from litellm_migrate.rulebook.types import Rulebook

DONE, FAILED = 0, 1
REPORT, DATA = "validation_report.md", "validation_report.json"


def validate_command(given: argparse.Namespace) -> int:
    """Writes the validation report; 0 if all is as planned."""
    folder, access, book = File(given.output), access_of(given), book_of(given)
    payloads = read_payloads(folder, book, shipped("schemas"))
    asked = Probes(given.tenants, given.smoke, tuple(given.also))
    with Client(access, book.protocol) as client:
        client.hide(secrets(book, payloads))
        found = validation(payloads, book, client, Journal(folder, access.url), asked)
    data = write_report(folder, found)
    if given.json:
        print(json.dumps(data, indent=2))
    print(summary(found), file=sys.stderr)
    return DONE if found.good else FAILED


def write_report(folder: File, found: Validation) -> dict[str, Any]:
    """The report as data, after writing it both ways."""
    from litellm_migrate.output.live_report import render_validation, validation_data  # noqa: PLC0415
    from litellm_migrate.output.payloads import render_json  # noqa: PLC0415 - not needed to roll back
    from litellm_migrate.output.write import write  # noqa: PLC0415

    program = __version__
    data = validation_data(found, program)
    texts = {REPORT: render_validation(found, program), DATA: render_json(data)}
    write(folder, texts, frozenset(texts))
    return data


def secrets(book: Rulebook, payloads: Mapping[str, Any]) -> Iterator[str]:
    """The values that payloads ask for and that no message may repeat, as far as they are in the environment."""
    for shape in book.endpoints:
        payload = payloads.get(shape.call.file) if shape.call else None
        for body in payload if isinstance(payload, list) else [payload] if payload else []:
            for name in variables(shape.call, body).values() if shape.call else ():
                yield os.environ.get(name, "")


def summary(found: Validation) -> str:
    """One line: what the report says in numbers."""
    states = [one.state for one in found.entities]
    numbers = ", ".join(f"{states.count(state)} {state}" for state in STATES)
    astray = sum(bool(one.because) for one in found.routes)
    broken = sum(not one.good for one in found.verified) + sum(one.good is False for one in found.smoked)
    verdict = "all as planned" if found.good else "not as planned"
    trials = f"{broken} trial{'' if broken == 1 else 's'} failed"
    return f"{verdict}: {numbers}; {astray} of {len(found.routes)} names astray, {trials}. See {REPORT}."
