"""The plan: what applying would change, what it leaves alone, and what it asks about."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from conversion import DIALECTS, rulebook
from faulty_gateway import FaultyGateway
from gateway_run import CONFIG, applied, folder_of, planned, reached, sandbox_of, writes
from litellm_migrate import shipped
from litellm_migrate.gateway.change import Change, Options
from litellm_migrate.gateway.compare import Difference, differences
from litellm_migrate.gateway.payloads import read_payloads
from litellm_migrate.gateway.plan_text import plan_data, plan_text
from litellm_migrate.source.model import Problems

CACHE = """
litellm_settings: {cache: true, cache_params: {type: redis-semantic, similarity_threshold: 0.9, ttl: 600}}
"""
FOREIGN = {"slug": "openai-openai", "name": "theirs", "providerType": "CUSTOM"}


def steps_of(folder: Path, sandbox: FaultyGateway, **decided: Any) -> list[Change]:
    with reached(sandbox) as client:
        return planned(folder, client, sandbox, Options(**decided))


def changing(steps: list[Change]) -> list[tuple[str, str, str]]:
    return [(step.action, step.call.id, step.name) for step in steps if step.action != "unchanged"]


@pytest.fixture
def here(tmp_path: Path) -> tuple[Path, FaultyGateway]:
    """A folder, and a gateway to which it was applied."""
    folder, sandbox = folder_of(tmp_path / "out"), sandbox_of()
    assert applied(folder, sandbox).complete
    return folder, sandbox


@pytest.mark.parametrize("name", DIALECTS)
def test_everything_is_created_where_nothing_is(tmp_path: Path, name: str) -> None:
    sandbox = sandbox_of(dialect=name)
    steps = steps_of(folder_of(tmp_path / "out", dialect=name), sandbox)
    entities = [step for step in steps if step.call.unique_key]
    assert {step.action for step in entities} == {"create"}
    assert {step.call.id for step in entities} == {"integrations", "providers", "models", "virtual_keys"}
    assert [step.call.id for step in steps if not step.call.unique_key] == ["routing_config", "rate_limits"]
    assert writes(sandbox) == []
    assert not (tmp_path / "out" / "journal.jsonl").exists()


@pytest.mark.parametrize("name", DIALECTS)
def test_nothing_looks_different_after_it_was_applied(tmp_path: Path, name: str) -> None:
    folder, sandbox = folder_of(tmp_path / "out", dialect=name), sandbox_of(dialect=name)
    assert applied(folder, sandbox).complete
    assert changing(steps_of(folder, sandbox)) == []


def test_what_others_changed_is_named_field_by_field(here: tuple[Path, FaultyGateway]) -> None:
    folder, sandbox = here
    model = sandbox.entities["models"].stored[0]
    model["pricing"]["inputCostPer1kTokens"] = 9
    provider = sandbox.entities["providers"].stored[1]
    provider["rateLimits"] = {"rpm": 1}
    sandbox.entities["integrations"].stored.pop(0)
    rules = sandbox.documents["routing_config"].stored[""]["rules"]
    rules[0]["weight"] = 0.5
    steps = steps_of(folder, sandbox)
    fields = {(step.call.id, change.field, change.old) for step in steps for change in step.differences}
    assert ("models", "pricing.inputCostPer1kTokens", 9) in fields
    assert ("providers", "rateLimits.rpm", 1) in fields
    assert ("routing_config", "rules[0].weight", 0.5) in fields
    assert [name for action, name, _ in changing(steps) if action == "create"] == ["integrations"]
    assert "models\n  ~ OPEN_AI/gpt-4o-mini\n" in plan_text(steps)
    assert "pricing.inputCostPer1kTokens: 9 -> 0.00015" in plan_text(steps)
    assert "~ rules: modelPattern fast: weight 0.5 -> 75" in plan_text(steps)
    assert "1 to create (1 integrations)" in plan_text(steps)


def test_new_entities_are_shown_with_what_they_get(tmp_path: Path) -> None:
    folder, sandbox = folder_of(tmp_path / "out"), sandbox_of()
    steps = steps_of(folder, sandbox)
    short, whole = plan_text(steps, {"OPENAI": "integrations openai"}), plan_text(steps, whole=True)
    assert short.startswith("! 1 environment variable to set before you apply:\n    OPENAI  integrations openai\n")
    assert "  + openai-openai  providerType OPEN_AI, apiKey ${OPENAI}\n" in short
    assert "pricing {inputCostPer1kTokens 0.00015, " in short
    assert "  + rules: modelPattern big, routeTo claude-3-5-sonnet-20241022, priority 2000\n" in short
    assert "      + pricing.inputCostPer1kTokens: 0.00015\n" in whole
    assert short.splitlines()[-1] == (
        "Plan: 10 to create (3 integrations, 3 providers, 3 models, 1 virtual_keys), "
        "2 to change (routing_config, rate_limits), 0 unchanged."
    )


def test_rules_are_compared_one_by_one(here: tuple[Path, FaultyGateway]) -> None:
    folder, sandbox = here
    rules = sandbox.documents["routing_config"].stored[""]["rules"]
    gone, changed = rules.pop(0), rules[-1]
    changed["priority"] = 7
    text = plan_text([step for step in steps_of(folder, sandbox) if step.endpoint == "routing_config"])
    assert text.splitlines()[1:-2] == [
        f"  ~ rules: modelPattern {changed['modelPattern']}: priority 7 -> 100",
        f"  + rules: modelPattern {gone['modelPattern']}, routeTo {gone['routeTo']}, weight {gone['weight']}, "
        f"experimentId {gone['experimentId']}, variant {gone['variant']}, priority {gone['priority']}",
        f"    rules: {len(rules) - 1} unchanged",
    ]


def test_the_plan_of_what_is_lost_says_which_provider_needs_the_new_one(here: tuple[Path, FaultyGateway]) -> None:
    folder, sandbox = here
    gone = sandbox.entities["integrations"].stored.pop(0)
    changed = [step for step in steps_of(folder, sandbox) if step.call.id == "providers" and step.differences]
    assert [change.new for change in changed[0].differences] == [f"${{ref:integrations/{gone['name']}}}"]


def test_a_provider_of_others_is_a_question(tmp_path: Path) -> None:
    folder, sandbox = folder_of(tmp_path / "out"), sandbox_of()
    slug = json.loads((folder / "payloads/providers.json").read_text())[0]["slug"]
    sandbox.entities["providers"].stored.append({**FOREIGN, "slug": slug, "id": "theirs"})
    steps = steps_of(folder, sandbox)
    assert [one for one in changing(steps) if one[0] == "conflict"] == [("conflict", "providers", slug)]
    assert "--adopt" in plan_text(steps)
    with pytest.raises(Problems, match="somebody else made"):
        applied(folder, sandbox)
    assert writes(sandbox) == []
    assert ("update", "providers", slug) in changing(steps_of(folder, sandbox, adopt=True))
    assert applied(folder, sandbox, Options(adopt=True)).complete
    assert [one["id"] for one in sandbox.entities["providers"].stored].count("theirs") == 1
    assert changing(steps_of(folder, sandbox)) == []


def test_routing_rules_of_others_stay_behind_ours(here: tuple[Path, FaultyGateway]) -> None:
    folder, sandbox = here
    document = sandbox.documents["routing_config"].stored[""]
    ours = list(document["rules"])
    theirs = {"modelPattern": "their-*", "routeTo": "their-model", "priority": 900}
    document["rules"] = [theirs, *ours[1:]]
    steps = steps_of(folder, sandbox)
    assert changing(steps) == [("update", "routing_config", "")]
    assert applied(folder, sandbox).complete
    assert sandbox.documents["routing_config"].stored[""]["rules"] == [*ours, theirs]
    assert changing(steps_of(folder, sandbox)) == []


def test_thresholds_of_the_cache_are_those_of_the_tenant(tmp_path: Path) -> None:
    folder, sandbox = folder_of(tmp_path / "out", f"{CONFIG}{CACHE}"), sandbox_of()
    (step,) = [step for step in steps_of(folder, sandbox) if step.call.id == "thresholds"]
    assert "{tenant}" in step.call.path
    applied(folder, sandbox)
    assert sandbox.documents["thresholds"].stored[sandbox.tenant] == step.body
    assert changing(steps_of(folder, sandbox)) == []


def test_a_reference_to_nothing_is_a_problem(tmp_path: Path) -> None:
    folder = folder_of(tmp_path / "out")
    (folder / "payloads/integrations.json").write_text("[]")
    with pytest.raises(Problems, match="`integrationId` expects integrations openai"):
        steps_of(folder, sandbox_of())


def test_payloads_are_held_against_their_schemas(tmp_path: Path) -> None:
    folder = folder_of(tmp_path / "out")
    models = json.loads((folder / "payloads/models.json").read_text())
    models[1]["displayName"] = 7
    (folder / "payloads/models.json").write_text(json.dumps([*models, models[0]]))
    (folder / "payloads/virtual_keys.json").write_text('[\n{"name": sk-secret}]')
    with pytest.raises(Problems) as found:
        read_payloads(folder, rulebook(), shipped("schemas"))
    said = str(found.value)
    assert "models.json: /1/displayName: expected a text" in said
    assert f"models.json: /{len(models)}: expected each entity once" in said
    assert "virtual_keys.json:2:10: expected JSON" in said
    assert "sk-secret" not in said
    with pytest.raises(Problems, match="Convert first"):
        read_payloads(tmp_path / "nowhere", rulebook(), shipped("schemas"))


def test_differences_that_only_look_like_some_are_none() -> None:
    (call,) = [shape.call for shape in rulebook().endpoints if shape.id == "integrations" and shape.call]
    ours: Any = {
        "name": "a",
        "apiKey": "${KEY}",
        "endpointUrl": "${BASE}",
        "config": {"region": "eu", "secretAccessKey": "${S}"},
    }
    theirs: Any = {"name": "a", "config": {"region": "eu"}, "status": "ok", "endpointUrl": "https://x"}
    assert differences(call, ours, theirs) == ()
    assert differences(call, ours, {"name": "a", "apiKey": "***4321"}) == ()
    assert differences(call, {"tags": ["b", "a"], "n": 1, "empty": []}, {"tags": ["a", "b"], "n": 1.0}) == ()
    assert differences(call, {"n": True}, {"n": 1}) == (Difference("n", 1, True),)
    assert differences(call, {"config": {"region": "eu"}}, {"config": {"region": "us"}}) == (
        Difference("config.region", "us", "eu"),
    )
    assert differences(call, {"deep": {"a": [{"b": 1}]}}, {"deep": {"a": [{"b": 2}]}}) == (
        Difference("deep.a[0].b", 2, 1),
    )


def test_a_plan_for_programs_says_the_same(here: tuple[Path, FaultyGateway]) -> None:
    folder, sandbox = here
    sandbox.entities["models"].stored[0]["displayName"] = "other"
    data = plan_data(steps_of(folder, sandbox))
    assert data["summary"]["update"] == 1
    (step,) = [one for one in data["steps"] if one["action"] == "update"]
    assert (step["endpoint"], step["changes"][0]["field"]) == ("models", "displayName")
