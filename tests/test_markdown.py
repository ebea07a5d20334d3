"""Reports stay what they are, whatever the names contain."""

from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from litellm_migrate.output.markdown import code, prose, table, visible

NASTY = st.text(alphabet=st.sampled_from(list("ab`|\\*_[]<>&#$~!\n\t\r \u202e\u200b\u2028\x00é😀")), max_size=12)


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("gpt", "`gpt`"),
        ("", "` `"),
        ("a`b", "``a`b``"),
        ("`", "`` ` ``"),
        ("a|b", "`a\\|b`"),
        ("two\nlines", "`two\\nlines`"),
        ("\u202eevil", "`\\u202eevil`"),
        ("\U000e0041", "`\\U000e0041`"),
        ("<script>", "`<script>`"),
        ("Grüße 😀", "`Grüße 😀`"),
    ],
)
def test_a_name_is_a_code_span(name: str, shown: str) -> None:
    assert code(name) == shown


@pytest.mark.parametrize(
    ("sentence", "shown"),
    [
        ("A plain sentence.", "A plain sentence."),
        ("snake_case stays", "snake_case stays"),
        ("_emphasis_", "\\_emphasis\\_"),
        ("<img src=x>", "\\<img src=x\\>"),
        ("[a](http://b)", "\\[a\\](http://b)"),
        ("**bold** | cell", "\\*\\*bold\\*\\* \\| cell"),
        ("one\ntwo", "one\\\\ntwo"),
    ],
)
def test_a_sentence_is_no_markup(sentence: str, shown: str) -> None:
    assert prose(sentence) == shown


@settings(max_examples=300, deadline=None)
@given(NASTY)
def test_nothing_invisible_is_left(text: str) -> None:
    for made in (visible(text), code(text), prose(text)):
        assert made.isprintable()
        assert not {unicodedata.category(sign) for sign in made} & {"Cc", "Cf", "Zl", "Zp"}
    assert not re.search(r"(?<!\\)(\\\\)*[<>*\[\]`|]", prose(text))


@settings(max_examples=300, deadline=None)
@given(st.lists(st.tuples(NASTY, NASTY), min_size=1, max_size=3))
def test_every_row_of_a_table_has_as_many_cells_as_its_head(rows: list[tuple[str, str]]) -> None:
    lines = table(["one", "two"], [(code(one), prose(two)) for one, two in rows])
    assert len(lines) == len(rows) + 3
    assert {len(re.findall(r"(?<!\\)\|", line)) for line in lines[:-1]} == {3}


def test_a_table_without_rows_says_so() -> None:
    assert table(["one"], []) == ["Nothing.", ""]
