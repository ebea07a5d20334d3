"""Every option of every verb, each stated once, in the groups in which help lists them."""

from __future__ import annotations

from collections.abc import Callable
from math import inf
from pathlib import Path as File
from typing import Any

from litellm_migrate import shipped
from litellm_migrate.gateway import TENANTS
from litellm_migrate.output import KEY, SOURCE_KEY, TENANT, URL

COLORS = ("auto", "always", "never")
FORMATS = ("text", "json", "sarif", "github")
"""How findings are printed."""


def names(text: str) -> tuple[str, ...]:
    """Names separated by commas."""
    return tuple(name for name in text.replace(" ", "").split(",") if name)


def positive(text: str) -> int:
    """A number of at least one."""
    return whole(text, 1, inf, "a number of at least 1")


def port(text: str) -> int:
    """The number of a port; 0 takes any that is free."""
    return whole(text, 0, 65535, "a number from 0 to 65535")


def whole(text: str, least: int, most: float, expected: str) -> int:
    """A whole number within bounds."""
    number = int(text) if text.isdecimal() and len(text) < 20 else -1
    if not least <= number <= most:
        raise ValueError(f"expected {expected}, found `{text}`")
    return number


def seconds(text: str) -> float:
    """A time of more than nothing, of less than a day."""
    try:
        number = float(text)
    except ValueError:
        number = 0
    if not 0 < number <= 86400:
        raise ValueError(f"expected a number above 0, at most 86400, found `{text}`")
    return number


def path(text: str) -> str:
    """The path of a file or folder; an empty one would be the working folder, which nobody meant."""
    if not text.strip():
        raise ValueError("expected a path, found an empty text")
    return text


def one_of(*words: str) -> Callable[[str], str]:
    """Reads one of some words."""

    def word(text: str) -> str:
        if text not in words:
            raise ValueError(f"expected one of {', '.join(words)}, found `{text}`")
        return text

    return word


def text(metavar: str, description: str, env: str = "", **more: Any) -> dict[str, Any]:
    """An option with a value; help adds its default, and the environment variable that is read in its place."""
    default = more.get("default")
    described = description + (f" [default: {default}]" if default else "")
    described += f" [env: {env}]" if env else ""
    return {"metavar": metavar, "help": described, **more}


def flag(description: str, **more: Any) -> dict[str, Any]:
    """An option without a value."""
    return {"action": "store_true", "help": description, **more}


OptionTable = dict[str, dict[str, Any]]
"""What argparse should know of each option, by its long name."""

INPUT: OptionTable = {
    "--input": text(
        "CONFIG",
        "the LiteLLM configuration, a snapshot or a folder of exported answers; again for more; - is standard input",
        type=path,
        action="append",
    ),
    "--from-url": text("URL", f"read what runs there, with GET alone and the key of ${SOURCE_KEY}", type=path),
    "--from-key-file": text("FILE", "a file that holds that key", type=path),
    "--cost-map": text("FILE", "a cost map (JSON) in the place of the shipped one", type=path),
    "--allow-outside": flag("include files from outside the folder of CONFIG"),
    "--only": text("NAMES", "endpoints to take only, by comma", type=names, default=()),
    "--skip": text("NAMES", "endpoints to leave out, by comma", type=names, default=()),
}
"""What is read."""

RULES: OptionTable = {
    "--dialect": text("NAME", "the API of the gateway, by its name in the rules: `rules list dialect`"),
    "--rules": text("DIR", "a folder of rules in the place of, or laid over, the shipped ones", type=path),
}
"""By which rules."""

OUTPUT: OptionTable = {
    "--output": text("DIR", "the folder of payloads, scripts and reports", type=path),
    "--out": text("FILE", "write the plan to FILE, for `apply FILE`", type=path),
    "--split-by": text(
        "FIELD", "the field of the rows that names who gets a file [default: as the rules say]", type=path
    ),
    "--force": flag("replace what others wrote or changed in DIR, and say what"),
    "--no-html": flag("leave out the page for browsers"),
    "--annotate": flag("write the configuration, too, with a comment at each setting: what became of it"),
    "--rehearse": flag("try everything on a gateway in memory; the report says how it went"),
    "--strict": flag("exit 3 when anything is Manual and not accepted"),
    "--ignore": text("CODE[=WHY]", "accept findings of this code; again for more", action="append", default=[]),
    "--ignore-file": text(
        "FILE", "what to accept, and why [default: .litellm-migrate-ignore.yaml beside CONFIG]", type=path
    ),
    "--format": text("FORMAT", f"findings on standard output: {', '.join(FORMATS)}", type=one_of(*FORMATS)),
    "--json": flag("one JSON document on standard output"),
    "--detailed-exitcode": flag("exit 4 when there is something to change"),
    "--example": text("FILE", "a configuration in which the row answers [default: the table's own example]", type=path),
    "--no-rehearsal": flag("leave out the rehearsal of what the examples become on a gateway in memory"),
}
"""What is written and answered."""

GATEWAY: OptionTable = {
    "--gateway-url": text("URL", "the gateway's address", URL),
    "--api-key": text("KEY", f"its key; prefer ${KEY}: others can read a command line", KEY, dest="key"),
    "--api-key-file": text("FILE", "a file that holds the key", dest="key_file", type=path),
    "--tenant": text("NAME", "the tenant, if the key does not name it", TENANT),
    "--ca-bundle": text("FILE", "certificates (PEM) that vouch for the gateway", type=path),
    "--insecure-http": flag("allow http:// to another machine"),
    "--timeout": text("SECONDS", "for one answer", type=seconds, default=30),
    "--concurrency": text("N", "calls side by side", type=positive, default=8),
    "--port": text("N", "the port to listen on [default: any that is free]", type=port, default=0),
}
"""How a gateway is reached, or serves."""

CHANGES: OptionTable = {
    "--apply": flag("send the payloads; without --input, as they lie in DIR"),
    "--adopt": flag("take over entities of the same name that others made"),
    "--update-all": flag("write what looks the same, too: a key has changed"),
    "--no-preflight": flag("write without asking first whether the gateway knows and takes what is sent"),
    "--dry-run": flag("only say what would be done"),
    "--yes": flag("change the gateway without asking first; where nobody can answer, nothing is asked"),
}
"""What may be changed on it."""

VALIDATION: OptionTable = {
    "--validate": flag("compare the gateway with the payloads, and write validation_report.md"),
    "--smoke": flag("with validation: send one real request for each client name"),
    "--tenants": text(
        "N", "with validation: made-up tenants that show the shares of a split", type=positive, default=TENANTS
    ),
}
"""What a validation tries."""

GENERAL: OptionTable = {
    "--quiet": flag("say errors only"),
    "--verbose": flag("say which files are read and which calls are made, with their times; never a secret"),
    "--color": text(
        "WHEN",
        f"{', '.join(COLORS[:-1])} or {COLORS[-1]}",
        "NO_COLOR, FORCE_COLOR",
        type=one_of(*COLORS),
        default="auto",
    ),
    "--help": flag("show this help"),
    "--version": flag("show the version"),
}
"""What every verb takes."""

GROUPS: dict[str, OptionTable] = {
    "input": INPUT,
    "rules": RULES,
    "output": OUTPUT,
    "gateway": GATEWAY,
    "changes": CHANGES,
    "validation": VALIDATION,
    "general": GENERAL,
}
"""All options, by the title under which help lists them."""


def rules_folder(rules: str | None) -> File:
    """The folder of rules that `--rules` names, or the shipped one."""
    return File(rules) if rules else shipped("rules")
