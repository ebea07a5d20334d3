"""Many rows at once: what comes of the same is worked out once, and no row is taken for another."""

from __future__ import annotations

import math
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from conversion import rulebook
from litellm_migrate.convert.batches import alike, once
from litellm_migrate.convert.own import Spots, all_led, moved, near, numbers, own, way_of, whole
from litellm_migrate.convert.relations import Relations
from litellm_migrate.convert.rows import Row
from litellm_migrate.convert.trace import ANSWERED, LOST, Fact, Trace, union
from litellm_migrate.source.model import Path
from properties import entries

NAMES = st.sampled_from(["a", "b", 0])
SPOTS: tuple[Spots, ...] = ((("list", 0),), (("list", 1),), (("list", 0), ("list", 1)), (("map", "x"), ("list", 2)))


def test_what_comes_of_the_same_is_worked_out_once() -> None:
    asked: list[Any] = []

    def add(given: Any) -> int:
        asked.append(tuple(given))
        return sum(given)

    assert once(4, [[1, 2, 1, 1], [5, 5, 5, 6]], add) == [6, 7, 6, 7]
    assert sorted(asked) == [(1, 5), (1, 6), (2, 5)]


def test_what_reads_nothing_is_the_same_in_every_row() -> None:
    assert once(3, [], len) == [0, 0, 0]
    assert once(0, [], lambda given: 1 / len(given)) == []


def test_equal_texts_and_numbers_become_one_object() -> None:
    texts = ["".join(["gpt", "-4"]), "".join(["gpt", "-4"])]
    assert texts[0] is not texts[1]
    found = alike([*texts, 10**9, int("1000000000")])
    assert found[0] is found[1]
    assert found[2] is found[3]


@pytest.mark.parametrize(
    "values", [[1, True, 1.0, "1"], [0, False, 0.0, -0.0, "", None], [[], [], {}, {}], [math.nan, math.inf]]
)
def test_what_only_looks_equal_stays_what_it_is(values: list[Any]) -> None:
    assert list(map(repr, alike(values))) == list(map(repr, values))


def paths(several: Spots) -> st.SearchStrategy[Path]:
    """Paths as a row made from these entries tells them."""
    inside = st.tuples(st.sampled_from([own(number) for number in range(len(several))]), NAMES)
    return st.one_of(inside, inside.map(lambda path: path[:1]), st.tuples(NAMES, NAMES))


def traces(several: Spots) -> st.SearchStrategy[Trace]:
    """Origins as a row made from these entries tells them."""
    some = st.frozensets(paths(several), max_size=3)
    facts = st.one_of(
        st.builds(lambda path: Fact(ANSWERED, path, "said"), paths(several)),
        st.builds(lambda path, winner: Fact(LOST, path, winner), paths(several), some),
    )
    return st.builds(Trace, some, some, some, st.frozensets(facts, max_size=2))


@st.composite
def told(draw: st.DrawFn) -> tuple[Trace, Spots]:
    """Origins, and the entries of the row that tells them."""
    spots = draw(st.sampled_from(SPOTS))
    return draw(traces(spots)), spots


@given(told(), st.sampled_from(SPOTS))
def test_origins_that_another_row_tells_are_the_same_places(given: tuple[Trace, Spots], mine: Spots) -> None:
    trace, theirs = given
    assert whole(moved(trace, theirs, mine), mine) == whole(trace, theirs)
    assert whole(near(whole(trace, theirs), numbers(mine)), mine) == whole(trace, theirs)


@given(st.lists(told(), min_size=1, max_size=3))
def test_a_group_tells_the_origins_of_all_its_members(given: list[tuple[Trace, Spots]]) -> None:
    mine = tuple(dict.fromkeys(spot for _, spots in given for spot in spots))
    found = all_led([trace for trace, _ in given], [way_of(spots, numbers(mine)) for _, spots in given])
    assert whole(found, mine) == union([whole(trace, spots) for trace, spots in given])


def seen(row: Row) -> dict[str, Any]:
    """All that a row of the shipped rules holds, and where from; wherever its entry stands."""
    spots = (("model_list", 0),)
    rows, neighbours = {"place", "calls", "handler", "credential"}, {"siblings", "level", "leads", "share"}
    names = {name for name in row.frame.columns if not name.startswith("drawn_by")} - rows - neighbours
    return {name: (repr(row.get(name)), whole(row.trace((name,)), spots)) for name in names}


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(entries(), min_size=2, max_size=5))
def test_a_row_is_what_it_is_alone(several: list[dict[str, Any]]) -> None:
    relations = rulebook().relations
    among = Relations(relations, {"model_list": several}).rows_of("entry")
    for row in among:
        ((_, number),) = row.spots
        (alone,) = Relations(relations, {"model_list": [several[number]]}).rows_of("entry")
        assert seen(row) == seen(alone)
