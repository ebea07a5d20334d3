"""What an example of a rule file is held against; that every shipped one holds is what `check-rules` shows."""

from __future__ import annotations

from typing import Any

import pytest

from litellm_migrate import shipped
from litellm_migrate.lint.examples import compare, examples_of
from litellm_migrate.rulebook.nodes import RuleMarks, RuleNode, read_rules
from litellm_migrate.source.model import Position


def test_there_are_examples_of_the_hard_parts() -> None:
    examples = list(examples_of(read_rules(shipped("rules"))))
    assert len(examples) > 10
    assert {"entry", "deployment", "account", "model"} <= {document.value["id"] for document, _ in examples}


def stated(value: Any) -> RuleNode:
    """A part of a rule file that states a value."""
    place = Position("rules.yaml", 1, 1)
    return RuleNode(value, RuleMarks(place), place)


@pytest.mark.parametrize(
    ("expected", "found"),
    [
        ({"name": "x"}, {"name": "y"}),
        ({"name": None}, {"name": "y"}),
        ([{"name": "x"}], []),
        ([], [{"name": "x"}]),
        ({"flag": True}, {"flag": 1}),
        ({"deep": {"list": [1, 2]}}, {"deep": {"list": [2, 1]}}),
        ({"name": "x"}, None),
    ],
)
def test_a_wrong_example_is_a_problem(expected: Any, found: Any) -> None:
    assert list(compare(stated(expected), found))


def test_what_an_example_leaves_out_may_be_anything() -> None:
    assert not list(compare(stated({"name": "x", "gone": None}), {"name": "x", "more": 1}))
