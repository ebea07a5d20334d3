"""A rehearsal: a whole migration in a gateway in memory, with what it found in the report."""

from __future__ import annotations

import json
from collections.abc import Mapping
from copy import deepcopy
from functools import lru_cache
from itertools import cycle
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from conversion import DIALECTS, EXAMPLES, Result, of_file, rulebook
from litellm_migrate import shipped
from litellm_migrate.cli.convert import output_of
from litellm_migrate.output.files import Output
from litellm_migrate.output.rehearsal_report import StageResult
from litellm_migrate.sandbox.rehearsal import rehearse
from litellm_migrate.source.model import Problems
from sampling import spread

CORPUS = sorted((Path(__file__).resolve().parents[2] / "shared" / "corpus").glob("*.yaml"))
SCHEMA = json.loads((shipped("schemas") / "report" / "migration_report.json").read_text("utf-8"))


@lru_cache
def example(name: str, dialect: str) -> Result:
    return of_file(EXAMPLES / f"{name}.yaml", dialect)


def rehearsed(result: Result, dialect: str, payloads: Mapping[str, Any] | None = None) -> tuple[StageResult, ...]:
    given = result.done.payloads if payloads is None else payloads
    return rehearse(given, result.done.variables, rulebook(dialect), shipped("schemas"))


def reported(result: Result, dialect: str, stages: tuple[StageResult, ...]) -> Output:
    output = output_of(result.done, "config.yaml", "0", stages)
    assert not list(Draft202012Validator(SCHEMA).iter_errors(json.loads(output.texts["migration_report.json"])))
    return output


def entities(payloads: Mapping[str, Any]) -> int:
    return sum(len(body) for body in payloads.values() if isinstance(body, list))


@pytest.mark.parametrize("name", ["quickstart", "mission", "messy"])
def test_examples_are_applied_twice_validated_and_rolled_back(name: str, dialect: str) -> None:
    result = example(name, dialect)
    stages = rehearsed(result, dialect)
    assert [(stage.name, stage.good, stage.because) for stage in stages] == [
        ("apply", True, ()),
        ("apply again", True, ()),
        ("validate", True, ()),
        ("roll back", True, ()),
    ]
    first, again, validated, back = (stage.counts for stage in stages)
    made = entities(result.done.payloads)
    whole = made + sum(isinstance(body, dict) for body in result.done.payloads.values())
    assert first["created"] == back["deleted"] == made
    assert (again["unchanged"], validated["same"]) == (whole, whole)


def test_the_report_says_how_it_went_and_always_the_same(dialect: str) -> None:
    result = example("quickstart", dialect)
    first, second = (reported(result, dialect, rehearsed(result, dialect)).texts for _ in range(2))
    assert first == second
    assert "\n## Rehearsal\n" in first["migration_report.md"]
    assert "\n| roll back | good | " in first["migration_report.md"]
    assert "Rehearsal" not in result.output.texts["migration_report.md"]
    assert "rehearsal" not in result.data


def test_what_goes_wrong_is_said_and_what_was_done_is_rolled_back() -> None:
    result = example("quickstart", "synapse")
    payloads = deepcopy(result.done.payloads)
    payloads["models.json"][0]["pricing"]["inputCostPer1kTokens"] = -1
    payloads["models.json"][1]["displayName"] = ""
    first, again, validated, back = rehearsed(result, "synapse", payloads)
    made = len(payloads["integrations.json"]) + len(payloads["providers.json"]) + len(payloads["models.json"]) - 2
    assert (first.good, first.counts["created"], first.counts["failed"]) == (False, made, 2)
    assert len(first.because) == 2
    assert "/displayName: minLength" in " ".join(first.because)
    assert (again.good, validated.good) == (None, None)
    assert (back.good, back.counts["deleted"]) == (True, made)
    output = reported(result, "synapse", (first, again, validated, back))
    assert json.loads(output.texts["migration_report.json"])["rehearsal"]["good"] is False
    assert "| apply again | not tried |  |" in output.texts["migration_report.md"]
    assert "HTTP 422: /displayName: minLength" in output.texts["migration_report.md"]


@pytest.mark.parametrize(("field", "value"), [("status", "NEVER"), ("more", "no such field")])
def test_what_the_gateway_says_it_refuses_is_found_before_anything_is_sent(field: str, value: str) -> None:
    result = example("quickstart", "synapse")
    payloads = deepcopy(result.done.payloads)
    payloads["models.json"][0][field] = value
    first, *_, back = rehearsed(result, "synapse", payloads)
    assert (first.good, first.counts) == (False, {})
    assert first.because[0].startswith(f"models.json: `{field}` of models ")
    assert not any(back.counts.values())


def test_nothing_is_sent_where_a_reference_leads_nowhere() -> None:
    result = example("quickstart", "synapse")
    payloads = {name: body for name, body in result.done.payloads.items() if name != "integrations.json"}
    first, *_, back = rehearsed(result, "synapse", payloads)
    assert first.good is False
    assert "integrations" in first.because[0]
    assert back == back._replace(good=True, because=())
    assert not any(back.counts.values())


@pytest.mark.skipif(not CORPUS, reason="the published configurations are not here")
@pytest.mark.parametrize(("dialect", "first"), spread(zip(cycle(DIALECTS), range(0, 48, 3)), 10))
def test_published_configurations_can_be_rehearsed(dialect: str, first: int) -> None:
    bad: dict[str, Any] = {}
    for file in CORPUS[first::48]:
        try:
            result = of_file(file, dialect)
        except Problems:
            continue
        stages = rehearsed(result, dialect)
        bad.update({file.name: stages} if not all(stage.good for stage in stages) else {})
    assert bad == {}
