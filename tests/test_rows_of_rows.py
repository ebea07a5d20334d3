"""Rows that read what became of them, rows that tell one place twice, and what an audit may not take for asked."""

from __future__ import annotations

from pathlib import Path

import pytest

from litellm_migrate.convert.run import Conversion
from litellm_migrate.lint.check import audit
from litellm_migrate.source.model import Problems, pointer
from tiny.bookshop import Library, books, made, steps

SERIES = (
    steps(),
    steps("group: {by: {t: title}, columns: {s: earliest(shelf)}}", source="book", name="series"),
    steps("group: {by: {s: s}, columns: {all: distinct(t)}}", source="series", name="room"),
    steps("columns: {q: \"join('+', series.room.all)\"}", source="book", name="back"),
)
TAGS = (
    steps("unfold: {of: tags, as: tag}", name="book_tag"),
    "kind: relation\nid: plain_tag\nfrom: config.books.*.tags\nsteps: [{columns: {tag: value}}]\n",
    steps("group: {by: {one: tag}}", source="[book_tag, plain_tag]", name="both"),
    steps("columns: {two: tag}", source="plain_tag", name="single"),
)


@pytest.fixture
def library(tmp_path: Path) -> Library:
    """An empty library."""
    return Library(tmp_path)


def endpoint(name: str, each: str, field: str) -> str:
    """An endpoint whose bodies have one field."""
    return (
        f"kind: endpoint\nid: {name}\nfile: {name}.json\ncreate: POST /{name}\nunique_key: [name]\nfrom: {each}\n"
        f"body: {{name: {field}}}\n"
    )


def written(done: Conversion) -> dict[str, list[str]]:
    """Where each leaf is written, the nearest field first."""
    files = {pointer(one.path): [f"{file}{pointer(path)}" for file, path in one.targets] for one in done.verdicts}
    return {path: places for path, places in files.items() if places}


def test_what_the_group_of_a_group_says_of_others_is_not_a_rows_doing(library: Library) -> None:
    library.schema("out.json")
    book = library.rules(
        *SERIES, endpoint("out", "back", "q").replace("{name:", "{id: place, name:").replace("[name]", "[id]")
    )
    done = library.convert(book, "books: [{title: a, shelf: x}, {title: b, shelf: x}]")
    assert [body["name"] for body in done.payloads["out.json"]] == ["a+b", "a+b"]
    found = written(done)
    assert found["/books/0/title"] == ["out.json/0/name"]
    assert found["/books/1/title"] == ["out.json/1/name"]


def test_a_place_that_two_rows_of_a_group_tell_counts_once(library: Library) -> None:
    for file in ("near.json", "out.json"):
        library.schema(file)
    book = library.rules(*TAGS, endpoint("near", "both", "one"), endpoint("out", "single", "two"))
    found = written(library.convert(book, "books: [{tags: [x]}]"))
    assert found["/books/0/tags/0"] == ["near.json/0/name", "out.json/0/name"]


def test_the_name_of_an_unfolded_item_is_taken(library: Library) -> None:
    with pytest.raises(Problems, match="`tag` is a column already"):
        library.rules(steps("unfold: {of: texts(tags), as: tag}", "columns: {tag: slug(tag)}"))


def test_a_dropped_field_that_carries_nothing_says_nothing(library: Library) -> None:
    library.schema("out.json")
    dropped = "{value: weight, findings: [{manual: There is no scale in this house., do: Buy one., drop: true}]}"
    book = library.rules(steps(), endpoint("out", "book", "title").replace("}", f", weight: {dropped}}}"))
    done = library.convert(book, "books: [{title: a}, {title: b, weight: 1}]")
    assert {pointer(one.path): one.outcome for one in done.verdicts if one.outcome == "manual"} == {
        "/books/1/weight": "manual"
    }
    assert done.notices == ()


@pytest.mark.parametrize(
    ("step", "config", "rows", "missing"),
    [
        (
            "group: {by: {at: \"if(title, lookup('t', shelf).a)\"}, columns: {n: count()}}",
            "[{shelf: s, title: x}, {shelf: z}]",
            "[{n: 1}, {n: 1}]",
            {"z"},
        ),
        (
            "columns: {w: \"share_per(true, true, weight, lookup('t', shelf).a)\"}",
            "[{shelf: s, weight: 1}, {shelf: z, weight: 1}]",
            "[{w: 0.5}, {w: 0.5}]",
            {"s", "z"},
        ),
    ],
)
def test_an_audit_does_not_count_what_no_row_needs(
    library: Library, step: str, config: str, rows: str, missing: set[str]
) -> None:
    table = "kind: table\nid: t\nrows: {s: {a: 1}, z: {a: 2}}\n"
    library.rules(table, f"{steps(step)}examples:\n- config: {{books: {config}}}\n  rows: {rows}\n")
    found = [str(one) for one in audit(library.folder / "rules", library.schemas)]
    assert {row for row in "sz" if any(f"`{row}`" in one and "answer" in one for one in found)} == missing


def test_members_that_are_no_rows_doing_decide_nothing_for_it(library: Library) -> None:
    guarded = 'columns: {x: ["if(length(members) > 1, t)", a]}'
    group = steps(
        "group: {by: {at: shelf}, columns: {t: earliest(title), a: earliest(author)}}",
        guarded,
        source="book",
        name="series",
    )
    rules = library.rules(steps(), group, steps("columns: {w: series.x}", source="book", name="back"))
    two = [{"shelf": "s", "title": "T", "author": "A"}, {"shelf": "s", "title": "U", "author": "B"}]
    found = made(rules, "back", books(*two))
    assert found.column("w") == ["T", "T"]
    assert "/books/0/title" in found.origins("w", 0)["carried"]


def test_what_was_unfolded_of_a_group_is_read_from_the_rows_it_was_made_of(library: Library) -> None:
    group = steps(
        "group: {by: {at: shelf}, columns: {labels: earliest(tags)}}",
        "unfold: {of: labels, as: label}",
        source="book",
        name="series",
    )
    rules = library.rules(steps(), group, steps("columns: {w: series.label}", source="book", name="back"))
    found = made(rules, "back", books({"shelf": "s", "tags": ["x", "y"]}, {"shelf": "s"}))
    assert found.column("w") == ["x", "x"]
    assert found.origins("w", 0)["carried"] == {"/books/0/tags/0"}
