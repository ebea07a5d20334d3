"""The schema of migration_report.json takes a whole report, and no outcome without its reason."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from litellm_migrate import shipped

CHECK = Draft202012Validator(json.loads((shipped("schemas") / "report" / "migration_report.json").read_text("utf-8")))
AT = {"file": "config.yaml", "line": 3, "column": 5}
TARGET = {"file": "models.json", "pointer": "/0/limits/maxContextLength"}
SAID = {"because": "", "do": "", "differs": [], "rule": "r", "code": "ok"}
MAPPED = {**AT, **SAID, "entry": "gpt-4", "path": "/a~1b/0", "outcome": "mapped", "exact": True, "targets": [TARGET]}
REPORT: dict[str, Any] = {
    "version": "0.1.0",
    "input": "-",
    "dialect": "synapse",
    "today": "2026-01-31",
    "digest": {"configuration": "0" * 64, "payloads": "f" * 64},
    "entities": {"providers.json": ["openai"]},
    "names": [
        {
            "name": "gpt-4",
            "kind": "name",
            "works": "yes",
            "legs": [{"path": "/model_list/0", "rpm": 5, "share_synapse": 1}],
        },
        {"name": "old", "kind": "alias", "works": "no", "because": "why", "alias_of": "nobody", "legs": []},
    ],
    "master_key": [{"origin": "reference", "variable": "MASTER"}],
    "verdict": "Not ready",
    "glance": [{"question": "Names that work", "answer": "1 of 2", "see": ["LM103"]}],
    "classes": {"blocks": 1, "never": 0},
    "findings": [
        {
            "code": "LM103",
            "name": "no-models",
            "class": "blocks",
            "title": "There are no models",
            "statements": [{"because": "why", "do": "what", "settings": [0], "places": [{"file": "a", "line": 1}]}],
        }
    ],
    "summary": {"mapped": 1, "manual": 0, "skipped": 0, "settings": 1},
    "settings": [MAPPED],
    "secrets": [{"variable": "OPENAI_API_KEY", "origin": "reference", "places": [{"file": "config.yaml", "line": 3}]}],
    "exposed": [{"path": "/guardrails/0/litellm_params/api_key", "file": "config.yaml", "line": 7}],
    "environment": [{"variable": "DOCS_KEY", "origin": "literal", "places": []}],
    "groups": [
        {
            "model_name": "gpt-4",
            "deployments": [
                {"path": "/model_list/0", "modelId": "openai/gpt-4", "share_litellm": 0.75, "share_synapse": 0.75},
                {"path": "/model_list/1"},
            ],
        }
    ],
    "catalog": "facts 1.0 of 2026-01-01",
    "models": [{"id": "openai/gpt-4", "input": "0.03", "output": "0.06", "context": 8192, "price_from": "catalogue"}],
    "ends": [{"day": "2026-01-30", "state": "past", "model": "openai/gpt-4", "names": "gpt-4"}],
    "notices": [
        {**AT, "code": "repeated-key", "because": "why"},
        {"code": "LM103", "because": "why", "do": "what"},
    ],
    "codes": {"LM103": {"name": "no-models", "class": "blocks", "title": "There are no models"}},
}


def accepts(**changes: Any) -> bool:
    return CHECK.is_valid({**REPORT, **changes})


def takes(**changes: Any) -> bool:
    setting = {name: value for name, value in {**MAPPED, **changes}.items() if value is not None}
    return accepts(settings=[setting])


def test_a_whole_report_passes_and_every_part_of_it_is_needed() -> None:
    assert not list(CHECK.iter_errors(REPORT))
    for name in REPORT:
        assert not CHECK.is_valid({key: value for key, value in REPORT.items() if key != name})
    assert not accepts(more=1)


def test_empty_lists_are_fine() -> None:
    assert accepts(settings=[], secrets=[], groups=[], models=[], notices=[], findings=[])


def test_every_outcome_says_what_its_reader_needs() -> None:
    assert takes(exact=False, differs=["Rounded to cents."])
    assert takes(outcome="manual", exact=False, targets=[], because="why", do="what")
    assert takes(outcome="skipped", exact=False, targets=[], because="why")
    assert not takes(exact=False)
    assert not takes(outcome="manual", exact=False, because="why")
    assert not takes(outcome="manual", exact=False, do="what")
    assert not takes(outcome="skipped", exact=False)


@pytest.mark.parametrize(
    "changes",
    [
        {"path": "model_list/0"},
        {"path": "/a~2"},
        {"path": "/a\n~"},
        {"line": 0},
        {"column": None},
        {"targets": [{"file": "models.json"}]},
        {"outcome": "dropped"},
        {"code": "Not A Code"},
        {"rule": None},
        {"value": "must not be here"},
    ],
)
def test_a_malformed_setting_is_refused(changes: dict[str, Any]) -> None:
    assert not takes(**changes)


def test_shares_are_parts_of_one() -> None:
    groups = copy.deepcopy(REPORT["groups"])
    groups[0]["deployments"][0]["share_synapse"] = 75
    assert not accepts(groups=groups)


@pytest.mark.parametrize("change", [{"class": "urgent"}, {"title": None}, {"more": "1"}])
def test_the_meaning_of_a_code_has_a_known_class_and_a_title(change: dict[str, Any]) -> None:
    meaning = {"name": "no-models", "class": "blocks", "title": "There are no models", **change}
    assert not accepts(codes={"LM103": {word: value for word, value in meaning.items() if value is not None}})


def test_a_notice_has_a_whole_place_or_none() -> None:
    assert not accepts(notices=[{"code": "repeated-key", "because": "why", "line": 3}])
