"""What the tool was asked to do: provider types, strategies, splits, limits, budgets, prices and keys."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import Any

import pytest

from conversion import EXAMPLES, Result, of_file, of_text

TYPES = {
    "openai": "OPEN_AI",
    "azure": "AZURE_OPEN_AI",
    "anthropic": "ANTHROPIC",
    "bedrock": "AWS_BEDROCK",
    "vertex_ai": "VERTEX_AI",
    "gemini": "GEMINI",
    "cohere": "COHERE",
    "groq": "GROQ",
    "together_ai": "TOGETHER",
    "replicate": "REPLICATE",
    "mistral": "MISTRAL",
    "fireworks_ai": "FIREWORKS",
    "perplexity": "PERPLEXITY",
    "deepinfra": "DEEP_INFRA",
    "xai": "XAI",
    "deepseek": "CUSTOM",
    "huggingface": "CUSTOM",
    "ollama": "CUSTOM",
    "vllm": "CUSTOM",
}
PUBLISHED = {"openai": "OPEN_AI", "azure": "AZURE", "anthropic": "ANTHROPIC", "cohere": "COHERE", "mistral": "MISTRAL"}
PUBLISHED |= {"vertex_ai": "GOOGLE", "gemini": "GOOGLE", "vllm": "VLLM"}


def entry(name: str, model: str, info: dict[str, Any] | None = None, **params: Any) -> dict[str, Any]:
    """One entry of model_list."""
    return {"model_name": name, "litellm_params": {"model": model, **params}, "model_info": info or {}}


def of(*entries: dict[str, Any], dialect: str = "synapse", **sections: Any) -> Result:
    """The conversion of these entries (JSON is YAML)."""
    return of_text(json.dumps({"model_list": entries, **sections}), dialect)


@lru_cache
def mission(dialect: str) -> Result:
    """The example with one entry for each prefix."""
    return of_file(EXAMPLES / "mission.yaml", dialect)


@pytest.mark.parametrize("prefix", TYPES)
def test_each_prefix_becomes_its_provider_type(prefix: str) -> None:
    (provider,) = [one for one in mission("synapse").many("providers") if f"litellm:{prefix}" in one["tags"]]
    assert provider["providerType"] == TYPES[prefix]
    integration = mission("synapse").one("integrations", name=provider["name"])
    assert integration["providerType"] == TYPES[prefix]
    assert provider["integrationId"] == f"${{ref:integrations/{integration['name']}}}"


def test_each_prefix_serves_one_model_under_the_type_of_its_provider() -> None:
    assert sorted(one["providerType"] for one in mission("synapse").many("models")) == sorted(TYPES.values())
    assert len(mission("synapse").routing["rules"]) == 2 * len(TYPES)  # by model_name, and by the model's own name


def test_the_published_dialect_keeps_the_type_as_a_tag() -> None:
    for prefix in TYPES.keys() - {"bedrock", "replicate"}:
        (provider,) = [one for one in mission("openapi-0.2").many("providers") if f"litellm:{prefix}" in one["tags"]]
        assert provider["providerType"] == PUBLISHED.get(prefix, "CUSTOM")
        if provider["providerType"] == "CUSTOM":
            assert mission("openapi-0.2").one("integrations", name=provider["name"])["endpointUrl"]
    said = [one for one in mission("openapi-0.2").data["settings"] if one["outcome"] == "manual"]
    assert {one["path"].split("/")[2] for one in said} == {"3", "9"}


STRATEGIES = {
    None: ("cost_optimized", None),
    "simple-shuffle": ("cost_optimized", None),
    "latency-based-routing": ("latency_sensitive", "approximate"),
    "cost-based-routing": ("cost_optimized", "approximate"),
    "usage-based-routing": ("balanced", "approximate"),
    "usage-based-routing-v2": ("balanced", "approximate"),
    "least-busy": ("balanced", "approximate"),
}


@pytest.mark.parametrize("strategy", STRATEGIES)
def test_each_strategy(strategy: str | None) -> None:
    group = (entry("a", "openai/gpt-4o"), entry("a", "openai/gpt-4o-mini"))
    result = of(*group, router_settings={"routing_strategy": strategy} if strategy else {})
    target, code = STRATEGIES[strategy]
    assert result.routing["strategy"] == target
    if code:
        assert result.setting("/router_settings/routing_strategy")["code"] == code


def test_the_published_dialect_comes_near_latency_by_weights() -> None:
    settings = {"routing_strategy": "latency-based-routing"}
    routing = of(entry("a", "openai/gpt-4o"), router_settings=settings, dialect="openapi-0.2").routing
    assert routing["strategy"] == "balanced"
    assert max(routing["weights"], key=routing["weights"].get) == "latency"
    assert sum(routing["weights"].values()) == pytest.approx(1.0)


@pytest.mark.parametrize("strategy", ["provider-budget-routing", "lar1", "latency-based", "round-robin", ["a"], 7])
def test_a_strategy_without_counterpart_is_manual_and_says_what_to_do(strategy: Any) -> None:
    result = of(entry("a", "openai/gpt-4o"), router_settings={"routing_strategy": strategy})
    path = "/router_settings/routing_strategy" + ("/0" if isinstance(strategy, list) else "")
    said = result.setting(path)
    assert (said["outcome"], bool(said["because"]), bool(said["do"])) == ("manual", True, True)


AZURE: dict[str, Any] = {"api_base": "https://east.openai.azure.com", "api_version": "2024-10-21"}


def weights(result: Result, pattern: str) -> list[Any]:
    """The weights of the rules for a name, in their order."""
    return [rule.get("weight") for rule in result.rules(pattern)]


def test_traffic_follows_the_requests_per_minute() -> None:
    result = of(entry("gpt-4", "openai/gpt-4", rpm=600), entry("gpt-4", "azure/gpt-4", rpm=200, **AZURE))
    assert weights(result, "gpt-4") == [75, 25]
    first, second = result.rules("gpt-4")
    assert first["experimentId"] == second["experimentId"]
    assert first["priority"] == second["priority"]
    assert {first["variant"], second["variant"]} == {rule["routeTo"] for rule in (first, second)}
    assert {first["routeTo"], second["routeTo"]} == {model["modelId"] for model in result.many("models")}
    ((_, group),) = [(one["model_name"], one["deployments"]) for one in result.data["groups"]]
    assert [(one["share_litellm"], one["share_synapse"]) for one in group] == [(0.75, 0.75), (0.25, 0.25)]


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ({"weight": 0.7}, {"weight": 0.3}, [70, 30]),
        ({"weight": 3}, {"weight": 1, "rpm": 9000}, [75, 25]),
        ({"tpm": 100000}, {"tpm": 300000}, [25, 75]),
        ({}, {}, [50, 50]),
        ({"weight": 0}, {"weight": 0}, [50, 50]),
        ({"rpm": 100}, {}, [None]),
        ({"order": 2}, {"order": 1}, [None]),
        ({"order": 1, "rpm": 1}, {"order": 1, "rpm": 3}, [25, 75]),
    ],
)
def test_a_group_splits_as_simple_shuffle_does(
    first: dict[str, Any], second: dict[str, Any], expected: list[Any]
) -> None:
    result = of(entry("g", "openai/a", **first), entry("g", "groq/b", **second))
    assert weights(result, "g") == expected


def test_an_order_sends_everything_to_the_lowest_and_says_so_of_the_other() -> None:
    result = of(entry("g", "openai/a", order=2), entry("g", "groq/b", order=1))
    assert [rule["routeTo"] for rule in result.rules("g")] == ["b"]
    assert result.setting("/model_list/0/litellm_params/order")["outcome"] == "manual"


def test_an_alias_leads_where_its_group_leads() -> None:
    router = {"model_group_alias": {"gpt-4": "g", "hidden": {"model": "g", "hidden": True}, "lost": "nowhere"}}
    result = of(entry("g", "openai/a", rpm=3), entry("g", "groq/b", rpm=1), router_settings=router)
    for alias in ("g", "gpt-4", "hidden"):
        assert [(rule["routeTo"], rule["weight"]) for rule in result.rules(alias)] == [("a", 75), ("b", 25)]
    assert len({rule["experimentId"] for rule in result.routing["rules"] if "experimentId" in rule}) == 3
    assert not result.rules("lost")
    assert result.setting("/router_settings/model_group_alias/lost")["code"] == "LM903"
    assert result.rules("gpt-4")[0]["priority"] > result.rules("g")[0]["priority"]


def test_a_wildcard_with_one_model_is_a_rule_and_one_without_a_list_of_names_is_manual() -> None:
    result = of(
        entry("claude-*", "anthropic/claude-sonnet-4-5"),
        entry("claude-sonnet-*", "anthropic/claude-sonnet-4-5"),
        entry("claude-sonnet-x", "anthropic/claude-opus-4-1"),
        entry("own/*", "openai/*", api_base="https://own.example/v1"),
    )
    order = sorted(result.routing["rules"], key=lambda rule: -int(rule["priority"]))
    assert [rule["modelPattern"] for rule in order][:3] == ["claude-sonnet-x", "claude-sonnet-*", "claude-*"]
    assert result.setting("/model_list/3/model_name")["code"] == "LM201"
    assert result.one("integrations", name="own-example")
