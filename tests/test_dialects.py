"""What a dialect says of a tiny rulebook: names and findings of fields, columns, calls, and which one counts."""

from __future__ import annotations

from pathlib import Path

import pytest

from litellm_migrate.rulebook.load import load
from litellm_migrate.source.model import Problems
from tiny.bookshop import KEPT, Library, steps

BOOK = steps(KEPT % "title", "columns: {rank: \"as(order, 'number')\", label: title}")
CARDS = """
kind: endpoint
id: cards
create: POST /cards
file: cards.json
from: book
unique_key: [head.title]
body:
  head.title: label
  head.by: {value: author, findings: [{differs: Spelt as the card says., code: spelling}]}
"""
OTHER = "kind: dialect\nid: other\n"
CONFIG = "books: [{title: Emma, author: Jane, order: 7}]"


@pytest.fixture
def library(tmp_path: Path) -> Library:
    """A library whose payloads may hold anything."""
    made = Library(tmp_path)
    made.schema("cards.json")
    return made


def problem(library: Library, words: str) -> str:
    """The first problem of a dialect that says this."""
    with pytest.raises(Problems) as found:
        library.rules(BOOK, CARDS, f"{OTHER}{words}", dialect="other")
    return found.value.problems[0].message


def test_a_field_has_another_name_wherever_its_endpoint_speaks_of_it(library: Library) -> None:
    words = "renames: {cards: {head.title: name, head.by: writer}}\n"
    book = library.rules(BOOK, CARDS, f"{OTHER}{words}", dialect="other")
    done = library.convert(book, CONFIG)
    assert done.payloads["cards.json"] == [{"name": "Emma", "writer": "Jane"}]
    (call,) = [shape.call for shape in book.endpoints if shape.call]
    assert call.unique_key == ("name",)
    said = {verdict.path[-1]: [text.because for text in verdict.differs] for verdict in done.verdicts}
    assert said["author"] == ["Spelt as the card says."]


def test_columns_and_words_of_calls_are_laid_over(library: Library) -> None:
    words = (
        "relations: {book: {label: rank, more: author}}\ncalls: {cards: {create: POST /other, unique_key: [more]}}\n"
    )
    book = library.rules(BOOK, CARDS, f"{OTHER}{words}endpoints: {{cards: {{more: more}}}}\n", dialect="other")
    assert library.convert(book, CONFIG).payloads["cards.json"] == [
        {"head": {"title": 7, "by": "Jane"}, "more": "Jane"}
    ]
    (call,) = [shape.call for shape in book.endpoints if shape.call]
    assert (call.path, call.unique_key) == ("/other", ("more",))


def test_findings_alone_come_after_those_of_the_field(library: Library) -> None:
    finding = "{differs: 'Written in capitals here.', code: spelling}"
    words = f"endpoints: {{cards: {{head.by: {{findings: [{finding}]}}}}}}\n"
    done = library.convert(library.rules(BOOK, CARDS, f"{OTHER}{words}", dialect="other"), CONFIG)
    assert done.payloads["cards.json"] == [{"head": {"title": "Emma", "by": "Jane"}}]
    said = {verdict.path[-1]: [text.because for text in verdict.differs] for verdict in done.verdicts}
    assert said["author"] == ["Spelt as the card says.", "Written in capitals here."]


MISTAKES = {
    "renames: {cards: {head.name: x}}\n": "there is no field `head.name` to rename",
    "renames: {card: {head.title: x}}\n": "`card` is no endpoint; did you mean `cards`?",
    "relations: {books: {label: rank}}\n": "`books` is no relation; did you mean `book`?",
    "calls: {cards: {owned: null}}\n": "there is no `owned` to take away",
    "endpoints: {cards: {head.of: {findings: [{differs: In capitals., code: spelling}]}}}\n": "no field `head.of`",
}


@pytest.mark.parametrize("words", MISTAKES)
def test_what_is_not_there_is_named(library: Library, words: str) -> None:
    assert MISTAKES[words] in problem(library, words)


def test_the_default_is_the_one_that_says_so(library: Library) -> None:
    library.rules(BOOK, CARDS, OTHER)
    assert load(library.folder / "rules", library.schemas).dialect == "plain"
    library.rules(BOOK, CARDS, f"{OTHER}default: true\nschemas: synapse\n")
    with pytest.raises(Problems, match="expected one dialect with `default: true`, found plain, other"):
        load(library.folder / "rules", library.schemas)
