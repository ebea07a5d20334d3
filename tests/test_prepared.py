"""Rulebooks that are kept: the same as new ones, never stale, and never somebody else's."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from command import tree
from conversion import EXAMPLES
from litellm_migrate import shipped
from litellm_migrate.cli.main import main
from litellm_migrate.rulebook.prepared import digest, files, folder, prepared
from litellm_migrate.source.model import Problems


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty cache of our own."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return folder()


def ready(dialect: str = "synapse") -> None:
    prepared(shipped("rules"), shipped("schemas"), dialect)


def test_a_kept_rulebook_converts_as_a_new_one(cache: Path, tmp_path: Path) -> None:
    for name in ("new", "kept"):
        assert main(["--input", str(EXAMPLES / "messy.yaml"), "--output", str(tmp_path / name)]) == 0
        assert len(list(cache.iterdir())) == 1
    assert tree(tmp_path / "new") == tree(tmp_path / "kept")


def test_a_changed_rule_is_another_rulebook(tmp_path: Path) -> None:
    rules = tmp_path / "rules"
    shutil.copytree(shipped("rules"), rules)
    before = digest(rules, shipped("schemas"), "synapse")
    assert digest(rules, shipped("schemas"), "openapi-0.2") != before
    assert digest(tmp_path / "none", shipped("schemas"), "synapse") != digest(
        shipped("rules"), shipped("schemas"), "synapse"
    )
    with (rules / "secrets.yaml").open("a", encoding="utf-8") as file:
        file.write("# a word\n")
    assert digest(rules, shipped("schemas"), "synapse") != before


def test_a_change_is_noticed_whatever_its_size_and_date(tmp_path: Path) -> None:
    file = tmp_path / "rules.yaml"
    file.write_text("kind: one", encoding="utf-8")
    before, date = digest(tmp_path, shipped("schemas"), "synapse"), file.stat().st_mtime_ns
    file.write_text("kind: two", encoding="utf-8")
    os.utime(file, ns=(date, date))
    assert digest(tmp_path, shipped("schemas"), "synapse") != before


def test_only_rules_and_the_program_count(tmp_path: Path) -> None:
    for name in ("notes.md", "__pycache__/book.pyc", "below/rules.yaml", "facts.json", "book.py"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("", encoding="utf-8")
    found = sorted(file.removeprefix(f"{tmp_path}/") for file in files(str(tmp_path)))
    assert found == ["below/rules.yaml", "book.py", "facts.json"]


def test_rules_that_cannot_be_looked_at_are_refused_where_they_are_read(tmp_path: Path) -> None:
    (tmp_path / "gone.yaml").symlink_to(tmp_path / "nowhere")
    with pytest.raises(Problems, match=r"gone\.yaml: cannot be read"):
        prepared(tmp_path, shipped("schemas"), "synapse")


@pytest.mark.parametrize("content", [b"", b"nonsense", b"\x80\x04K\x01."])
def test_what_is_no_rulebook_is_made_anew(cache: Path, content: bytes) -> None:
    ready()
    (kept,) = cache.iterdir()
    whole = kept.read_bytes()
    kept.write_bytes(content)
    ready()
    assert kept.read_bytes()[:1] == whole[:1]
    assert kept.stat().st_size > 1_000_000


def test_a_folder_that_others_can_write_is_not_trusted(cache: Path) -> None:
    ready()
    (kept,) = cache.iterdir()
    cache.chmod(0o777)
    kept.write_bytes(b"cos\nsystem\n(S'touch pwned'\ntR.")
    book = prepared(shipped("rules"), shipped("schemas"), "synapse")
    assert book.dialect == "synapse"
    assert not Path("pwned").exists()


def test_a_cache_that_cannot_be_written_is_no_problem(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    ready()


def test_few_are_kept(cache: Path) -> None:
    cache.mkdir(parents=True, mode=0o700)
    for number in range(20):
        (cache / f"{number}.rules").write_bytes(b"")
    ready()
    assert len(list(cache.iterdir())) == 8
