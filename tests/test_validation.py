"""Request bodies are refused where their schema refuses them, and the problem names the rule and the source line."""

from __future__ import annotations

import json
from collections.abc import Collection
from datetime import date
from decimal import Decimal
from pathlib import Path as File
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from litellm_migrate import shipped
from litellm_migrate.output.validation import problems
from litellm_migrate.source.model import Mark, Path, Position, Problem, Source, leaves
from properties import mappings, replaced
from schema_bodies import bodies

FOLDER = shipped("schemas") / "synapse"
FILES = sorted(FOLDER.rglob("*.json"))
SOURCE = Source({"a": 1}, {(): Mark(Position("in.yaml", 1, 1), ()), ("a",): Mark(Position("in.yaml", 7, 3), ("a",))})
OTHER = st.sampled_from([None, True, 0, -1, 1.5, 1e300, "", "a\n", "${A}\n", [], ["", 1], {}, {"unknown": 1}])
"""Values that belong almost nowhere."""


def refused(schema: Any, *wrong: Any, fields: Collection[tuple[Path, str, Collection[Path]]] = ()) -> list[Problem]:
    """The problems of bodies."""
    return list(problems("cards.json", "cards", schema, ((body, lambda: fields) for body in wrong), SOURCE))


def places(body: Any) -> list[Path]:
    """Where a body can be spoilt: every value in it, and a member more in every mapping."""
    inside = list(mappings(body))
    return [*(path for path, _ in leaves(body)), *inside, *((*path, "unknown") for path in inside)]


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(FOLDER)))
def test_what_is_refused_is_what_the_schema_refuses(file: File) -> None:
    schema = json.loads(file.read_text(encoding="utf-8"))
    judge = Draft202012Validator(schema)

    @given(st.data())
    @settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
    def same(data: st.DataObject) -> None:
        body = data.draw(bodies(schema))
        assert not refused(schema, body)
        spoilt = replaced(body, data.draw(st.sampled_from(places(body))), data.draw(OTHER))
        assert (not refused(schema, spoilt)) == judge.is_valid(spoilt)

    same()


def test_a_problem_names_the_rule_of_the_field_and_the_line_of_what_it_carries() -> None:
    schema = {"properties": {"name": {"type": "integer"}, "size": {"maximum": 2}}, "required": ["name", "type"]}
    fields = [(("size",), "cards.size", []), (("name",), "cards.name", [("a",)])]
    assert refused(schema, {"name": 1, "type": 1}, {"name": "x", "size": Decimal("2.5"), "type": 1}, fields=fields) == [
        Problem("in.yaml", 7, 3, "cards.json/1/name: expected a whole number. Correct the rule cards.name."),
        Problem(
            "rules: cards.size", 0, 0, "cards.json/1/size: expected a number of at most 2. Correct the rule cards.size."
        ),
    ]
    assert refused({"required": ["name"]}, {}) == [
        Problem("rules: cards", 0, 0, "cards.json/0: expected the fields name. Correct the rule cards.")
    ]


def test_a_body_that_is_no_json_is_judged_too() -> None:
    assert not refused({"properties": {"name": {"type": "string"}}}, {"name": "a\ud800b"})
    assert len(refused({"properties": {"name": {"type": "string"}}}, {"name": date(2026, 1, 2)})) == 1


def test_the_fields_of_a_body_that_fits_are_never_asked_for() -> None:
    def fields() -> Collection[tuple[Path, str, Collection[Path]]]:
        raise AssertionError

    assert not list(problems("cards.json", "cards", {"type": "object"}, [({}, fields)], SOURCE))
