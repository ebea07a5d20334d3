"""Records are what frozen dataclasses are: values by name, equal and hashed by them."""

from __future__ import annotations

import pickle
from functools import cached_property
from typing import ClassVar

import pytest

from litellm_migrate.source.records import open_record, record, replace, values


@record
class Point:
    """A record."""

    kind: ClassVar[str] = "point"
    x: int
    y: int = 2

    @property
    def sum(self) -> int:
        return self.x + self.y


@open_record
class Named(Point):
    """One that is made of another, and keeps what it has worked out."""

    name: str = "a"

    @cached_property
    def words(self) -> list[str]:
        return [self.name] * self.sum


def test_values_are_given_in_order_or_by_name() -> None:
    assert values(Point(1)) == values(Point(x=1)) == values(Point(y=2, x=1)) == {"x": 1, "y": 2}
    assert values(Named(1, 2, "b")) == values(Named(1, name="b")) == {"x": 1, "y": 2, "name": "b"}
    assert Point(1).sum == 3
    assert Point.kind == "point"


@pytest.mark.parametrize("given", [(), (1, 2, 3)])
def test_too_few_and_too_many_values_are_refused(given: tuple[int, ...]) -> None:
    with pytest.raises(TypeError, match="Point takes the values x, y"):
        Point(*given)


@pytest.mark.parametrize("named", [{"z": 1}, {"x": 1}, {"X": 1, "y": 2}])
def test_unknown_and_repeated_names_are_refused(named: dict[str, int]) -> None:
    with pytest.raises(TypeError, match="Point takes the values x, y"):
        Point(1, **named)


def test_records_are_equal_by_kind_and_values() -> None:
    assert Point(1) == Point(1, 2) != Point(1, 3)
    assert Point(1) != Named(1)
    assert {Point(1), Point(1, 2), Point(3)} == {Point(3), Point(1)}
    assert sorted([Point(2), Point(1, 3), Point(1)]) == [Point(1), Point(1, 3), Point(2)]


def test_a_record_can_be_replaced_kept_and_shown() -> None:
    assert replace(Named(1, 2, "b"), y=4) == Named(1, 4, "b")
    assert pickle.loads(pickle.dumps(Named(1, 2, "b"))) == Named(1, 2, "b")
    assert repr(Point(1)) == "Point(x=1, y=2)"


def test_slots_hold_the_values_and_nothing_else() -> None:
    assert not hasattr(Point(1), "__dict__")
    assert Named(1, 1, "b").words == ["b", "b"]
