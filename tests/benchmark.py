"""Times whole conversions: `python tests/benchmark.py 10 100 1000 [--beside 'python other.py {config} {out}']`.

Every run is a process of its own; a program named with `--beside` runs in turns with ours, so that both see the same
machine. Written are the wall times (least, median, greatest) and the greatest memory. Nothing is asserted.
"""

from __future__ import annotations

import argparse
import os
import shlex
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

PREFIXES = ("openai", "azure", "anthropic", "bedrock", "gemini", "vertex_ai", "groq", "mistral", "deepseek", "ollama")
OURS = f"{shlex.quote(sys.executable)} -m litellm_migrate --input {{config}} --output {{out}}"


def configuration(deployments: int) -> str:
    """A configuration of that many deployments; a fifth of the groups have several."""
    lines = ["model_list:"]
    for number in range(deployments):
        prefix, group = PREFIXES[number % len(PREFIXES)], number - number % 3 if number % 5 == 0 else number
        lines += [
            f"- model_name: group-{group}",
            "  litellm_params:",
            f"    model: {prefix}/model-{number % 97}",
            f"    api_key: os.environ/KEY_{number % 211}",
            *([f"    api_base: https://region-{number % 53}.openai.azure.com"] if prefix == "azure" else []),
            f"    rpm: {100 * (1 + number % 7)}",
            f"    tpm: {10000 * (1 + number % 11)}",
            *([f"    weight: {1 + number % 4}"] if number % 2 else []),
            "  model_info:",
            f"    input_cost_per_token: {(1 + number % 13) * 1e-7:.2e}",
            f"    output_cost_per_token: {(1 + number % 17) * 1e-6:.2e}",
            f"    max_input_tokens: {4096 << number % 6}",
        ]
    return "\n".join([*lines, "router_settings: {routing_strategy: simple-shuffle}", ""])


def measured(command: str, config: Path, out: Path) -> tuple[float, int]:
    """Seconds and kilobytes of one run."""
    words = [word.format(config=config, out=out) for word in shlex.split(command)]
    began = time.perf_counter()
    process = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    if status:
        raise SystemExit(f"{words[0]} … ended with status {status}")
    return time.perf_counter() - began, used.ru_maxrss


def main() -> None:
    """Prints a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sizes", nargs="+", type=int)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--config", help="a file instead of ours; {n} stands for the size")
    parser.add_argument("--beside", action="append", default=[], metavar="COMMAND")
    given = parser.parse_args()
    print("| deployments | program | least | median | greatest | memory |\n|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as place:
        for size in given.sizes:
            config = Path(given.config.format(n=size)) if given.config else Path(place, f"{size}.yaml")
            if not given.config:
                config.write_text(configuration(size), encoding="utf-8")
            programs = [OURS, *given.beside]
            runs: list[list[tuple[float, int]]] = [[] for _ in programs]
            measured(OURS, config, Path(place, "warm"))  # the rules are prepared once
            for _ in range(given.runs):
                for number, command in enumerate(programs):
                    runs[number].append(measured(command, config, Path(place, f"out-{number}")))
            for command, taken in zip(programs, runs, strict=True):
                walls, memory = [wall for wall, _ in taken], max(used for _, used in taken)
                cells = [min(walls), statistics.median(walls), max(walls)]
                name = "litellm-migrate" if command is OURS else Path(shlex.split(command)[1]).name
                times = " | ".join(f"{cell:.2f} s" for cell in cells)
                print(f"| {size} | {name} | {times} | {memory // 1024} MB |", flush=True)


if __name__ == "__main__":
    main()
