"""What the tool was asked to do: limits, budgets, prices, keys, and who serves a model."""

from __future__ import annotations

import re
from typing import Any

import pytest

from conversion import Result, of_text
from test_mission import entry, of

MASTER: dict[str, Any] = {"general_settings": {"master_key": "os.environ/LITELLM_MASTER_KEY"}}


def test_limits_are_summed_for_each_group_and_choose_the_tier() -> None:
    result = of(
        entry("gpt-4", "openai/gpt-4", rpm=600, tpm=80000),
        entry("gpt-4", "groq/gpt-4", rpm=200, tpm=10000),
        entry("other", "openai/o1"),
    )
    limits = result.done.payloads["rate_limits.json"]
    assert limits == {"tier": "pro", "models": [{"model": "gpt-4", "rpm": 800, "tpm": 90000}]}
    rates = {one["name"]: one["rateLimits"] for one in result.many("providers") if "rateLimits" in one}
    assert rates == {"openai": {"rpm": 600, "tpm": 80000}, "groq": {"rpm": 200, "tpm": 10000}}


@pytest.mark.parametrize(
    ("rpm", "tier"), [(1, "starter"), (100, "starter"), (101, "pro"), (1000, "pro"), (1001, "enterprise")]
)
def test_the_smallest_tier_that_holds_the_sum(rpm: int, tier: str) -> None:
    assert of(entry("a", "openai/x", rpm=rpm)).done.payloads["rate_limits.json"]["tier"] == tier


def test_more_than_the_largest_tier_is_manual() -> None:
    result = of(entry("a", "openai/x", rpm=3001))
    assert result.done.payloads["rate_limits.json"]["tier"] == "enterprise"
    assert "LM403" in {one["code"] for one in result.data["settings"] + result.data["notices"]}


def test_without_limits_there_is_no_file_and_the_other_five_are_written() -> None:
    written = of().output.texts.keys()
    five = ("integrations", "providers", "models", "routing_config", "virtual_keys")
    assert {f"payloads/{name}.json" for name in five} <= written
    assert "payloads/rate_limits.json" not in written


@pytest.mark.parametrize(
    ("period", "cents", "exact"), [("30d", 10000, True), ("1mo", 10000, True), ("1d", 300000, False)]
)
def test_budgets_are_cents_a_month(period: str, cents: int, exact: bool) -> None:
    budget = {"provider_budget_config": {"openai": {"budget_limit": 100, "time_period": period}}}
    result = of(entry("a", "openai/gpt-4o"), router_settings=budget)
    assert result.one("providers", slug="openai")["budget"] == {"monthlyBudgetCents": cents}
    assert result.setting("/router_settings/provider_budget_config/openai/budget_limit")["exact"] is exact


@pytest.mark.parametrize(
    ("cost", "written"),
    [("0.0000025", "0.0025"), ('"1e-07"', "0.0001"), ("1e-07", "0.0001"), ("3.3e-06", "0.0033"), ("0", "0")],
)
@pytest.mark.parametrize("place", ["litellm_params", "model_info"])
def test_prices_are_exact_to_the_last_digit(cost: str, written: str, place: str) -> None:
    said = {"litellm_params": "model: openai/gpt-4o", "model_info": "mode: chat"}
    said[place] += f", input_cost_per_token: {cost}"
    mappings = ", ".join(f"{name}: {{{text}}}" for name, text in said.items())
    result = of_text(f"model_list: [{{model_name: a, {mappings}}}]")
    assert re.search(rf'"inputCostPer1kTokens": {re.escape(written)},?\n', result.output.texts["payloads/models.json"])


def test_the_master_key_becomes_a_key_for_every_group() -> None:
    defaults = {"default_key_generate_params": {"rpm_limit": 50}, "upperbound_key_generate_params": {"tpm_limit": 9000}}
    result = of(entry("a", "openai/x"), entry("b", "openai/y"), litellm_settings=defaults, **MASTER)
    (key,) = result.many("virtual_keys")
    assert sorted(key["allowedModels"]) == ["a", "b", "openai/x", "openai/y"]
    assert not key.keys() & {"rateLimitRpm", "rateLimitTpm"}  # defaults of new keys limit no key that exists
    assert "LITELLM_MASTER_KEY" not in result.output.texts["payloads/virtual_keys.json"]


def test_names_of_models_are_no_secrets() -> None:
    chosen = {"default_key_generate_params": {"models": ["chat-production"]}}
    result = of(entry("chat-production", "openai/x"), entry("b", "openai/y"), litellm_settings=chosen, **MASTER)
    assert result.one("virtual_keys")["allowedModels"] == ["chat-production", "b", "openai/x", "openai/y"]


def test_a_literal_key_becomes_a_reference_and_a_finding_with_its_line() -> None:
    result = of_text("""
        model_list:
        - model_name: a
          litellm_params:
            model: openai/gpt-4o
            api_key: sk-live-0123456789
    """)
    (integration,) = result.many("integrations")
    (secret,) = result.data["secrets"]
    assert integration["apiKey"] == f"${{{secret['variable']}}}"
    assert secret["origin"] == "literal"
    said = result.setting("/model_list/0/litellm_params/api_key")
    assert (said["outcome"], said["code"], said["line"]) == ("manual", "LM304", 6)
    assert "sk-live" not in result.texts()


def test_no_key_means_the_variable_that_litellm_reads() -> None:
    result = of(entry("a", "anthropic/claude-sonnet-4-5"))
    assert result.one("integrations")["apiKey"] == "${ANTHROPIC_API_KEY}"
    assert result.data["secrets"][0]["origin"] == "default"


@pytest.mark.parametrize("key", [{}, {"api_key": "none"}])
def test_a_local_server_needs_no_key(key: dict[str, Any]) -> None:
    result = of(entry("a", "ollama/llama3.1", api_base="http://gpu:11434", **key))
    integration = result.one("integrations")
    assert (integration["apiKey"], integration["endpointUrl"]) == ("not-needed", "http://gpu:11434/v1")
    assert not result.data["secrets"]


NO_ADDRESSES = ("not a URL", "https://gpu.example/v1 ", "https://gpu .example/v1", "ftp://gpu.example/v1")


@pytest.mark.parametrize("address", NO_ADDRESSES)
@pytest.mark.parametrize("model", ["azure/gpt-4o", "azure_text/x", "hosted_vllm/x"])
def test_a_server_whose_address_cannot_be_read_has_a_variable_and_is_manual(model: str, address: str) -> None:
    result = of(entry("a", model, api_base=address))
    assert result.one("integrations")["endpointUrl"].endswith("_ADDRESS}")
    assert result.setting("/model_list/0/litellm_params/model")["code"] == "LM102"


def test_a_server_without_an_address_is_manual_where_litellm_reads_no_variable() -> None:
    result = of(entry("a", "oobabooga/x"))
    assert result.one("integrations")["endpointUrl"].endswith("_ADDRESS}")
    assert result.setting("/model_list/0/litellm_params/model")["code"] == "LM102"


CLOUD = {
    "bedrock/amazon.nova-pro-v1:0": {
        "accessKeyId": "aws_access_key_id",
        "secretAccessKey": "aws_secret_access_key",
        "sessionToken": "aws_session_token",
        "region": "aws_region_name",
    },
    "vertex_ai/gemini-2.5-pro": {
        "credentials": "vertex_credentials",
        "project": "vertex_project",
        "location": "vertex_location",
    },
    "azure/gpt-4o": {
        "tenantId": "tenant_id",
        "clientId": "client_id",
        "clientSecret": "client_secret",
        "apiVersion": "api_version",
    },
}


@pytest.mark.parametrize(
    ("name", "field"),
    [
        ("organization", "organization"),
        ("aws_role_name", "roleArn"),
        ("aws_session_name", "roleSessionName"),
        ("aws_profile_name", "profile"),
    ],
)
@pytest.mark.parametrize("written", ["os.environ/MINE", "${MINE}", "$MINE"])
def test_what_tells_accounts_apart_may_come_from_the_environment(name: str, field: str, written: str) -> None:
    params: dict[str, Any] = {name: written}
    result = of(entry("a", "bedrock/amazon.nova-pro-v1:0", **params))
    assert result.one("integrations")["config"][field] == "${MINE}"
    assert "MINE" in {one["variable"] for one in result.data["secrets"]}


@pytest.mark.parametrize("model", CLOUD)
def test_cloud_credentials_stay_references(model: str) -> None:
    params: dict[str, Any] = {name: f"os.environ/MY_{name.upper()}" for name in CLOUD[model].values()}
    result = of(entry("a", model, api_base="https://x.example", **params))
    config = result.one("integrations")["config"]
    for field, name in CLOUD[model].items():
        assert config[field] == f"${{MY_{name.upper()}}}"
    assert {f"MY_{name.upper()}" for name in params} <= {one["variable"] for one in result.data["secrets"]}


def shared_credential(name: str) -> Result:
    """One entry that names a credential of credential_list."""
    values = {"api_key": "os.environ/SHARED", "api_base": "https://east.openai.azure.com"}
    credentials = [{"credential_name": "shared", "credential_values": values, "credential_info": {}}]
    return of(entry("a", "azure/gpt-4o", litellm_credential_name=name), credential_list=credentials)


def test_a_named_credential_is_found() -> None:
    integration = shared_credential("shared").one("integrations")
    assert integration["apiKey"] == "${SHARED}"
    assert integration["endpointUrl"] == "https://east.openai.azure.com"


def test_for_a_credential_that_is_not_there_litellm_reads_the_providers_variable() -> None:
    result = shared_credential("elsewhere")
    assert result.one("integrations")["apiKey"] == "${AZURE_API_KEY}"
    assert result.setting("/model_list/0/litellm_params/litellm_credential_name")["code"] == "LM313"


def test_two_accounts_with_the_same_model_are_told_apart() -> None:
    result = of(
        entry("g", "openai/gpt-4o"), entry("g", "openai/gpt-4o", api_key="os.environ/SECOND"), entry("o", "openai/o1")
    )
    names = [one["name"] for one in result.many("integrations")]
    ids = [one["modelId"] for one in result.many("models")]
    assert len(set(names)) == 2
    assert ids == [f"{names[0]}/gpt-4o", f"{names[1]}/gpt-4o", "o1"]
    assert [rule["routeTo"] for rule in result.rules("g")] == ids[:2]
    assert result.setting("/model_list/0/litellm_params/model")["code"] == "approximate"


def test_one_account_serves_all_entries_that_reach_it_alike() -> None:
    params: dict[str, Any] = {"api_key": "os.environ/OPENAI_API_KEY"}
    result = of(entry("a", "openai/x", **params), entry("b", "openai/y"), entry("c", "openai/x", **params))
    assert [one["name"] for one in result.many("integrations")] == ["openai"]
    assert [one["modelId"] for one in result.many("models")] == ["x", "y"]
