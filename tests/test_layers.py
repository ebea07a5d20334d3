"""One document laid over another: what gives way, what adds up, in which order, and where its positions lead."""

from __future__ import annotations

from itertools import chain
from pathlib import Path
from textwrap import dedent

import pytest

from litellm_migrate.rulebook.nodes import RuleNode, documents
from litellm_migrate.rulebook.overlay import Overlay
from litellm_migrate.source.model import Problems


def laid(base: str, over: str) -> tuple[RuleNode, list[tuple[str, str]]]:
    """A document with another laid over, and the places of what gave way and of what took its place."""
    overlay = Overlay(list(documents("base", dedent(base))), Path())
    (made,) = overlay.lay(list(documents("over", dedent(over))))
    told = []
    for notice in chain(*overlay.notices.values()):
        assert notice.at
        told.append((notice.because.split()[-1].rstrip("."), f"{notice.at.file}:{notice.at.line}"))
    return made, told


TABLE = """\
kind: table
id: t
rows:
  a: {x: 1}
  b: {x: 2, y: 3}
"""


def test_a_row_is_laid_over_cell_by_cell_and_positions_lead_to_who_states_a_cell() -> None:
    made, told = laid(TABLE, "kind: table\nid: t\nrows:\n  b: {x: 9}\n")
    assert made.value["rows"] == {"a": {"x": 1}, "b": {"x": 9, "y": 3}}
    assert told == [("base:5", "over:4")]
    assert str(made.at("rows", "b", "x").position()) == "over:4:7"
    assert str(made.at("rows", "b", "y").position()) == "base:5:13"
    assert str(made.at("rows", "b").position()) == "over:4:3"
    assert made.at("rows", "a").position().file == "base"


def test_replace_says_that_a_row_gives_way_whole() -> None:
    made, told = laid(TABLE, "kind: table\nid: t\nrows:\n  b: {replace: true, x: 9}\n")
    assert made.value["rows"] == {"a": {"x": 1}, "b": {"x": 9}}
    assert told == [("base:5", "over:4")]


def test_replace_says_that_a_document_gives_way_whole() -> None:
    made, told = laid(TABLE, "kind: table\nid: t\nreplace: true\nrows: {c: {z: 1}}\n")
    assert made.value == {"kind": "table", "id": "t", "rows": {"c": {"z": 1}}}
    assert told == [("base:1", "over:1")]


def test_null_takes_a_cell_or_a_row_away() -> None:
    made, told = laid(TABLE, "kind: table\nid: t\nrows: {a: null, b: {y: null}}\n")
    assert made.value["rows"] == {"b": {"x": 2}}
    assert [place for place, _ in told] == ["base:4", "base:5"]


def test_null_where_nothing_is_names_the_nearest() -> None:
    with pytest.raises(Problems, match=r"over:3:12: there is no `longg` to take away; did you mean `long`"):
        laid("kind: table\nid: t\nrows: {a: {long: 1}}\n", "kind: table\nid: t\nrows: {a: {longg: null}}\n")


def test_the_same_again_and_what_is_new_are_not_told() -> None:
    assert laid(TABLE, "kind: table\nid: t\nrows: {a: {x: 1}, c: {x: 4}}\n")[1] == []


def test_new_rows_come_first_or_after_the_known_row_that_they_follow() -> None:
    made, _ = laid(TABLE, "kind: table\nid: t\nrows: {n: {}, a: {x: 1}, o: {}, p: {}}\n")
    assert list(made.value["rows"]) == ["n", "a", "o", "p", "b"]


def test_listed_names_move_to_their_new_answer() -> None:
    listed = "kind: table\nid: t\ngives: x\nlisted: {one: [a, b], two: [c]}\n"
    made, told = laid(listed, "kind: table\nid: t\ngives: x\nlisted: {two: [a]}\nrows: {c: {x: three}}\n")
    assert made.value["listed"] == {"one": ["b"], "two": ["a"]}
    assert made.value["rows"] == {"c": {"x": "three"}}
    assert len(told) == 2
    assert made.at("rows", "c", "x").position().file == "over"
    assert made.at("listed", "one", 0).position().file == "base"
    assert made.at("listed", "two", 0).position().file == "over"


def test_a_row_that_was_an_outcome_gives_way_whole() -> None:
    base = 'kind: table\nid: t\nrows:\n  a: {manual: "No.", do: "That."}\n'
    assert laid(base, "kind: table\nid: t\nrows: {a: {x: 1}}\n")[0].value["rows"] == {"a": {"x": 1}}


def test_a_listed_name_keeps_its_answer_under_further_cells() -> None:
    listed = "kind: table\nid: t\ngives: x\nlisted: {one: [a, b]}\n"
    made, told = laid(listed, "kind: table\nid: t\nrows: {a: {y: 2}}\n")
    assert (made.value["listed"], made.value["rows"], told) == ({"one": ["b"]}, {"a": {"x": "one", "y": 2}}, [])


def test_an_outcome_and_cells_replace_each_other_whole() -> None:
    made, _ = laid(TABLE, 'kind: table\nid: t\nrows: {b: {manual: "No.", do: "That."}}\n')
    assert made.value["rows"]["b"] == {"manual": "No.", "do": "That."}


def test_cells_and_fields_of_dialects_are_laid_over() -> None:
    base = "kind: dialect\nid: d\ntables: {t: {a: {x: 1, y: 2}}}\nendpoints: {e: {f: g}}\nexamples: [{n: 1}]\n"
    over = "kind: dialect\nid: d\ntables: {t: {a: {x: 3}, b: {x: 4}}}\nendpoints: {e: {h: i}}\nexamples: [{n: 2}]\n"
    made, told = laid(base, over)
    assert made.value["tables"] == {"t": {"a": {"x": 3, "y": 2}, "b": {"x": 4}}}
    assert made.value["endpoints"] == {"e": {"f": "g", "h": "i"}}
    assert made.value["examples"] == [{"n": 1}, {"n": 2}]
    assert made.at("examples", 1).position().file == "over"
    assert len(told) == 1


def test_secrets_add_up() -> None:
    over = "kind: secrets\nid: s\npaths: [b]\nharmless: [c]\nlooks: [own-]\n"
    made, told = laid("kind: secrets\nid: s\npaths: [a]\nlooks: [sk-]\n", over)
    assert (made.value["paths"], made.value["harmless"], told) == (["a", "b"], ["c"], [])
    assert made.value["looks"] == ["sk-", "own-"]


def test_the_mask_of_secrets_gives_way_whole() -> None:
    head = "kind: secrets\nid: s\npaths: [a]\nmask: "
    made, told = laid(f"{head}{{name: a, do: b}}\n", f"{head}{{name: c}}\n")
    assert (made.value["mask"], len(told)) == ({"name": "c"}, 1)
