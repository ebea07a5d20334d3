"""How verbs end: what they answer, their exit codes, and texts on streams that nobody may read any more."""

from __future__ import annotations

import os
import sys
from argparse import Namespace
from io import TextIOWrapper
from typing import NamedTuple, TextIO

from litellm_migrate.source.model import Problem

SUCCESS, FAILURE, STRICT = 0, 1, 3
PENDING = 4
"""What `plan --detailed-exitcode` answers when there is something to change; 2 is wrong usage."""


class VerbResult(NamedTuple):
    """What a verb answers: its exit code, and on standard output data for programs or a text for people."""

    code: int
    data: object
    text: str = ""
    problems: tuple[Problem, ...] = ()
    """What went wrong, beside the data."""


def note(options: Namespace, text: str) -> None:
    """Says on standard error what was done, unless only errors are to be said."""
    if not options.quiet:
        print_to(text, sys.stderr)


def detail(options: Namespace, text: str) -> None:
    """Says on standard error what `--verbose` asks for; never a secret."""
    if options.verbose:
        print_to(text, sys.stderr)


def in_color(options: Namespace, stream: TextIO) -> bool:
    """Whether a text on a stream may be coloured: as `--color` says, else the environment, else on a terminal."""
    if options.color != "auto":
        return bool(options.color == "always")
    if os.environ.get("NO_COLOR"):
        return False
    return bool(os.environ.get("FORCE_COLOR")) or (stream.isatty() and os.environ.get("TERM") != "dumb")


def open_streams() -> None:
    """Makes each standard stream one that can be used: closed ones are empty, and what they cannot show is escaped."""
    sys.stdin, sys.stdout, sys.stderr = (
        stream or open(os.devnull, mode)  # noqa: SIM115 - as long as the process
        for stream, mode in ((sys.stdin, "r"), (sys.stdout, "w"), (sys.stderr, "w"))
    )
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def print_to(text: str, stream: TextIO) -> None:
    """Prints a text; if whoever read the stream has gone, nothing: the exit code still says what was done.

    An answer that cannot be written ends the process with FAILURE, and a line that says so.
    """
    try:
        print(text, file=stream, flush=True)
    except OSError as error:
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())  # or Python tries again at its end, and complains
        if stream is sys.stdout and not isinstance(error, BrokenPipeError):
            print_to(
                f"standard output: the answer cannot be written: {error.strerror}. What was done is done.", sys.stderr
            )
            raise SystemExit(FAILURE) from error
