"""`python -m litellm_migrate` and `litellm-migrate`: the command, which Ctrl-C ends at any time, imports too."""

import os
import signal
import sys
from types import FrameType

from litellm_migrate import INTERRUPTED

IMPORTING = "<frozen importlib"


def interrupt(_number: int, frame: FrameType | None) -> None:
    """Ends the process in an import, for what is half imported can crash it; else raises KeyboardInterrupt."""
    while frame:
        if frame.f_code.co_filename.startswith(IMPORTING):
            os._exit(INTERRUPTED)
        frame = frame.f_back
    raise KeyboardInterrupt


def run() -> int:
    """The command, and its exit code."""
    if signal.getsignal(signal.SIGINT) == signal.default_int_handler:  # what runs in the background ignores it
        signal.signal(signal.SIGINT, interrupt)
    try:
        from litellm_migrate.cli.main import command  # noqa: PLC0415 - not before Ctrl-C is cared for

        return command()
    except KeyboardInterrupt:
        return INTERRUPTED


if __name__ == "__main__":
    sys.exit(run())
