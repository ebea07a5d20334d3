"""What every text begins with that a pattern fits: never too much, or a key would not be seen."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conversion import rulebook
from litellm_migrate.source.redact import KeyPatterns, beginning

PATTERNS = sorted(
    {pattern for table in rulebook().tables.values() if table.answers is None for pattern in table.rows}
    | {
        "sk-[a-z]{3}",
        r"hooks\.example\.com/(?P<key>\w+)",
        r"\$\{(?P<name>\w+)\}",
        "ab?c",
        r"a\.?b",
        "ab{0}c",
        "(?i)ab",
        "a(?=b)b",
    }
)


@pytest.mark.parametrize(
    ("pattern", "begins"),
    [
        ("sk-[a-z]+", "sk-"),
        (r"\$\{x", "${x"),
        (r"a\.?b", "a"),
        ("ab?c", "a"),
        ("ab*", "a"),
        ("a{2}", ""),
        (r"a\d", "a"),
        ("ab|cd", ""),
        ("ab(c|d)", ""),
        ("(?i:ab)", ""),
        ("ab(?i)", ""),
        ("", ""),
    ],
)
def test_the_plain_beginning_of_a_pattern(pattern: str, begins: str) -> None:
    assert beginning(pattern) == begins


@given(st.data())
@settings(max_examples=300, deadline=None)
def test_every_text_that_fits_begins_so(data: st.DataObject) -> None:
    pattern = data.draw(st.sampled_from(PATTERNS))
    try:
        compiled = re.compile(pattern)
    except re.error:
        return
    assert data.draw(st.from_regex(compiled, fullmatch=True)).startswith(beginning(pattern))


def test_keys_are_seen_wherever_they_stand() -> None:
    looks = KeyPatterns(["sk-[a-z]{3}", "(?:ya|yb)[0-9]+", "://(?P<key>[a-z]+)@"])
    assert list(looks.spans("a sk-abc://key@ yb12")) == [(2, 8), (16, 20), (11, 14)]
    assert not looks.match("sk-ab ya ://@")
