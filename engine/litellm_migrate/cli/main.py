"""The command: words into a verb and its options, answers into texts and exit codes."""

from __future__ import annotations

import argparse
import atexit
import gc
import json
import os
import sys
from collections.abc import Sequence
from importlib import import_module

from litellm_migrate import INTERRUPTED, __version__
from litellm_migrate.cli.help import overview, rules_overview
from litellm_migrate.cli.outcomes import SUCCESS, VerbResult, open_streams, print_to
from litellm_migrate.cli.parser import WrongUsage, near, parser_of, problem, quoted, read_options, title
from litellm_migrate.cli.verb import Verb
from litellm_migrate.cli.verbs import FIRST, LASTING, MISSION, PROGRAM, RULES, VERBS
from litellm_migrate.source.model import USAGE, Problems

HELP = {"-h", "--help"}


def command() -> int:
    """The command as a process of its own; what is made without a gateway is freed with the process, not before."""
    words = sys.argv[1:]
    open_streams()
    if not {"--apply", "--validate", *LASTING}.intersection(words):
        gc.disable()
        atexit.register(gc.freeze)
    return main(words)


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the command and returns its exit code."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    try:
        return answer_to(words)
    except Problems as error:
        print_problems(error, next((name for name in leading(words) if name in {"rules", *VERBS}), ""))
        if "--json" in words:
            print_json({}, error)
        return error.exit_code
    except KeyboardInterrupt:
        if "--json" in words:
            print_json({}, Problems([problem(PROGRAM, "interrupted by Ctrl-C.")]))
        return INTERRUPTED


def answer_to(words: list[str]) -> int:
    """Prints what words ask for, and returns the exit code."""
    if not words:
        print_to(overview(), sys.stderr)
        return USAGE
    text = help_text(words)
    if text:
        print_to(text, sys.stdout)
        return SUCCESS
    name, verb, rest = verb_of(words)
    options = read_options(name, verb, rest)
    return printed(run(verb, options), options, name)


def help_text(words: list[str]) -> str:
    """The help or the version that words ask for, if they do."""
    if words[0] in {"-V", "--version"}:
        return f"{PROGRAM} {__version__}"
    if not HELP.intersection(words):
        return ""
    if words[0] == "-h":
        return overview()
    if words[0] == "rules" and words[1] in HELP:
        return rules_overview()
    name, verb, _ = verb_of(words)
    return parser_of(name, verb).format_help().rstrip()


def leading(words: list[str]) -> list[str]:
    """The names of verbs that words could begin with, the longest first."""
    return [" ".join(words[:2]), *words[:1]]


def verb_of(words: list[str]) -> tuple[str, Verb, list[str]]:
    """The verb that words begin with, its name, and the words after it; raises WrongUsage where there is none."""
    size = 2 if words[0] == "rules" else 1
    name = " ".join(words[:size])
    if name in VERBS:
        return name, VERBS[name], words[size:]
    if name.startswith("-"):
        return "", MISSION, words
    names = [*RULES] if size == 2 else [*FIRST, "--help", "--version"]
    wrong = problem("VERB", "required, but not given.")
    if len(words) >= size:
        word = words[size - 1]
        wrong = problem(quoted(word), f"there is no such verb{near(word, names)}")
        if size == 1 and os.path.isfile(word):
            wrong = problem(quoted(word), f"a verb comes first: `{PROGRAM} convert {word} --output DIR`.")
    lead = f"{PROGRAM} rules VERB" if size == 2 else f"{PROGRAM} VERB"
    raise WrongUsage([wrong], f"{lead} [options], where VERB is one of {', '.join(FIRST if size == 1 else names)}")


def run(verb: Verb, options: argparse.Namespace) -> VerbResult:
    """What a verb answers."""
    module, _, function = verb.run.partition(":")
    call = getattr(import_module(f"litellm_migrate.cli.{module}"), function)
    if not options.verbose:
        return VerbResult(*call(options))
    from litellm_migrate.cli.calls_log import logged_calls  # noqa: PLC0415 - nothing else needs a log

    with logged_calls():
        return VerbResult(*call(options))


def printed(answer: VerbResult, options: argparse.Namespace, name: str) -> int:
    """Prints an answer, and returns its exit code."""
    error = Problems(answer.problems, answer.code)
    print_problems(error, name)
    if getattr(options, "json", False):
        print_json(answer.data, error)
    elif answer.text:
        print_to(answer.text, sys.stdout)
    return answer.code


def print_problems(error: Problems, name: str) -> None:
    """Prints each problem on a line of its own; of wrong usage also the verb, and what it takes."""
    from litellm_migrate.output.markdown import visible  # noqa: PLC0415 - only when something is wrong

    lead = f"{title(name)}: " if error.exit_code == USAGE else ""
    for wrong in error.problems:
        print_to(f"{lead}{visible(str(wrong))}", sys.stderr)
    if isinstance(error, WrongUsage):
        print_to(f"usage: {error.usage}", sys.stderr)


def print_json(data: object, error: Problems) -> None:
    """Prints the one document of a run; what went wrong is in it."""
    if error.problems:
        data = {**(data if isinstance(data, dict) else {}), "problems": [wrong._asdict() for wrong in error.problems]}
    print_to(json.dumps(data, indent=2, default=str), sys.stdout)
