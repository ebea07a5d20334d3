"""What a conversion writes and leaves out, and what it tells about: variables, chapters, notices."""

from __future__ import annotations

from pathlib import Path

import pytest

from litellm_migrate.source.model import Problems
from tiny.bookshop import KEPT, Library, steps

LOCKED = """
kind: endpoint
id: cards
create: POST /cards
file: cards.json
from: book
unique_key: [title]
variables: {lock.key: text('reference'), spare: author}
body: {title: title, lock.key: "if(copies, reference(fine))", spare: reference(shelf)}
"""


@pytest.fixture
def library(tmp_path: Path) -> Library:
    """A library whose payloads may hold anything."""
    made = Library(tmp_path)
    for file in ("cards.json", "index.json"):
        made.schema(file)
    return made


def test_every_variable_is_listed_with_the_lines_that_ask_for_it(library: Library) -> None:
    config = """
    books:
    - {title: Emma, fine: KEY, copies: 1}
    - title: Ulysses
      fine: KEY
      copies: 1
      author: default
      shelf: OTHER
    - {title: Walden, fine: no name, copies: 1, shelf: THIRD}
    - {title: Persuasion, fine: ABSENT}
    """
    found = library.convert(library.rules(steps(KEPT % "title"), LOCKED), config).variables
    assert [(one.name, one.origin, one.places) for one in found] == [
        ("KEY", "reference", ("<stdin>:3", "<stdin>:5")),
        ("OTHER", "default", ("<stdin>:7",)),
        ("THIRD", "reference", ("<stdin>:9",)),
    ]


REPORT = """
kind: guide
id: first
order: 1
title: The first book
from: book
text: "It is {title} by {author}."
---
kind: endpoint
id: cards
create: POST /cards
file: cards.json
from: book
unique_key: [title]
absent: There is no book here.
body: {title: title}
---
kind: endpoint
id: index
write: PUT /index
file: index.json
from: book
optional: true
unique_key: [name]
body: {name: title}
"""


def test_a_file_that_holds_nothing_says_why_or_is_not_written(library: Library) -> None:
    book = library.rules(steps(KEPT % "title"), REPORT)
    empty, full = library.convert(book, "house: {name: x}"), library.convert(book, "books: [{title: Emma}]")
    assert (dict(empty.payloads), dict(empty.absent)) == ({"cards.json": []}, {"cards.json": "There is no book here."})
    assert (set(full.payloads), dict(full.absent)) == ({"cards.json", "index.json"}, {})


def test_two_bodies_of_one_key_are_refused(library: Library) -> None:
    rules = library.rules(steps(KEPT % "title"), REPORT)
    with pytest.raises(Problems, match=r"cards.json/1 has the same title as cards.json/0"):
        library.convert(rules, "books: [{title: Emma}, {title: Emma}]")


def test_what_is_written_as_a_whole_is_made_of_one_row(library: Library) -> None:
    book = library.rules(steps(KEPT % "title"), REPORT.replace("optional: true\nunique_key: [name]\n", ""))
    assert library.convert(book, "books: [{title: Emma}]").payloads["index.json"] == {"name": "Emma"}
    with pytest.raises(Problems, match=r"index.json/1 would be written in the place of index.json/0"):
        library.convert(book, "books: [{title: Emma}, {title: Ulysses}]")
    assert "index.json" not in library.convert(book, "house: {name: x}").payloads


def test_a_chapter_is_about_the_first_row_and_left_out_if_that_cannot_fill_it(library: Library) -> None:
    book = library.rules(steps(KEPT % "title"), REPORT)
    two = "books: [{title: Emma, author: Jane}, {title: Ulysses, author: James}]"
    assert library.convert(book, two).guides == (("The first book", "It is Emma by Jane."),)
    assert library.convert(book, "books: [{title: Emma}, {title: Ulysses, author: James}]").guides == ()
    assert library.convert(book, "house: {name: x}").guides == ()


def test_a_finding_about_no_setting_is_a_notice_at_the_entry(library: Library) -> None:
    note = "findings: [{when: '!author', at: author, manual: Nobody wrote this book., do: Find out who did.}]"
    found = library.convert(
        library.rules(steps(KEPT % "title", note), REPORT), "books:\n- title: Emma\n- {title: Ulysses, author: James}\n"
    )
    (notice,) = found.notices
    assert (notice.code, notice.because, notice.do) == ("notice", "Nobody wrote this book.", "Find out who did.")
    assert str(notice.at).startswith("<stdin>:2:")


def test_rules_that_state_a_schema_are_held_to_it(library: Library) -> None:
    stated = "schema: {type: object, properties: {title: {maxLength: 5}}}\n"
    book = library.rules(steps(KEPT % "title"), REPORT.replace("body: {title", stated + "body: {title"))
    assert library.convert(book, "books: [{title: Emma}]").payloads["cards.json"] == [{"title": "Emma"}]
    with pytest.raises(Problems, match=r"cards\.json/0/title"):
        library.convert(book, "books: [{title: Ulysses}]")
