"""Provider and model of an entry, held against LiteLLM's own resolver: its price map, real entries, corner cases."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import lru_cache
from importlib import import_module
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import yaml

from conversion import rulebook
from installed import litellm
from litellm_migrate import shipped
from litellm_migrate.convert.document import Document
from litellm_migrate.convert.relations import Relations
from litellm_migrate.convert.run import CompiledRules

LITELLM = litellm()
CORPUS = Path(__file__).resolve().parents[3] / "shared" / "corpus"
LOGINS = ("github_copilot", "chatgpt")
"""Providers that open a login in a browser when they are resolved."""

SAME = {"cohere_chat": "cohere", "ai21_chat": "ai21", "anthropic_text": "anthropic"}
"""Variants that LiteLLM picks by the model's name and that are one account for Synapse."""


class Ask(NamedTuple):
    """What an entry says of its provider."""

    model: str
    told: str | None = None
    base: str | None = None


CORNERS = (
    Ask("gpt-4o"),
    Ask("openai/*"),
    Ask("my-local", base="http://localhost:8000/v1"),
    Ask("openai/gpt-4o", "azure"),
    Ask("openai/gpt-4o", "no-such-provider"),
    Ask("gpt-4o", "no-such-provider"),
    Ask("gpt-4o", ""),
    Ask("gpt-4o", "openai"),
    Ask("openrouter/auto"),
    Ask("openrouter/auto", "openrouter"),
    Ask("openrouter/a/b", "openrouter"),
    Ask("a/b", "openrouter"),
    Ask("auto", "openrouter"),
    Ask("azure/mistral-large-latest"),
    Ask("azure/mistral-large-latest", "azure"),
    Ask("azure/my-deployment"),
    Ask("azure/gpt-4o", "openai"),
    Ask("claude-future-99"),
    Ask("claude-3-5-sonnet-20241022"),
    Ask("eu.anthropic.claude-sonnet-4-5-20250929-v1:0"),
    Ask("bedrock_converse/anthropic.claude-v2"),
    Ask("meta/llama-2-70b-chat:" + "0" * 64),
    Ask("ft:gpt-4o:me::1"),
    Ask("llama3", base="https://api.groq.com/openai/v1"),
    Ask("llama3", base="https://API.groq.com:443/openai/v1/"),
    Ask("llama3", base="api.groq.com/openai/v1"),
    Ask("llama3", base="https://api.groq.com/openai/v10"),
    Ask("llama3", base="https://api.groq.com.example/openai/v1"),
    Ask("llama3", base="https://example.com/api.groq.com/openai/v1"),
    Ask("gpt-4o", base="https://api.groq.com/openai/v1"),
    Ask("grok", base="https://api.x.ai/v1"),
    Ask("gpt-4o", base="https://api.x.ai/v1"),
    Ask("openai"),
    Ask("mistral"),
    Ask("nosuch/gpt-4o"),
)


def from_corpus() -> Iterator[Ask]:
    """What the entries of real configurations say, where there are any."""
    for file in sorted(CORPUS.glob("*.yaml")):
        try:
            document = yaml.safe_load(file.read_text(encoding="utf-8"))
        except (yaml.YAMLError, UnicodeDecodeError):
            continue
        for entry in (document.get("model_list") or []) if isinstance(document, dict) else []:
            params = entry.get("litellm_params") if isinstance(entry, dict) else None
            if isinstance(params, dict) and isinstance(params.get("model"), str):
                base = params.get("api_base")
                yield Ask(params["model"], params.get("custom_llm_provider"), base if isinstance(base, str) else None)


def from_prices() -> Iterator[Ask]:
    """Every key of the price map that is a model."""
    yield from (Ask(name) for name in LITELLM.model_cost if name not in ("sample_spec", "fallback_generalizations"))


def loadable(provider: str | None) -> bool:
    """Whether the router accepts a provider that the resolver named."""
    registry: Any = import_module("litellm.llms.openai_like.json_loader").JSONProviderRegistry
    return provider in LITELLM.provider_list or bool(registry.exists(provider))


def theirs(ask: Ask) -> tuple[str, str] | None:
    """Provider and model as LiteLLM resolves them; None if it drops the entry."""
    try:
        model, provider, _, _ = LITELLM.get_llm_provider(ask.model, custom_llm_provider=ask.told, api_base=ask.base)
    except LITELLM.exceptions.BadRequestError:
        return None
    name = str(getattr(provider, "value", provider))
    return (SAME.get(name, name), str(model)) if loadable(name) else None


def ours(asks: list[Ask]) -> dict[int, tuple[str, str | None]]:
    """Provider and model by the rules, by the ask's number; the model is None where Synapse can serve nothing."""
    document = {"model_list": [{"model_name": "x", "litellm_params": params(ask)} for ask in asks]}
    relations = Relations(CompiledRules(rulebook()).relations, Document(document))
    served = {path[1]: row for row in relations.rows_of("deployment") for path, _ in row.entries()}
    found: dict[int, tuple[str, str | None]] = {}
    for row in relations.rows_of("entry"):
        ((path, _),) = row.entries()
        place, vendor = int(path[1]), str(row.value("vendor"))
        mine = served.get(place)
        column = "upstream" if vendor == "bedrock_mantle" else "served"  # there LiteLLM splits the region off as well
        found[place] = (SAME.get(vendor, vendor), str(mine.value(column)) if mine else None)
    return found


def params(ask: Ask) -> dict[str, Any]:
    """The settings of an entry."""
    given = {"model": ask.model, "custom_llm_provider": ask.told, "api_base": ask.base}
    return {name: value for name, value in given.items() if value is not None}


@lru_cache
def retired() -> frozenset[str]:
    """The bare names that earlier releases resolved; the rules' one deliberate departure from the installed LiteLLM."""
    file = shipped("rules") / "catalog" / "retired.json"
    return frozenset(json.loads(file.read_text(encoding="utf-8"))["rows"]) if file.is_file() else frozenset()


def differences(asks: list[Ask]) -> list[str]:
    """Where the rules and LiteLLM disagree."""
    mine = ours(asks)
    found = []
    for place, ask in enumerate(asks):
        want, got = theirs(ask), mine.get(place)
        if want is None and got and ask.model in retired():
            continue  # LiteLLM drops it today; the rules knowingly go by what an earlier release answered
        agree = got is None if want is None else got is not None and got[0] == want[0] and got[1] in (None, want[1])
        if not agree:
            found.append(f"{ask}: LiteLLM says {want}, the rules say {got}")
    return found


@lru_cache
def safe(source: str) -> list[Ask]:
    """The different asks of a source, but those that would open a login, the model of any name and names to fill in."""
    asks = {"prices": from_prices, "corpus": from_corpus}[source]() if source != "corners" else CORNERS
    left_out = {*LOGINS, "*"}
    filled = {ask for ask in asks if "<" not in ask.model}
    return sorted({ask for ask in filled if not {ask.model.split("/")[0], ask.told} & left_out}, key=str)


@pytest.mark.parametrize("source", ["prices", "corpus", "corners"])
def test_provider_and_model_are_those_of_litellm(source: str) -> None:
    asks = safe(source)
    if source == "corpus" and not asks:
        pytest.skip("no real configurations beside the repository")
    assert asks
    assert differences(asks) == []


def test_an_entry_for_which_a_login_would_open_is_manual() -> None:
    assert ours([Ask(f"{name}/gpt-4o") for name in LOGINS]) == {n: (name, None) for n, name in enumerate(LOGINS)}


def test_a_model_that_is_a_star_has_no_provider() -> None:
    assert ours([Ask("*")]) == {}


def test_a_name_that_only_earlier_releases_resolved_is_theirs() -> None:
    rows = rulebook().tables["retired"].rows
    asks = [Ask(name) for name in rows]
    assert all(theirs(ask) is None for ask in asks)
    vendors = [SAME.get(row["vendor"], row["vendor"]) for row in rows.values() if isinstance(row, dict)]
    assert [vendor for vendor, _ in ours(asks).values()] == vendors
