"""How long 5,000 keys, 1,000 people and 200 teams take: read from the double, converted, planned.

PYTHONPATH=engine:tests python -m live.benchmark [--keys N] [--people N] [--teams N]
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from live.double import KEY, Double, served
from live.world import large


def timed(title: str, words: Sequence[str]) -> None:
    """Runs the command in a process of its own, and prints its time and the greatest memory of any so far."""
    began = time.monotonic()
    done = subprocess.run([sys.executable, "-m", "litellm_migrate", *words, "-q"], check=False)
    memory = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
    print(f"{title:<10} {time.monotonic() - began:6.1f} s   {memory:5d} MB   exit {done.returncode}", flush=True)


def main() -> None:
    """Prints a line for each step."""
    parser = argparse.ArgumentParser()
    for name, usual in (("--keys", 5000), ("--people", 1000), ("--teams", 200)):
        parser.add_argument(name, type=int, default=usual)
    options = parser.parse_args()
    os.environ["LITELLM_API_KEY"] = KEY
    with tempfile.TemporaryDirectory() as folder:
        snapshot, out = str(Path(folder) / "snapshot.json"), str(Path(folder) / "out")
        with served(Double(large(options.keys, options.people, options.teams))) as address:
            timed("read", ["snapshot", "--from-url", address, "-o", snapshot])
        timed("convert", ["--input", snapshot, "--output", out])
        timed("no page", ["--input", snapshot, "--output", out, "--no-html"])
        timed("rehearse", ["rehearse", "--output", out])


if __name__ == "__main__":
    main()
