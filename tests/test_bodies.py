"""Endpoints of a tiny rulebook: bodies, what becomes of every leaf, dialects, and what is never written."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from litellm_migrate.convert.run import Conversion
from litellm_migrate.lint.check import audit
from litellm_migrate.lint.violation import EXAMPLE
from litellm_migrate.source.model import Problem, Problems, pointer
from tiny.bookshop import KEPT, Library, steps

SHELF = steps(KEPT % "name", source="config.shelves", name="shelf_row")
BOOK = steps(KEPT % "title", "columns: {pages: \"as(copies, 'number')\", rank: \"as(order, 'number')\"}")
HOUSE = steps("columns: {pin: house.pin, open: house.open, any: 1}", source="config", name="building")
CALL = "create: POST /cards\nunique_key: [title]\nfrom: book\n"
CATALOG = """
kind: endpoint
id: cards
create: POST /cards
file: cards.json
from: book
unique_key: [title]
depends_on: [racks]
body:
  title: title
  size.pages: pages
  rack: {value: shelf, refers_to: racks}
  by: {value: author, findings: [{when: copies, differs: Spelt as the card says.}]}
  mark: text('card')
  weight: {value: weight, findings: [{manual: There is no scale in this house., do: Buy a scale., drop: true}]}
examples:
- config: {books: [{title: Emma, copies: 2}]}
  bodies: [{title: Emma, size: {pages: 2}, by: null}]
---
kind: endpoint
id: racks
create: POST /racks
file: racks.json
from: shelf_row
unique_key: [name]
body: {name: name}
---
kind: endpoint
id: index
write: PUT /index
file: index.json
from: building
body:
  titles: {from: book, body: {name: title}, highest_first: rank}
  books: {from: book, body: {name: title}}
  open: open
---
kind: dialect
id: other
endpoints:
  cards: {mark: text('other'), note: text('more')}
"""
CONFIG = """
books:
- {title: Emma, copies: "2", shelf: a, author: Jane, weight: 5, order: 1, colour: red}
- {title: Ulysses, copies: many, order: 2, tags: []}
- {author: Nobody}
shelves: [{name: a}]
house: {open: true}
"""


@pytest.fixture
def library(tmp_path: Path) -> Library:
    """A library whose payloads may hold anything."""
    made = Library(tmp_path)
    for file in ("cards.json", "racks.json", "index.json"):
        made.schema(file)
    return made


def converted(library: Library, dialect: str = "plain", config: str = CONFIG) -> Conversion:
    """The conversion of the example."""
    return library.convert(library.rules(SHELF, BOOK, HOUSE, CATALOG, dialect=dialect), config)


def became(done: Conversion) -> dict[str, tuple[str, str]]:
    """Outcome and code of every leaf."""
    return {pointer(verdict.path): (verdict.outcome, verdict.code) for verdict in done.verdicts}


def test_bodies_in_the_order_in_which_they_are_applied(library: Library) -> None:
    done = converted(library)
    assert list(done.payloads) == ["racks.json", "cards.json", "index.json"]
    emma = {"title": "Emma", "size": {"pages": 2}, "rack": "${ref:racks/a}", "by": "Jane", "mark": "card"}
    assert done.payloads["cards.json"] == [emma, {"title": "Ulysses", "mark": "card"}]
    index: dict[str, Any] = {
        "titles": [{"name": "Ulysses"}, {"name": "Emma"}],
        "books": [{"name": "Emma"}, {"name": "Ulysses"}],
        "open": True,
    }
    assert done.payloads["index.json"] == index


def test_every_leaf_has_one_outcome(library: Library) -> None:
    assert became(converted(library)) == {
        "/books/0/title": ("mapped", "exact"),
        "/books/0/copies": ("mapped", "exact"),
        "/books/0/shelf": ("mapped", "exact"),
        "/books/0/author": ("mapped", "approximate"),
        "/books/0/weight": ("manual", "by-rule"),
        "/books/0/order": ("mapped", "decides"),
        "/books/0/colour": ("manual", "unknown-setting"),
        "/books/1/title": ("mapped", "exact"),
        "/books/1/copies": ("manual", "wrong-value"),
        "/books/1/order": ("mapped", "decides"),
        "/books/1/tags": ("skipped", "empty"),
        "/books/2/author": ("manual", "no-answer"),
        "/shelves/0/name": ("mapped", "exact"),
        "/house/open": ("mapped", "exact"),
    }


def test_targets_lead_to_the_value(library: Library) -> None:
    (emma,) = [one for one in converted(library).verdicts if pointer(one.path) == "/books/0/title"]
    found = {f"{file}{pointer(path)}" for file, path in emma.targets}
    assert found == {"cards.json/0/title", "index.json/titles/1/name", "index.json/books/0/name"}


def test_a_dialect_lays_fields_over(library: Library) -> None:
    first = converted(library, "other").payloads["cards.json"][0]
    assert (first["mark"], first["note"], first["title"]) == ("other", "more", "Emma")


def test_an_invalid_payload_names_the_rule_and_the_line(library: Library) -> None:
    library.schema("racks.json", {"properties": {"name": {"type": "integer"}}})
    with pytest.raises(Problems) as found:
        converted(library)
    (problem,) = found.value.problems
    assert (problem.file, problem.line) == ("<stdin>", 6)
    assert "racks.json/0/name" in problem.message
    assert "racks.name" in problem.message


def test_a_rule_that_shows_a_secret_is_stopped(library: Library) -> None:
    shows = CATALOG.replace("  open: open\n", "  open: open\n  pin: text('pin={pin}')\n")
    book = library.rules(SHELF, BOOK, HOUSE, shows)
    with pytest.raises(Problems, match="expected no secret in `pin`") as found:
        library.convert(book, "house: {pin: hunter2}")
    assert "hunter2" not in str(found.value)
    assert library.convert(book, "house: {pin: 'see:desk'}").payloads["index.json"]["pin"] == "pin=see:desk"


def test_examples_of_an_endpoint_are_checked(library: Library) -> None:
    library.rules(SHELF, BOOK, HOUSE, CATALOG)
    for file in ("cards.json", "racks.json", "index.json"):
        library.schema(file, {})
    assert not examples_that_fail(library)
    library.rules(SHELF, BOOK, HOUSE, CATALOG.replace("size.pages: pages", "pages: pages"))
    problems = examples_that_fail(library)
    assert any("expected" in problem.message and problem.file.endswith("rules.yaml") for problem in problems)


def examples_that_fail(library: Library) -> list[Problem]:
    """What `check-rules` has against the examples of a library's rules."""
    findings = audit(library.folder / "rules", library.schemas)
    return [finding.problem for finding in findings if finding.check == EXAMPLE]


@pytest.mark.parametrize(
    "value", ["config.house", "list(config.house.pin)", "dig(config.house, 'pin')", "text('{config.house}')"]
)
def test_no_field_holds_a_secret_in_a_mapping_a_list_or_a_text(library: Library, value: str) -> None:
    library.schema("cards.json")
    fields = f'body: {{title: title, all: "{value}"}}\n'
    rules = library.rules(steps(), f"kind: endpoint\nid: cards\nfile: cards.json\n{CALL}{fields}")
    with pytest.raises(Problems, match="expected no secret in `all`"):
        library.convert(rules, "books: [{title: Emma}]\nhouse: {pin: secret-4711}")


def test_no_field_lies_below_another(library: Library) -> None:
    library.schema("cards.json")
    body = "body: {title: title, title.long: author}\n"
    with pytest.raises(Problems, match=r"`title\.long` lies below `title`"):
        library.rules(steps(), f"kind: endpoint\nid: cards\nfile: cards.json\n{CALL}{body}")
