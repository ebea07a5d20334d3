"""What somebody changes on the gateway by hand is named, by `plan` and by `--validate` alike."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from gateway_double import GatewayDouble
from gateway_folder import Output


@pytest.fixture
def output(tmp_path: Path) -> Iterator[Output]:
    with GatewayDouble() as double:
        made = Output(tmp_path / "out", double)
        made.apply()
        yield made


def price(double: GatewayDouble) -> None:
    double.store["models"][0]["pricing"]["inputCostPer1kTokens"] = 0.005


def weight(double: GatewayDouble) -> None:
    double.catalog.routing["rules"][0]["weight"] = 50


def limit(double: GatewayDouble) -> None:
    double.catalog.limits[double.tenant]["models"][0]["rpm"] = 900


def tier(double: GatewayDouble) -> None:
    double.catalog.limits[double.tenant]["tier"] = "enterprise"


def gone(double: GatewayDouble) -> None:
    del double.store["integrations"][1]


CHANGED: list[tuple[Callable[[GatewayDouble], None], str, str, Any]] = [
    (price, "models", "OPEN_AI/big", ("pricing.inputCostPer1kTokens", 0.005, 0.0025)),
    (weight, "routing_config", "", ("rules[0].weight", 50, 75)),
    (limit, "rate_limits", "", ("models[0].rpm", 900, 800)),
    (tier, "rate_limits", "", ("tier", "enterprise", "pro")),
    (gone, "integrations", "spare", None),
]


@pytest.mark.parametrize(("change", "endpoint", "name", "field"), CHANGED, ids=lambda one: getattr(one, "__name__", ""))
def test_drift_is_named(
    output: Output, change: Callable[[GatewayDouble], None], endpoint: str, name: str, field: Any
) -> None:
    assert {step.action for step in output.plan()} == {"unchanged"}
    change(output.double)
    steps = {(step.call.id, step.name): step for step in output.plan() if step.action != "unchanged"}
    step = steps[endpoint, name]
    assert step.action == ("update" if field else "create")
    assert [(one.field, one.old, one.new) for one in step.differences] == ([field] if field else [])
    code, data = output.validate()
    (found,) = [one for one in data["entities"] if (one["endpoint"], one["name"]) == (endpoint, name)]
    expected = [{"field": field[0], "gateway": field[1], "payload": field[2]}] if field else []
    assert (code, found["state"], found["changes"]) == (1, "different" if field else "missing", expected)
    assert (field[0] if field else "not there") in output.report


def test_what_refers_to_a_deleted_integration_is_named_too(output: Output) -> None:
    gone(output.double)
    data = output.validate()[1]
    states = {(one["endpoint"], one["name"]): one["state"] for one in data["entities"] if one["state"] != "same"}
    assert states == {("integrations", "spare"): "missing", ("providers", "spare"): "different"}


def test_applying_again_puts_it_right(output: Output) -> None:
    for change in (price, weight, limit, tier, gone):
        change(output.double)
    output.apply()
    assert output.validate()[0] == 0
