"""Settings that rules add to the universe: at any depth, without closing what was open."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from litellm_migrate import shipped
from litellm_migrate.lint.check import audit
from litellm_migrate.rulebook.load import load
from litellm_migrate.rulebook.nodes import documents
from litellm_migrate.rulebook.universe import universe_with
from litellm_migrate.source.model import Problem
from test_overlays import converted, overlay


def grown(universe: Any, under: str, schema: str) -> tuple[Any, list[Problem]]:
    """A universe with settings added, and what was wrong with that."""
    (spec,) = documents("own.yaml", f"kind: settings\nid: own\nunder: '{under}'\nschema: {{properties: {schema}}}\n")
    problems: list[Problem] = []
    return universe_with(universe, {"own": spec}, problems), problems


def test_known_mappings_add_up() -> None:
    made, _ = grown({"properties": {"a": {"properties": {"b": {}}}}}, "", "{a: {properties: {c: true}}, d: {}}")
    assert made == {"properties": {"a": {"properties": {"b": {}, "c": {}}}, "d": {}}}


def test_items_and_free_keys_are_reached_by_a_star() -> None:
    listed: Any = {"properties": {"a": {"items": {"properties": {"b": {}}}}}}
    assert grown(listed, "a.*", "{c: {}}")[0]["properties"]["a"]["items"]["properties"] == {"b": {}, "c": {}}
    keyed: Any = {"properties": {"a": {"additionalProperties": {"properties": {}}}}}
    assert grown(keyed, "a.*", "{c: {}}")[0]["properties"]["a"]["additionalProperties"]["properties"] == {"c": {}}


def test_where_anything_may_stand_it_still_may() -> None:
    made, _ = grown({"properties": {"a": {}}}, "a", "{b: {type: text}}")
    assert made["properties"]["a"] == {"additionalProperties": {}, "properties": {"b": {"type": "text"}}}


def test_a_place_that_is_not_known_is_a_problem() -> None:
    _, (found,) = grown({"properties": {"litellm": {}}}, "litelm", "{b: {}}")
    assert str(found) == "own.yaml:3:1: `litelm` is no known setting; did you mean `litellm`?"


@pytest.mark.full
def test_a_setting_of_a_newer_release_needs_an_answer_and_gets_one(tmp_path: Path) -> None:
    settings = "kind: settings\nid: newer\nunder: model_list.*.litellm_params\nschema: {properties: {mood: {}}}\n"
    rules = overlay(tmp_path / "o", settings)
    (found,) = audit(rules, shipped("schemas"))
    assert "no rule reads `model_list.*.litellm_params.mood`, and no disposition covers it" in found.problem.message
    assert found.problem.file == str(rules / "own.yaml")
    answer = "litellm_params.mood: {skipped: Models have no moods in Synapse.}"
    overlay(rules, f"{settings}---\nkind: dispositions\nunder: model_list.*\nsettings:\n  {answer}\n")
    assert audit(rules, shipped("schemas")) == []
    text = "model_list: [{model_name: a, litellm_params: {model: openai/x, mood: blue}}]"
    result = converted(load(rules, shipped("schemas"), "synapse"), text)
    assert result.setting("/model_list/0/litellm_params/mood")["because"] == "Models have no moods in Synapse."
