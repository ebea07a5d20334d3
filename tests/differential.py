"""Compares all that two checkouts write, byte by byte: `python tests/differential.py REFERENCE [CHECKOUT]`.

Each input is converted by both checkouts (CHECKOUT is this one unless it is named), and everything that can be
observed is compared: the exit code, standard output, standard error, and name, mode and bytes of every file. Both
checkouts work in folders in which the inputs and the output have the same relative names, so nothing is normalised but
the path of the checkout itself, where a command prints it.

Sets of inputs, each in every dialect:

    examples    tests/examples; each is converted once more with --rehearse
    commands    --help of every command, check-rules, rules list, matrix and explain
    corpus      published configurations in ../shared/corpus; skipped where they are not there
    generated   500 random configurations (tests/properties.py) and 500 mutated real ones (tests/fuzz_cases.py)
    large       10, 1,000 and 10,000 deployments (tests/large_configuration.py)

Each checkout is one process that runs all inputs one after the other; the two run side by side. With `--cache DIR`
the inputs and all outputs are kept in DIR and used again by a later run: outputs are kept by the content of engine,
rules and schemas, so that a reference that does not change is converted once. Several runs may share one DIR.

    python tests/differential.py ../reference --cache /tmp/differential --sample 40
    python tests/differential.py ../reference --cache /tmp/differential --only corpus --dialect synapse

Exit code 0: all equal; 1: something differs; each set's first differences are shown.
"""

from __future__ import annotations

import argparse
import difflib
import hashlib
import importlib
import io
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).resolve().parents[1]
CORPUS = ROOT.parent / "shared" / "corpus"
DIALECTS = ("synapse", "openapi-0.2", "guides")
SETS = ("examples", "commands", "corpus", "generated", "large")
GENERATED, MUTATED, LARGE = 500, 500, (10, 1_000, 10_000)
SEED = 11
RESULT = "result.json"
"""Written last into the folder of a job: its presence says that the job was completed."""


class Job(NamedTuple):
    """One run of the command: the set it belongs to, its name there, and its arguments (paths are relative)."""

    set: str
    name: str
    arguments: tuple[str, ...]
    input: str = ""
    """The file in the folder of inputs that is converted, if there is one."""

    @property
    def folder(self) -> str:
        """Where its outputs are kept."""
        return f"{self.set}/{self.name}"


# The inputs


def write_inputs(folder: Path) -> None:
    """Writes the inputs of all sets below a folder."""
    shutil.copytree(ROOT / "tests" / "examples", folder / "examples")
    (folder / "corpus").mkdir()
    for file in sorted(CORPUS.glob("*.yaml")):
        shutil.copyfile(file, folder / "corpus" / file.name)
    sys.path[:0] = [str(ROOT / "engine"), str(ROOT / "tests")]
    from fuzz_cases import Mutator  # noqa: PLC0415 - imports the engine, which the worker must not do from here
    from large_configuration import configuration  # noqa: PLC0415

    (folder / "generated").mkdir()
    for number, text in enumerate(random_configurations(GENERATED)):
        (folder / "generated" / f"random-{number:03}.yaml").write_bytes(text)
    mutator = Mutator(SEED)
    for number in range(MUTATED):
        (folder / "generated" / f"mutated-{number:03}.yaml").write_bytes(mutator.case(number))
    (folder / "large").mkdir()
    for size in LARGE:
        (folder / "large" / f"{size:05}.yaml").write_text(configuration(size), encoding="utf-8")


def random_configurations(count: int) -> list[bytes]:
    """Random configurations as YAML, always the same."""
    import yaml  # noqa: PLC0415
    from hypothesis import HealthCheck, Phase, given, seed, settings  # noqa: PLC0415

    from properties import configurations  # noqa: PLC0415

    texts: dict[bytes, None] = {}

    @seed(SEED)
    @settings(
        max_examples=2 * count,
        phases=[Phase.generate],
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(configurations())
    def gather(config: dict[Any, Any]) -> None:
        texts[yaml.safe_dump(config, allow_unicode=True, sort_keys=False).encode("utf-8")] = None

    gather()
    return list(texts)[:count]


def jobs_of(inputs: Path, sets: list[str], dialects: list[str], sample: int | None) -> list[Job]:
    """The runs to compare; of each set at most `sample`, evenly spread."""
    jobs: list[Job] = []
    for name in sets:
        listed = list(commands() if name == "commands" else conversions(inputs, name, dialects))
        step = max(1, -(-len(listed) // sample)) if sample else 1
        jobs += listed[::step]
    return jobs


def conversions(inputs: Path, name: str, dialects: list[str]) -> Iterator[Job]:
    """A conversion of each file of a set in each dialect."""
    for file in sorted((inputs / name).glob("*.yaml")):
        for dialect in dialects:
            source = f"{name}/{file.name}"
            arguments = ("--input", f"inputs/{source}", "--output", "out", "--dialect", dialect, "--json")
            yield Job(name, f"{dialect}/{file.stem}", arguments, source)
            if name == "examples":
                yield Job(name, f"{dialect}/{file.stem}-rehearsed", (*arguments, "--rehearse"), source)


def commands() -> Iterator[Job]:
    """Commands that convert nothing."""
    explained = ("litellm_params.rpm", "litellm_params.api_key", "router_settings.fallbacks", "gpt-4o", "x_unknown")
    for words in (
        *([*command, "--help"] for command in ([], ["check-rules"], ["rules"], ["plan"], ["rollback"], ["sandbox"])),
        *(["rules", "explain", name, *form] for name in explained for form in ([], ["--json"])),
        ["rules", "list"],
        ["rules", "matrix"],
        ["rules", "matrix", "--dialect", "openapi-0.2"],
        ["check-rules"],
        ["check-rules", "--json"],
        ["--input", "inputs/none.yaml", "--output", "out"],
        ["--output", "out"],
    ):
        yield Job("commands", "_".join(words).replace("/", "-"), tuple(words))


# The worker: runs jobs with the engine of one checkout


def work(listed: Path, inputs: Path, results: Path) -> None:
    """The worker: runs the jobs that a file lists."""
    rows = json.loads(listed.read_text("utf-8"))
    run_jobs([Job(row[0], row[1], tuple(row[2]), row[3]) for row in rows], inputs, results)


def run_jobs(jobs: list[Job], inputs: Path, results: Path) -> None:
    """Runs those jobs that `results` does not hold yet for the same input, in this process."""
    command = importlib.import_module("litellm_migrate.__main__").command  # of the checkout on PYTHONPATH
    main = sys.modules[command.__module__].main
    results.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=results.parent) as name:
        os.chdir(name)
        shutil.copytree(inputs, "inputs")
        for job in jobs:
            digest = hashlib.sha256((inputs / job.input).read_bytes() if job.input else b"").hexdigest()
            target = results / job.folder
            if stored(target).get("input") == digest:
                continue
            Path("job").mkdir()
            result = run_job(job, main, Path("job"))
            Path("job", RESULT).write_text(json.dumps({"input": digest, **result}), encoding="utf-8")
            shutil.rmtree(target, ignore_errors=True)
            target.parent.mkdir(parents=True, exist_ok=True)
            try:
                Path("job").rename(target)
            except OSError:  # another run that shares the cache was quicker
                shutil.rmtree("job")


def run_job(job: Job, main: Callable[[list[str]], int], folder: Path) -> dict[str, Any]:
    """Runs one job and moves what it wrote into a folder; the exit code, and the modes of the files."""
    streams = [
        io.TextIOWrapper(io.BytesIO(), encoding="utf-8", errors="backslashreplace", newline="") for _ in range(2)
    ]
    code: object
    with redirect_stdout(streams[0]), redirect_stderr(streams[1]):
        try:
            code = main(list(job.arguments))
        except SystemExit as end:
            code = end.code
        except Exception as error:
            code = f"{type(error).__name__}: {error}"
    for name, stream in zip(("stdout", "stderr"), streams, strict=True):
        stream.seek(0)
        text = stream.read().replace(os.environ["PYTHONPATH"].removesuffix("/engine"), "CHECKOUT")
        (folder / name).write_text(text, encoding="utf-8", errors="backslashreplace", newline="")
    if Path("out").exists():
        Path("out").rename(folder / "out")
    modes = {str(file.relative_to(folder)): oct(file.stat().st_mode) for file in sorted(folder.rglob("*"))}
    return {"code": code, "modes": modes}


def stored(folder: Path) -> dict[str, Any]:
    """What a job left in its folder; empty when it was not completed."""
    try:
        result: dict[str, Any] = json.loads((folder / RESULT).read_text("utf-8"))
    except FileNotFoundError:
        return {}
    return result


def start_worker(checkout: Path, jobs: Path, inputs: Path, results: Path) -> subprocess.Popen[bytes]:
    """A process that runs the jobs with the engine of a checkout."""
    environment = {
        **os.environ,
        "PYTHONPATH": str(checkout / "engine"),
        "PYTHONHASHSEED": "0",
        "SOURCE_DATE_EPOCH": "1700000000",
        "COLUMNS": "80",
    }
    words = [sys.executable, __file__, "--worker", jobs, inputs, results]
    return subprocess.Popen(list(map(str, words)), env=environment)


def digest_of(checkout: Path) -> str:
    """A digest of all that decides what is kept of a checkout's outputs."""
    digest = hashlib.sha256(Path(__file__).read_bytes())
    for part in ("engine", "rules", "schemas"):
        for file in sorted((checkout / part).rglob("*")):
            if file.is_file() and file.suffix != ".pyc":
                digest.update(f"{file.relative_to(checkout)}\0".encode() + file.read_bytes())
    return digest.hexdigest()[:16]


# The comparison


def content(folder: Path) -> dict[str, bytes]:
    """What a job left behind: its files by name, and its exit code and modes as if they were files."""
    result = stored(folder)
    files = {
        str(file.relative_to(folder)): file.read_bytes()
        for file in sorted(folder.rglob("*"))
        if file.is_file() and file.name != RESULT
    }
    return {
        "exit code": f"{result['code']}\n".encode(),
        "modes": "\n".join(f"{mode} {name}" for name, mode in result["modes"].items()).encode(),
        **files,
    }


def without(files: dict[str, bytes], ignored: re.Pattern[bytes] | None) -> dict[str, bytes]:
    """The files without the text that a pattern matches."""
    return {name: ignored.sub(b"", text) for name, text in files.items()} if ignored else files


def compare(jobs: list[Job], before: Path, after: Path, diffs: int, ignored: re.Pattern[bytes] | None) -> int:
    """Prints what differs, set by set, but for the text that `ignored` matches; answers how many jobs differ."""
    differing = 0
    for name in dict.fromkeys(job.set for job in jobs):
        listed = [job for job in jobs if job.set == name]
        contents = ((job, content(before / job.folder), content(after / job.folder)) for job in listed)
        pairs = (
            (job, without(reference, ignored), without(checkout, ignored)) for job, reference, checkout in contents
        )
        different, codes = [], Counter[str]()
        for job, reference, checkout in pairs:
            codes[reference["exit code"].decode().strip()[:40]] += 1
            if reference != checkout:
                different.append(job)
                show(job, reference, checkout, len(different) <= diffs)
        ends = ", ".join(f"{count} with exit code {code}" for code, count in sorted(codes.items()))
        print(f"{name}: {len(listed)} compared ({ends}), {len(listed) - len(different)} equal", flush=True)
        differing += len(different)
    return differing


def show(job: Job, before: dict[str, bytes], after: dict[str, bytes], whole: bool) -> None:
    """Prints the names of the files that differ, and how the first of them do."""
    names = [name for name in sorted(before.keys() | after.keys()) if before.get(name) != after.get(name)]
    print(f"differs: {job.folder}: {', '.join(names)}")
    for name in names[:3] if whole else ():
        old, new = (files.get(name, b"").decode("utf-8", "replace").splitlines() for files in (before, after))
        lines = list(difflib.unified_diff(old, new, f"reference/{name}", f"checkout/{name}", n=1, lineterm=""))
        print("\n".join(f"    {line[:200]}" for line in lines[:16]))
        if len(lines) > 16:
            print(f"    ... {len(lines) - 16} more lines")


def prepared_inputs(folder: Path) -> Path:
    """The folder of inputs, written when it is not there."""
    inputs = folder / "inputs"
    if not inputs.is_dir():
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder) as name:
            write_inputs(Path(name, "inputs"))
            try:
                Path(name, "inputs").rename(inputs)
            except OSError:  # another run that shares the cache was quicker
                assert inputs.is_dir()
    return inputs


def main() -> int:
    """The command."""
    if sys.argv[1:2] == ["--worker"]:
        work(*map(Path, sys.argv[2:]))
        return 0
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("reference", type=Path, help="the checkout whose outputs are right")
    parser.add_argument("checkout", type=Path, nargs="?", default=ROOT, help="the one to compare (default: this one)")
    parser.add_argument("--only", action="append", choices=SETS, help="only this set of inputs (may be repeated)")
    parser.add_argument("--dialect", action="append", choices=DIALECTS, help="only this one (may be repeated)")
    parser.add_argument("--sample", type=int, metavar="N", help="at most N runs of each set")
    parser.add_argument("--cache", type=Path, metavar="DIR", help="keep inputs and outputs here for a later run")
    parser.add_argument("--ignore", metavar="REGEX", help='text that is not compared, such as \'"rule": "[^"]*"\'')
    parser.add_argument("--diffs", type=int, default=3, metavar="N", help="show N differences of each set (default: 3)")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = (options.cache or Path(scratch)).resolve()
        inputs = prepared_inputs(folder)
        jobs = jobs_of(inputs, options.only or list(SETS), options.dialect or list(DIALECTS), options.sample)
        listed = Path(scratch, "jobs.json")
        listed.write_text(json.dumps(jobs), encoding="utf-8")
        checkouts = [options.reference.resolve(), options.checkout.resolve()]
        results = [folder / "outputs" / f"{digest_of(checkout)}" for checkout in checkouts]
        if results[0] == results[1]:
            print("both checkouts have the same engine, rules and schemas")
            checkouts.pop()
        workers = [
            start_worker(checkout, listed, inputs, result) for checkout, result in zip(checkouts, results, strict=False)
        ]
        ends = [worker.wait() for worker in workers]
        if any(ends):
            raise SystemExit("a worker failed")
        ignored = re.compile(options.ignore.encode()) if options.ignore else None
        differing = compare(jobs, results[0], results[1], options.diffs, ignored)
    print(f"{differing} of {len(jobs)} differ" if differing else f"all {len(jobs)} are equal")
    return 1 if differing else 0


if __name__ == "__main__":
    sys.exit(main())
