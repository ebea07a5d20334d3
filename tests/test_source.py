"""A configuration is read exactly as `yaml.safe_load` reads it, and every path of it knows where it was written."""

from __future__ import annotations

import io
import textwrap
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as some

from litellm_migrate.source import documents
from litellm_migrate.source.model import Grammar, Mark, Path, Position, Problems, Source, leaves
from litellm_migrate.source.read import read_source

GRAMMAR = Grammar(sections=("models", "settings"), include="include", program="Gateway")
SCALARS = some.none() | some.booleans() | some.integers() | some.floats(allow_nan=False) | some.text() | some.dates()
VALUES = some.recursive(SCALARS, lambda inner: some.lists(inner) | some.dictionaries(some.text(), inner), max_leaves=20)
PIECES = """
b:
- |

? : { } [ ] , # ' " ~ = --- é yes on: 1e-6 1.5e3 0x1f 012 1:30 2024-01-01 2024-02-31 http://h?a=b ${X}
!!str !!set !!binary aGk= &x {a: 1} *x <<: [*x, *x] {a: 1, a: 2}
"""
WORDS = some.sampled_from([" ", "\n", "\n  ", "\t", "\ufeff", "\n- |\n  k: v\n", "a: 1\n", *PIECES.split()])


def read(text: str | bytes) -> Source:
    data = text if isinstance(text, bytes) else textwrap.dedent(text).encode()
    return read_source("-", GRAMMAR, io.BytesIO(data))


def paths(value: Any, path: Path = ()) -> list[Path]:
    steps = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(below for step, inside in steps for below in paths(inside, (*path, step)))]


@pytest.fixture(params=["libyaml", "pure"])
def _parsers(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if request.param == "pure":
        monkeypatch.setattr(documents, "FAST", ())


@given(value=VALUES, flow=some.sampled_from([True, False, None]))
@settings(derandomize=True, deadline=None)
def test_what_yaml_writes_is_read_back_as_yaml_reads_it(value: Any, flow: bool | None) -> None:
    text = yaml.safe_dump({"models": value}, default_flow_style=flow, allow_unicode=True)
    source = read(text.encode())
    assert repr(source.value) == repr(yaml.safe_load(text))
    assert set(source.marks) == set(paths(source.value))


@given(pieces=some.lists(WORDS, max_size=14))
@settings(derandomize=True, deadline=None, max_examples=500)
def test_any_text_is_read_as_safe_load_reads_it_or_refused(pieces: list[str]) -> None:
    text = "settings: 1\nmodels: " + "".join(pieces)
    try:
        source = read(text.encode())
    except Problems:
        return
    assert repr(source.value) == repr(yaml.safe_load(text))
    assert set(source.marks) == set(paths(source.value))


@pytest.mark.parametrize(
    "text",
    [
        "[yes, 'yes', 1e-06, 1.5e-06, 0x1f, 012, 1:30, 2024-01-01]",
        *("{on: 1, 1: 2, ~: 3}", "!!set {a, b}", "!!str 5", "!!omap [a: 1]", "!!binary aGk=", "'a  b'", "[a?b: 1]"),
        *("[? ]", "|\n  a\tb\n", "- \t# tab\n", "- &a x\n- *a\n", "# \ttab\n  {}", "=", "{=: 1}", "!"),
    ],
)
@pytest.mark.usefixtures("_parsers")
def test_yaml_1_1_as_the_program_reads_it(text: str) -> None:
    text = f"models:\n  {text}"
    try:
        expected = yaml.safe_load(text)
    except yaml.YAMLError:
        with pytest.raises(Problems):
            read(text)
        return
    assert read(text).value == expected


@pytest.mark.usefixtures("_parsers")
def test_positions_are_of_keys_and_items() -> None:
    marks = read("# comment\nmodels:\n  - name: a\n    'quoted': [1, {x: 2}]\n  -\n").marks
    spots = {path: (mark.at.line, mark.at.column) for path, mark in marks.items()}
    assert spots == {
        (): (2, 1), ("models",): (2, 1), ("models", 0): (3, 5), ("models", 0, "name"): (3, 5),
        ("models", 0, "quoted"): (4, 5), ("models", 0, "quoted", 0): (4, 16), ("models", 0, "quoted", 1): (4, 19),
        ("models", 0, "quoted", 1, "x"): (4, 20), ("models", 1): (5, 4),
    }  # fmt: skip
    assert ("models", 2) not in marks
    assert ("models", -1) not in marks
    assert ("models", 0, "name", "below") not in marks


@pytest.mark.usefixtures("_parsers")
def test_merged_and_aliased_nodes_stand_where_the_anchor_stands() -> None:
    text = """\
        settings: &shared {key: k, rpm: 5}
        models:
        - {<<: *shared, rpm: 7}
        - *shared
        - {<<: [{a: 1}, {a: 2, b: 3}], c: *shared}
        """
    source = read(text)
    assert source.value == yaml.safe_load(textwrap.dedent(text))
    assert source.notices == ()
    assert source.marks["models", 0, "key"] == Mark(Position("<stdin>", 1, 20), ("models", 0, "key"))
    assert source.at(("models", 0, "rpm"))[1:] == (3, 17)
    assert source.at(("models", 1))[1:] == (4, 3)
    assert source.at(("models", 1, "rpm"))[1:] == (1, 28)
    assert source.at(("models", 2, "a"))[1:] == (5, 10)
    assert source.at(("models", 2, "c"))[1:] == (5, 32)
    assert source.at(("models", 2, "c", "key"))[1:] == (1, 20)


@pytest.mark.usefixtures("_parsers")
def test_the_last_of_repeated_keys_counts_and_both_lines_are_told() -> None:
    source = read("models: [one]\nsettings: {a: 1}\nmodels: [two]\n")
    assert source.value["models"] == ["two"]
    assert source.at(("models",)) == Position("<stdin>", 3, 1)
    (notice,) = source.notices
    assert (notice.code, notice.at) == ("duplicate-key", Position("<stdin>", 1, 1))
    assert "line 3" in notice.because


def test_a_merge_key_repeats_nothing_but_a_repeated_key_beside_it_does() -> None:
    source = read("settings: &a {x: 1, y: 2}\nmodels: {<<: *a, x: 3, y: 4, y: 5}\nother: {<<: *a}")
    assert [(notice.because.split()[0], notice.at) for notice in source.notices] == [("`y`", ("<stdin>", 2, 24))]
    assert source.value["models"] == {"x": 3, "y": 5}


@pytest.mark.parametrize("data", [b"\xef\xbb\xbfmodels: [\xc3\xa9]", "models: [é]".encode("utf-16")])
def test_byte_order_marks_are_understood(data: bytes) -> None:
    source = read(data)
    assert source.value == {"models": ["é"]}
    assert source.at(("models", 0)) == ("<stdin>", 1, 10)


@pytest.mark.parametrize("text", ["models:", "models: []", "models: {}\r\nsettings:\r  a: 1\r\n"])
def test_empty_sections_and_foreign_line_ends_are_fine(text: str) -> None:
    source = read(text.encode())
    assert source.value == yaml.safe_load(text)
    assert [source.at(path) for path, _ in leaves(source.value)]
