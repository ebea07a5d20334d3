"""Expressions of rule files: what they give on a row, which paths they read, and what is no expression."""

from __future__ import annotations

from typing import Any

import pytest
from jmespath.exceptions import JMESPathError

from litellm_migrate.rulebook.columns import expression_of
from tiny.bookshop import OneEntry, entry

VALUES = {
    "title": "Emma",
    "copies": 0,
    "lent": False,
    "note": "",
    "place": {"room": 5, "shelf": {"row": 7}},
    "tags": [],
    "fine": "x",
    "loans": [{"who": "Ann"}],
}


@pytest.fixture
def row() -> OneEntry:
    """A book as an entry of the source."""
    return entry(VALUES)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("title", "Emma"),
        ("place.room", 5),
        ("place.shelf.row", 7),
        ("place.room.row", None),
        ("place.gone.row", None),
        ("place.gone", None),
        ("title.gone", None),
        ("gone", None),
        ("copies", 0),
        ("slug(title)", "emma"),
        ("as(fine, 'number')", None),
        ("as(gone, 'number')", None),
        ("copies == `0`", True),
        ("copies == 0", True),
        ("lent == false", True),
        ("gone == null", True),
        ("!copies", False),
        ("!lent", True),
        ("!note", True),
        ("!tags", True),
        ("!(place.room)", False),
        ("!place.room", False),
        ("is(title, 'text')", True),
        ("is(copies, 'text')", False),
        ("is(gone, 'text')", None),
        ("lent && title", False),
        ("title && place.room", 5),
        ("place.room > `4`", True),
        ("place.room > title", None),
        ("'x'", "x"),
        ("before(title, 'm')", "E"),
    ],
)
def test_a_value(row: OneEntry, text: str, value: Any) -> None:
    found = row.value(text)
    assert (found, type(found)) == (value, type(value))


@pytest.mark.parametrize(
    ("text", "reads"),
    [
        ("title", {("title",)}),
        ("place.room", {("place", "room")}),
        ("before(title, place.room)", {("title",), ("place", "room")}),
        ("!title && copies == `0`", {("title",), ("copies",)}),
        ("'x'", set()),
    ],
)
def test_the_paths_it_reads(text: str, reads: set[tuple[str, ...]]) -> None:
    assert set(expression_of(text).reads) == reads


def test_origins_are_what_is_there_to_read(row: OneEntry) -> None:
    assert row.origins("place.room") == {"carried": {"/books/0/place/room"}}
    assert row.origins("place.gone") == {}
    assert row.origins("title.m") == {}  # there is nothing inside a text
    assert row.origins("loans.who") == {}  # what stands in a list is not read by name
    assert row.origins("length(place)") == {"carried": {"/books/0/place"}}


def test_a_value_that_is_refused_says_what_was_expected(row: OneEntry) -> None:
    assert row.origins("as(fine, 'number')") == {"refused": {"/books/0/fine"}}
    assert row.refusal("as(fine, 'number')") == "a number"


@pytest.mark.parametrize(
    ("text", "error", "words"),
    [
        ("title || author", ValueError, "hides which side won"),
        ("slug(title || author)", ValueError, "hides which side won"),
        ("as(title, 'txt')", ValueError, "second argument of as is one of 'text'"),
        ("is(title, copies)", ValueError, "second argument of is is one of"),
        ("slugg(title)", LookupError, "slugg"),
        ("to_number(title)", LookupError, "to_number"),
        ("slug(title, copies)", ValueError, "slug takes 1 argument, not 2"),
        ("slug()", ValueError, "slug takes 1 argument, not 0"),
        ("before(title)", ValueError, "before takes 2 arguments, not 1"),
        ("tags[*].x", ValueError, "rule language"),
        ("tags[0]", ValueError, "rule language"),
        ("title.slug(author)", ValueError, "made of names"),
        ("@", ValueError, "rule language"),
        ("title.", JMESPathError, "."),
        ("", JMESPathError, "."),
    ],
)
def test_what_is_no_expression(text: str, error: type[Exception], words: str) -> None:
    with pytest.raises(error, match=words):
        expression_of(text)


def test_a_condition_may_say_or(row: OneEntry) -> None:
    assert row.value("gone || title", condition=True) == "Emma"
