"""Words into options, by the table of verbs: all mistakes at once, each with the nearest right word; and helps."""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple, NoReturn

from litellm_migrate.cli.help import exit_text
from litellm_migrate.cli.options import GROUPS
from litellm_migrate.cli.verb import Verb
from litellm_migrate.cli.verbs import PROGRAM, VERBS
from litellm_migrate.source.model import USAGE, Problem, Problems

GENERAL = ("-q, --quiet", "-v, --verbose", "--color", "-h, --help")
LONGEST = 20
"""The most signs of a word that is shown as it is."""
NEAR = 0.65
"""How alike words are of which one may be meant for the other."""
OPTIONS = {name: option for group in GROUPS.values() for name, option in group.items()}


class WrongUsage(Problems):
    """Words that a verb does not take, with the line that says what it takes."""

    def __init__(self, problems: Iterable[Problem], usage: str) -> None:
        super().__init__(problems, USAGE)
        self.usage = usage


class Invalid(NamedTuple):
    """A value that an option does not take."""

    message: str


class Parser(argparse.ArgumentParser):
    """A parser that raises what it does not understand."""

    def error(self, message: str) -> NoReturn:
        """Raises WrongUsage in place of an end of the process."""
        where, _, text = message.removeprefix("argument ").partition(": ")
        expected = "no value, found one" if "explicit" in text else "a value, found none"
        raise WrongUsage([problem(where.rpartition("/")[2], f"expected {expected}.")], str(self.usage))


def problem(where: str, message: str) -> Problem:
    """A mistake in the words of a command."""
    return Problem(where, 0, 0, message)


def quoted(word: str) -> str:
    """A word as a message shows it; a long one that is no path could be a key."""
    return f"`{word}`" if len(word) <= LONGEST or os.sep in word else f"`{word[:4]}...`"


def title(name: str) -> str:
    """A verb as it is called; the empty name is the form without one."""
    return f"{PROGRAM} {name}".strip()


def usage_of(name: str, verb: Verb) -> str:
    """The line that says what a verb takes."""

    def word(need: str) -> str:
        return f"{need} {OPTIONS[need]['metavar']}" if need in OPTIONS else need

    optional = [f"[{argument}]" for argument in verb.arguments if argument not in {*verb.either, *verb.required}]
    choice = verb.either[: None if verb.either[:1] and verb.either[0] in OPTIONS else 1]
    either = [f"({' or '.join(map(word, choice))})"] if len(choice) > 1 else list(choice)
    return " ".join([title(name), *either, *map(word, verb.required), *optional, "[options]"])


def parser_of(name: str, verb: Verb) -> Parser:
    """The parser of a verb; nothing is required of it, so that everything that is missing can be said at once."""
    parser = Parser(
        usage=usage_of(name, verb),
        description=f"{verb.does[0].upper()}{verb.does[1:].rstrip('.')}.",
        epilog=exit_text(verb.exit_codes),
        formatter_class=argparse.RawDescriptionHelpFormatter,
        add_help=False,
        allow_abbrev=False,
    )
    arguments = parser.add_argument_group("arguments")
    for argument, description in verb.arguments.items():
        nargs = "*" if argument.endswith("...") else "?"
        arguments.add_argument(dest_of(argument), nargs=nargs, metavar=argument.rstrip("."), help=description)
    names = {flags.rpartition(" ")[2]: flags for flags in (*verb.options, *GENERAL)}
    for group, table in GROUPS.items():
        titled = parser.add_argument_group(group)
        for option in table:
            if option in names:
                titled.add_argument(*names[option].split(", "), **argparse_words(verb, option))
    parser.set_defaults(**verb.defaults)
    return parser


def argparse_words(verb: Verb, option: str) -> dict[str, Any]:
    """What argparse should know of an option; a value that it does not take is kept, and said with all others."""
    words = {**OPTIONS[option], "help": verb.words.get(option, OPTIONS[option]["help"])}
    if "type" in words:
        words["type"] = error_as_value(words["type"])
    return words


def error_as_value(read: Callable[[str], object]) -> Callable[[str], object]:
    """Reads a value; where it is wrong, the value is the error, so that all errors can be printed at once."""

    def value(text: str) -> object:
        try:
            return read(text)
        except ValueError as error:
            return Invalid(str(error))

    return value


def dest_of(argument: str) -> str:
    """The name under which the value of an option or an argument is kept."""
    name = argument.partition("=")[0].lstrip("-").lower().replace("-", "_")
    return str(OPTIONS.get(argument, {}).get("dest", name))


def read_options(name: str, verb: Verb, words: list[str]) -> argparse.Namespace:
    """The options that words give a verb; raises WrongUsage with everything that is wrong."""
    parser = parser_of(name, verb)
    options, rest = parser.parse_known_args(words)
    unknown = list(unknown_words(rest, verb))
    wrong = [*unknown, *invalid(options, verb)]
    wrong += [] if unknown else missing(options, verb)  # which an unknown option may have been meant to give
    if options.quiet and options.verbose:
        wrong.append(problem("--quiet, --verbose", "choose one of the two."))
    if wrong:
        raise WrongUsage(wrong, parser.usage or "")
    if "--input" in verb.options:
        given = [options.config] if getattr(options, "config", None) else options.input or []
        options.inputs, options.input = given, next(iter(given), getattr(options, "from_url", None))
    return options


def unknown_words(rest: list[str], verb: Verb) -> Iterator[Problem]:
    """A problem for each word that means nothing; what follows an unknown option may be its value, and is no word."""
    before = ""
    for word in rest:
        if word.startswith("-") and word != "-":
            option = word.partition("=")[0]  # what follows could be a key
            yield problem(option, f"there is no such option{near_option(option, verb)}")
        elif word in VERBS and not before.startswith("-"):
            yield problem(word, f"a verb comes first: `{PROGRAM} {word} ...`.")
        elif not before.startswith("-"):
            yield problem(quoted(word), "this word is one too many: values stand behind their options.")
        before = word


def near_option(option: str, verb: Verb) -> str:
    """The nearest option as the end of a sentence: of the verb, else of others, which are named."""
    name = option.lstrip("-")
    meant = nearest(name, (flag[2:] for flag in long_flags(verb)))
    other = "" if meant else nearest(name, (flag[2:] for flag in OPTIONS))
    if not other:
        return f"; did you mean `--{meant}`?" if meant else "."
    takers = [f"`{title}`" for title, taker in VERBS.items() if f"--{other}" in long_flags(taker)]
    return f"; `--{other}` belongs to {', '.join(takers) or 'the form without a verb'}."


def long_flags(verb: Verb) -> list[str]:
    """The long names of a verb's options."""
    return [flags.rpartition(" ")[2] for flags in (*verb.options, *GENERAL)]


def invalid(options: argparse.Namespace, verb: Verb) -> Iterator[Problem]:
    """A problem for each value that its option does not take."""
    for option in long_flags(verb):
        value = getattr(options, dest_of(option), None)
        for part in value if isinstance(value, list) else [value]:
            if isinstance(part, Invalid):
                yield problem(option, f"{part.message}.")


def missing(options: argparse.Namespace, verb: Verb) -> Iterator[Problem]:
    """A problem for each thing that is not given."""

    def is_given(need: str) -> bool:
        return getattr(options, dest_of(need)) not in (None, False)

    choice = [need for need in verb.either if is_given(need)]
    if len(choice) > 1:
        yield problem(" and ".join(choice), "expected one of them. Leave the others out.")
    if verb.either and not choice:
        yield problem(" or ".join(verb.either), "expected one of them, found none.")
    for need in verb.required[1:] if any(map(is_given, verb.instead)) else verb.required:
        if not is_given(need):
            described = verb.arguments.get(need) or verb.words.get(need) or OPTIONS[need]["help"]
            yield problem(need, f"required, but not given: {described}.")


def near(word: str, words: Iterable[str]) -> str:
    """The nearest word as the end of a sentence; a full stop if none is near."""
    meant = nearest(word, words)
    return f"; did you mean `{meant}`?" if meant else "."


def nearest(word: str, words: Iterable[str]) -> str:
    """The nearest word; empty if none is near."""
    from difflib import get_close_matches  # noqa: PLC0415 - only when something is wrong

    return "".join(get_close_matches(word, list(words), 1, NEAR))
