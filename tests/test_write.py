"""All files of a run are put in place, or none."""

from __future__ import annotations

import os
import tracemalloc
from collections.abc import Iterator
from pathlib import Path

import pytest

from litellm_migrate.output.texts import Texts
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


def full_disk() -> Iterator[str]:
    """A text of which only the first piece finds room."""
    yield "new\n"
    raise OSError(28, "No space left on device")


def test_a_failure_while_writing_leaves_the_earlier_output(folder: Path) -> None:
    with pytest.raises(Problems) as found:
        write(folder, Texts({"run.sh": "new\n", "report.md": full_disk}), OWNED)
    assert str(folder) in str(found.value)
    assert "No space left on device" in str(found.value)
    assert found.value.exit_code == 1
    assert files(folder) == {**OLD, **FOREIGN}
    assert not list(folder.parent.glob(".*")) + list(folder.glob(".*"))


@pytest.mark.parametrize("error", [RecursionError, ValueError])
def test_a_text_that_cannot_be_made_is_not_taken_for_a_bad_folder(folder: Path, error: type[Exception]) -> None:
    def broken() -> Iterator[str]:
        yield "new\n"
        raise error

    with pytest.raises(error):
        write(folder, Texts({"report.md": broken}), OWNED)
    assert files(folder) == {**OLD, **FOREIGN}
    assert not list(folder.glob(".*"))


def test_a_text_in_pieces_is_one_file(folder: Path) -> None:
    texts = Texts({"report.md": lambda: iter(["new", "", "er\n"]), "run.sh": "whole\n"})
    write(folder, texts, OWNED)
    assert files(folder) == {"report.md": "newer\n", "run.sh": "whole\n", **FOREIGN}
    assert dict(texts) == {"report.md": "newer\n", "run.sh": "whole\n"}
    assert os.access(folder / "run.sh", os.X_OK)


def test_pieces_are_written_as_they_are_made(tmp_path: Path) -> None:
    def many() -> Iterator[str]:
        for _ in range(64):
            yield "x" * (1 << 20)

    tracemalloc.start()
    write(tmp_path / "out", Texts({"report.md": many}), OWNED)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert (tmp_path / "out" / "report.md").stat().st_size == 64 << 20
    assert peak < 8 << 20


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
