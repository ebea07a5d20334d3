"""How commands end: their exit codes, and texts on streams that nobody may read any more."""

from __future__ import annotations

import os
from typing import TextIO

SUCCESS, FAILURE, STRICT = 0, 1, 3
PENDING = 2
"""What `plan --detailed-exitcode` answers when there is something to change."""
INTERRUPTED = 130
"""What shells report of a program that Ctrl-C ended."""


def print_to(text: str, stream: TextIO) -> None:
    """Prints a text; if whoever read the stream has gone, nothing: the exit code still says what was done."""
    try:
        print(text, file=stream, flush=True)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())  # or Python tries again at its end, and complains
