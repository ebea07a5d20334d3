"""The command: arguments into calls, outcomes into exit codes."""

from __future__ import annotations

import argparse
import atexit
import gc
import sys
from collections.abc import Sequence
from functools import partial
from importlib import import_module

from litellm_migrate import __version__
from litellm_migrate.cli.options import CHANGES, GATEWAY, PROBES, add
from litellm_migrate.cli.outcomes import INTERRUPTED, STRICT, SUCCESS, print_to
from litellm_migrate.source.model import Problems

COMMANDS = {
    "check-rules": ("rules:check_rules_command", "[DIR]: hold a folder of rules against itself"),
    "rules": ("rules:rules_command", "list, explain and add rules; write the conversion matrix"),
    "plan": ("gateway:plan_command", "show what --apply would change on a gateway"),
    "rollback": ("gateway:rollback_command", "undo what --apply did, by its journal"),
    "sandbox": ("sandbox:sandbox_command", "serve a gateway in memory, to rehearse against"),
}
"""Commands by name: module and function, and what they do. Each is imported only when it is called."""

LASTING = ("plan", "rollback", "sandbox")
"""Commands that may run for hours."""

EPILOG = """other commands (each has its own --help):
{commands}

exit codes:
  0  done
  1  the configuration cannot be converted, and nothing was written; or the gateway is not as planned
  2  wrong usage
  3  with --strict: done, but something is Manual"""


def parser() -> argparse.ArgumentParser:
    """The arguments of a conversion, and of what follows it."""
    commands = "\n".join(f"  {name:<12} {does}" for name, (_, does) in COMMANDS.items())
    arguments = argparse.ArgumentParser(
        prog="litellm-migrate",
        description="Convert a LiteLLM proxy configuration to Synapse: payloads, a script, a report. "
        "Nothing is sent unless --apply or --validate says so.",
        epilog=EPILOG.format(commands=commands),
        formatter_class=partial(argparse.HelpFormatter, width=0),  # or each option asks for the terminal's width
        allow_abbrev=False,
    )
    add(arguments, "--input", "--output", "--dialect")
    add(arguments, "--rules", help="a folder of rules in the place of, or laid over, the shipped ones")
    add(arguments, "--cost-map")
    add(arguments, "--only", help="endpoints to write only, by comma")
    add(
        arguments,
        "--skip",
        "--allow-outside",
        "--force",
        "--strict",
        "--ignore",
        "--ignore-file",
        "--format",
        "--json",
        "--no-html",
        "--rehearse",
    )
    arguments.add_argument("--version", action="version", version=f"litellm-migrate {__version__}")
    add(arguments.add_argument_group("a gateway"), "--apply", "--validate", *GATEWAY, *CHANGES, *PROBES)
    arguments.formatter_class = argparse.RawDescriptionHelpFormatter
    return arguments


def command() -> int:
    """The command as a process of its own; what is made without a gateway is freed with the process, not before."""
    words = sys.argv[1:]
    if not {"--apply", "--validate", *LASTING}.intersection(words):
        gc.disable()
        atexit.register(gc.freeze)
    return main(words)


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the command and returns its exit code."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    try:
        if words and words[0] in COMMANDS:
            module, _, function = COMMANDS[words[0]][0].partition(":")
            return int(getattr(import_module(f"litellm_migrate.cli.{module}"), function)(words[1:]))
        return migrate(words)
    except Problems as error:
        from litellm_migrate.output.markdown import visible  # noqa: PLC0415 - only when something is wrong

        for problem in error.problems:
            print_to(visible(str(problem)), sys.stderr)
        return error.exit_code
    except KeyboardInterrupt:
        return INTERRUPTED


def migrate(words: Sequence[str]) -> int:
    """Converts, applies and validates, as far as the arguments say; the first that fails decides."""
    arguments = parser()
    options = arguments.parse_args(words)
    online = options.apply or options.validate
    if not options.input and (options.rehearse or not online):
        arguments.error("the following arguments are required: --input")
    code = SUCCESS
    if options.input:
        from litellm_migrate.cli.convert import convert_command  # noqa: PLC0415 - --help and wrong usage stay quick

        code = convert_command(options, quiet=online)
    if options.apply and code in {SUCCESS, STRICT}:
        from litellm_migrate.cli.gateway import apply_command  # noqa: PLC0415 - a conversion alone does not need it

        code = apply_command(options) or code
    if options.validate and code in {SUCCESS, STRICT}:
        from litellm_migrate.cli.gateway import validate_command  # noqa: PLC0415

        code = validate_command(options) or code
    return code
