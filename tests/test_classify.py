"""What becomes of a setting, and what is said of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from litellm_migrate.convert.verdicts import Verdict
from litellm_migrate.source.model import pointer
from tiny.bookshop import BASE, KEPT, Library, steps

DRAWERS = """
kind: table
id: rooms
rows:
  a: {floor: 1}
  b: {skipped: Room b has no floor of its own.}
  c: {manual: Nobody has been in room c., do: Ask the librarian.}
"""
CARDS = """
kind: endpoint
id: cards
create: POST /cards
file: cards.json
from: book
unique_key: [title]
body: {title: title, %s}
"""


@pytest.fixture
def library(tmp_path: Path) -> Library:
    """A library whose payloads may hold anything."""
    made = Library(tmp_path)
    for file in ("cards.json",):
        made.schema(file)
    return made


def verdicts(library: Library, fields: str, config: str, *lines: str) -> dict[str, Verdict]:
    """What becomes of the settings of some books, whose cards have these fields."""
    rules = (steps(KEPT % "title", *lines), CARDS % fields)
    book = library.rules(*rules, *([DRAWERS] if "rooms" in "".join((*lines, fields)) else []))
    return {pointer(one.path): one for one in library.convert(book, config).verdicts}


def test_a_setting_that_was_asked_for_nothing_is_not_called_unknown(library: Library) -> None:
    found = verdicts(
        library, 'pages: "if(order > 5, copies)"', "books: [{title: Emma, copies: 2, order: 1, colour: 3}]"
    )
    assert {name: (one.outcome, one.code) for name, one in found.items()} == {
        "/books/0/title": ("mapped", "exact"),
        "/books/0/copies": ("manual", "no-answer"),
        "/books/0/order": ("manual", "no-answer"),
        "/books/0/colour": ("manual", "unknown-setting"),
    }
    assert found["/books/0/order"].because == "Nobody reads this number here."


def test_a_single_value_where_more_is_expected_is_of_the_wrong_type(library: Library) -> None:
    found = verdicts(
        library, "pages: copies", "books: [{title: Emma, tags: novel, place: {room: 5}}, {title: Ulysses, place: true}]"
    )
    assert (found["/books/0/tags"].code, found["/books/1/place"].code) == ("wrong-type", "wrong-type")
    assert (
        found["/books/0/tags"].because
        == "Expected a list or a mapping here, found a text: nothing can be read from it."
    )
    assert found["/books/0/place/room"].code == "no-answer"


def test_a_setting_that_another_overrules_names_the_line_that_decides(library: Library) -> None:
    config = "books:\n- title: Emma\n  weight: 5\n  fine: 9\n"
    found = verdicts(library, "price: [weight, fine]", config)["/books/0/fine"]
    assert (found.outcome, found.code, found.because) == ("skipped", "overruled", "Line 3 decides instead of this.")
    constant = verdicts(library, "price: [1, fine]", config)["/books/0/fine"]
    assert (constant.outcome, constant.because) == ("skipped", "Line ? decides instead of this.")


def test_what_a_table_answers_becomes_of_the_setting_that_asks_it(library: Library) -> None:
    config = "books: [{title: Emma, shelf: a}, {title: Ulysses, shelf: b}, {title: Walden, shelf: c}]"
    found = verdicts(library, "floor: \"lookup('rooms', shelf).floor\"", config)
    assert [(one.outcome, one.because) for name, one in found.items() if name.endswith("shelf")] == [
        ("mapped", ""),
        ("skipped", "Room b has no floor of its own."),
        ("manual", "Nobody has been in room c."),
    ]


def test_what_somebody_must_do_outranks_what_may_be_skipped(library: Library) -> None:
    note = "findings: [{at: shelf, manual: Somebody must look at this shelf., do: Look at it.}]"
    found = verdicts(library, "floor: \"lookup('rooms', shelf).floor\"", "books: [{title: Emma, shelf: b}]", note)[
        "/books/0/shelf"
    ]
    assert (found.outcome, found.because) == ("manual", "Somebody must look at this shelf.")


def test_a_wrong_value_names_the_field_that_it_is_missing_from_else_the_file(library: Library) -> None:
    lines = (
        "columns: {pages: \"as(copies, 'number')\", sum: \"as(fine, 'number')\"}",
        "findings: [{when: 'pages && sum', drop: silently}]",
    )
    found = verdicts(library, "size.pages: pages", "books: [{title: Emma, copies: many, fine: much}]", *lines)
    assert (found["/books/0/copies"].rule, found["/books/0/fine"].rule) == ("cards.size.pages", "cards")
    assert found["/books/0/fine"].because == "Expected a number, found a text."


@pytest.mark.parametrize(("said", "code"), [(", code: odd-number", "odd-number"), ("", "by-rule")])
def test_rules_may_give_a_wrong_value_a_code_of_their_own(
    library: Library, monkeypatch: pytest.MonkeyPatch, said: str, code: str
) -> None:
    monkeypatch.setattr("tiny.bookshop.BASE", BASE.replace(", code: wrong-value", said))
    found = verdicts(library, "pages: \"as(copies, 'number')\"", "books: [{title: Emma, copies: many}]")[
        "/books/0/copies"
    ]
    assert (found.outcome, found.code) == ("manual", code)


@pytest.mark.parametrize(
    ("near", "said"),
    [("", "Nobody knows what this is for."), ("Perhaps {near}?", "Nobody knows what this is for. Perhaps copies?")],
)
def test_a_misspelt_setting_is_told_its_name_in_the_words_of_the_rules(
    library: Library, monkeypatch: pytest.MonkeyPatch, near: str, said: str
) -> None:
    words = f'words:\n  near: "{near}"\n' if near else "words:\n"
    monkeypatch.setattr("tiny.bookshop.BASE", BASE.replace("words:\n", words))
    found = verdicts(library, "by: author", "books: [{title: Emma, copie: 2}]")["/books/0/copie"]
    assert (found.code, found.because) == ("unknown-setting", said)


def test_a_setting_that_the_rules_name_is_not_taken_for_a_misspelt_one(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tiny.bookshop.BASE", BASE.replace("words:\n", 'words:\n  near: "Perhaps {near}?"\n'))
    named = "kind: dispositions\nunder: books.*\nforeign: true\nsettings:\n  copie: {skipped: A note of a plug-in.}\n"
    book = library.rules(steps(KEPT % "title"), CARDS % "by: author", named)
    done = library.convert(book, "books: [{title: Emma, copie: 2}]")
    (found,) = [one for one in done.verdicts if pointer(one.path) == "/books/0/copie"]
    assert (found.outcome, found.because) == ("skipped", "A note of a plug-in.")
