"""What the options of commands that talk to a gateway mean: who is asked, with which key, by which rules."""

from __future__ import annotations

import argparse
import json
import os
from pathlib import Path as File

from litellm_migrate import shipped
from litellm_migrate.gateway import KEY, TENANT, URL
from litellm_migrate.gateway.access import USAGE, Access
from litellm_migrate.rulebook.prepared import prepared
from litellm_migrate.rulebook.types import Rulebook, select
from litellm_migrate.source.model import Problem, Problems

REPORT = "migration_report.json"
USUAL = "synapse"


def rules_of(given: argparse.Namespace) -> File:
    """The folder of rules."""
    return File(given.rules) if given.rules else shipped("rules")


def access_of(given: argparse.Namespace) -> Access:
    """How the gateway is reached; raises Problems (exit 2) if an address or a key is missing."""
    url = given.gateway_url or os.environ.get(URL, "")
    key = key_of(given)
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
        tenant=given.tenant or os.environ.get(TENANT) or None,
        ca_bundle=given.ca_bundle,
        insecure_http=given.insecure_http,
        timeout=given.timeout,
        concurrency=given.concurrency,
    )


def key_of(given: argparse.Namespace) -> str:
    """The gateway's key: the argument's, the file's, or the environment's."""
    if given.key:
        return str(given.key)
    if not given.key_file:
        return os.environ.get(KEY, "")
    try:
        return File(given.key_file).read_text(encoding="utf-8").strip()
    except (OSError, ValueError) as error:
        raise Problems(
            [Problem("--api-key-file", 0, 0, "expected a file that can be read, found none.")], USAGE
        ) from error


def book_of(given: argparse.Namespace) -> Rulebook:
    """The rules of the dialect that was asked for, or that the output folder is written in."""
    book = prepared(rules_of(given), shipped("schemas"), given.dialect or written_in(File(given.output)))
    return select(book, given.only, given.skip)


def written_in(folder: File) -> str:
    """The dialect of the payloads in a folder, as their report says."""
    try:
        said = json.loads((folder / REPORT).read_text(encoding="utf-8"))["dialect"]
    except (OSError, ValueError, KeyError, TypeError):
        return USUAL
    return str(said)
