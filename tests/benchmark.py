"""Times whole conversions: `python tests/benchmark.py [SIZE]... [--naive SCRIPT] [--checkout DIR]...`.

Every run is a process of its own; all programs run in turns on the same configuration, so that they see the same
machine. The table has the wall times (least, median, greatest), the processor time (median), both as multiples of the
naive script's, and the peak memory. Below it stands how many modules of our own one conversion imports. Nothing is
asserted. On a machine with other work to do only the processor times say something.

    python tests/benchmark.py 4 18 --runs 20 --naive naive.py     a script that is called with CONFIG and OUT
    python tests/benchmark.py --checkout ../reference             the same for another checkout, and for this one
    python tests/benchmark.py 306 --config '/tmp/{size}.yaml'     files of one's own
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[1]
SIZES = (4, 18, 306, 1_000, 10_000)
MODULES = """
import sys
from litellm_migrate.__main__ import command
command()
print(sum(name.split(".")[0] == "litellm_migrate" for name in sys.modules))
"""


class Program(NamedTuple):
    """What is timed: its name in the table, its command with `{config}` and `{out}`, and where its engine is."""

    name: str
    command: tuple[str, ...]
    engine: Path | None = None

    def words(self, config: Path, out: Path) -> list[str]:
        """The command for one configuration."""
        return [word.format(config=config, out=out) for word in self.command]

    def environment(self) -> dict[str, str]:
        """The environment of a run."""
        return {**os.environ, **({"PYTHONPATH": str(self.engine)} if self.engine else {})}


class Run(NamedTuple):
    """One run: seconds by the clock, seconds of the processor, and kilobytes at most."""

    wall: float
    cpu: float
    memory: int


def converter(checkout: Path, name: str) -> Program:
    """The command of a checkout."""
    words = (sys.executable, "-m", "litellm_migrate", "--input", "{config}", "--output", "{out}")
    return Program(name, words, checkout / "engine")


def run_once(program: Program, config: Path, out: Path) -> Run:
    """Runs a program once; what it prints is not shown."""
    start = time.perf_counter()
    process = subprocess.Popen(
        program.words(config, out), env=program.environment(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - start
    if status:
        raise SystemExit(f"{program.name} ended with status {os.waitstatus_to_exitcode(status)} on {config}")
    return Run(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss)


def imported_modules(program: Program, config: Path, out: Path) -> int:
    """How many modules of our own a conversion imports."""
    words = [sys.executable, "-c", MODULES, "--input", str(config), "--output", str(out)]
    done = subprocess.run(words, env=program.environment(), capture_output=True, text=True, check=True)
    return int(done.stdout.split()[-1])


def write_configuration(size: int, file: Path) -> None:
    """Writes a configuration, in a process of its own: a child's peak memory begins with that of its parent."""
    with file.open("wb") as stream:
        subprocess.run(
            [sys.executable, ROOT / "tests" / "large_configuration.py", str(size)], stdout=stream, check=True
        )


def measured(programs: list[Program], config: Path, folder: Path, count: int) -> list[list[Run]]:
    """The runs of each program, which take turns; the first one, for which caches are filled, does not count."""
    rounds = [[run_once(program, config, folder / program.name) for program in programs] for _ in range(count + 1)]
    return [list(runs) for runs in zip(*rounds[1:], strict=True)]


def cells(runs: list[Run], naive: list[Run] | None) -> list[str]:
    """The cells of a row: wall times, processor time (median), both as multiples of the naive script's, memory."""
    walls, processor = [run.wall for run in runs], statistics.median(run.cpu for run in runs)
    median = statistics.median(walls)
    ratios = ["", ""]
    if naive:
        medians = statistics.median(run.wall for run in naive), statistics.median(run.cpu for run in naive)
        ratios = [f"{median / medians[0]:.2f}", f"{processor / medians[1]:.2f}"]
    times = [f"{seconds:.3f} s" for seconds in (min(walls), median, max(walls), processor)]
    return [*times[:3], ratios[0], times[3], ratios[1], f"{max(run.memory for run in runs) // 1024} MB"]


def main() -> None:
    """Prints the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sizes", nargs="*", type=int, default=SIZES, metavar="SIZE", help=f"deployments ({SIZES})")
    parser.add_argument("--runs", type=int, default=5, help="runs of each program (default: 5)")
    parser.add_argument("--config", help="a file instead of a generated one; {size} stands for the size")
    parser.add_argument("--naive", type=Path, metavar="SCRIPT", help="a Python script to compare with")
    parser.add_argument("--checkout", type=Path, action="append", default=[], help="another checkout to time as well")
    options = parser.parse_args()
    programs = [converter(ROOT, "litellm-migrate")]
    programs += [converter(path.resolve(), path.resolve().name) for path in options.checkout]
    if options.naive:
        programs.append(Program("naive", (sys.executable, str(options.naive.resolve()), "{config}", "{out}")))
    print("| deployments | program | least | median | greatest | of naive | processor | of naive | memory |")
    print("|---|---|---|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        for size in options.sizes:
            config = Path(options.config.format(size=size)) if options.config else folder / f"{size}.yaml"
            if not options.config:
                write_configuration(size, config)
            results = measured(programs, config, folder, options.runs)
            naive = results[-1] if options.naive else None
            for program, runs in zip(programs, results, strict=True):
                print(f"| {size:,} | {program.name} | {' | '.join(cells(runs, naive))} |", flush=True)
        for program in programs:
            if program.engine:
                count = imported_modules(program, config, folder / program.name)
                print(f"{program.name}: {count} modules of our own are imported by a conversion")


if __name__ == "__main__":
    main()
