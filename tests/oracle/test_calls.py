"""Where a call goes and with which key, held against the request that LiteLLM would send."""

from __future__ import annotations

import asyncio
import json
import os
import socket
from collections.abc import Iterator, Mapping
from typing import Any
from unittest.mock import patch

import pytest
import yaml

from conversion import rulebook
from installed import litellm
from litellm_migrate import shipped
from litellm_migrate.convert.document import Document
from litellm_migrate.convert.relations import Relations
from litellm_migrate.convert.run import CompiledRules

LITELLM = litellm()
HTTPX: Any = pytest.importorskip("httpx")
OTHER = {
    "bedrock": "signs its requests with AWS credentials",
    "vertex_ai": "logs in to Google first",
    "vertex_ai_beta": "logs in to Google first",
    "vllm": "runs in LiteLLM's own process",
    "aiohttp_openai": "opens its connections in a way of its own",
    "huggingface": "asks the hub which vendor serves the model before it calls",
    "ollama": "LiteLLM calls Ollama's own API beside the OpenAI-compatible one",
    "ollama_chat": "LiteLLM calls Ollama's own API beside the OpenAI-compatible one",
    "docker_model_runner": "LiteLLM leaves out the version in the path of the server's published API",
    "openai_like": "embeddings only",
    "infinity": "embeddings only",
    "jina_ai": "embeddings only",
    "voyage": "embeddings only",
    "recraft": "images only",
    "gradient_ai": "LiteLLM refuses a parameter of its own making there",
    "xinference": "LiteLLM makes up a key for embeddings only",
}
"""Providers whose chat request cannot be compared with the address in the table, and why."""

MODELS = {"ai21": "jamba-1.5-large", "clarifai": "user.app.model"}
"""Names of models where LiteLLM does not take any."""

ONE, TWO = "https://one.example/v1", "https://two.example/v1"
SHARED = {"api_key": "os.environ/SHARED_KEY"}
ENTRIES: tuple[tuple[Mapping[str, Any], Mapping[str, Any]], ...] = (
    ({"model": "openai/x", "api_key": ""}, {}),
    ({"model": "openai/x", "api_base": ONE, "base_url": TWO}, {}),
    ({"model": "openai/x", "base_url": TWO}, {}),
    ({"model": "groq/x", "api_base": ""}, {}),
    ({"model": "openai/gpt-4o", "custom_llm_provider": "groq"}, {}),
    ({"model": "openai/x", "use_litellm_proxy": True}, {}),
    ({"model": "azure/mistral-large-latest", "api_base": ONE}, {}),
    ({"model": "openrouter/auto"}, {}),
    ({"model": "openrouter/auto", "custom_llm_provider": "openrouter"}, {}),
    ({"model": "auto", "custom_llm_provider": "openrouter"}, {}),
    ({"model": "openrouter/a/b", "custom_llm_provider": "openrouter"}, {}),
    ({"model": "openai/x", "api_key": ""}, SHARED),
    ({"model": "openai/x"}, {**SHARED, "base_url": ONE}),
    ({"model": "openai/x"}, {**SHARED, "api_base": ONE, "base_url": TWO}),
    ({"model": "openai/x", "api_base": TWO}, {**SHARED, "api_base": ONE}),
    ({"model": "openai/x", "base_url": TWO}, {**SHARED, "api_base": ONE}),
    ({"model": "openai/x", "api_base": ""}, {**SHARED, "api_base": ONE}),
    ({"model": "openai/x"}, {**SHARED, "organization": "org-1"}),
    ({"model": "openai/x", "organization": "org-2"}, {**SHARED, "organization": "org-1"}),
)
"""Settings of an entry, and the values of the credential that it names: what `wire_sample.yaml` has no case of."""


def document(params: Mapping[str, Any], credential: Mapping[str, Any]) -> dict[str, Any]:
    """A configuration of one entry."""
    named = {"litellm_credential_name": "c"} if credential else {}
    return {
        "model_list": [{"model_name": "g", "litellm_params": {**params, **named}}],
        "credential_list": [{"credential_name": "c", "credential_values": {**credential}}],
    }


READ = ("endpoint", "provider", "key_variable", "organization", "upstream")


def ours(params: Mapping[str, Any], credential: Mapping[str, Any]) -> dict[str, Any]:
    """The columns of the only deployment of the configuration that these tests read."""
    (row,) = Relations(CompiledRules(rulebook()).relations, Document(document(params, credential))).rows_of(
        "deployment"
    )
    return {name: row.value(name) for name in READ}


def called(params: Mapping[str, Any], credential: Mapping[str, Any]) -> Any:
    """The last request that LiteLLM would send for one chat message; none leaves the machine."""
    requests: list[Any] = []

    def refuse(_: Any, request: Any, **__: Any) -> None:
        requests.append(request)
        raise HTTPX.ConnectError("no request leaves this test")

    async def refuse_later(client: Any, request: Any, **options: Any) -> None:
        refuse(client, request, **options)

    async def ask() -> None:
        entries = document(params, credential)["model_list"]
        router = LITELLM.Router(model_list=entries, ignore_invalid_deployments=True, num_retries=0)
        message = [{"role": "user", "content": "hello"}]
        with pytest.raises(Exception):  # noqa: B017, PT011 - LiteLLM wraps the refusal in an error of each provider
            await asyncio.wait_for(router.acompletion(model="g", messages=message), 20)

    values = {name: os.environ.get(str(value)[11:], value) for name, value in credential.items()}
    item = LITELLM.types.utils.CredentialItem(credential_name="c", credential_values=values, credential_info={})
    with (
        patch.object(HTTPX.AsyncClient, "send", refuse_later),
        patch.object(HTTPX.Client, "send", refuse),
        patch.object(socket.socket, "connect", side_effect=OSError("no network in this test")),
        patch.object(LITELLM, "credential_list", [item]),
    ):
        asyncio.run(ask())
    return requests[-1]


@pytest.fixture(autouse=True)
def _quiet(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(LITELLM, "disable_aiohttp_transport", True)
    for name in ("OPENAI_API_KEY", "GROQ_API_KEY", "OPENROUTER_API_KEY", "SHARED_KEY"):
        monkeypatch.setenv(name, f"value-of-{name}")


@pytest.mark.parametrize(("params", "credential"), ENTRIES)
def test_a_call_goes_where_the_rules_say_with_the_key_they_say(
    params: Mapping[str, Any], credential: Mapping[str, Any]
) -> None:
    row, request = ours(params, credential), called(params, credential)
    assert str(request.url) == f"{row.get('endpoint') or row['provider']['base_url']}/chat/completions"
    assert request.headers["authorization"] == f"Bearer value-of-{row.get('key_variable')}"
    assert request.headers.get("openai-organization") == row.get("organization")
    assert json.loads(request.content)["model"] == row.get("upstream")


def providers() -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Every provider of the table that Synapse has a type for."""
    for table in yaml.safe_load_all((shipped("rules") / "tables" / "providers.yaml").read_text(encoding="utf-8")):
        yield from ((name, row) for name, row in table["rows"].items() if "type" in row)


@pytest.mark.parametrize(("vendor", "facts"), [(vendor, facts) for vendor, facts in providers() if vendor not in OTHER])
def test_the_address_and_the_variable_of_a_provider_are_those_that_litellm_uses(
    vendor: str, facts: Mapping[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    if "env" in facts:
        monkeypatch.setenv(facts["env"], "the-key")
    params = {
        "model": f"{vendor}/{MODELS.get(vendor, 'some-model')}",
        **({} if "base_url" in facts else {"api_base": ONE}),
    }
    row, request = ours(params, {}), called(params, {})
    assert str(request.url).startswith(row.get("endpoint") or facts["base_url"])
    assert ("env" in facts) == any("the-key" in value for value in request.headers.values())


def test_every_exception_is_a_provider_of_the_table() -> None:
    assert set(OTHER) <= {vendor for vendor, _ in providers()}
