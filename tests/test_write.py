"""All files of a run are put in place, or none."""

from __future__ import annotations

import os
from pathlib import Path
from typing import IO, Any

import pytest

from litellm_migrate.output.lock import locked
from litellm_migrate.output.write import write
from litellm_migrate.source.model import Problems

OLD = {"report.md": "old\n", "bodies/a.json": "[]\n", "bodies/b.json": "[1]\n", "run.sh": "#!/bin/sh\n"}
OWNED = frozenset(OLD) | {"bodies/c.json"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with an earlier output, and with what somebody else put there."""
    made = tmp_path / "out"
    write(made, OLD, OWNED)
    (made / "notes.txt").write_text("mine", encoding="utf-8")
    (made / "bodies" / "mine.json").write_text("{}", encoding="utf-8")
    return made


def files(folder: Path) -> dict[str, str]:
    """Every file below a folder and its text."""
    found = [file for file in sorted(folder.rglob("*")) if file.is_file()]
    return {file.relative_to(folder).as_posix(): file.read_text(encoding="utf-8") for file in found}


FOREIGN = {"notes.txt": "mine", "bodies/mine.json": "{}"}


def test_a_first_output_makes_the_folders(tmp_path: Path) -> None:
    write(tmp_path / "deep" / "out", OLD, OWNED)
    assert files(tmp_path / "deep" / "out") == OLD
    assert [file.name for file in (tmp_path / "deep").iterdir()] == ["out"]


def test_what_a_killed_run_left_beside_its_first_output_goes_away(tmp_path: Path) -> None:
    pytest.importorskip("fcntl")
    left, working, other = (tmp_path / f".fresh.{name}" for name in ("out.1", "out.2", "outer.1"))
    for folder in (left, working, other):
        (folder / "new").mkdir(parents=True)
    with locked(working):
        write(tmp_path / "out", OLD, OWNED)
    assert {file.name for file in tmp_path.iterdir()} == {"out", working.name, other.name}
    write(tmp_path / "out", OLD, OWNED)
    assert {file.name for file in tmp_path.iterdir()} == {"out", other.name}


def test_scripts_can_be_run(folder: Path) -> None:
    assert os.access(folder / "run.sh", os.X_OK)
    assert not os.access(folder / "report.md", os.X_OK)


def test_a_second_output_takes_the_place_of_the_first_and_foreign_files_stay(folder: Path) -> None:
    new = {"report.md": "new\n", "bodies/c.json": "[2]\n"}
    write(folder, new, OWNED)
    assert files(folder) == {**new, **FOREIGN}


def test_the_folder_stays_the_same_folder(folder: Path) -> None:
    folder.chmod(0o750)
    before = folder.stat().st_ino
    write(folder, {"report.md": "new\n"}, OWNED)
    assert (folder.stat().st_ino, folder.stat().st_mode & 0o777) == (before, 0o750)


@pytest.mark.parametrize("failing", range(1, 6))
def test_a_failure_half_way_leaves_the_earlier_output(
    folder: Path, failing: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    done, rename = 0, Path.rename

    def fail(self: Path, target: Path) -> Path:
        nonlocal done
        done += 1
        if done == failing:
            raise OSError(28, "No space left on device")
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", fail)
    with pytest.raises(Problems, match="No space left"):
        write(folder, {"report.md": "new\n", "bodies/a.json": "new\n", "run.sh": "new\n"}, OWNED)
    assert files(folder) == {**OLD, **FOREIGN}
    assert not list(folder.parent.glob(".*")) + list(folder.glob(".*"))


def test_a_failure_while_writing_leaves_the_earlier_output(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened = Path.open

    def full(self: Path, mode: str = "r", *rest: Any, **more: Any) -> IO[Any]:
        if self.name == "report.md" and "w" in mode:
            raise OSError(28, "No space left on device")
        return opened(self, mode, *rest, **more)

    monkeypatch.setattr(Path, "open", full)
    with pytest.raises(Problems) as found:
        write(folder, {"run.sh": "new\n", "report.md": "new\n"}, OWNED)
    monkeypatch.undo()
    assert str(folder) in str(found.value)
    assert "No space left on device" in str(found.value)
    assert found.value.exit_code == 1
    assert files(folder) == {**OLD, **FOREIGN}
    assert not list(folder.parent.glob(".*")) + list(folder.glob(".*"))


@pytest.mark.parametrize("error", [RecursionError, ValueError])
def test_a_fault_of_the_program_is_not_taken_for_a_bad_folder(folder: Path, error: type[Exception]) -> None:
    def broken(_target: Path, fresh: Path) -> dict[str, str]:
        assert (fresh / "report.md").read_text() == "new\n"
        raise error

    with pytest.raises(error):
        write(folder, {"report.md": "new\n"}, OWNED, broken)
    assert files(folder) == {**OLD, **FOREIGN}
    assert not list(folder.glob(".*"))


def test_a_link_that_leads_to_itself_is_refused(tmp_path: Path) -> None:
    (tmp_path / "out").symlink_to("out")
    with pytest.raises(Problems, match=r"expected a folder that can be written"):
        write(tmp_path / "out", OLD, OWNED)


def test_a_file_in_the_place_of_the_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("mine", encoding="utf-8")
    with pytest.raises(Problems, match="expected a folder, found a file"):
        write(tmp_path / "out", OLD, OWNED)
    assert (tmp_path / "out").read_text(encoding="utf-8") == "mine"


def test_a_folder_in_the_place_of_a_file_is_refused(folder: Path) -> None:
    (folder / "bodies" / "c.json").mkdir()
    with pytest.raises(Problems):
        write(folder, {"bodies/c.json": "[]"}, OWNED)
    assert files(folder) == {**OLD, **FOREIGN}


def test_text_that_is_no_unicode_is_written_all_the_same(tmp_path: Path) -> None:
    write(tmp_path / "out", {"report.md": "a\ud800b"}, OWNED)
    assert (tmp_path / "out" / "report.md").read_bytes() == b"a\\ud800b"
