"""Every example in a rule file gives what it says."""

from __future__ import annotations

from typing import Any

import pytest

from conversion import rulebook
from litellm_migrate import shipped
from litellm_migrate.output.examples import compare, examples_of, misfits
from litellm_migrate.rulebook.files import Spec, read_rules

EXAMPLES = list(examples_of(read_rules(shipped("rules"))))


def called(example: Any) -> str:
    """Where an example stands."""
    return f"{example[0].value['id']}:{example[1].position().line}"


def test_there_are_examples_of_the_hard_parts() -> None:
    assert len(EXAMPLES) > 10
    assert {"entry", "deployment", "account", "model"} <= {document.value["id"] for document, _ in EXAMPLES}


@pytest.mark.parametrize("example", EXAMPLES, ids=called)
def test_an_example_holds(example: tuple[Spec, Spec]) -> None:
    assert [str(problem) for problem in misfits(rulebook(), *example)] == []


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
    assert list(compare(Spec(expected, "rules.yaml", {}), found))


def test_what_an_example_leaves_out_may_be_anything() -> None:
    assert not list(compare(Spec({"name": "x", "gone": None}, "rules.yaml", {}), {"name": "x", "more": 1}))
