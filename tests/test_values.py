"""Values of rule files: calls of forms, wherever they stand in a line, and what is wrong with a line."""

from __future__ import annotations

from pathlib import Path

import pytest

from litellm_migrate.source.model import Problems
from tiny.bookshop import Library, Made, books, made

ROOMS = "kind: table\nid: rooms\nrows: {a: {floor: 1, door: red}, b: {floor: 2}}\n"
BOOK = """kind: relation
id: book
each: books
steps:
- columns:
    floors: lookup('rooms', place).floor
    doors: lookup('rooms', place).door
"""


@pytest.fixture
def library(tmp_path: Path) -> Library:
    """An empty library."""
    return Library(tmp_path)


def valued(library: Library, value: str, **entry: object) -> Made:
    """The row of one book with the value as column `it`; the table's other cells are asked for, too."""
    return made(library.rules(ROOMS, f"{BOOK}    it: {value}\n"), "book", books(dict(entry)))


@pytest.mark.parametrize(
    ("value", "result"),
    [
        ("lookup('rooms', shelf).floor", 1),
        ("lookup('rooms', shelf).key", "a"),
        ("lookup( 'rooms' , shelf ).floor", 1),
        ("lookup('rooms', first(author, shelf)).door", "red"),
        ("lookup('rooms', shelf).floor == 1", True),
        ("slug(lookup('rooms', shelf).door)", "red"),
        ("lookup('rooms', shelf).floor > 1 && title", False),
        ("if(lookup('rooms', shelf).floor == 1, title)", "Emma"),
        ("if(copies > 1, if(title, text('{title}!')))", "Emma!"),
        ("if(copies > 2, title)", None),
        ("first(author, if(copies > 2, title), 'nobody')", "nobody"),
        ("unless(title, 'Emma')", None),
        ("unless(title, author)", "Emma"),
        ("unless(copies, 3)", 2),
        ("list(author, title, 'x', 5)", ["Emma", "x", 5]),
        ("list(author)", None),
        (r"text('it\'s {title}, {copies} of {{all}}')", "it's Emma, 2 of {all}"),
        ("text('{author} wrote it')", None),
        ("text('plain (if)')", "plain (if)"),
        ("\"'if(a, b)'\"", "if(a, b)"),
        ("'copies'", 2),  # what YAML takes off is no quote of the language
        ("as(copies, 'whole number')", 2),
        ("is(copies, 'number') && !is(title, 'number')", True),
        ("5", 5),
        ("true", True),
        ("\"'x'\"", "x"),
        (">-\n      if(copies > 1,\n      first(author,\n      title))", "Emma"),
    ],
)
def test_a_value(library: Library, value: str, result: object) -> None:
    (found,) = valued(library, value, title="Emma", shelf="a", copies=2).column("it")
    assert (found, type(found)) == (result, type(result))


def test_a_call_inside_an_expression_has_its_origins(library: Library) -> None:
    found = valued(library, "slug(first(author, title))", title="Emma", author=None)
    assert found.origins("it") == {"carried": {"/books/0/title"}}
    found = valued(library, "slug(if(copies, title))", title="Emma", copies=1)
    assert found.origins("it") == {"carried": {"/books/0/title"}, "decided": {"/books/0/copies"}}


@pytest.mark.parametrize(
    ("value", "column", "says"),
    [
        ("if(title)", 5, "expected if(CONDITION, VALUE)"),
        ("if(title, author, copies)", 5, "expected if(CONDITION, VALUE)"),
        ("unless(title)", 5, "expected unless(VALUE, USUAL)"),
        ("first(title)", 5, "expected first(VALUE, VALUE, …)"),
        ("text(title)", 14, "expected a text in single quotes, found `title`"),
        ("text('{titel}')", 16, "`titel` is no column or setting; did you mean `title`?"),
        ("lookup(rooms, shelf).floor", 16, "expected a text in single quotes, found `rooms`"),
        ("lookup('romms', shelf).floor", 17, "`romms` is no table; did you mean `rooms`?"),
        ("lookup('rooms', shelf).flor", 17, "table `rooms` answers no `flor`; did you mean `floor`?"),
        ("lookup('rooms', shlf).floor", 25, "`shlf` is no column or setting; did you mean `shelf`"),
        ("if(copies > 1, slug(titl))", 24, "`titl` is no column or setting; did you mean `title`"),
        ("if(titl, title)", 12, "`titl` is no column or setting"),
        ("lokup('rooms', shelf).floor", 5, "`lokup` is no function; did you mean `lookup`?"),
        ("slug(title).x", 5, "a path of the rule language is made of names"),
        ("if(title, title).x", 5, "expected if(CONDITION, VALUE)"),
        ("if(title, title", 5, "a bracket or a quote is alone"),
        ("as(title, 'txt')", 5, "the second argument of as is one of 'text', 'number'"),
        ("title = 'x'", 5, "write `==` for equal"),
        ("first(title || author, 'x')", 15, "`||` hides which side won"),
    ],
)
def test_what_is_no_value_is_said_where_it_stands(library: Library, value: str, column: int, says: str) -> None:
    with pytest.raises(Problems) as found:
        valued(library, value)
    (problem,) = [problem for problem in found.value.problems if problem.column != 1]
    assert says in problem.message
    assert problem.column == column
