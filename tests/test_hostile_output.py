"""Output folders of others, folders that cannot be written, full disks: nothing is lost, nothing is half there."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from command import SMALL, Ran, run_inside, tree
from limits import Ended, ended, run_limited, start

OTHER = SMALL.replace("gpt-4o", "o1")
MODELS = "payloads/models.json"


def convert(text: str, out: Path, *more: object) -> Ran:
    """Converts a text into a folder, within this process."""
    config = out.parent / "config.yaml"
    config.write_text(text)
    return run_inside("--input", config, "--output", out, *more)


def convert_with_disk(text: str, out: Path, size: int) -> Ended:
    """The same in a process that can write files of that many bytes only."""
    config = out.parent / "config.yaml"
    config.write_text(text)
    return run_limited("--input", config, "--output", out, size=size)


@pytest.fixture
def out(tmp_path: Path) -> Path:
    """A folder with the output of an earlier run."""
    folder = tmp_path / "out"
    assert convert(SMALL, folder).code == 0
    return folder


def test_a_second_run_replaces_what_the_first_one_wrote(out: Path) -> None:
    ran = convert(OTHER, out)
    assert (ran.code, "replaced" in ran.err) == (0, False)
    assert b'"o1"' in tree(out)[MODELS]


@pytest.mark.parametrize("name", [MODELS, "apply.sh", "migration_report.md", "payloads/rate_limits.json"])
def test_a_file_that_was_edited_is_not_overwritten_unless_forced(out: Path, name: str) -> None:
    with (out / name).open("a") as stream:
        stream.write("\n")
    before = tree(out)
    for text in (SMALL, OTHER, OTHER.replace(", rpm: 5", "")):  # the last one has no rate limits
        ran = convert(text, out)
        assert (ran.code, ran.out, tree(out)) == (1, "", before)
        expected = f"{out / name}: expected the file as an earlier run wrote it, found one that was changed since. "
        assert ran.err == f"{expected}Move it away, name another output, or add --force to replace it.\n"
    forced = convert(OTHER, out, "--force", "--json")
    assert (forced.code, f"replaced: {out / name}\n" in forced.err) == (0, True)
    assert json.loads(forced.out)["replaced"] == [name]
    assert convert(SMALL, out).code == 0


def test_files_of_others_are_not_overwritten_unless_forced(tmp_path: Path) -> None:
    out = tmp_path / "out"
    (out / "payloads").mkdir(parents=True)
    for name in ("apply.sh", MODELS, "notes.md"):
        (out / name).write_text("mine")
    ran = convert(SMALL, out)
    assert (ran.code, len(ran.err.splitlines())) == (1, 2)
    assert "apply.sh: expected no file, or one of an earlier run, found another one." in ran.err
    assert set(tree(out).values()) == {b"mine"}
    forced = convert(SMALL, out, "--force")
    assert (forced.code, forced.err.count("replaced: ")) == (0, 2)
    assert (out / "notes.md").read_text() == "mine"


def test_what_is_as_it_would_be_written_is_nobodys_loss(out: Path) -> None:
    (out / ".litellm-migrate.json").unlink()
    assert convert(SMALL, out).code == 0


@pytest.mark.parametrize("manifest", ["", "[]", '{"files": 5}', '{"files": {"apply.sh": 5}}', "[" * 100_000])
def test_a_manifest_that_says_nothing_makes_nothing_ours(out: Path, manifest: str) -> None:
    (out / ".litellm-migrate.json").write_text(manifest)
    ran = convert(OTHER, out)
    assert (ran.code, "expected no file, or one of an earlier run" in ran.err) == (1, True)


def test_what_a_run_leaves_out_stays_ours(out: Path) -> None:
    assert convert(OTHER, out, "--only", "models").code == 0
    assert convert(SMALL, out).code == 0


def test_a_link_in_the_place_of_a_file_is_not_followed(out: Path, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").write_text("mine")
    (out / "apply.sh").unlink()
    (out / "apply.sh").symlink_to(tmp_path / "elsewhere")
    assert convert(SMALL, out).code == 1
    assert convert(SMALL, out, "--force").code == 0
    assert (tmp_path / "elsewhere").read_text() == "mine"
    assert not (out / "apply.sh").is_symlink()


def test_a_link_in_the_place_of_a_folder_is_refused(out: Path, tmp_path: Path) -> None:
    (out / "payloads").rename(tmp_path / "payloads")
    (out / "payloads").symlink_to(tmp_path / "payloads")
    before = tree(tmp_path)
    for more in ([], ["--force"]):
        ran = convert(SMALL, out, *more)
        assert (ran.code, "payloads: expected a folder, found a link. Remove it" in ran.err) == (1, True)
    assert tree(tmp_path) == before


@pytest.mark.parametrize("kind", ["to itself", "to nothing", "to a file", "to a pipe"])
def test_an_output_that_is_a_link(kind: str, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine")
    os.mkfifo(tmp_path / "pipe")
    targets = {"to itself": "out", "to nothing": "made/of/this/run", "to a file": "file", "to a pipe": "pipe"}
    (tmp_path / "out").symlink_to(targets[kind])
    ran = convert(SMALL, tmp_path / "out")
    assert ran.code == (0 if kind == "to nothing" else 1)
    assert (tmp_path / "out").is_symlink()
    assert (tmp_path / "file").read_text() == "mine"
    if kind == "to nothing":
        assert (tmp_path / "made" / "of" / "this" / "run" / "apply.sh").is_file()


def test_an_output_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "locked").mkdir(mode=0o500)
    place = Path("/proc/1") if os.geteuid() == 0 else tmp_path / "locked"
    config = tmp_path / "config.yaml"
    config.write_text(SMALL)
    ran = run_inside("--input", config, "--output", place / "out")
    assert (ran.code, ran.out, len(ran.err.splitlines())) == (1, "", 1)
    assert "expected a folder that can be written: " in ran.err


@pytest.mark.parametrize("size", [0, 100, 5000])
def test_a_disk_that_is_full(out: Path, size: int, tmp_path: Path) -> None:
    before = tree(tmp_path)
    ran = convert_with_disk(SMALL.replace("a,", "b,"), out, size)
    assert (ran.code, "can be written: File too large" in ran.err) == (1, True)
    assert {**tree(tmp_path), "config.yaml": b""} == {**before, "config.yaml": b""}
    assert convert_with_disk(SMALL, tmp_path / "new", size).code == 1
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["config.yaml", "out"]


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 48 kilobytes, where this user may mount one."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = shutil.which("mount")
    made = mount and subprocess.run([mount, "-t", "tmpfs", "-o", "size=48k", "tmpfs", disk], check=False)
    if not made or made.returncode:
        pytest.skip("no disk can be mounted here")
    yield disk
    subprocess.run(["umount", disk], check=True)


def test_a_small_disk_that_is_really_full(small_disk: Path, tmp_path: Path) -> None:
    (tmp_path / "config.yaml").write_text(SMALL)
    for place in (small_disk / "out", small_disk):
        ran = run_limited("--input", tmp_path / "config.yaml", "--output", place)
        assert (ran.code, "can be written: No space left on device" in ran.err) == (1, True)
        assert not list(small_disk.iterdir())


def test_a_run_in_a_folder_that_another_one_writes_says_so(out: Path) -> None:
    before = tree(out)
    opened = os.open(out, os.O_RDONLY)
    fcntl.flock(opened, fcntl.LOCK_EX)
    ran = convert(OTHER, out)
    assert (ran.code, ran.out, tree(out)) == (1, "", before)
    assert ran.err == (f"{out}: expected to be alone, found another run at work in this folder. Wait for its end.\n")
    os.close(opened)
    assert convert(OTHER, out).code == 0


KILLED = """
import os, pathlib
from litellm_migrate.cli import main as cli
rename, left = pathlib.Path.rename, {moves}
def killed(self, target):
    global left
    left -= 1
    return rename(self, target) if left >= 0 else os._exit(9)
pathlib.Path.rename = killed
cli.main({arguments})
"""


@pytest.mark.parametrize("moves", [0, 1, 3, 15])
def test_after_a_run_that_was_killed_the_next_one_puts_all_right(out: Path, tmp_path: Path, moves: int) -> None:
    config = tmp_path / "config.yaml"
    config.write_text(OTHER)
    arguments = ["--input", str(config), "--output", str(out)]
    killed = subprocess.run([sys.executable, "-c", KILLED.format(moves=moves, arguments=arguments)], check=False)
    assert killed.returncode == 9
    assert convert(OTHER, out).code == 0
    assert convert(OTHER, tmp_path / "alone").code == 0
    assert tree(out).keys() == tree(tmp_path / "alone").keys()
    assert tree(out)[MODELS] == tree(tmp_path / "alone")[MODELS]


def test_runs_at_once_in_one_folder_mix_nothing(tmp_path: Path) -> None:
    names = [f"gpt-{number}" for number in range(6)]
    for name in names:
        (tmp_path / f"{name}.yaml").write_text(SMALL.replace("model_name: a", f"model_name: {name}"))
    out, alone = tmp_path / "out", {}
    runs = [start("--input", tmp_path / f"{name}.yaml", "--output", out) for name in names]
    said = [ended(run) for run in runs]
    assert {one.code for one in said} <= {0, 1}
    assert 0 in {one.code for one in said}
    assert all(
        "found another run at work" in one.err or "another run has just written" in one.err for one in said if one.code
    )
    for name in names:
        run_inside("--input", tmp_path / f"{name}.yaml", "--output", tmp_path / name)
        alone[name] = tree(tmp_path / name)
    assert tree(out) in alone.values()
    assert not [entry for entry in tmp_path.iterdir() if entry.name.startswith(".")]
