"""Expressions of rule files: what they give on a row, which paths they read, and what is no expression."""

from __future__ import annotations

from typing import Any

import pytest
from jmespath.exceptions import JMESPathError

from litellm_migrate.columns import Entry
from litellm_migrate.expressions import Expression
from litellm_migrate.rows import Column, Row
from tiny.library import by_kind

VALUES = {"title": "Emma", "copies": 0, "lent": False, "note": "", "place": {"room": 5}, "tags": [], "fine": "x"}


@pytest.fixture
def row() -> Row:
    """A book as an entry of the source."""
    columns: dict[str, Column] = {name: Entry(name) for name in VALUES}
    made = Row(columns, spots=(("books", 0),))
    made.values = dict(VALUES)
    return made


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("title", "Emma"),
        ("place.room", 5),
        ("place.gone", None),
        ("title.gone", None),
        ("gone", None),
        ("copies", 0),
        ("slug(title)", "emma"),
        ("number(fine)", None),
        ("number(gone)", None),
        ("copies == `0`", True),
        ("!copies", False),
        ("!lent", True),
        ("!note", True),
        ("!tags", True),
        ("!(place.room)", False),
        ("lent && title", False),
        ("title && place.room", 5),
        ("place.room > `4`", True),
        ("place.room > title", None),
        ("'x'", "x"),
        ("before(title, 'm')", "E"),
    ],
)
def test_a_value(row: Row, text: str, value: Any) -> None:
    found = Expression(text).value(row)
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
    assert set(Expression(text).reads) == reads


def test_origins_are_what_is_there_to_read(row: Row) -> None:
    assert by_kind(Expression("place.room").trace(row)) == {"carried": {"/books/0/place/room"}}
    assert by_kind(Expression("place.gone").trace(row)) == {}
    assert by_kind(Expression("size(place)").trace(row)) == {"carried": {"/books/0/place"}}
    assert by_kind(Expression("place").trace(row, ("room",))) == {"carried": {"/books/0/place/room"}}


def test_a_value_that_is_refused_says_what_was_expected(row: Row) -> None:
    (fact,) = Expression("number(fine)").trace(row).facts()
    assert (fact.kind, fact.path, fact.note) == ("refused", ("books", 0, "fine"), "a number")


@pytest.mark.parametrize(
    ("text", "error", "words"),
    [
        ("title || author", ValueError, "hides which side won"),
        ("slug(title || author)", ValueError, "hides which side won"),
        ("!place.room", ValueError, "!\\(a.b\\)"),
        ("title && ! place.room", ValueError, "!\\(a.b\\)"),
        ("slugg(title)", LookupError, "slugg"),
        ("length(title)", LookupError, "length"),
        ("slug(title, copies)", ValueError, "takes 1"),
        ("slug()", ValueError, "takes 1"),
        ("tags[*].x", ValueError, "rule language"),
        ("tags[0]", ValueError, "rule language"),
        ("@", ValueError, "rule language"),
        ("title.", JMESPathError, "."),
        ("", JMESPathError, "."),
    ],
)
def test_what_is_no_expression(text: str, error: type[Exception], words: str) -> None:
    with pytest.raises(error, match=words):
        Expression(text)


def test_a_condition_may_say_or(row: Row) -> None:
    assert Expression("gone || title", condition=True).value(row) == "Emma"
