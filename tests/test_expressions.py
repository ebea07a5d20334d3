"""Expressions of rule files: what they give on a row, which paths they read, and what is no expression."""

from __future__ import annotations

import pickle
from typing import Any

import pytest
from jmespath.exceptions import JMESPathError

from litellm_migrate.convert.expressions import Expression
from litellm_migrate.convert.rows import Row
from tiny.library import by_kind, entry, origins

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
def row() -> Row:
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
    assert by_kind(origins(Expression("place.room"), row)) == {"carried": {"/books/0/place/room"}}
    assert by_kind(origins(Expression("place.gone"), row)) == {}
    assert by_kind(origins(Expression("title.m"), row)) == {}  # there is nothing inside a text
    assert by_kind(origins(Expression("loans.who"), row)) == {}  # what stands in a list is not read by name
    assert by_kind(origins(Expression("size(place)"), row)) == {"carried": {"/books/0/place"}}
    assert by_kind(origins(Expression("place"), row, ("room",))) == {"carried": {"/books/0/place/room"}}


def test_a_value_that_is_refused_says_what_was_expected(row: Row) -> None:
    (fact,) = origins(Expression("number(fine)"), row).facts()
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
        Expression(text)


def test_a_condition_may_say_or(row: Row) -> None:
    assert Expression("gone || title", condition=True).value(row) == "Emma"


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("title", {("title",)}),
        ("gone", set()),
        ("title && place.room && !gone", {("title",), ("place", "room")}),
        ("before(title, gone)", {("title",)}),
        ("before(title, 'm') == gone", {("title",)}),
        ("number(fine) == gone", {("fine",)}),
    ],
)
def test_without_what_nobody_wrote_it_gives_the_same(row: Row, text: str, left: set[tuple[str, ...]]) -> None:
    whole = Expression(text)
    narrow = whole.narrowed(lambda path: path == ("gone",))
    assert set(narrow.reads) == left
    assert (narrow.value(row), by_kind(origins(narrow, row))) == (whole.value(row), by_kind(origins(whole, row)))


@pytest.mark.parametrize("text", ["title", "place.room", "title && place.room", "before(title, 'm')", "number(fine)"])
def test_one_that_was_kept_gives_the_same(row: Row, text: str) -> None:
    made = Expression(text)
    kept = pickle.loads(pickle.dumps(made))
    assert (kept.text, kept.reads, origins(kept, row), kept.value(row)) == (
        text,
        made.reads,
        origins(made, row),
        made.value(row),
    )
