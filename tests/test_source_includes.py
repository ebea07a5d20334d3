"""Included files are merged as the program merges them, and what they wipe is told."""

from __future__ import annotations

import io
import textwrap
from typing import TYPE_CHECKING

import pytest

from litellm_migrate.source.model import Grammar, Mark, Position, Problems, Source
from litellm_migrate.source.read import read_source

if TYPE_CHECKING:
    from pathlib import Path

GRAMMAR = Grammar(sections=("models", "settings"), include="include", program="Gateway")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "conf" / "deep").mkdir(parents=True)
    return tmp_path / "conf"


def read(folder: Path, **files: str) -> Source:
    for name, text in files.items():
        path = folder / (name.replace("__", "/") + ".yaml")
        path.write_text(textwrap.dedent(text), encoding="utf-8")
    return read_source("conf/main.yaml", GRAMMAR)


def test_lists_are_appended_and_everything_else_is_replaced(folder: Path) -> None:
    source = read(
        folder,
        main="include: [more.yaml]\nmodels: [{n: a}]\nsettings: {kept: 1, changed: 2, gone: 3}\n",
        more="models:\n- n: b\n- n: c\nsettings: {kept: 1, changed: 5}\nnew: 1\n",
    )
    assert source.value == {
        "models": [{"n": "a"}, {"n": "b"}, {"n": "c"}], "settings": {"kept": 1, "changed": 5}, "new": 1,
    }  # fmt: skip
    assert list(source.value) == ["models", "settings", "new"]
    assert source.marks["models", 2, "n"] == Mark(Position("conf/more.yaml", 3, 3), ("models", 1, "n"))
    assert source.marks["models", 0, "n"] == Mark(Position("conf/main.yaml", 2, 11), ("models", 0, "n"))
    assert source.marks["models",].at == ("conf/main.yaml", 2, 1)
    assert source.at(("settings", "changed")).file == "conf/more.yaml"
    assert ("settings", "gone") not in source.marks
    assert ("models", 3) not in source.marks
    assert len(source.marks) == len(set(source.marks)) == 12


def test_each_wiped_setting_is_told(folder: Path) -> None:
    main = "include: [more.yaml]\nsettings:\n  kept: 1\n  changed: s3cret\n  gone: {deep: s3cret}\nflag: s3cret\n"
    notices = read(folder, main=main, more="settings: {kept: 1, changed: 5}\nflag: 2").notices
    assert {notice.code for notice in notices} == {"include-replaced"}
    assert [(notice.at, notice.because.split()[0]) for notice in notices] == [
        (("conf/main.yaml", 4, 3), "`settings.changed`"),
        (("conf/main.yaml", 5, 3), "`settings.gone`"),
        (("conf/main.yaml", 6, 1), "`flag`"),
    ]
    assert all("`conf/more.yaml`" in notice.because and "s3cret" not in notice.because for notice in notices)


def test_includes_nest_next_to_their_file_once_each_and_breadth_first(folder: Path) -> None:
    source = read(
        folder,
        main="include: [deep/one.yaml, two.yaml]\nmodels: [main]\n",
        deep__one="include: [three.yaml, ../main.yaml, four.yaml]\nmodels: [one]\n",
        two="include: [deep/one.yaml]\nmodels: [two]\n",
        deep__three="models: [three]\n",
        four="models: [beside main]\n",
    )
    assert source.value == {"models": ["main", "one", "two", "three", "beside main"]}
    assert [source.at(("models", index)).file for index in range(5)] == [
        "conf/main.yaml", "conf/deep/one.yaml", "conf/two.yaml", "conf/deep/three.yaml", "conf/four.yaml",
    ]  # fmt: skip


def test_an_empty_included_file_adds_nothing(folder: Path) -> None:
    source = read(folder, main="include: [empty.yaml]\nmodels: [a]", empty="# nothing\n")
    assert source.value == {"models": ["a"]}


def test_a_configuration_may_consist_of_includes(folder: Path) -> None:
    source = read(folder, main="include: [more.yaml]", more="models: [a]")
    assert source.at(("models", 0)) == ("conf/more.yaml", 1, 10)


def test_standard_input_includes_from_the_current_folder(folder: Path) -> None:
    (folder / "more.yaml").write_text("models: [a]")
    source = read_source("-", GRAMMAR, io.BytesIO(b"include: [conf/more.yaml]"))
    assert source.at(("models",)) == ("conf/more.yaml", 1, 1)


@pytest.mark.parametrize(
    ("main", "said"),
    [
        ("models: []\ninclude: 5", "conf/main.yaml:2:1: expected a list of file names under `include`, found a number"),
        ("include:", "conf/main.yaml:1:1: expected a list"),
        ("include:\n- 5", "conf/main.yaml:2:3: expected the name of a file, found a number"),
        (
            "include:\n- nope.yaml",
            "conf/main.yaml:2:3: expected the included file `conf/nope.yaml`, found nothing there",
        ),
        ("include: [deep]", "conf/main.yaml:1:11: expected the included file `conf/deep`, found a folder"),
        ("include: [list.yaml]", "conf/list.yaml:1:1: expected a mapping"),
        ("include: [keys.yaml]", "conf/keys.yaml:1:1: expected text as each top-level key"),
        ("include: [broken.yaml]", "conf/broken.yaml:1:5: expected YAML"),
    ],
)
def test_an_include_that_cannot_be_followed_is_refused(folder: Path, main: str, said: str) -> None:
    with pytest.raises(Problems) as refused:
        read(folder, main=main, list="[a]", keys="on: 1", broken="a: [")
    (found,) = refused.value.problems
    assert str(found).startswith(said)
