"""What people who tried the tool for the first time stumbled over."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest

from conversion import Result, of_text, rulebook
from litellm_migrate import shipped
from litellm_migrate.authoring.explain import explained, lines
from litellm_migrate.cli.main import main
from litellm_migrate.rulebook.usage import usage_of
from litellm_migrate.source.model import Problems
from litellm_migrate.source.read import read_source
from test_mission import entry, of

GONE = "never answered: LiteLLM loads no model group"


def differs(result: Result, path: str) -> str:
    return " ".join(result.setting(path)["differs"])


@pytest.mark.parametrize(
    "address",
    ["http://localhost:8000/v1", "http://127.0.0.1/v1", "http://[::1]:8000/v1", "http://host.docker.internal:1/v1"],
)
def test_an_address_of_the_own_machine_is_said_to_be_one(address: str) -> None:
    result = of(entry("a", "openai/x", api_base=address))
    assert "LiteLLM's own machine" in differs(result, "/model_list/0/litellm_params/api_base")


def test_so_is_the_default_address_of_a_local_server() -> None:
    result = of(entry("a", "ollama/llama3"))
    assert "LiteLLM's own machine" in differs(result, "/model_list/0/litellm_params/model")


@pytest.mark.parametrize("address", ["http://vllm:8000/v1", "http://10.0.0.7/v1", "https://llm.team.svc/v1"])
def test_an_address_of_one_network_is_said_to_be_one(address: str) -> None:
    result = of(entry("a", "openai/x", api_base=address))
    assert "in one network only" in differs(result, "/model_list/0/litellm_params/api_base")


@pytest.mark.parametrize(
    "address", ["https://llm.example.com/v1", "https://localhost.example.com/v1", "http://8.8.8.8"]
)
def test_a_public_address_is_carried_without_a_word(address: str) -> None:
    result = of(entry("a", "openai/x", api_base=address))
    assert result.setting("/model_list/0/litellm_params/api_base")["exact"]


@pytest.mark.parametrize("kind", ["fallbacks", "context_window_fallbacks", "content_policy_fallbacks"])
@pytest.mark.parametrize("section", ["router_settings", "litellm_settings"])
def test_a_fallback_to_a_group_that_is_not_there_never_works(section: str, kind: str) -> None:
    groups = entry("a", "openai/x"), entry("b", "openai/y"), entry("dropped", "no-such-model")
    settings: dict[str, Any] = {section: {kind: [{"a": ["never", "dropped", "b"]}]}}
    result = of(*groups, **settings)
    never, dropped, there = (result.setting(f"/{section}/{kind}/0/a/{place}") for place in range(3))
    assert f"{GONE} never." in never["because"]
    assert "never answered: LiteLLM drops all entries of dropped." in dropped["because"]
    assert {never["outcome"], dropped["outcome"], there["outcome"]} == {"manual"}
    assert "go on to b." in there["because"]


def test_so_does_a_default_fallback() -> None:
    result = of(entry("a", "openai/x"), router_settings={"default_fallbacks": ["never", "a"]})
    assert f"{GONE} never." in result.setting("/router_settings/default_fallbacks/0")["because"]
    assert "go on to a." in result.setting("/router_settings/default_fallbacks/1")["because"]


def test_a_fallback_of_a_group_that_is_not_there_is_told_apart() -> None:
    result = of(entry("a", "openai/x"), router_settings={"fallbacks": [{"gone": ["a"]}]})
    assert "no entry is called gone." in result.setting("/router_settings/fallbacks/0/gone/0")["because"]


@pytest.mark.parametrize("name", ["other", "openai/y", "number-1"])
def test_an_alias_a_model_and_an_id_are_known_to_a_fallback(name: str) -> None:
    groups = entry("a", "openai/x"), {**entry("b", "openai/y"), "model_info": {"id": "number-1"}}
    settings = {"model_group_alias": {"other": "b"}, "fallbacks": [{"a": [name]}]}
    because = of(*groups, router_settings=settings).setting("/router_settings/fallbacks/0/a/0")["because"]
    assert f"go on to {name}." in because


def test_one_key_at_several_addresses_is_one_variable_and_one_key_to_rotate() -> None:
    bases = [f"https://{host}.example/v1" for host in ("one", "two", "three")]
    result = of(*(entry("a", "openai/x", api_base=base, api_key="one-key-0123") for base in bases))
    (secret,) = result.data["secrets"]
    assert {one["apiKey"] for one in result.many("integrations")} == {f"${{{secret['variable']}}}"}
    assert len(result.done.variables[0].paths) == 3
    assert result.output.texts["migration_report.md"].count("- [ ] new key for") == 1


def test_two_keys_are_two_variables() -> None:
    result = of(*(entry("a", "openai/x", api_key=key) for key in ("one-key-0123", "two-key-0123")))
    assert len({one["apiKey"] for one in result.many("integrations")}) == 2


def test_a_description_is_carried() -> None:
    result = of({**entry("a", "openai/x"), "model_info": {"description": "for drafts"}})
    assert result.one("models")["description"] == "for drafts"
    assert result.setting("/model_list/0/model_info/description")["exact"]


def test_an_answer_longer_than_the_context_is_carried_with_a_word() -> None:
    result = of({**entry("a", "openai/x"), "model_info": {"max_input_tokens": 4096, "max_output_tokens": 8192}})
    assert result.one("models")["limits"] == {"maxContextLength": 4096, "maxOutputTokens": 8192}
    assert "above the context of 4096" in differs(result, "/model_list/0/model_info/max_output_tokens")


def test_each_organization_of_a_list_is_a_deployment() -> None:
    result = of(entry("a", "openai/x", organization=["org-1", "org-2"], rpm=100), entry("a", "groq/y", rpm=200))
    assert [rule["weight"] for rule in result.rules("a")] == [25, 25, 50]
    organizations = [one.get("config", {}).get("organization") for one in result.many("integrations")]
    assert organizations == ["org-1", "org-2", None]
    assert result.done.payloads["rate_limits.json"]["models"] == [{"model": "a", "rpm": 300}]


@pytest.mark.parametrize("model", ["gemini/gemini-exp-1206", "gemini/gemini-2.5-flash", "openai/gpt-4o"])
def test_further_prices_of_nothing_are_left_out(model: str) -> None:
    said = differs(of(entry("a", model)), "/model_list/0/litellm_params/model")
    assert ("further prices" in said) == ("exp" not in model)


def test_what_holds_of_many_groups_is_said_once() -> None:
    pairs = [entry(name, f"openai/{order}", order=order) for name in "abc" for order in (1, 2)]
    text = of(*pairs).output.texts["migration_report.md"]
    assert text.count("with a lower order takes all") == 1


def test_entries_are_written_one_way() -> None:
    text = of(entry("a", "openai/x")).output.texts["migration_report.md"]
    assert "| line " in text
    assert "/model_list/0" not in text


def test_one_thing_is_no_plural(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    (tmp_path / "one.yaml").write_text("litellm_settings: {drop_params: true}")
    assert main(["--input", str(tmp_path / "one.yaml"), "--output", str(tmp_path / "out")]) == 0
    assert "1 setting: " in capsys.readouterr().err


@pytest.mark.parametrize("name", ["{{ x }}", "${X}", "{% x %}"])
def test_a_name_that_looks_like_a_template_is_a_name(name: str) -> None:
    quoted = f"'{name}'" if "{{" in name or "%" in name else name
    text = f"model_list: []\nrouter_settings:\n  model_group_alias:\n    {quoted}: a\n"
    found = read_source("-", rulebook().grammar, io.BytesIO(text.encode())).value
    assert found["router_settings"]["model_group_alias"] == {name: "a"}


@pytest.mark.parametrize("text", ["${SECTION}: 1\nmodel_list: []", "model_list:\n  ${MODELS}\n", "model_list: {{ x }}"])
def test_a_template_is_refused_all_the_same(text: str) -> None:
    with pytest.raises(Problems, match="Render the template first"):
        read_source("-", rulebook().grammar, io.BytesIO(text.encode()))


@pytest.mark.parametrize("key", ["sk-live-0123456789abcdef", "0123456789abcdef0123456789abcdef"])
def test_a_key_behind_the_sign_of_a_reference_is_a_key(key: str) -> None:
    result = of(entry("a", "openai/x", api_key=f"os.environ/{key}"))
    said = result.setting("/model_list/0/litellm_params/api_key")
    assert (said["outcome"], said["code"]) == ("manual", "LM304")
    assert "after os.environ/" in said["because"]
    written = result.texts().lower()
    assert key not in written
    assert key.replace("-", "_") not in written


def test_where_a_configuration_was_found_is_said_first_and_plainly() -> None:
    inner = "model_list:\n    - {model_name: a, litellm_params: {model: openai/x}}\n"
    text = of_text(f"kind: ConfigMap\ndata:\n  config.yaml: |\n    {inner}").output.texts["migration_report.md"]
    said = "The LiteLLM configuration is `data.config.yaml`, which begins here."
    assert text.index(said) < text.index("## At a glance")
    assert text.count(said) == 1


@pytest.mark.parametrize("place", ["litellm_params", "model_info"])
@pytest.mark.parametrize("price", ["free", "0,01", "", [1], {"usd": 1}])
def test_a_price_that_is_no_number_drops_the_entry(place: str, price: Any) -> None:
    params = {"litellm_params": {"model": "text-embedding-3-small"}, "model_info": {"mode": "embedding"}}
    params[place]["input_cost_per_token"] = price
    result = of({"model_name": "a", **params}, entry("b", "openai/y"))
    assert [one["modelId"] for one in result.many("models")] == ["y"]
    assert "drops this entry" in result.setting("/model_list/0/model_name")["because"]


@pytest.mark.parametrize("price", [0, 1e-06, "1e-06", " 2 ", "os.environ/PRICE", True])
def test_a_price_that_litellm_can_read_does_not(price: Any) -> None:
    result = of(entry("a", "openai/x", input_cost_per_token=price))
    assert len(result.many("models")) == 1


def told(name: str) -> str:
    return "\n".join(lines(explained(usage_of(shipped("rules"), shipped("schemas"), "synapse"), name)))


def test_the_end_of_a_setting_is_explained() -> None:
    several = told("rpm").splitlines()
    assert several[0] == f"rpm is the end of {len(several) - 1} settings. Ask for one of them:"
    assert "  model_list.*.litellm_params.rpm" in several
    assert told("litellm_params.rpm").startswith("model_list.*.litellm_params.rpm\n")
    assert told("gpt-4o").startswith("gpt-4o\n  model_list.0.model_name: mapped")


def test_what_is_said_of_the_file_is_listed() -> None:
    twice = of_text("model_list: []\nmodel_list: [{model_name: a, litellm_params: {model: openai/gpt-4o}}]\n")
    assert "### Notices" in twice.output.texts["migration_report.md"]
    once = of_text("model_list: [{model_name: a, litellm_params: {model: openai/gpt-4o}}]\n")
    assert "### Notices" not in once.output.texts["migration_report.md"]
