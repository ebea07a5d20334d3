"""Values of rule files: calls of forms, wherever they stand in a line, and what is wrong with a line."""

from __future__ import annotations

from pathlib import Path

import pytest

from litellm_migrate.lint.coverage import Coverage
from litellm_migrate.rulebook.index import Parsed
from litellm_migrate.rulebook.load import documents_of, parse
from litellm_migrate.rulebook.nodes import RuleNode
from litellm_migrate.rulebook.usage import Usage
from litellm_migrate.source.model import Problems
from tiny.bookshop import Library, Made, books, made

ROOMS = "kind: table\nid: rooms\nrows: {a: {floor: 1, door: red}, b: {floor: 2}}\n"
BOOK = """kind: relation
id: book
from: config.books
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
        ("unless(copies, 2.0)", None),
        ("if(copies > 1.5, -0.5)", -0.5),
        ("text('{{{title}}}')", "{Emma}"),
        ('first(author, `["a, b)", "("]`)', ["a, b)", "("]),
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
        ("lookup('romms', shelf).floor", 17, "`romms` is no table or relation; did you mean `rooms`?"),
        ("\"lookup('rooms', { flor: copies}).floor\"", 28, "table `rooms` answers no `flor`; did you mean `floor`?"),
        ("lookup('rooms', shelf).flor", 32, "table `rooms` answers no `flor`; did you mean `floor`?"),
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
        ("_0", 5, "`_0` is no column or setting"),
        ("slug(first(author, _0))", 28, "`_0` is no column or setting"),
        ("lookup('rooms', shelf).floor.x", 5, "of a call of lookup nothing can be read but a cell"),
        ("lookup('rooms', shelf).'floor'", 5, "of a call of lookup nothing can be read but a cell"),
        ("(lookup('rooms', shelf)).floor", 5, "reads into a call"),
        ("place.if(title, copies)", 5, "after a dot stands a name, not a call of if"),
        ("lookup('rooms', shelf)if(copies, title)", 5, "Unexpected token: a call"),
        ("lookup('', shelf).floor", 17, "`` is no table"),
        ("\"lookup('rooms', {floor copies}).floor\"", 26, "a mapping is written {NAME: VALUE, …}"),
        ("\"lookup('rooms', {floor: copies} x).floor\"", 26, "a mapping is written {NAME: VALUE, …}"),
        ("\"lookup('rooms', {floor: 1, floor: 2}).door\"", 26, "a mapping is written {NAME: VALUE, …}"),
        ("\"lookup('rooms', {}).floor\"", 26, "a mapping is written {NAME: VALUE, …}"),
        ("\"lookup('rooms', {floor: copies)}.floor\"", 5, "the parenthesis of lookup is not closed"),
        ("as(title, title)", 5, "the second argument of as is one of 'text', 'number'"),
        ("as(title, `[1]`)", 5, "the second argument of as is one of 'text', 'number'"),
        ('"`{title}`"', 5, "in backticks stands JSON"),
        ("first(author, 'it''s')", 23, r"a quote in a text is `\'`"),
        ("text('{')", 15, "found a `{` alone"),
        ("text('{slug(title) {copies}')", 15, "found a `{` alone"),
        (r"text('it\'s {titel}')", 22, "`titel` is no column or setting"),
        ("'first(''a'', titel)'", 23, "`titel` is no column or setting"),
        (r'"text(\x27\u2013\n {titel}\x27)"', 29, "`titel` is no column or setting"),
        ("!" * 2000 + "title", 9, "YAML takes for a tag"),
        ("(" * 2000 + "title" + ")" * 2000, 5, "nested too deep"),
        ("first(author, " * 400 + "title" + ")" * 400, None, "nested too deep"),
    ],
)
def test_what_is_no_value_is_said_where_it_stands(library: Library, value: str, column: int | None, says: str) -> None:
    with pytest.raises(Problems) as found:
        valued(library, value)
    (problem,) = [problem for problem in found.value.problems if problem.column != 1]
    assert says in problem.message
    assert column in (problem.column, None)


@pytest.mark.parametrize(
    ("value", "line", "column"),
    [
        (">-\n      if(copies > 1,\n      first(author,\n      titel))", 3, 7),
        ("|  # first(\n      first(author,\n\n        slug(titel))", 3, 9),
        ("first('a',\n     slug(titel))", 1, 6),
        ("\"text('it\\\\'s\n      {title} {titel}')\"", 1, 16),
        (">\n      text('it\\'s {title}\n      {titel}')", 2, 8),
    ],
)
def test_a_mistake_in_several_lines_is_said_where_it_stands(
    library: Library, value: str, line: int, column: int
) -> None:
    with pytest.raises(Problems) as found:
        valued(library, value)
    (problem,) = found.value.problems
    head = f"---\n{ROOMS}{BOOK}".count("\n") + 1
    assert (problem.line - head, problem.column) == (line, column)
    assert "`titel` is no column" in problem.message


def test_a_key_of_a_lookup_that_calls_a_form_is_said_where_it_stands(library: Library) -> None:
    other = "- columns: {other: \"lookup('book.title', first(title, 'a', titel))\"}\n"
    rules = (BOOK, f"kind: relation\nid: pair\nfrom: config.books\nsteps:\n{other}")
    with pytest.raises(Problems) as found:
        library.rules(ROOMS, *rules)
    (problem,) = found.value.problems
    assert other[problem.column - 1 :].startswith("titel")


NESTED = """kind: relation
id: book
from: config.books
steps:
- columns:
    it: slug(if(copies > 1, first(author, if(fine, title))))
    usual: unless(shelf, first(per, order))
- findings: [{when: "first(shelf, 'x') == 'y'", drop: silently}]
- columns: {name: "unique(usual, slug(weight))"}
"""


@pytest.fixture
def nested(library: Library) -> tuple[Parsed, list[RuleNode]]:
    """Rules with forms in forms, as they are parsed."""
    library.rules(NESTED)
    nodes = documents_of(library.folder / "rules", library.schemas)
    return parse(nodes, library.schemas, "plain"), nodes


def test_an_alternative_inside_is_asked_for_once_where_it_stands(nested: tuple[Parsed, list[RuleNode]]) -> None:
    coverage = Coverage()
    coverage.want_all(nested[0].sites)
    missing = [str(violation).partition("rules.yaml:")[2].partition(" Add")[0] for violation in coverage.missing()]
    assert sorted(text for text in missing if text.startswith("6:")) == [
        "6:17: in no example `copies > 1` fails.",
        "6:17: in no example `copies > 1` holds.",
        "6:35: no example gets alternative 1 of `it`.",
        "6:43: no example gets alternative 2 of `it`.",
        "6:46: in no example `fine` holds.",
        "6:5: in no example has `it` a value.",
    ]
    assert sum("alternative" in text and "of `usual`" in text for text in missing) == 2


def test_what_is_read_inside_a_condition_decides(nested: tuple[Parsed, list[RuleNode]]) -> None:
    usage = Usage(*nested)
    decides = {
        name: {use.decides for use in usage.reach(("books", "*", name)).uses}
        for name in ("title", "author", "copies", "fine", "per", "order", "weight", "shelf")
    }
    assert [name for name, found in decides.items() if found == {False}] == ["title", "author"]
    assert [name for name, found in decides.items() if found == {True}] == ["copies", "fine", "per", "order", "weight"]
    assert decides["shelf"] == {True, False}
