"""Prices, limits and capabilities of models, held against every priced chat model of LiteLLM's own cost map."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import suppress
from decimal import Decimal
from functools import lru_cache
from typing import Any

import pytest
import yaml

from conversion import of_text, rulebook
from installed import litellm
from oracle.make_catalog import catalog, packaged

LITELLM = litellm()
LOGINS = ("github_copilot/", "chatgpt/")
"""Providers that open a login in a browser when they are resolved."""
ASKS = {"huggingface", "ollama", "ollama_chat", "lemonade"}
"""Providers whose models LiteLLM asks a server for, before it looks into the cost map."""
REGIONAL = "bedrock_mantle"
"""Its resolver cuts the region off the name, under which the row of the region is no longer found."""
NOT_SERVED = {"oci", "watsonx", "gigachat", "sagemaker", "chatdolphin", "fal_ai"}
"""Priced providers that Synapse cannot call: they yield no model."""
FLAGS = {
    "tools": "supports_function_calling",
    "vision": "supports_vision",
    "jsonMode": "supports_response_schema",
    "streaming": "supports_native_streaming",
    "systemMessage": "supports_system_messages",
    "audioInput": "supports_audio_input",
    "audioOutput": "supports_audio_output",
    "multiImage": None,  # LiteLLM has no word for it
}
BATCH = 400


@lru_cache
def cost_map() -> dict[str, Any]:
    """The cost map as it is packaged: the resolver changes what it has in memory."""
    found: dict[str, Any] = json.loads(packaged().read_text(encoding="utf-8"))
    return found


def priced() -> list[str]:
    """Every chat model with a price per token."""
    return [
        key
        for key, entry in cost_map().items()
        if entry.get("mode") == "chat" and "input_cost_per_token" in entry and not key.startswith(LOGINS)
    ]


@lru_cache(None)
def theirs(key: str) -> dict[str, Any] | None:
    """What the cost map says of the model that an entry with this name calls; None if LiteLLM drops the entry.

    It is the row of that very key, except where the same name with its provider has a row too, which then decides.
    Where LiteLLM finds none (it changed the provider on the way, to ai21_chat for instance), the key's own is right.
    """
    try:
        model, provider, _, _ = LITELLM.get_llm_provider(key)
    except LITELLM.exceptions.BadRequestError:
        return None
    found = key
    if provider not in ASKS | {REGIONAL}:
        with suppress(Exception):  # it raises a bare one: the model "isn't mapped yet"
            found = LITELLM.get_model_info(model=model, custom_llm_provider=provider)["key"]
    return dict(cost_map()[found])


@lru_cache
def converted() -> dict[str, dict[str, Any]]:
    """The body of models.json for each priced chat model, by its key; each entry is a provider's account of its own."""
    keys = [key for key in priced() if theirs(key) is not None]
    made: dict[str, dict[str, Any]] = {}
    for start in range(0, len(keys), BATCH):
        part = keys[start : start + BATCH]
        made.update(zip(part, bodies(part), strict=True))
    return made


def bodies(keys: list[str]) -> Iterator[dict[str, Any]]:
    """The bodies for some keys in their order; every entry has its own key, so that no two become one model."""
    entries = [
        {"model_name": f"m{n}", "litellm_params": {"model": key, "api_key": f"os.environ/K{n}"}}
        for n, key in enumerate(keys)
    ]
    result = of_text(yaml.safe_dump({"model_list": entries}))
    models = json.loads(result.output.texts["payloads/models.json"], parse_float=Decimal)
    data = result.data
    index = {group["model_name"]: group["deployments"][0].get("modelId") for group in data["groups"]}
    by_id = {model["modelId"]: model for model in models}
    for n in range(len(keys)):
        yield by_id.get(index[f"m{n}"], {})


def served() -> list[tuple[str, dict[str, Any], dict[str, Any]]]:
    """Key, what the cost map says, and what we say, of each model that Synapse can serve."""
    return [(key, theirs(key) or {}, body) for key, body in converted().items() if body]


def equal(got: Any, cost: Any) -> bool:
    """Whether a price is a thousand times a cost, digit for digit."""
    return Decimal(str(got)) == Decimal(str(cost)) * 1000


def test_there_is_something_to_compare() -> None:
    assert len(served()) > 2500
    assert {key.split("/")[0] for key, body in converted().items() if not body} <= NOT_SERVED


def test_every_price_is_exact() -> None:
    names = {"inputCostPer1kTokens": "input_cost_per_token", "outputCostPer1kTokens": "output_cost_per_token"}
    wrong = []
    for key, entry, body in served():
        want = {ours: entry[name] for ours, name in names.items() if name in entry}
        got = body.get("pricing", {})
        if got.keys() != want.keys() or not all(equal(got[name], want[name]) for name in want):
            wrong.append(f"{key}: LiteLLM says {want} for one, we say {got} for a thousand")
    assert wrong == []


def test_every_limit_is_the_same() -> None:
    wrong = []
    for key, entry, body in served():
        reply = entry.get("max_output_tokens", entry.get("max_tokens"))
        want = {"maxContextLength": entry.get("max_input_tokens"), "maxOutputTokens": reply}
        got = body.get("limits", {})
        if got != {name: limit for name, limit in want.items() if limit is not None}:
            wrong.append(f"{key}: LiteLLM says {want}, we say {got}")
    assert wrong == []


@pytest.mark.parametrize(("ours", "name"), FLAGS.items())
def test_every_capability_is_the_same_and_absent_is_not_false(ours: str, name: str | None) -> None:
    says = {key: body.get("capabilities", {}).get(ours) for key, _, body in served()}
    assert {key: entry for key, entry, _ in served() if says[key] is not (entry.get(name) if name else None)} == {}


def test_every_end_is_the_same() -> None:
    for key, entry, body in served():
        assert body.get("deprecationDate", "")[:10] == entry.get("deprecation_date", ""), key


def test_the_catalogue_is_the_cost_map_of_this_release() -> None:
    table = rulebook().tables["prices"]
    want = catalog(cost_map())
    assert set(table.rows) == set(want)
    assert {key: table.rows[key] for key in want} == want
