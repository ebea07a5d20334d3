"""The command: arguments into one call, and its outcome into an exit code."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path as File
from typing import Any, TextIO

from litellm_migrate.bundle import shipped
from litellm_migrate.model import Problems

DONE, REFUSED, USAGE, STRICT = 0, 1, 2, 3
INTERRUPTED = 130
"""What shells report of a program that Ctrl-C ended."""
CHECK, RULES = "check-rules", "rules"
EXIT_CODES = """other commands:
  check-rules [DIR]  hold a folder of rules against itself (see check-rules --help)
  rules COMMAND      look at the rules, and add to them (see rules --help)

exit codes:
  0  done
  1  the configuration cannot be converted; nothing was written
  2  wrong usage
  3  with --strict: done, but something is Manual"""


def parser() -> argparse.ArgumentParser:
    """The arguments of the command."""
    made = argparse.ArgumentParser(
        prog="litellm-migrate",
        description="Convert a LiteLLM proxy configuration to Synapse: payloads, a script, a report. Nothing is sent.",
        epilog=EXIT_CODES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    made.add_argument("--input", required=True, metavar="CONFIG", help="the configuration; - reads standard input")
    made.add_argument("--output", required=True, metavar="DIR", help="where payloads, script and report go")
    made.add_argument("--dialect", default="synapse", metavar="NAME", help="synapse (default) or openapi-0.2")
    made.add_argument("--rules", metavar="DIR", help="a folder of rules, or of what differs from the shipped ones")
    made.add_argument("--cost-map", metavar="FILE", help="a cost map (JSON) in the place of the shipped one")
    for option, what in {"--only": "write only", "--skip": "leave out"}.items():
        made.add_argument(option, type=names, default=(), metavar="NAMES", help=f"endpoints to {what}, by comma")
    made.add_argument("--strict", action="store_true", help="exit 3 when anything is Manual")
    made.add_argument("--json", action="store_true", help="the summary as JSON on standard output")
    made.add_argument("--version", action="version", version=f"litellm-migrate {version('litellm-migrate')}")
    return made


def names(text: str) -> tuple[str, ...]:
    """Names separated by commas."""
    return tuple(name for name in text.replace(" ", "").split(",") if name)


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the command and answers its exit code."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    try:
        if words[:1] == [CHECK]:
            from litellm_migrate.audit.command import check_rules  # noqa: PLC0415 - conversions need none of it

            return check_rules(words[1:])
        if words[:1] == [RULES]:
            from litellm_migrate.workshop.command import rules  # noqa: PLC0415

            return rules(words[1:])
        return converted(parser().parse_args(words))
    except Problems as found:
        for problem in found.problems:
            tell(str(problem), sys.stderr)
        return found.exit_code
    except KeyboardInterrupt:
        return INTERRUPTED


def converted(given: argparse.Namespace) -> int:
    """Converts and answers the exit code."""
    summary = run(given)
    if given.json:
        tell(json.dumps(summary), sys.stdout)
    return STRICT if given.strict and summary["summary"]["manual"] else DONE


def run(given: argparse.Namespace) -> dict[str, Any]:
    """Converts, writes, and says what was done; answers the summary."""
    from litellm_migrate.convert import convert  # noqa: PLC0415 - --help and wrong usage stay quick
    from litellm_migrate.output import texts_of  # noqa: PLC0415
    from litellm_migrate.rulebook.book import load  # noqa: PLC0415
    from litellm_migrate.rulebook.selection import select  # noqa: PLC0415
    from litellm_migrate.source import read_source  # noqa: PLC0415
    from litellm_migrate.write import write  # noqa: PLC0415

    schemas = shipped("schemas")
    own = File(given.cost_map) if given.cost_map else None
    book = load(File(given.rules) if given.rules else shipped("rules"), schemas, given.dialect, own)
    book = select(book, given.only, given.skip)
    done = convert(book, read_source(given.input, book.grammar, sys.stdin.buffer), schemas)
    output = texts_of(done, book, given.input, version("litellm-migrate"))
    write(File(given.output), output.texts, output.owned)
    counts = output.data["summary"]
    say(given.output, counts)
    files = sorted(output.texts)
    return {"input": given.input, "output": given.output, "dialect": given.dialect, "summary": counts, "files": files}


def say(folder: str, counts: dict[str, int]) -> None:
    """One line on a pipe; a little more, and coloured, on a terminal."""
    line = "{settings} settings: {mapped} mapped, {manual} manual, {skipped} skipped".format(**counts)
    if not sys.stderr.isatty():
        tell(line, sys.stderr)
        return
    bold, dim, plain = "\033[1m", "\033[2m", "\033[0m"
    report = File(folder) / "migration_report.md"
    tell(f"{bold}{line}{plain}\n{dim}Read{plain} {report} {dim}first.{plain}", sys.stderr)


def tell(text: str, stream: TextIO) -> None:
    """Prints a text; if whoever read the stream has gone, nothing: the exit code still says what was done."""
    try:
        print(text, file=stream, flush=True)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())  # or Python tries again at its end, and complains
