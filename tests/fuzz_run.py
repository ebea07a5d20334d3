"""Converts mutated configurations by the thousand: `python tests/fuzz_run.py --cases N --seed S`.

Every case ends in exit 0, 1 or 3, says so in whole printable lines, writes everything or nothing, and takes neither
long nor much memory. What does not is kept with its number: `--start NUMBER --cases 1` runs it again.
"""

from __future__ import annotations

import argparse
import io
import json
import resource
import shutil
import signal
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from types import FrameType
from typing import Any
from unittest.mock import patch

from command import tree
from conversion import DIALECTS
from fuzz_cases import Mutator
from litellm_migrate.cli import main as cli
from litellm_migrate.rulebook import load

ALLOWED = {0, 1, 3}
SECONDS, MEGABYTES = 5, 300
ALONE = 45
"""The megabytes that the program takes for a small configuration."""
ALWAYS = {"apply.sh", "migration_report.md", "migration_report.json"}


class TooLong(BaseException):
    """A case that does not end by itself."""


@dataclass
class Figures:
    """What many cases came to."""

    codes: Counter[int] = field(default_factory=Counter)
    failures: list[tuple[int, str]] = field(default_factory=list)
    slowest: tuple[float, int] = (0.0, -1)
    largest: tuple[int, int] = (0, -1)
    seconds: float = 0.0

    def line(self) -> str:
        """The figures so far."""
        codes = ", ".join(f"exit {code}: {count}" for code, count in sorted(self.codes.items()))
        slow = f"slowest {self.slowest[0]:.2f} s (case {self.slowest[1]})"
        large = f"largest input {self.largest[0]:,} bytes (case {self.largest[1]})"
        failed = f"{len(self.failures)} failed"
        peak = f"peak {peak_megabytes():.0f} MB"
        return f"{self.codes.total()} cases in {self.seconds:.0f} s: {codes}; {slow}; {large}; {peak}; {failed}"


def peak_megabytes() -> float:
    """The most memory that this process ever had."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


@contextmanager
def limited(seconds: int) -> Iterator[None]:
    """Ends what takes longer of the processor: others may keep the machine busy."""

    def end(_number: int, _frame: FrameType | None) -> None:
        raise TooLong

    before = signal.signal(signal.SIGPROF, end)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


@contextmanager
def one_rulebook() -> Iterator[None]:
    """Rules are loaded once for each dialect."""
    cached = lru_cache(load.load)
    with patch.object(load, "load", lambda rules, schemas, dialect, *_: cached(rules, schemas, dialect)):
        yield


def run_case(data: bytes, folder: Path, dialect: str = "synapse") -> tuple[int, str]:
    """The exit code of one conversion, and what is wrong with how it ended, if anything is."""
    config, out = folder / "config.yaml", folder / "out"
    config.write_bytes(data)
    shutil.rmtree(out, ignore_errors=True)
    said, told = io.StringIO(), io.StringIO()
    arguments = ["--input", str(config), "--output", str(out), "--strict", "--json", "--dialect", dialect]
    code = -1
    try:
        with limited(SECONDS), redirect_stdout(said), redirect_stderr(told):
            code = cli.main(arguments)
    except TooLong:
        return code, f"longer than {SECONDS} s"
    except SystemExit as ended:
        return code, f"ended with {ended.code}"
    except Exception:
        return code, traceback.format_exc()
    return code, wrong(code, out, said.getvalue(), told.getvalue())


def wrong(code: int, out: Path, said: str, told: str) -> str:
    """What is wrong with the end of a case; empty if nothing is."""
    if code not in ALLOWED:
        return f"exit {code}: {told}"
    if not told.strip() or not all(line.isprintable() for line in told.splitlines()):
        return f"told {told!r}"
    beside = {entry.name for entry in out.parent.iterdir()} - {"config.yaml", "out"}
    if beside:
        return f"left behind {beside}"
    if code == 1:
        return "a partial output" if out.exists() else ""
    return wrong_output(tree(out), json.loads(said))


def wrong_output(files: dict[str, bytes], summary: Any) -> str:
    """What is wrong with the files of a conversion; empty if nothing is."""
    if not files.keys() >= ALWAYS | set(summary["files"]):
        return f"not all files: {sorted(files)}"
    texts = {name: content.decode() for name, content in files.items()}
    for name, text in texts.items():
        if name.endswith(".json"):
            json.loads(text)
        if name.endswith((".md", ".sh")) and not text.replace("\n", "").replace("\t", "").isprintable():
            return f"{name}: signs that cannot be seen"
    counts = summary["summary"]
    if counts["settings"] != counts["mapped"] + counts["manual"] + counts["skipped"]:
        return f"counts {counts}"
    return ""


def fuzz(seed: int, numbers: range, keep: Path | None = None, report: int = 0) -> Figures:
    """Runs the cases of these numbers; failures are kept in a folder."""
    mutator, figures, began = Mutator(seed), Figures(), time.perf_counter()
    with tempfile.TemporaryDirectory(dir="/dev/shm" if Path("/dev/shm").is_dir() else None) as name, one_rulebook():
        for number in numbers:
            data = mutator.case(number)
            start, peak = time.process_time(), peak_megabytes()
            code, trouble = run_case(data, Path(name), DIALECTS[number % len(DIALECTS)])
            took = time.process_time() - start
            if not trouble and peak_megabytes() - peak > MEGABYTES - ALONE:  # of what ran before, nothing counts
                trouble = f"more than {MEGABYTES} MB"
            figures.codes[code] += 1
            figures.slowest = max(figures.slowest, (took, number))
            figures.largest = max(figures.largest, (len(data), number))
            figures.seconds = time.perf_counter() - began
            if trouble:
                figures.failures.append((number, trouble))
                if keep:
                    keep.mkdir(parents=True, exist_ok=True)
                    (keep / f"{seed}-{number}.yaml").write_bytes(data)
                    (keep / f"{seed}-{number}.txt").write_text(trouble, encoding="utf-8", errors="backslashreplace")
            if report and (number + 1 - numbers.start) % report == 0:
                print(figures.line(), flush=True)
    return figures


def main() -> int:
    """The command."""
    made = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    made.add_argument("--cases", type=int, default=1000)
    made.add_argument("--seed", type=int, default=1)
    made.add_argument("--start", type=int, default=0, help="the number of the first case")
    made.add_argument("--keep", type=Path, help="a folder for what fails")
    given = made.parse_args()
    numbers = range(given.start, given.start + given.cases)
    figures = fuzz(given.seed, numbers, given.keep, report=1000)
    print(figures.line())
    for number, trouble in figures.failures[:20]:
        print(f"\ncase {number}:\n{trouble}")
    return 1 if figures.failures else 0


if __name__ == "__main__":
    sys.exit(main())
