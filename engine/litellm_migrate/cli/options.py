"""The options of every command that talks to a gateway: names and help alone, for every command shows them."""

from __future__ import annotations

import argparse

KEY, URL, TENANT = "SYNAPSE_API_KEY", "GATEWAY_URL", "SYNAPSE_TENANT"
TENANTS = 100
"""So many made-up tenants show a share to within some ten points."""


def add_gateway(made: argparse._ActionsContainer) -> None:
    """Adds the arguments that say how the gateway is reached."""
    made.add_argument("--gateway-url", metavar="URL", help=f"the gateway's address (default: ${URL})")
    made.add_argument(
        "--api-key", dest="key", metavar="KEY", help=f"its key; prefer ${KEY}: others can read a command line"
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
    text = "write without asking first whether the gateway knows and takes what is sent"
    made.add_argument("--no-preflight", action="store_true", help=text)
    made.add_argument("--also", type=names, default=(), metavar="NAMES", help="endpoints that act on the whole gateway")


def add_validate(made: argparse._ActionsContainer) -> None:
    """Adds the arguments of `--validate` alone."""
    made.add_argument("--smoke", action="store_true", help="with --validate: send one real request for each name")
    text = f"with --validate: made-up tenants that show the shares of a split (default: {TENANTS})"
    made.add_argument("--tenants", type=positive, default=TENANTS, metavar="N", help=text)


def add_folder(made: argparse.ArgumentParser) -> None:
    """Adds the arguments that say what was applied."""
    made.add_argument("--output", required=True, metavar="DIR", help="the folder that was applied")
    made.add_argument("--dialect", metavar="NAME", help="that of the payloads (default: as the folder's report says)")
    made.add_argument("--rules", metavar="DIR", help="a folder of rules in the place of the shipped ones")


def names(text: str) -> tuple[str, ...]:
    """Names separated by commas."""
    return tuple(name for name in text.replace(" ", "").split(",") if name)


def positive(text: str) -> int:
    """A number of at least one."""
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("expected a number of at least 1")
    return number
