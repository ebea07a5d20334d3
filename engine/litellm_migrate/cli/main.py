"""The command: arguments into one call, and its outcome into an exit code."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Sequence
from functools import partial
from importlib import import_module
from pathlib import Path as File
from typing import TYPE_CHECKING, Any, TextIO

from litellm_migrate import __version__, shipped
from litellm_migrate.cli.options import add_changes, add_gateway, add_validate, names
from litellm_migrate.source.garbage import left_to_the_end, uncollected
from litellm_migrate.source.model import Problems

if TYPE_CHECKING:
    from litellm_migrate.convert.run import Conversion
    from litellm_migrate.rulebook.types import Rulebook

DONE, REFUSED, USAGE, STRICT = 0, 1, 2, 3
INTERRUPTED = 130
"""What shells report of a program that Ctrl-C ended."""
COMMANDS = {
    "check-rules": ("cli.check_rules:check_rules", "[DIR]: hold a folder of rules against itself"),
    "rules": ("cli.rules:rules", "list, explain and add rules; write the conversion matrix"),
    "plan": ("cli.gateway:plan_main", "show what --apply would change on a gateway"),
    "rollback": ("cli.rollback:rollback_main", "undo what --apply did, by its journal"),
    "sandbox": ("cli.sandbox:sandbox_command", "serve a gateway in memory, to rehearse against"),
}
"""Commands by name: where they are, and what they do. Each is imported only when it is called."""
EXIT_CODES = """other commands (each has its own --help):
{commands}

exit codes:
  0  done
  1  the configuration cannot be converted, and nothing was written; or the gateway is not as planned
  2  wrong usage
  3  with --strict: done, but something is Manual"""


def parser() -> argparse.ArgumentParser:
    """The arguments of the command."""
    commands = "\n".join(f"  {name:<12} {does}" for name, (_, does) in COMMANDS.items())
    made = argparse.ArgumentParser(
        prog="litellm-migrate",
        description="Convert a LiteLLM proxy configuration to Synapse: payloads, a script, a report. "
        "Nothing is sent unless --apply or --validate says so.",
        epilog=EXIT_CODES.format(commands=commands),
        formatter_class=partial(argparse.HelpFormatter, width=0),  # or each option asks for the terminal's width
        allow_abbrev=False,
    )
    made.add_argument("--input", metavar="CONFIG", help="the configuration; - reads standard input")
    made.add_argument("--output", required=True, metavar="DIR", help="where payloads, script and report go")
    made.add_argument("--dialect", default="synapse", metavar="NAME", help="synapse (default) or openapi-0.2")
    made.add_argument(
        "--rules", metavar="DIR", help="a folder of rules in the place of, or laid over, the shipped ones"
    )
    made.add_argument("--cost-map", metavar="FILE", help="a cost map (JSON) in the place of the shipped one")
    for option, what in {"--only": "write only", "--skip": "leave out"}.items():
        made.add_argument(option, type=names, default=(), metavar="NAMES", help=f"endpoints to {what}, by comma")
    made.add_argument("--allow-outside", action="store_true", help="include files from outside the folder of CONFIG")
    made.add_argument("--force", action="store_true", help="replace what others wrote or changed in DIR, and say what")
    made.add_argument("--strict", action="store_true", help="exit 3 when anything is Manual")
    made.add_argument("--json", action="store_true", help="the summary as JSON on standard output")
    made.add_argument("--rehearse", action="store_true", help="try everything on a gateway in memory; see the report")
    made.add_argument("--version", action="version", version=f"litellm-migrate {__version__}")
    gateway = made.add_argument_group("a gateway")
    gateway.add_argument("--apply", action="store_true", help="send the payloads; without --input, as they lie in DIR")
    gateway.add_argument("--validate", action="store_true", help="hold the gateway against the payloads, and report")
    add_gateway(gateway)
    add_changes(gateway)
    add_validate(gateway)
    made.formatter_class = argparse.RawDescriptionHelpFormatter
    return made


def command() -> int:
    """The command as a process of its own: what a conversion makes is freed with the process."""
    words = sys.argv[1:]
    if not {"--apply", "--validate", *COMMANDS}.intersection(words):
        left_to_the_end()
    return main(words)


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the command and answers its exit code."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    try:
        if words and words[0] in COMMANDS:
            module, _, function = COMMANDS[words[0]][0].partition(":")
            return int(getattr(import_module(f"litellm_migrate.{module}"), function)(words[1:]))
        return called(parser(), words)
    except Problems as found:
        from litellm_migrate.output.markdown import visible  # noqa: PLC0415 - only when something is wrong

        for problem in found.problems:
            tell(visible(str(problem)), sys.stderr)
        return found.exit_code
    except KeyboardInterrupt:
        return INTERRUPTED


def called(arguments: argparse.ArgumentParser, words: Sequence[str]) -> int:
    """Converts, applies and validates, as far as each is asked for; the first that fails decides."""
    given = arguments.parse_args(words)
    online = given.apply or given.validate
    if not given.input and (given.rehearse or not online):
        arguments.error("the following arguments are required: --input")
    code = converted(given, quiet=online) if given.input else DONE
    if given.apply and code in {DONE, STRICT}:
        from litellm_migrate.cli.gateway import apply_command  # noqa: PLC0415

        code = apply_command(given) or code
    if given.validate and code in {DONE, STRICT}:
        from litellm_migrate.cli.validate import validate_command  # noqa: PLC0415

        code = validate_command(given) or code
    return code


def converted(given: argparse.Namespace, quiet: bool) -> int:
    """Converts and answers the exit code; `quiet` leaves standard output to what follows."""
    summary = run(given)
    if given.json and not quiet:
        tell(json.dumps(summary), sys.stdout)
    if summary.get("rehearsed") is False:
        return REFUSED
    return STRICT if given.strict and summary["summary"]["manual"] else DONE


def run(given: argparse.Namespace) -> dict[str, Any]:
    """Converts, writes, and says what was done; answers the summary."""
    from litellm_migrate.cli.convert import output_of  # noqa: PLC0415 - as in `conversion`
    from litellm_migrate.output.markdown import visible  # noqa: PLC0415
    from litellm_migrate.output.write import write_tracked  # noqa: PLC0415

    with uncollected():
        done, book = conversion(given)
    tried = rehearsed(done, book, shipped("schemas")) if given.rehearse else None
    output = output_of(done, book, given.input, __version__, tried)
    folder, counts = File(given.output), output.summary
    replaced = write_tracked(folder, output.texts, output.owned, given.force)
    for name in replaced:
        tell(f"replaced: {visible(str(folder / name))}", sys.stderr)
    say(given.output, counts)
    files = sorted(output.texts)
    said = {"input": given.input, "output": given.output, "dialect": given.dialect, "summary": counts, "files": files}
    said |= {"replaced": replaced} if replaced else {}
    return said if tried is None else {**said, "rehearsed": tried["good"]}


def conversion(given: argparse.Namespace) -> tuple[Conversion, Rulebook]:
    """What the configuration becomes, and by which rules."""
    from litellm_migrate.cli.convert import convert_checked  # noqa: PLC0415 - --help and wrong usage stay quick
    from litellm_migrate.rulebook.prepared import prepared  # noqa: PLC0415
    from litellm_migrate.rulebook.types import select  # noqa: PLC0415
    from litellm_migrate.source.read import read_source  # noqa: PLC0415

    schemas = shipped("schemas")
    own = File(given.cost_map) if given.cost_map else None
    book = prepared(File(given.rules) if given.rules else shipped("rules"), schemas, given.dialect, own)
    book = select(book, given.only, given.skip)
    try:
        source = read_source(given.input, book.grammar, sys.stdin.buffer, given.allow_outside)
    except Problems as found:
        raise book.secrets.redact_problems(found) from None
    return convert_checked(book, source, schemas), book


def rehearsed(done: Conversion, book: Rulebook, schemas: File) -> dict[str, Any]:
    """What a rehearsal against a gateway in memory found."""
    from litellm_migrate.output.payloads import render_json  # noqa: PLC0415 - only when it is asked for
    from litellm_migrate.output.rehearsal import rehearsal_data  # noqa: PLC0415
    from litellm_migrate.sandbox.rehearsal import rehearse  # noqa: PLC0415

    sent = {file: json.loads(render_json(body)) for file, body in done.payloads.items()}
    return rehearsal_data(rehearse(sent, done.variables, book, schemas))


def say(folder: str, counts: dict[str, int]) -> None:
    """One line on a pipe; a little more, and coloured, on a terminal."""
    many = "" if counts["settings"] == 1 else "s"
    line = f"{{settings}} setting{many}: {{mapped}} mapped, {{manual}} manual, {{skipped}} skipped".format(**counts)
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
