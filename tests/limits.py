"""The command under limits: little memory, little time, perhaps a small disk."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

MEMORY, SECONDS = 300 << 20, 5
TOGETHER = ("input", "output")


class Ended(NamedTuple):
    """How a run ended, and what it took."""

    code: int
    out: str
    err: str
    seconds: float
    """Of the processor: others may keep the machine busy."""
    megabytes: float


def limits(size: int | None = None) -> Callable[[], None]:
    """Sets the limits of a child; `size` is the most that it can write into one file."""

    def set_them() -> None:
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
        if size is not None:
            resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))

    return set_them


def start(*arguments: object, cwd: Path | None = None, size: int | None = None) -> subprocess.Popen[bytes]:
    """The command as a process of its own, with these arguments and within the limits."""
    # Python would keep half of a compiled file where none larger may be written, and every later run would read it.
    compiled = {} if size is None else {"PYTHONDONTWRITEBYTECODE": "1"}
    return subprocess.Popen(
        [sys.executable, "-m", "litellm_migrate", *map(str, arguments)],
        cwd=cwd,
        env={**os.environ, **compiled, "PYTHONIOENCODING": "utf-8"},
        preexec_fn=limits(size),  # noqa: PLW1509 - no threads here
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


def ended(process: subprocess.Popen[bytes], stdin: bytes = b"") -> Ended:
    """The end of a run; none is a traceback, and every line that it says is printable."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    out, err = process.communicate(stdin, timeout=60)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    seconds = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    said = Ended(process.returncode, out.decode(), err.decode(), seconds, after.ru_maxrss / 1024)
    assert "Traceback" not in said.err, said.err
    assert all(line.isprintable() for line in said.err.splitlines()), said.err
    return said


def run_limited(*arguments: object, stdin: bytes = b"", cwd: Path | None = None, size: int | None = None) -> Ended:
    """Runs the command within the limits."""
    return ended(start(*arguments, cwd=cwd, size=size), stdin)
