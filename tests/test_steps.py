"""The verbs that look at one row at a time, and where the values they make came from."""

from __future__ import annotations

from pathlib import Path

import pytest

from litellm_migrate.source.model import Problems
from tiny.bookshop import Library, Made, books, made, steps

DOUBTS = "manual: A book without a title is no book., do: Give it a title."


@pytest.fixture
def library(tmp_path: Path) -> Library:
    """An empty library."""
    return Library(tmp_path)


def shelved(library: Library, *lines: str, **entry: object) -> Made:
    """The rows of one book, after some steps."""
    return made(library.rules(steps(*lines)), "book", books(dict(entry)))


def test_a_column_carries_what_it_reads(library: Library) -> None:
    found = shelved(library, "columns: {copies_there: \"as(copies, 'number')\"}", copies="3")
    assert found.column("copies_there") == [3]
    assert found.origins("copies_there") == {"carried": {"/books/0/copies"}}


def test_a_column_that_refuses_a_value_is_absent_and_says_so(library: Library) -> None:
    found = shelved(library, "columns: {copies_there: \"as(copies, 'number')\"}", copies="many")
    assert found.column("copies_there") == [None]
    assert found.origins("copies_there") == {"refused": {"/books/0/copies"}}


def test_what_decided_on_a_value_still_decided_when_it_is_refused(library: Library) -> None:
    lines = ('columns: {said: "if(title, copies)"}', "columns: {copies_there: \"as(said, 'number')\"}")
    found = shelved(library, *lines, title="Emma", copies="many")
    assert found.column("copies_there") == [None]
    assert found.origins("copies_there") == {"decided": {"/books/0/title"}, "refused": {"/books/0/copies"}}


def test_of_a_list_the_first_that_is_there_wins(library: Library) -> None:
    found = shelved(
        library,
        "columns: {sum: [\"as(weight, 'number')\", \"as(copies, 'number')\", fine]}",
        weight=None,
        copies=0,
        fine=9,
    )
    assert found.column("sum") == [0]
    assert found.origins("sum") == {"carried": {"/books/0/copies"}}


def test_false_is_there_too(library: Library) -> None:
    found = shelved(library, "columns: {lent: [weight, copies]}", weight=False, copies=True)
    assert found.column("lent") == [False]


def test_a_condition_only_decides(library: Library) -> None:
    found = shelved(library, 'columns: {name: "if(copies > 1, title)"}', title="Emma", copies=2)
    assert found.column("name") == ["Emma"]
    assert found.origins("name") == {"carried": {"/books/0/title"}, "decided": {"/books/0/copies"}}
    absent = shelved(library, 'columns: {name: "if(copies > 1, title)"}', title="Emma", copies=1)
    assert absent.column("name") == [None]
    assert absent.origins("name") == {"decided": {"/books/0/copies"}}


def test_a_text_is_there_only_if_every_hole_is(library: Library) -> None:
    line = "columns: {label: \"text('{title} by {author} {{sic}}')\"}"
    assert shelved(library, line, title="Emma", author="Jane").column("label") == ["Emma by Jane {sic}"]
    assert shelved(library, line, title="Emma").column("label") == [None]


def test_a_constant_has_no_origin_and_a_list_gathers_what_is_there(library: Library) -> None:
    found = shelved(library, "columns: {one: 1, all: \"list(title, author, text('x'))\"}", title="Emma")
    assert (found.column("one"), found.column("all")) == ([1], [["Emma", "x"]])
    assert (found.origins("one"), found.origins("all")) == ({}, {"carried": {"/books/0/title"}})


def test_a_list_of_nothing_is_not_there_so_the_next_alternative_is(library: Library) -> None:
    line = 'columns: {all: ["list(author, shelf)", fine]}'
    empty = shelved(library, line, fine=9)
    assert (empty.column("all"), empty.origins("all")) == ([9], {"carried": {"/books/0/fine"}})
    found = shelved(library, line, author="Jane", fine=9)
    assert found.column("all") == [["Jane"]]
    assert found.origins("all") == {"carried": {"/books/0/author"}}


def test_where_an_entry_stands_is_no_setting(library: Library) -> None:
    found = shelved(library, "columns: {spot: place, label: \"text('{title} at {place}')\"}", title="Emma")
    assert (found.column("spot"), found.column("label")) == (["/books/0"], ["Emma at /books/0"])
    assert (found.origins("spot"), found.origins("label")) == ({}, {"carried": {"/books/0/title"}})


def test_where_keeps_rows_and_its_condition_decides(library: Library) -> None:
    book = library.rules(steps("findings: [{when: copies <= 1, drop: silently}]"))
    found = made(book, "book", books({"title": "a", "copies": 1}, {"title": "b", "copies": 2}))
    assert found.column("title") == ["b"]
    assert found.reasons() == {"/books/1/copies"}
    assert found.told() == []


def test_a_value_that_is_refused_is_none_where_it_is_denied(library: Library) -> None:
    book = library.rules(steps(f"findings: [{{when: \"!as(title, 'text')\", {DOUBTS}, drop: true}}]"))
    found = made(book, "book", books({"title": 5}, {"title": "b"}))
    assert found.column("title") == ["b"]
    assert found.told() == [("/books/0", "A book without a title is no book.")]


def test_require_tells_what_becomes_of_the_others(library: Library) -> None:
    book = library.rules(steps(f"findings: [{{when: '!title', {DOUBTS}, drop: true}}]"))
    found = made(book, "book", books({"author": "x"}, {"title": "b"}))
    assert found.column("title") == ["b"]
    assert found.told() == [("/books/0", "A book without a title is no book.")]


def test_a_table_that_answers_with_an_outcome_takes_the_row(library: Library) -> None:
    rooms = f"kind: table\nid: rooms\nrows:\n  a: {{floor: 1}}\n  b: {{{DOUBTS}}}\n"
    book = library.rules(
        rooms,
        steps(
            "columns: {room: \"lookup('rooms', shelf)\"}",
            "findings: [{answer: room, drop: true}]",
            "columns: {level: room.floor}",
        ),
    )
    found = made(book, "book", books({"shelf": "a"}, {"shelf": "b"}, {"shelf": "c"}))
    assert found.column("level") == [1]
    assert found.told() == [
        ("/books/1", "A book without a title is no book."),
        ("/books/2", "Nobody reads this text here."),
    ]
    assert found.origins("level") == {"carried": {"/books/0/shelf"}}


def test_a_look_carries_the_question_and_says_what_differs(library: Library) -> None:
    rooms = f"kind: table\nid: rooms\nrows:\n  a: {{floor: 1, differs: Only on Sundays.}}\n  b: {{{DOUBTS}}}\n"
    book = library.rules(rooms, steps("columns: {level: \"lookup('rooms', shelf).floor\"}"))
    found = made(book, "book", books({"shelf": "a"}, {"shelf": "b"}, {"shelf": "c"}))
    assert found.column("level") == [1, None, None]
    assert found.origins("level", 0) == {"carried": {"/books/0/shelf"}, "differs": {""}}
    assert found.origins("level", 1) == {"answered": {"/books/1/shelf"}}
    assert found.origins("level", 2) == {}


def test_what_differs_is_said_of_answers_and_not_of_the_row_that_gives_them(library: Library) -> None:
    rooms = "kind: table\nid: rooms\nrows:\n  a: {floor: 1, differs: Only on Sundays.}\n"
    lines = (
        "columns: {room: \"lookup('rooms', shelf)\"}",
        "columns: {level: room.floor, room_name: room.key, known: \"lookup('rooms', shelf).key\"}",
    )
    book = library.rules(rooms, steps(*lines))
    found = made(book, "book", books({"shelf": "a"}))
    assert (found.column("level"), found.column("room_name"), found.column("known")) == ([1], ["a"], ["a"])
    assert found.origins("level") == {"carried": {"/books/0/shelf"}, "differs": {""}}
    assert found.origins("room_name") == found.origins("known") == {"carried": {"/books/0/shelf"}}


def test_nothing_differs_about_an_answer_that_is_not_there(library: Library) -> None:
    rooms = "kind: table\nid: rooms\nrows:\n  a: {floor: 1, differs: Only on Sundays.}\n  b: {door: 2}\n"
    lines = ("columns: {door: \"lookup('rooms', shelf).door\", level: \"lookup('rooms', shelf).floor\"}",)
    found = made(library.rules(rooms, steps(*lines)), "book", books({"shelf": "a"}))
    assert (found.column("door"), found.column("level")) == ([None], [1])
    assert found.origins("door") == {"carried": {"/books/0/shelf"}}
    assert found.origins("level") == {"carried": {"/books/0/shelf"}, "differs": {""}}


def test_a_note_is_about_what_it_reads_and_rows_pass(library: Library) -> None:
    note = 'findings: [{when: copies, at: [title, author], manual: "Count {title} again, please.", do: Count again.}]'
    book = library.rules(steps(note))
    found = made(book, "book", books({"title": "a", "copies": 1}, {"title": "b"}))
    assert found.column("title") == ["a", "b"]
    assert found.told() == [("/books/0/title", "Count a again, please.")]


def test_a_finding_with_an_empty_hole_is_said_all_the_same(library: Library) -> None:
    note = 'findings: [{when: copies, at: title, manual: "Count what {author} wrote.", do: "Ask {author}."}]'
    found = made(library.rules(steps(note)), "book", books({"title": "a", "copies": 1}))
    assert found.told() == [("/books/0/title", "Count what … wrote.")]


@pytest.mark.parametrize("entry", ["a text", 5, ["list"], True])
def test_an_entry_of_another_type_is_a_finding(library: Library, entry: object) -> None:
    found = made(library.rules(steps("columns: {name: title}")), "book", {"books": [entry, {"title": "b"}]})
    assert found.column("name") == ["b"]
    assert [place for place, _ in found.told()] == ["/books/0"]


@pytest.mark.parametrize("value", ["a text", 5, {"a": {}}, True])
def test_a_section_of_another_type_is_a_finding(library: Library, value: object) -> None:
    found = made(library.rules(steps("columns: {name: title}")), "book", {"books": value})
    assert (found.rows, [place for place, _ in found.told()]) == ([], ["/books"])


def test_a_mapping_gives_keys_and_values(library: Library) -> None:
    book = library.rules(steps("columns: {who: value.who, what: key}", source="config.loans", name="loan"))
    found = made(book, "loan", {"loans": {"Emma": {"who": "Ann"}, 5: {"who": "Ben"}, "odd": None}})
    assert (found.column("who"), found.column("what")) == (["Ann", "Ben", None], ["Emma", 5, "odd"])
    assert found.origins("who") == {"carried": {"/loans/Emma/who"}}
    assert found.column("place")[0] == "/loans/Emma"


def test_a_whole_row_cannot_be_read(library: Library) -> None:
    base, other = steps(), steps("columns: {x: title}", source="book", name="other")
    with pytest.raises(Problems, match="reads a whole row"):
        library.rules(base, other, steps("columns: {y: other}", source="book", name="third"))
