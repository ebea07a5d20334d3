"""How long 5,000 keys, 1,000 people and 200 teams take: read from the double, converted, rehearsed, applied.

PYTHONPATH=engine:tests python -m live.benchmark [--keys N] [--people N] [--teams N] [--latency SECONDS]

Applying is held against the least that it can take: the latencies of its writes, so many side by side as there are
connections.
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

from conversion import rulebook
from faulty_gateway import FaultyGateway, Server
from litellm_migrate import shipped
from live.double import KEY, Double, served
from live.world import large

CONNECTIONS = 4


def timed(title: str, words: Sequence[str]) -> None:
    """Runs the command in a process of its own, and prints its time and the greatest memory of any so far."""
    began = time.monotonic()
    done = subprocess.run([sys.executable, "-m", "litellm_migrate", *words, "-q"], check=False)
    memory = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
    print(f"{title:<10} {time.monotonic() - began:6.1f} s   {memory:5d} MB   exit {done.returncode}", flush=True)


def apply(folder: str, latency: float) -> None:
    """Applies a folder to a sandbox that answers each call after `latency` seconds."""
    sandbox = FaultyGateway(rulebook(), shipped("schemas"), latency=latency)
    with Server(sandbox) as server:
        target = {"GATEWAY_URL": server.url, "SYNAPSE_API_KEY": sandbox.key, "SYNAPSE_TENANT": sandbox.tenant}
        os.environ.update({**target, **{f"{name}_API_KEY": "sk-1" for name in ("OPENAI", "ANTHROPIC", "GROQ")}})
        began = time.monotonic()
        timed("apply", ["apply", "--output", folder, "--yes", "--concurrency", str(CONNECTIONS)])
        took, written = time.monotonic() - began, sum(request.method != "GET" for request in sandbox.requests)
    least = written * latency / CONNECTIONS
    print(f"{'':<10} {written} writes take {least:.1f} s at least: {took / least:.2f} times that", flush=True)


def main() -> None:
    """Prints a line for each step."""
    parser = argparse.ArgumentParser()
    for name, usual in (("--keys", 5000), ("--people", 1000), ("--teams", 200)):
        parser.add_argument(name, type=int, default=usual)
    parser.add_argument("--latency", type=float, default=0.02)
    options = parser.parse_args()
    os.environ["LITELLM_API_KEY"] = KEY
    with tempfile.TemporaryDirectory() as folder:
        snapshot, out = str(Path(folder) / "snapshot.json"), str(Path(folder) / "out")
        with served(Double(large(options.keys, options.people, options.teams))) as address:
            timed("read", ["snapshot", "--from-url", address, "-o", snapshot])
        timed("convert", ["--input", snapshot, "--output", out])
        timed("no page", ["--input", snapshot, "--output", out, "--no-html"])
        timed("rehearse", ["rehearse", "--output", out])
        apply(out, options.latency)


if __name__ == "__main__":
    main()
