"""The command as a user runs it: a process with its exit code and both streams."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from collections.abc import Sequence
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import NamedTuple

from litellm_migrate.cli.main import main

SMALL = "model_list:\n- {model_name: a, litellm_params: {model: openai/gpt-4o, rpm: 5}}\n"


class Ran(NamedTuple):
    """What a run left behind."""

    code: int
    out: str
    err: str


def run(*arguments: object, stdin: str = "", cwd: Path | None = None, command: Sequence[str] = ()) -> Ran:
    """Runs `python -m litellm_migrate` with these arguments."""
    started = [*(command or (sys.executable, "-m", "litellm_migrate")), *map(str, arguments)]
    environment = {**os.environ, "PYTHONIOENCODING": "utf-8"}
    done = subprocess.run(
        started, input=stdin.encode(), capture_output=True, cwd=cwd, env=environment, timeout=60, check=False
    )
    ran = Ran(done.returncode, done.stdout.decode(), done.stderr.decode())
    assert "Traceback" not in ran.err, ran.err
    return ran


def run_inside(*arguments: object) -> Ran:
    """The same within this process, which is quicker; memory and time are those of the tests."""
    streams = io.StringIO(), io.StringIO()
    with redirect_stdout(streams[0]), redirect_stderr(streams[1]):
        try:
            code = main([str(argument) for argument in arguments])
        except SystemExit as ended:  # of wrong usage
            code = int(ended.code or 0)
    return Ran(code, *(stream.getvalue() for stream in streams))


def tree(folder: Path) -> dict[str, bytes]:
    """The content of every file below a folder, hidden ones too."""
    return {str(file.relative_to(folder)): file.read_bytes() for file in sorted(folder.rglob("*")) if file.is_file()}
