"""The command: exit codes, streams, and what it leaves on the disk."""

from __future__ import annotations

import json
import os
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from command import SMALL, run, run_inside, tree
from conversion import EXAMPLES
from litellm_migrate.cli import main as cli

QUICKSTART = EXAMPLES / "quickstart.yaml"
FIVE = ("integrations", "providers", "models", "routing_config", "virtual_keys")


def call(*arguments: object) -> int:
    """The exit code of the command, run in this process."""
    return cli.main([str(argument) for argument in arguments])


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """A small configuration on disk, in a folder of its own."""
    file = tmp_path / "in" / "config.yaml"
    file.parent.mkdir()
    file.write_text(SMALL)
    return file


def test_a_run_writes_everything_and_exits_0(tmp_path: Path) -> None:
    ran = run_inside("--input", QUICKSTART, "--output", tmp_path / "out")
    assert (ran.code, ran.out) == (0, "")
    numbers, verdict = ran.err.splitlines()
    assert " mapped, " in numbers
    assert verdict.startswith("Not ready for traffic. ")
    assert verdict.endswith(f"Read {tmp_path / 'out' / 'migration_report.md'} first.")
    assert "\033" not in ran.err
    expected = {f"payloads/{name}.json" for name in (*FIVE, "rate_limits")}
    written = tree(tmp_path / "out")
    assert expected | {"apply.sh", "migration_report.md", "migration_report.json"} <= written.keys()
    assert all(written.values())
    assert [entry.name for entry in tmp_path.iterdir()] == ["out"]
    assert os.access(tmp_path / "out" / "apply.sh", os.X_OK)


def test_an_input_that_cannot_be_converted_exits_1_with_one_line(tmp_path: Path) -> None:
    ran = run_inside("--input", tmp_path / "absent.yaml", "--output", tmp_path / "out")
    assert (ran.code, ran.out) == (1, "")
    assert len(ran.err.splitlines()) == 1
    assert "absent.yaml: expected a file to read, found nothing there." in ran.err
    assert not list(tmp_path.iterdir())


def test_strict_exits_3_if_anything_is_manual_and_0_if_nothing_is(tmp_path: Path, config: Path) -> None:
    assert call("--input", QUICKSTART, "--output", tmp_path / "out", "--strict") == 3
    assert (tmp_path / "out" / "migration_report.md").is_file()
    assert call("--input", config, "--output", tmp_path / "fine", "--strict") == 0


@pytest.mark.parametrize("more", [[], ["--strict"]])
def test_json_is_all_that_stands_on_standard_output(tmp_path: Path, more: list[str]) -> None:
    ran = run_inside("--input", QUICKSTART, "--output", tmp_path / "out", "--json", *more)
    summary = json.loads(ran.out)
    counts = summary["summary"]
    assert counts["settings"] == counts["mapped"] + counts["manual"] + counts["skipped"] > 0
    assert summary["dialect"] == "synapse"
    assert {*summary["files"], ".litellm-migrate.json"} == set(tree(tmp_path / "out"))


def test_standard_input_is_read_as_a_file_is(tmp_path: Path, config: Path) -> None:
    assert run("--input", "-", "--output", tmp_path / "piped", stdin=SMALL).code == 0
    assert call("--input", config, "--output", tmp_path / "read") == 0
    piped, read = tree(tmp_path / "piped"), tree(tmp_path / "read")
    payloads = {name for name in piped if name.startswith("payloads/")}
    assert {name: piped[name] for name in payloads} == {name: read[name] for name in payloads}
    assert json.loads(piped["migration_report.json"])["settings"][0]["file"] == "<stdin>"


def test_it_runs_from_another_directory_with_relative_paths(config: Path) -> None:
    command = shutil.which("litellm-migrate", path=str(Path(sys.executable).parent))
    ran = run("--input", "config.yaml", "--output", "sub/out", cwd=config.parent, command=[command] if command else ())
    assert ran.code == 0
    assert (config.parent / "sub" / "out" / "apply.sh").is_file()


def test_the_same_input_gives_the_same_bytes_and_stays_as_it_was(tmp_path: Path, dialect: str) -> None:
    before = (QUICKSTART.read_bytes(), QUICKSTART.stat().st_mtime_ns)
    for name, runs in (("one", run), ("two", run_inside), ("two", run_inside)):  # a process has its own order of sets
        assert runs("--input", QUICKSTART, "--output", tmp_path / name, "--dialect", dialect).code == 0
    assert tree(tmp_path / "one") == tree(tmp_path / "two")
    assert (QUICKSTART.read_bytes(), QUICKSTART.stat().st_mtime_ns) == before


def test_an_interrupt_is_no_traceback(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, config: Path) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("litellm_migrate.cli.convert.convert", interrupted)
    ran = run_inside("--input", config, "--output", tmp_path / "out", "--json")
    assert (ran.code, ran.err) == (130, "")
    assert json.loads(ran.out)["problems"][0]["message"] == "interrupted by Ctrl-C."
    assert not (tmp_path / "out").exists()


def test_a_reader_that_has_gone_is_no_traceback(tmp_path: Path, config: Path) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    arguments = ["-m", "litellm_migrate", "--input", str(config), "--output", str(tmp_path / "out"), "--json"]
    for out, err in ((writing, subprocess.PIPE), (subprocess.PIPE, writing)):
        done = subprocess.run([sys.executable, *arguments], stdout=out, stderr=err, check=False)
        assert (done.returncode, b"Traceback" in (done.stderr or b"")) == (0, False)
    assert (tmp_path / "out" / "apply.sh").is_file()
    os.close(writing)


def test_files_are_readable_by_others_as_the_umask_says(tmp_path: Path, config: Path) -> None:
    assert call("--input", config, "--output", tmp_path / "out") == 0
    mask = os.umask(0)
    os.umask(mask)
    for name, usual in (("", 0o777), ("apply.sh", 0o777), ("migration_report.md", 0o666), ("payloads", 0o777)):
        assert stat.S_IMODE((tmp_path / "out" / name).stat().st_mode) == usual & ~mask, name
