"""The command `check-rules`: what is wrong with a folder of rules, as text or as JSON."""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path as File

from litellm_migrate import shipped
from litellm_migrate.cli.main import tell
from litellm_migrate.lint.violation import Violation

CLEAN, FOUND, USAGE = 0, 1, 2
EXIT_CODES = """exit codes:
  0  nothing is wrong
  1  something is wrong; each line says where, what, and which check found it
  2  wrong usage, or no such folder"""


def parser() -> argparse.ArgumentParser:
    """The arguments of the command."""
    made = argparse.ArgumentParser(
        prog="litellm-migrate check-rules",
        description="Hold a folder of rules against itself: names, settings, fields, tables, reasons, examples.",
        epilog=EXIT_CODES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    made.add_argument("rules", nargs="?", metavar="DIR", help="the folder of rules; without it, the shipped ones")
    made.add_argument("--json", action="store_true", help="what was found as JSON on standard output")
    return made


def check_rules(arguments: Sequence[str]) -> int:
    """Runs the command and answers its exit code; raises Problems if there is no such folder."""
    given = parser().parse_args(arguments)
    from litellm_migrate.lint.check import audit  # noqa: PLC0415 - --help and wrong usage stay quick

    rules = File(given.rules) if given.rules else shipped("rules")
    found = audit(rules, shipped("schemas"))
    if given.json:
        data = {"rules": str(rules), "ok": not found, "problems": [one.data() for one in found]}
        tell(json.dumps(data, indent=2), sys.stdout)
    else:
        show(found, rules)
    return FOUND if found else CLEAN


def show(found: list[Violation], rules: File) -> None:
    """One line for each problem, and what it comes to."""
    for one in found:
        tell(str(one), sys.stdout)
    counts = ", ".join(f"{count} {check}" for check, count in sorted(Counter(one.check for one in found).items()))
    many = f"{len(found)} problem{'' if len(found) == 1 else 's'} ({counts})"
    tell(f"{rules}: {many if found else 'nothing is wrong'}", sys.stderr)
