"""`--validate` says of everything whether it is on the gateway as planned, and whether it works."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from gateway_double import GatewayDouble
from gateway_folder import MARK, Output
from litellm_migrate import shipped

CHECK = Draft202012Validator(json.loads((shipped("schemas") / "report" / "validation_report.json").read_text("utf-8")))


@pytest.fixture
def output(tmp_path: Path) -> Iterator[Output]:
    with GatewayDouble() as double:
        made = Output(tmp_path / "out", double)
        made.apply()
        yield made


def ticked(data: Any, word: str) -> bool:
    (found,) = [item["done"] for item in data["checklist"] if word in item["text"]]
    return bool(found)


def wrong(data: Any) -> set[tuple[str, str, str]]:
    return {(one["endpoint"], one["name"], one["state"]) for one in data["entities"] if one["state"] != "same"}


def test_what_was_just_applied_is_as_planned(output: Output) -> None:
    asked = len(output.double.requests)
    code, data = output.validate()
    assert (code, data["ok"], wrong(data)) == (0, True, set())
    assert data["summary"] == {"same": 10, "different": 0, "missing": 0, "foreign": 0, "extra": 0}
    assert list(CHECK.iter_errors(data)) == []
    assert [one["state"] for one in data["verified"]] == ["good", "good"]
    assert all(ticked(data, word) for word in ("payloads hold", "earlier migration", "reaches", "simulation"))
    assert not ticked(data, "Manual")
    assert not ticked(data, "real request")
    changing = {request.method for request in output.double.requests[asked:] if "simulate" not in request.path}
    assert changing <= {"GET", "POST"}
    assert "Everything is as planned." in output.report


def test_a_split_shows_its_shares_over_many_tenants(output: Output) -> None:
    route = next(one for one in output.validate("--tenants", "200")[1]["routes"] if one["name"] == "chat")
    assert route["tenants"] == 200
    big, small = route["targets"]
    assert (big["target"], big["wanted"], small["wanted"]) == ("big", 0.75, 0.25)
    assert 0.6 < big["seen"] < 0.9
    assert big["seen"] + small["seen"] == pytest.approx(1)
    assert route["own"] in {"big", "small"}


def test_a_name_for_each_pattern_is_simulated(output: Output) -> None:
    routes = output.validate()[1]["routes"]
    assert [(one["name"], one["pattern"]) for one in routes] == [
        ("chat", "chat"),
        ("embed", "embed"),
        ("openai/sample", "openai/*"),
    ]


def test_a_rule_of_others_that_comes_first_is_found_astray(output: Output) -> None:
    rule = {"modelPattern": "em*", "routeTo": "elsewhere", "priority": 9000}
    output.double.catalog.routing["rules"].append(rule)
    code, data = output.validate()
    (route,) = [one for one in data["routes"] if not one["ok"]]
    assert (code, route["name"], route["because"]) == (1, "embed", "it leads to elsewhere")
    assert wrong(data) == set()
    assert not ticked(data, "simulation")
    assert "it leads to elsewhere" in output.report


def test_an_integration_that_the_gateway_cannot_use_is_named(output: Output) -> None:
    output.double.catalog.broken.add("spare")
    code, data = output.validate()
    assert (code, data["verified"][1]["state"]) == (1, "bad")
    assert data["verified"][1]["because"] == "the provider refuses the key"
    assert not ticked(data, "reaches")


def test_what_is_ours_and_in_no_payload_is_extra(output: Output) -> None:
    del output.held["providers"][1], output.held["models"][2]
    output.held["routing_config"]["rules"].pop(2)
    output.write()
    output.double.store["models"].append({**output.double.store["models"][0], "modelId": "theirs", "id": "other"})
    output.double.store["providers"].append({"slug": "old", "tags": [MARK], "id": "older"})
    output.double.store["providers"].append({"slug": "theirs", "tags": [], "id": "another"})
    code, data = output.validate()
    extra = {(endpoint, name) for endpoint, name, state in wrong(data) if state == "extra"}
    ours = {("providers", "spare"), ("providers", "old"), ("models", "OPEN_AI/words"), ("routing_config", "embed")}
    assert (code, extra) == (1, ours)
    assert not ticked(data, "earlier migration")
    assert "## Extra" in output.report


def test_routing_rules_of_ours_that_no_payload_holds_are_extra_and_those_of_others_are_not(output: Output) -> None:
    theirs = {"modelPattern": "their-*", "routeTo": "their-model", "priority": 900}
    output.double.catalog.routing["rules"].append(theirs)
    output.held["routing_config"]["rules"].append({"modelPattern": "new", "routeTo": "big", "priority": 5})
    output.apply()
    output.held["routing_config"]["rules"] = output.held["routing_config"]["rules"][2:3]
    output.apply()
    found = {(endpoint, name) for endpoint, name, state in wrong(output.validate()[1]) if state == "extra"}
    assert found == {("routing_config", name) for name in ("chat", "openai/*", "new")}
    assert theirs in output.double.catalog.routing["rules"]
    output.double.catalog.routing["rules"] = [*output.held["routing_config"]["rules"], theirs]
    assert output.validate()[0] == 0


def test_real_requests_are_sent_only_when_asked_for(output: Output) -> None:
    assert output.validate()[1]["smoked"] == []
    assert not [request for request in output.double.requests if request.path.startswith("/v1/")]
    code, data = output.validate("--smoke")
    assert (code, [(one["name"], one["state"]) for one in data["smoked"]]) == (
        0,
        [("chat", "good"), ("embed", "good"), ("openai/*", "not tried")],
    )
    sent = [(request.path, request.body["model"]) for request in output.double.requests if request.path[:4] == "/v1/"]
    assert sent == [("/v1/chat/completions", "chat"), ("/v1/embeddings", "embed")]
    assert ticked(data, "real request")


def test_no_key_is_in_a_report(output: Output) -> None:
    output.double.store["integrations"][0]["apiKey"] = "sk-other"
    output.validate()
    for text in (output.report, (output.path / "validation_report.json").read_text("utf-8")):
        assert output.double.api_key not in text
        assert "sk-" not in text


def test_an_empty_gateway_lacks_everything(tmp_path: Path) -> None:
    with GatewayDouble() as double:
        output = Output(tmp_path / "out", double).write()
        code, data = output.validate()
    assert code == 1
    assert data["summary"]["missing"] == 8
    assert {one["state"] for one in data["verified"]} == {"not tried"}
    assert list(CHECK.iter_errors(data)) == []
