"""The output folder: all or nothing, and nobody else's files are touched."""

from __future__ import annotations

import os
from pathlib import Path
from typing import IO, Any

import pytest

from command import SMALL, tree
from litellm_migrate.cli import main as cli

LIMITED = SMALL
UNLIMITED = SMALL.replace(", rpm: 5", "")


def convert(text: str, folder: Path) -> int:
    """The exit code of converting a text."""
    config = folder.parent / "config.yaml"
    config.write_text(text)
    return cli.main(["--input", str(config), "--output", str(folder)])


@pytest.fixture
def out(tmp_path: Path) -> Path:
    """An output folder with an earlier run's files and two of somebody else."""
    folder = tmp_path / "out"
    assert convert(LIMITED, folder) == 0
    (folder / "notes.md").write_text("mine")
    (folder / "payloads" / "extra.json").write_text("{}")
    (folder / "empty").mkdir()
    return folder


def test_a_failed_run_leaves_the_earlier_output(out: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = tree(out)
    assert convert("model_list: [", out) == 1
    assert tree(out) == before
    assert sorted(entry.name for entry in out.parent.iterdir()) == ["config.yaml", "out"]
    assert "expected YAML" in capsys.readouterr().err


def test_a_disk_that_is_full_half_way_leaves_the_earlier_output(
    out: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    before, opened, written = tree(out), Path.open, []

    def full(file: Path, mode: str = "r", *rest: Any, **more: Any) -> IO[Any]:
        written.extend([file] if "w" in mode else [])
        if len(written) > 3:
            raise OSError(28, "No space left on device")
        return opened(file, mode, *rest, **more)

    with monkeypatch.context() as patched:
        patched.setattr(Path, "open", full)
        assert convert(LIMITED, out) == 1
    assert "No space left" in capsys.readouterr().err
    assert tree(out) == before
    assert sorted(entry.name for entry in out.parent.iterdir()) == ["config.yaml", "out"]


@pytest.mark.parametrize("number", range(1, 18, 2))
def test_a_move_that_fails_leaves_the_earlier_output(
    out: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], number: int
) -> None:
    before, rename, moved = tree(out), Path.rename, []

    def refused(file: Path, target: Path) -> Path:
        moved.append(file)
        if len(moved) == number:
            raise PermissionError(13, "Permission denied")
        return rename(file, target)

    monkeypatch.setattr(Path, "rename", refused)
    assert convert(UNLIMITED, out) == 1
    assert "can be written: Permission denied" in capsys.readouterr().err
    assert tree(out) == before


def test_a_new_run_keeps_what_others_put_there(out: Path) -> None:
    assert convert(LIMITED.replace("gpt-4o", "o1"), out) == 0
    after = tree(out)
    assert (after["notes.md"], after["payloads/extra.json"]) == (b"mine", b"{}")
    assert (out / "empty").is_dir()
    assert b'"o1"' in after["payloads/models.json"]


def test_a_payload_that_is_no_longer_written_disappears(out: Path) -> None:
    assert (out / "payloads" / "rate_limits.json").is_file()
    assert convert(UNLIMITED, out) == 0
    assert not (out / "payloads" / "rate_limits.json").exists()
    assert (out / "payloads" / "extra.json").is_file()


def test_a_link_to_a_folder_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "out").symlink_to(tmp_path / "real", target_is_directory=True)
    assert convert(LIMITED, tmp_path / "out") == 0
    assert (tmp_path / "out").is_symlink()
    assert (tmp_path / "real" / "apply.sh").is_file()


def test_the_current_folder_can_be_the_output(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    Path("config.yaml").write_text(LIMITED)
    assert cli.main(["--input", "config.yaml", "--output", "."]) == 0
    assert (tmp_path / "here" / "apply.sh").is_file()
    assert (tmp_path / "here" / "config.yaml").read_text() == LIMITED
    assert [entry.name for entry in tmp_path.iterdir()] == ["here"]


def test_an_output_that_is_a_file_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "out").write_text("mine")
    assert convert(LIMITED, tmp_path / "out") == 1
    assert "expected a folder, found a file" in capsys.readouterr().err
    assert (tmp_path / "out").read_text() == "mine"


@pytest.mark.parametrize("name", ["apply.sh", "payloads/models.json"])
def test_a_folder_where_a_file_belongs_is_refused(out: Path, name: str, capsys: pytest.CaptureFixture[str]) -> None:
    (out / name).unlink()
    (out / name).mkdir()
    (out / name / "mine").write_text("mine")
    before = tree(out)
    assert convert(LIMITED, out) == 1
    assert "Is a directory" in capsys.readouterr().err
    assert tree(out) == before


def test_a_parent_that_is_a_file_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "config.yaml").write_text(LIMITED)
    (tmp_path / "file").write_text("mine")
    assert cli.main(["--input", str(tmp_path / "config.yaml"), "--output", str(tmp_path / "file" / "out")]) == 1
    assert "expected a folder" in capsys.readouterr().err


@pytest.mark.skipif(not Path("/proc/1").is_dir(), reason="root may write everywhere but there")
def test_a_parent_that_cannot_be_written_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "config.yaml").write_text(LIMITED)
    (tmp_path / "locked").mkdir(mode=0o500)
    folder = Path("/proc/1") if os.geteuid() == 0 else tmp_path / "locked"
    assert cli.main(["--input", str(tmp_path / "config.yaml"), "--output", str(folder / "out")]) == 1
    assert "can be written" in capsys.readouterr().err
