"""Each way to ask a table."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from litellm_migrate.convert.outcomes import MANUAL, Outcome
from litellm_migrate.convert.tables import WAYS, Table

CLOSED = Outcome(MANUAL, "This room is closed.", "Wait.")
ROOMS = Table("rooms", {"a": {"floor": 1}, "b": {"floor": 2}, "cellar": CLOSED})
HOSTS = Table("hosts", {"lib.example": {"at": "root"}, "lib.example/old": {"at": "old"}})
CASES = Table("cases", {"Aa": {"n": 1}, "aa": {"n": 2}, "Bb": {"n": 3}})
SIGNS = Table(
    "signs", {r"(?P<room>[a-z])(?P<number>\d+)?": {"kind": "sign"}, ".*x": {"kind": "other"}}, match="pattern"
)
SIZES = Table("sizes", {"small": {"books": 10, "cds": 5}, "large": {"books": 100, "cds": 50}, "odd": {"books": 1000}})
FULL = Table("full", {"closed": CLOSED, "large": {"books": 100}})
BLANK = Table("blank", {"": {"at": "nowhere"}})


@pytest.mark.parametrize(
    ("table", "way", "key", "row"),
    [
        (ROOMS, "exact", "a", "a"),
        (ROOMS, "exact", "A", None),
        (ROOMS, "exact", "a\n", None),
        (ROOMS, "exact", 5, None),
        (ROOMS, "exact", ["a"], None),
        (CASES, "any_case", "aa", "aa"),
        (CASES, "any_case", "AA", "Aa"),
        (CASES, "any_case", "bB", "Bb"),
        (CASES, "any_case", "c", None),
        (CASES, "any_case", ["Aa"], None),
        (HOSTS, "host", "https://lib.example/new", "lib.example"),
        (HOSTS, "host", "https://LIB.example", "lib.example"),
        (HOSTS, "host", "https://lib.example/old/books?x=1", "lib.example/old"),
        (HOSTS, "host", "https://lib.example/older", "lib.example"),
        (HOSTS, "host", "https://user:word@lib.example/old#x", "lib.example/old"),
        (HOSTS, "host", "https://lib.example:8080/old", "lib.example/old"),
        (HOSTS, "host", "https://lib.example.evil/old", None),
        (HOSTS, "host", "lib.example/old", "lib.example/old"),
        (HOSTS, "host", "http://[", None),
        (HOSTS, "host", "", None),
        (BLANK, "host", "https://lib.example/old", None),
        (HOSTS, "host", 5, None),
        (SIGNS, "pattern", "b12", r"(?P<room>[a-z])(?P<number>\d+)?"),
        (SIGNS, "pattern", "x", r"(?P<room>[a-z])(?P<number>\d+)?"),
        (SIGNS, "pattern", "12x", ".*x"),
        (SIGNS, "pattern", "b12\n", None),
        (SIGNS, "pattern", "12", None),
        (SIGNS, "pattern", None, None),
        (SIZES, "holds", {"books": 10, "cds": None}, "small"),
        (SIZES, "holds", {"books": 11, "cds": 1}, "large"),
        (SIZES, "holds", {"books": "10", "cds": 6}, "large"),
        (SIZES, "holds", {"books": 500, "cds": None}, "odd"),
        (SIZES, "holds", {"books": 500, "cds": 1}, None),
        (SIZES, "holds", {"books": 500, "cds": 0}, "odd"),
        (FULL, "holds", {"books": 1}, "large"),
        (SIZES, "holds", {"books": 5000, "cds": None}, None),
        (SIZES, "holds", {"books": "many", "cds": 1}, None),
    ],
)
def test_the_row_that_answers(table: Table, way: str, key: Any, row: str | None) -> None:
    found = replace(table, match=way).ask(key)
    assert (found["key"] if isinstance(found, dict) else found) == row


def test_every_way_is_tested() -> None:
    assert {*WAYS} == {"exact", "any_case", "host", "pattern", "holds"}


def test_what_a_way_adds_to_the_answers() -> None:
    assert ROOMS.ask("b") == {"floor": 2, "key": "b"}
    answer = SIGNS.ask("b12")
    assert isinstance(answer, dict)
    assert (answer["kind"], answer["room"], answer["number"]) == ("sign", "b", "12")
    assert "number" not in (SIGNS.ask("b") or {"number": 1})


def test_the_rows_with_a_value_in_a_cell() -> None:
    rooms = Table("rooms", {"a": {"floor": 1}, "cellar": CLOSED, "b": {"floor": 2}, "c": {"floor": 1}})
    assert [row["key"] for row in rooms.with_cell("floor", 1)] == ["a", "c"]
    assert rooms.with_cell("floor", 3) == rooms.with_cell("door", 1) == []
    assert rooms.with_cell("floor", 2) == [{"floor": 2, "key": "b"}]


def test_a_row_may_be_an_outcome() -> None:
    assert ROOMS.ask("cellar") == CLOSED


def test_the_answers_that_can_be_asked_for() -> None:
    assert ROOMS.columns == {"floor", "key"}
    assert SIGNS.columns == {"kind", "room", "number", "key"}
    prices = Table("prices", {"Emma": {"price": 5}}, answers=frozenset({"price", "weight"}), date="2026-01-02")
    assert prices.columns == {"price", "weight", "key", "as_of"}
