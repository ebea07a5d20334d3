"""Groups, windows over rows, look-ups of other relations, and relations made of others."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from litellm_migrate.source.model import Problems
from tiny.bookshop import Library, Made, books, made, steps

CONFLICT = "{manual: Copies of one book disagree about this., do: Choose one.}"
LOST = 'manual: "There is no shelf {shelf} in this house.", do: Build it.'


@pytest.fixture
def library(tmp_path: Path) -> Library:
    """An empty library."""
    return Library(tmp_path)


def grouped(library: Library, group: str, *entries: dict[str, Any]) -> Made:
    """The rows of some books after one group."""
    return made(library.rules(steps(f"group: {{{group}}}")), "book", books(*entries))


def with_columns(library: Library, columns: dict[str, str], *entries: dict[str, Any]) -> Made:
    """The rows of some books with these columns."""
    return made(library.rules(steps(f"columns: {json.dumps(columns)}")), "book", books(*entries))


def test_a_group_is_one_row_for_each_key_in_order(library: Library) -> None:
    found = grouped(
        library, "by: {at: shelf}, columns: {many: count()}", {"shelf": "b"}, {"shelf": "a"}, {"shelf": "b"}
    )
    assert (found.column("at"), found.column("many")) == (["b", "a"], [2, 1])
    assert found.origins("at") == {"carried": {"/books/0/shelf", "/books/2/shelf"}}


@pytest.mark.parametrize(
    "step", ["unfold: {of: labels, as: label}", "unfold: {of: \"rows('shelf_row.name', at)\", as: label}"]
)
def test_what_made_a_group_decides_of_each_row_that_it_becomes(library: Library, step: str) -> None:
    shelf = steps(source="config.shelves", name="shelf_row")
    rules = library.rules(shelf, steps("group: {by: {at: shelf}, columns: {labels: earliest(tags)}}", step))
    shelves = [{"name": "a", "floor": 1}, {"name": "a", "floor": 2}]
    found = made(rules, "book", books({"shelf": "a", "tags": ["x", "y"]}, shelves=shelves))
    assert len(found.rows) == 2
    assert all("/books/0/shelf" in found.reasons(row) for row in range(2))


ROOMS = """
kind: table
id: rooms
columns: {floor: {about: Where it is., form: a number}, doors: {about: How many it has., form: a number}}
rows: {hall: {floor: 1, doors: 3}, attic: {floor: 2}, study: {floor: 1}}
"""


def test_rows_of_a_table_with_one_value_in_a_cell_are_unfolded(library: Library) -> None:
    unfold = "unfold: {of: \"rows('rooms.floor', copies)\", as: room}"
    rules = library.rules(ROOMS, steps(unfold, "columns: {name: room.key, doors: room.doors}"))
    found = made(rules, "book", books({"copies": 1}, {"copies": 7}, {}))
    assert (found.column("name"), found.column("doors")) == (["hall", "study"], [3, None])
    assert found.origins("name") == {"carried": {"/books/0/copies"}}


@pytest.mark.parametrize(
    ("call", "message"),
    [
        ("rows('rooms', copies)", "expected rows('rooms.CELL', VALUE), found `rooms`."),
        ("rows('rooms.flor', copies)", "table `rooms` answers no `flor`; did you mean `floor`?"),
        ("rows('romms.floor', copies)", "`romms.floor` is no relation or table; did you mean `rooms`?"),
    ],
)
def test_a_call_that_names_no_cell_of_a_table_is_a_problem(library: Library, call: str, message: str) -> None:
    with pytest.raises(Problems) as failure:
        library.rules(ROOMS, steps(f'unfold: {{of: "{call}", as: room}}'))
    assert message in str(failure.value)


def test_what_becomes_of_a_group_is_about_all_entries_that_it_gathers(library: Library) -> None:
    doubts = "manual: Too few books stand here., do: Buy some."
    step = f"findings: [{{when: many <= 2, {doubts}, drop: true}}]"
    rules = library.rules(steps("group: {by: {at: shelf}, columns: {many: count()}}", step))
    found = made(rules, "book", books({"shelf": "a"}, {"shelf": "b"}, {"shelf": "a"}))
    assert found.rows == []
    assert found.told() == [(f"/books/{number}", "Too few books stand here.") for number in (0, 2, 1)]


@pytest.mark.parametrize(
    ("path", "config", "expected"),
    [
        (
            "books",
            {"books": {"a": 1}},
            ("/books", "Expected a list here, found a mapping: nothing can be read from it."),
        ),
        ("loans", {"loans": ["a"]}, ("/loans", "Expected a mapping here, found a list: nothing can be read from it.")),
        (
            "books.*.tags",
            {"books": "all"},
            ("/books", "Expected a list here, found a text: nothing can be read from it."),
        ),
        (
            "books.*.tags",
            {"books": [{"tags": "x"}, 5]},
            ("/books/0/tags", "Expected a list here, found a text: nothing can be read from it."),
        ),
        ("books", {"books": None}, None),
        ("books", {"books": []}, None),
    ],
)
def test_entries_are_read_from_what_has_their_type(
    library: Library, path: str, config: dict[str, Any], expected: tuple[str, str] | None
) -> None:
    found = made(library.rules(steps(source=f"config.{path}")), "book", config)
    assert found.rows == []
    assert found.told()[:1] == ([expected] if expected else [])


def test_keys_of_other_types_are_other_groups(library: Library) -> None:
    values = [1, "1", True, 1.0, None]
    found = grouped(library, "by: {at: shelf}", *[{"shelf": value} for value in values])
    assert found.column("at") == values


def test_a_sum_is_exact_and_comes_from_all_that_have_it(library: Library) -> None:
    entries: list[dict[str, Any]] = [{"fine": 0.1}, {"fine": "0.2"}, {"fine": "dear"}, {}]
    found = grouped(library, "by: {}, columns: {fines: sum(fine)}", *entries)
    assert found.column("fines") == [0.3]
    assert found.origins("fines")["carried"] == {"/books/0/fine", "/books/1/fine"}
    assert found.origins("fines")["refused"] == {"/books/2/fine"}
    assert grouped(library, "by: {}, columns: {fines: sum(fine)}", {}, {}).column("fines") == [None]


def test_members_agree_or_the_rest_is_reported(library: Library) -> None:
    group = f"by: {{at: shelf}}, columns: {{who: agreed(author)}}, disagree: {CONFLICT}"
    same = grouped(library, group, {"author": "Jane"}, {}, {"author": "Jane"})
    assert same.column("who") == ["Jane"]
    assert same.origins("who") == {"carried": {"/books/0/author", "/books/2/author"}}
    other = grouped(library, group, {"author": "Jane"}, {"author": "Ann"})
    assert (other.column("who"), other.origins("who")) == ([None], {})
    assert [place for place, _ in other.told()] == ["/books/0/author", "/books/1/author"]


def test_a_member_without_a_value_counts_with_another_one_or_with_none(library: Library) -> None:
    group = f"by: {{at: shelf}}, columns: {{who: 'agreed(author, title)'}}, disagree: {CONFLICT}"
    same = grouped(library, group, {"author": "Jane"}, {"title": "Jane"})
    assert same.column("who") == ["Jane"]
    assert same.origins("who") == {"carried": {"/books/0/author", "/books/1/title"}}
    for other in ({"title": "Ann"}, {}):
        found = grouped(library, group, {"author": "Jane"}, other)
        assert found.column("who") == [None]
        assert [place for place, _ in found.told()] == ["/books/0/author"]


def test_a_list_holds_each_value_once_and_first_the_first(library: Library) -> None:
    group = "by: {}, columns: {names: distinct(author), one: earliest(author)}"
    found = grouped(library, group, {}, {"author": "b"}, {"author": "a"}, {"author": "b"})
    assert (found.column("names"), found.column("one")) == ([["b", "a"]], ["b"])


def test_a_member_knows_what_it_became(library: Library) -> None:
    room = steps("group: {by: {at: shelf}}", source="book", name="room")
    book = library.rules(steps(), room, steps("columns: {where_it_is: room.at}", source="book", name="known"))
    assert made(book, "known", books({"shelf": "a"}, {"shelf": "b"})).column("where_it_is") == ["a", "b"]


@pytest.mark.parametrize(
    ("entries", "shares"),
    [
        ([{"weight": 3}, {"weight": 1}], [0.75, 0.25]),
        ([{"weight": 0.7}, {"weight": 0.3}], [0.7, 0.3]),
        ([{"weight": 0.1}, {"weight": 0.3}], [0.25, 0.75]),
        ([{"weight": 1}, {"copies": 100}], [1.0, 0.0]),
        ([{"copies": 600}, {"copies": 200}], [0.75, 0.25]),
        ([{}, {}, {}, {}], [0.25] * 4),
        ([{"weight": 0}, {"weight": 0}], [0.5, 0.5]),
        ([{"weight": "no"}, {"weight": -1}], [0.5, 0.5]),
        ([{"order": 2}, {"order": 1}, {"order": 1}], [0.0, 0.5, 0.5]),
        ([{"order": 2, "weight": 9}, {"order": 1}], [0.0, 1.0]),
    ],
)
def test_shares(library: Library, entries: list[dict[str, Any]], shares: list[float]) -> None:
    columns = {"leads": "lowest_per(shelf, order)", "part": "share_per(shelf, leads, weight, copies)"}
    found = with_columns(library, columns, *entries)
    assert found.column("part") == shares
    assert sum(found.column("part")) == pytest.approx(1)


def test_siblings_are_counted_and_keys_decide(library: Library) -> None:
    found = with_columns(library, {"many": "count_per(shelf)"}, {"shelf": "a"}, {"shelf": "b"}, {"shelf": "a"})
    assert found.column("many") == [2, 1, 2]
    assert found.reasons() == {"/books/0/shelf"}


def test_the_lowest_of_values_that_have_no_order(library: Library) -> None:
    found = with_columns(
        library, {"leads": "lowest_per(shelf, order)"}, {"order": "b"}, {"order": 1}, {"order": [2]}, {}
    )
    assert len(found.column("leads")) == 4


SHELF = "columns: {shelf_row: \"lookup('shelf_row', shelf)\"}"
SHELVES = "unfold: {of: \"rows('shelf_row', shelf)\", as: shelf_row"


def beside_shelves(library: Library, lines: tuple[str, ...], *entries: dict[str, Any]) -> Made:
    """Some books beside their shelves."""
    shelf = "kind: relation\nid: shelf_row\nfrom: config.shelves\nkey: name\n"
    book = steps(*lines, "columns: {level: shelf_row.floor}")
    shelves = [{"name": "a", "floor": 1}, {"name": "a", "floor": 2}, {"name": ["odd"]}, {"floor": 3}]
    return made(library.rules(shelf, book), "book", books(*entries, shelves=shelves))


def test_a_lookup_gives_the_first_match(library: Library) -> None:
    found = beside_shelves(
        library, (SHELF,), {"shelf": "a"}, {"shelf": "z"}, {}, {"shelf": ["odd"]}, {"shelf": {"x": 1}}, {"shelf": {"y"}}
    )
    assert found.column("level") == [1, None, None, None, None, None]
    assert found.origins("level") == {"carried": {"/shelves/0/floor"}, "decided": {"/books/0/shelf"}}
    assert found.told() == []


@pytest.mark.parametrize(("words", "levels"), [("}", [1, 2]), (", keep: true}", [1, 2, None])])
def test_every_match_can_be_unfolded(library: Library, words: str, levels: list[int | None]) -> None:
    found = beside_shelves(library, (SHELVES + words,), {"shelf": "a"}, {"shelf": "z"})
    assert found.column("level") == levels
    assert found.origins("level") == {"carried": {"/shelves/0/floor"}, "decided": {"/books/0/shelf"}}


def test_without_a_match_a_row_takes_the_outcome(library: Library) -> None:
    lost = f"findings: [{{when: '!shelf_row.name', at: shelf, {LOST}, drop: true}}]"
    found = beside_shelves(library, (SHELF, lost), {"shelf": "a"}, {"shelf": "z"})
    assert found.column("level") == [1]
    assert found.told() == [("/books/1/shelf", "There is no shelf z in this house.")]


def test_a_relation_can_be_looked_up_by_any_of_its_columns_and_by_several_keys(library: Library) -> None:
    shelf = "kind: relation\nid: shelf_row\nfrom: config.shelves\nkey: [name, floor]\n"
    level = (
        "columns: {both: \"lookup('shelf_row', shelf, copies).name\", floor: \"lookup('shelf_row.name', shelf).floor\"}"
    )
    shelves = [{"name": "a", "floor": 1}, {"name": "a", "floor": 2}]
    entries = books({"shelf": "a", "copies": 2}, {"shelf": "a", "copies": 3}, shelves=shelves)
    found = made(library.rules(shelf, steps(level)), "book", entries)
    assert (found.column("both"), found.column("floor")) == (["a", None], [1, 1])


def test_every_row_reads_the_whole_document(library: Library) -> None:
    found = made(library.rules(steps("columns: {locked: config.house.pin}")), "book", books({}, house={"pin": 7}))
    assert (found.column("locked"), found.origins("locked")) == ([7], {"carried": {"/house/pin"}})


UNIQUE = "unique(slug(title), unless(slug(author), 'anonymous'))"


def named(library: Library, *entries: dict[str, Any], name: str = UNIQUE) -> list[Any]:
    """The names of some books."""
    book = library.rules(steps(f'columns: {{called: "{name}"}}'))
    return made(book, "book", books(*entries)).column("called")


def test_a_name_says_what_is_unusual_and_only_clashes_are_numbered(library: Library) -> None:
    emma, jane = {"title": "Emma", "author": "anonymous"}, {"title": "Emma", "author": "Jane"}
    assert named(library, emma, jane, jane) == ["emma", "emma-jane", "emma-jane-2"]
    assert named(library, jane, emma) == ["emma-jane", "emma"]
    assert named(library, {"title": "x-2"}, {"title": "x"}, {"title": "x"}) == ["x-2", "x", "x-3"]


def test_what_has_no_name_is_given_none(library: Library) -> None:
    assert named(library, {"author": "x"}, {"title": "a", "author": "anonymous"}) == [None, "a"]
    assert named(library, {}, {}, {"title": "a"}, name="unshared(slug(title), slug(shelf))") == [None, None, "a"]


def test_a_shared_name_gives_way_to_another(library: Library) -> None:
    name = "unshared(slug(title), text('{slug(shelf)}-{slug(title)}'))"
    clash = [{"title": "a", "shelf": "x"}, {"title": "a", "shelf": "y"}, {"title": "x-a", "shelf": "z"}]
    assert named(library, *clash, name=name) == ["x-a", "y-a", "z-x-a"]
    entries = [{"title": "a", "shelf": "s"}, {"title": "a", "shelf": "t"}, {"title": "b", "shelf": "s"}]
    assert named(library, *entries, name=name) == ["s-a", "t-a", "b"]


def test_a_union_of_relations_has_the_columns_of_all(library: Library) -> None:
    one = steps("columns: {label: title}", name="one")
    two = steps("columns: {label: name}", source="config.shelves", name="two")
    book = library.rules(one, two, steps("columns: {loud: \"text('{label}!')\"}", source="[one, two]", name="all"))
    found = made(book, "all", books({"title": "Emma"}, shelves=[{"name": "a"}]))
    assert found.column("loud") == ["Emma!", "a!"]
    assert found.origins("loud", 1) == {"carried": {"/shelves/0/name"}}


def unfolded(library: Library, tags: Any) -> Made:
    """One row for each tag of a book."""
    book = library.rules(steps("unfold: {of: tags, as: tag}", "columns: {number: tag_key}"))
    return made(book, "book", books({"title": "Emma", "tags": tags}))


def test_unfold_makes_a_row_of_each_item(library: Library) -> None:
    found = unfolded(library, ["old", "new"])
    assert (found.column("tag"), found.column("number")) == (["old", "new"], [0, 1])
    assert found.column("title") == ["Emma", "Emma"]
    assert found.origins("tag", 1) == {"carried": {"/books/0/tags/1"}}
    assert unfolded(library, {"a": 1}).column("number") == ["a"]
    assert unfolded(library, []).rows == unfolded(library, None).rows == []
    assert [place for place, _ in unfolded(library, 5).told()] == ["/books/0/tags"]


def test_a_list_that_the_rules_made_is_unfolded_too(library: Library) -> None:
    rules = library.rules(steps('unfold: {of: "list(title, author)", as: word}'))
    found = made(rules, "book", books({"title": "Emma", "author": "Jane"}, {}))
    assert found.column("word") == ["Emma", "Jane"]
    assert found.origins("word") == {"carried": {"/books/0/title", "/books/0/author"}}


def test_unfold_can_keep_a_row_that_has_no_list(library: Library) -> None:
    book = library.rules(steps("unfold: {of: tags, as: tag, keep: true}", "columns: {number: tag_key}"))
    found = made(book, "book", books({"title": "Emma"}, {"title": "Ada", "tags": ["old", "new"]}, {"tags": []}))
    assert found.column("title") == ["Emma", "Ada", "Ada"]
    assert (found.column("tag"), found.column("number")) == ([None, "old", "new"], [None, 0, 1])
    assert found.origins("tag") == {}
