"""Every option of every command, each stated once; a command names those that it takes."""

from __future__ import annotations

import argparse
from math import inf
from pathlib import Path as File
from typing import Any

from litellm_migrate import shipped
from litellm_migrate.gateway import TENANTS
from litellm_migrate.output import KEY, TENANT, URL


def names(text: str) -> tuple[str, ...]:
    """Names separated by commas."""
    return tuple(name for name in text.replace(" ", "").split(",") if name)


def positive(text: str) -> int:
    """A number of at least one."""
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("expected a number of at least 1")
    return number


def seconds(text: str) -> float:
    """A time of more than nothing."""
    number = float(text)
    if not 0 < number < inf:
        raise argparse.ArgumentTypeError("expected a number above 0")
    return number


def text(metavar: str, description: str, **more: Any) -> dict[str, Any]:
    """An option with a value."""
    return {"metavar": metavar, "help": description, **more}


def flag(description: str) -> dict[str, Any]:
    """An option without a value."""
    return {"action": "store_true", "help": description}


OptionTable = dict[str, dict[str, Any]]
"""What argparse should know of each option."""

GATEWAY: OptionTable = {
    "--gateway-url": text("URL", f"the gateway's address (default: ${URL})"),
    "--api-key": text("KEY", f"its key; prefer ${KEY}: others can read a command line", dest="key"),
    "--api-key-file": text("FILE", "a file that holds the key", dest="key_file"),
    "--tenant": text("NAME", f"the tenant (default: ${TENANT}, or the token's)"),
    "--ca-bundle": text("FILE", "certificates (PEM) that vouch for the gateway"),
    "--insecure-http": flag("allow http:// to another machine"),
    "--timeout": text("SECONDS", "for one answer (default: 30)", type=seconds, default=30.0),
    "--concurrency": text("N", "calls side by side (default: 8)", type=positive, default=8),
}
"""How the gateway is reached."""

CHANGES: OptionTable = {
    "--adopt": flag("take over entities of the same name that others made"),
    "--update-all": flag("write what looks the same, too: a key has changed"),
    "--no-preflight": flag("write without asking first whether the gateway knows and takes what is sent"),
}
"""What may be changed on it."""

FORMATS = ("text", "json", "sarif", "github")
"""How findings are printed."""

PROBES: OptionTable = {
    "--smoke": flag("with --validate: send one real request for each name"),
    "--tenants": text(
        "N",
        f"with --validate: made-up tenants that show the shares of a split (default: {TENANTS})",
        type=positive,
        default=TENANTS,
    ),
}
"""What a validation tries."""

OPTIONS: OptionTable = {
    "--input": text("CONFIG", "the configuration; - reads standard input"),
    "--output": text("DIR", "where payloads, script and report go", required=True),
    "--dialect": text("NAME", "the API of the gateway, by its name in the rules (`rules list dialect`)"),
    "--rules": text("DIR", "a folder of rules in the place of the shipped ones"),
    "--cost-map": text("FILE", "a cost map (JSON) in the place of the shipped one"),
    "--only": text("NAMES", "endpoints to look only at, by comma", type=names, default=()),
    "--skip": text("NAMES", "endpoints to leave out, by comma", type=names, default=()),
    "--allow-outside": flag("include files from outside the folder of CONFIG"),
    "--force": flag("replace what others wrote or changed in DIR, and say what"),
    "--strict": flag("exit 3 when anything is Manual and not accepted"),
    "--ignore": text("CODE[=WHY]", "accept findings of this code; again for more", action="append", default=[]),
    "--ignore-file": text(
        "FILE", "a list of what to accept, and why (default: .litellm-migrate-ignore.yaml beside CONFIG)"
    ),
    "--format": text("FORMAT", f"findings on standard output: {', '.join(FORMATS)}", choices=FORMATS),
    "--json": flag("the summary as JSON on standard output"),
    "--rehearse": flag("try everything on a gateway in memory; see the report"),
    "--no-html": flag("leave out the page for browsers"),
    "--apply": flag("send the payloads; without --input, as they lie in DIR"),
    "--validate": flag("hold the gateway against the payloads, and report"),
    "--detailed-exitcode": flag("exit 2 when there is something to change"),
    "--dry-run": flag("only say what would be done"),
    "--port": text("N", "the port to listen on (any that is free)", type=int, default=0),
    **GATEWAY,
    **CHANGES,
    **PROBES,
}

FOLDER_DIALECT: dict[str, Any] = {
    "help": "that of the payloads (default: as the folder's report says)",
}
"""The option `--dialect` of commands that start from an output folder."""


def rules_folder(rules: str | None) -> File:
    """The folder of rules that `--rules` names, or the shipped one."""
    return File(rules) if rules else shipped("rules")


def add(parser: argparse._ActionsContainer, *options: str, **changes: Any) -> None:
    """Adds options to a parser or a group of one; `changes` are what is different here (a help text, a default)."""
    for option in options:
        parser.add_argument(option, **{**OPTIONS[option], **changes})


def command_parser(name: str, description: str, epilog: str | None = None) -> argparse.ArgumentParser:
    """The parser of a command, without options; an epilog keeps its line ends."""
    return argparse.ArgumentParser(
        prog=f"litellm-migrate {name}",
        description=description,
        epilog=epilog,
        formatter_class=argparse.RawDescriptionHelpFormatter if epilog else argparse.HelpFormatter,
        allow_abbrev=False,
    )
