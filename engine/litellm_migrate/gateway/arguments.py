"""The arguments of every command that talks to a gateway, and what they mean."""

from __future__ import annotations

import argparse
import json
import os
from pathlib import Path as File

from litellm_migrate.bundle import shipped
from litellm_migrate.gateway.access import USAGE, Access
from litellm_migrate.model import Problem, Problems
from litellm_migrate.rulebook.book import Rulebook, load
from litellm_migrate.rulebook.selection import select

KEY, URL, TENANT = "SYNAPSE_API_KEY", "GATEWAY_URL", "SYNAPSE_TENANT"
REPORT = "migration_report.json"
USUAL = "synapse"


def add_gateway(made: argparse._ActionsContainer) -> None:
    """Adds the arguments that say how the gateway is reached."""
    made.add_argument("--gateway-url", metavar="URL", help=f"the gateway's address (default: ${URL})")
    made.add_argument(
        "--api-key", dest="key", metavar="KEY", help=f"its key; better in ${KEY}: others can read a command line"
    )
    made.add_argument("--api-key-file", dest="key_file", metavar="FILE", help="a file that holds the key")
    made.add_argument("--tenant", metavar="NAME", help=f"the tenant (default: ${TENANT}, or the token's)")
    made.add_argument("--ca-bundle", metavar="FILE", help="certificates (PEM) that vouch for the gateway")
    made.add_argument("--insecure-http", action="store_true", help="allow http:// to another machine")
    made.add_argument("--timeout", type=float, default=30.0, metavar="SECONDS", help="for one answer (default: 30)")
    made.add_argument("--concurrency", type=positive, default=8, metavar="N", help="calls side by side (default: 8)")


def add_changes(made: argparse._ActionsContainer) -> None:
    """Adds the arguments that say what may be changed."""
    made.add_argument("--adopt", action="store_true", help="take over entities of the same name that others made")
    made.add_argument("--update-all", action="store_true", help="write what looks the same, too: a key has changed")
    made.add_argument("--also", type=names, default=(), metavar="NAMES", help="endpoints that act on the whole gateway")


def names(text: str) -> tuple[str, ...]:
    """Names separated by commas."""
    return tuple(name for name in text.replace(" ", "").split(",") if name)


def positive(text: str) -> int:
    """A number of at least one."""
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("expected a number of at least 1")
    return number


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
    rules = File(given.rules) if given.rules else shipped("rules")
    book = load(rules, shipped("schemas"), given.dialect or written_in(File(given.output)))
    return select(book, given.only, given.skip)


def written_in(folder: File) -> str:
    """The dialect of the payloads in a folder, as their report says."""
    try:
        said = json.loads((folder / REPORT).read_text(encoding="utf-8"))["dialect"]
    except (OSError, ValueError, KeyError, TypeError):
        return USUAL
    return str(said)
