"""What the configuration does not say of a model comes from the catalogue: from which row, and in which order."""

from __future__ import annotations

import io
import json
import re
from pathlib import Path
from typing import Any

import pytest

from conversion import Result, of_text
from litellm_migrate import shipped
from litellm_migrate.cli.convert import convert_checked
from litellm_migrate.cli.main import main
from litellm_migrate.rulebook.load import load
from litellm_migrate.source.model import Problems
from litellm_migrate.source.read import read_source


def entry(model: str, info: str = "", more: str = "") -> Result:
    """The conversion of one entry."""
    return of_text(f"model_list: [{{model_name: x, litellm_params: {{model: {model}{more}}}, model_info: {{{info}}}}}]")


def body(model: str, info: str = "", more: str = "") -> dict[str, Any]:
    """The only model of one entry."""
    (found,) = entry(model, info, more).many("models")
    return found


def view(result: Result) -> dict[str, Any]:
    """What the report shows of the only model."""
    (found,) = result.data["models"]
    assert isinstance(found, dict)
    return found


def with_map(tmp_path: Path, content: Any, text: str) -> Result:
    """The conversion of a text with a cost map of the user's own."""
    file = tmp_path / "costs.json"
    file.write_text(content if isinstance(content, str) else json.dumps(content), "utf-8")
    book = load(shipped("rules"), shipped("schemas"), "synapse", file)
    done = convert_checked(book, read_source("-", book.grammar, io.BytesIO(text.encode())), shipped("schemas"))
    return Result(done)


PRICE = ", input_cost_per_token: 0.000001"


@pytest.mark.parametrize(
    ("info", "more", "price", "source"),
    [
        ("input_cost_per_token: 0.000002, base_model: azure/gpt-4o", PRICE, 0.001, "litellm_params"),
        ("input_cost_per_token: 0.000002, base_model: azure/gpt-4o", "", 0.002, "model_info"),
        ("base_model: azure/gpt-4o", ", base_model: azure/gpt-4o-mini", 0.0025, "base_model: azure/gpt-4o"),
        ("base_model: gpt-4o", "", 0.0025, "base_model: azure/gpt-4o"),
        ("", ", base_model: azure/gpt-4o-mini", 0.00015, "base_model: azure/gpt-4o-mini"),
        ("base_model: no-such-model", "", 0.002, "catalogue: azure/gpt-4.1"),
        ("", "", 0.002, "catalogue: azure/gpt-4.1"),
    ],
)
def test_the_first_source_that_has_a_price_gives_it(info: str, more: str, price: float, source: str) -> None:
    result = entry("azure/gpt-4.1", info, f"{more}, api_base: 'https://a.openai.azure.com'")
    assert result.many("models")[0]["pricing"]["inputCostPer1kTokens"] == price
    assert view(result)["price_from"] == source


def test_a_price_of_zero_is_a_price() -> None:
    made = body("openai/gpt-4o", "input_cost_per_token: 0, output_cost_per_token: 0")
    assert made["pricing"] == {"inputCostPer1kTokens": 0, "outputCostPer1kTokens": 0}


def test_a_capability_that_the_entry_denies_stays_denied_and_one_that_nobody_knows_is_absent() -> None:
    made = body("openai/gpt-4o", "supports_vision: false")["capabilities"]
    assert made["vision"] is False
    assert made["tools"] is True
    assert "audioInput" not in made


def test_a_name_of_one_provider_has_no_price_at_another() -> None:
    assert "pricing" not in body("groq/gpt-4o")
    assert "pricing" not in body("openai/my-own", "", ", api_base: 'http://localhost:8000/v1'")


def test_kinds_of_prices_that_have_no_field_are_named() -> None:
    differs = " ".join(entry("gemini/gemini-2.5-pro").setting("/model_list/0/litellm_params/model")["differs"])
    assert "further prices" in differs
    assert {"long prompts", "cached input"} <= set(re.split(r", |[()]", differs))


def test_entries_of_one_model_that_differ_in_base_model_are_told_so() -> None:
    deployment = "litellm_params: {model: azure/d, api_base: 'https://a.openai.azure.com'}"
    entries = [f"{{model_name: x, {deployment}, model_info: {{base_model: {base}}}}}" for base in ("gpt-4o", "gpt-4.1")]
    result = of_text(f"model_list: [{', '.join(entries)}]")
    assert {result.setting(f"/model_list/{n}/model_info/base_model")["code"] for n in (0, 1)} == {"LM507"}
    assert "pricing" not in result.many("models")[0]


def test_a_name_that_earlier_releases_knew_resolves_and_the_report_says_when_it_went() -> None:
    result = entry("claude-3-5-sonnet-20241022")
    made = result.many("models")[0]
    assert (made["providerType"], made["pricing"]["inputCostPer1kTokens"]) == ("ANTHROPIC", 0.003)
    assert (made["status"], made["deprecationDate"][:10]) == ("DEPRECATED", "2025-10-01")
    said = result.setting("/model_list/0/litellm_params/model")
    assert said["outcome"] == "mapped"
    assert any("the last day that the provider announced has come" in text for text in said["differs"])
    assert not any("may have ended" in text for text in said["differs"])
    (end,) = result.data["ends"]
    assert end == {"day": "2025-10-01", "state": "past", "model": "claude-3-5-sonnet-20241022", "names": "x"}
    said = entry("chat-bison").setting("/model_list/0/litellm_params/model")  # without an announced day
    assert any("since 1.85.0" in text and "2026-05-17" in text for text in said["differs"])


def test_an_end_that_is_still_to_come_is_no_status(tmp_path: Path) -> None:
    text = "model_list: [{model_name: x, litellm_params: {model: openai/new}}]"
    made = with_map(tmp_path, {"openai/new": {"deprecation_date": "2999-01-01"}}, text).many("models")[0]
    assert made["deprecationDate"] == "2999-01-01T00:00:00Z"
    assert "status" not in made


def test_a_cost_map_of_ones_own_takes_the_place_of_the_shipped_one(tmp_path: Path) -> None:
    new = {"input_cost_per_token": "1e-06", "cache_read_input_token_cost": 5e-07}
    models = [f"{{model_name: x, litellm_params: {{model: openai/{name}}}}}" for name in ("new", "gpt-4o")]
    result = with_map(tmp_path, {"sample": "no model", "openai/new": new}, f"model_list: [{', '.join(models)}]")
    mine, old = result.many("models")
    assert mine["pricing"] == {"inputCostPer1kTokens": 0.001}
    assert "pricing" not in old
    assert "further prices (cached input" in result.output.texts["migration_report.md"]
    assert result.data["catalog"].startswith("costs.json, in the place of litellm")


@pytest.mark.parametrize("content", ["{", "[]", "{}", '{"a": 1}', "[" * 100_000])
def test_a_cost_map_that_is_none_is_one_problem(tmp_path: Path, content: str) -> None:
    with pytest.raises(Problems) as raised:
        with_map(tmp_path, content, "model_list: []")
    assert raised.value.exit_code == 1
    assert len(raised.value.problems) == 1
    assert "costs.json" in str(raised.value.problems[0])


def test_the_report_names_the_catalogue() -> None:
    assert "litellm 1.106.2 of 2026-10-21" in entry("gpt-4o").output.texts["migration_report.md"]


def test_the_command_takes_a_cost_map(tmp_path: Path) -> None:
    config, costs, out = tmp_path / "c.yaml", tmp_path / "costs.json", tmp_path / "out"
    config.write_text("model_list: [{model_name: x, litellm_params: {model: openai/new}}]", "utf-8")
    costs.write_text('{"openai/new": {"input_cost_per_token": 0}}', "utf-8")
    given = ["--input", str(config), "--output", str(out), "--cost-map"]
    assert main([*given, str(tmp_path / "none.json")]) == 1
    assert not out.exists()
    assert main([*given, str(costs)]) == 0
    (made,) = json.loads((out / "payloads" / "models.json").read_text("utf-8"))
    assert made["pricing"] == {"inputCostPer1kTokens": 0}
