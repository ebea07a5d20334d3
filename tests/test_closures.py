"""What a compiled expression answers is what JMESPath itself answers."""

from __future__ import annotations

from typing import Any

import jmespath
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from litellm_migrate.convert.expressions import closure
from tiny.bookshop import entry

SCALARS = st.one_of(st.none(), st.booleans(), st.integers(-2, 2), st.floats(-1, 1), st.sampled_from(["", "a", "b"]))
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from("abc"), inner, max_size=3),
    max_leaves=8,
)
DOCUMENTS = st.dictionaries(st.sampled_from("abc"), VALUES, max_size=3)
NAMES = st.sampled_from(["a", "b", "c", "a.b", "b.c", "a.b.c"])
LITERALS = st.sampled_from(["`0`", "`1`", "`true`", "`false`", "`null`", "'a'", "''", "`1.5`", "`[]`"])


def combined(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Expressions made of smaller ones."""
    words = st.sampled_from(["==", "!=", "<", "<=", ">", ">=", "&&", "||"])
    pairs = st.tuples(inner, words, inner).map(lambda parts: f"({parts[0]}) {parts[1]} ({parts[2]})")
    return pairs | inner.map(lambda text: f"!({text})")


EXPRESSIONS = st.recursive(NAMES | LITERALS, combined, max_leaves=6)


@settings(max_examples=100, deadline=None)
@given(EXPRESSIONS, DOCUMENTS)
def test_a_closure_answers_what_jmespath_answers(text: str, document: dict[str, Any]) -> None:
    compiled = jmespath.compile(text)
    ours = entry(document).value(text, condition=True)
    try:
        theirs = compiled.search(document)
    except TypeError:  # JMESPath compares a number with a text, which has no order
        return
    assert type(ours) is type(theirs)
    assert ours == theirs


@pytest.mark.parametrize("text", ["a[*].b", "a[0]", "a[?b]", "a[]", "[a, b]", "{x: a}", "a | b", "a[0:1]"])
def test_what_steps_say_better_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="rule language"):
        closure(jmespath.compile(text).parsed)


def test_what_is_refused_is_called_by_its_name_in_words() -> None:
    with pytest.raises(ValueError, match="a multi select list is no part of the rule language"):
        closure(jmespath.compile("[a, b]").parsed)
