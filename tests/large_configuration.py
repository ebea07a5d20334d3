"""Configurations of any size: `python tests/large_configuration.py DEPLOYMENTS`; the same number, the same text."""

from __future__ import annotations

import random
import sys
from collections.abc import Iterator

PROVIDERS: dict[str, tuple[int, tuple[str, ...]]] = {
    "openai": (20, ("gpt-4o", "gpt-4o-mini", "gpt-4.1", "o3-mini", "text-embedding-3-small", "whisper-1")),
    "azure": (20, ("gpt-4o", "gpt-4.1", "gpt-35-turbo", "text-embedding-ada-002")),
    "anthropic": (12, ("claude-3-5-sonnet-20241022", "claude-sonnet-4-20250514", "claude-3-opus-20240229")),
    "bedrock": (10, ("anthropic.claude-3-haiku-20240307-v1:0", "amazon.titan-embed-text-v2:0")),
    "vertex_ai": (8, ("gemini-2.5-pro", "gemini-2.0-flash-001")),
    "gemini": (4, ("gemini-2.0-flash", "gemini-2.5-flash")),
    "groq": (4, ("llama-3.3-70b-versatile", "deepseek-r1-distill-llama-70b")),
    "mistral": (3, ("mistral-large-latest", "mistral-embed")),
    "openrouter": (3, ("anthropic/claude-3.5-sonnet", "x-ai/grok-2")),
    "ollama": (3, ("llama3.1:70b", "nomic-embed-text")),
    "hosted_vllm": (4, ("Qwen/Qwen3-32B", "mistralai/Mistral-7B-Instruct-v0.3")),
}
"""How often each provider occurs, and its models."""
TEAMS = ("platform", "search", "support", "growth", "research", "mobile", "data", "finance")
KEYLESS = ("bedrock", "vertex_ai", "ollama")


def configuration(deployments: int) -> str:
    """A configuration of that many deployments; a fifth of the groups have several, one setting in 30 is unknown."""
    rng = random.Random(deployments)
    lines, groups = ["model_list:"], 0
    while deployments:
        groups += 1
        size = min(deployments, rng.choice((2, 2, 3, 4)) if rng.random() < 0.2 else 1)
        team = rng.choice(TEAMS)
        for _ in range(size):
            lines += deployment(rng, f"{team}-{groups}", team)
        deployments -= size
    return "\n".join([*lines, *settings(rng, lines), ""])


def deployment(rng: random.Random, group: str, team: str) -> Iterator[str]:
    """The lines of one deployment."""
    provider = rng.choices(list(PROVIDERS), [weight for weight, _ in PROVIDERS.values()])[0]
    model, region = rng.choice(PROVIDERS[provider][1]), rng.randrange(40)
    yield f"- model_name: {group}"
    yield "  litellm_params:"
    yield f"    model: {provider}/{model}"
    if provider not in KEYLESS:
        yield f"    api_key: os.environ/{provider.upper()}_{team.upper()}_{region % 7}"
    if provider == "azure":
        yield f"    api_base: https://region-{region}.openai.azure.com/"
        yield f'    api_version: "{rng.choice(("2024-02-15-preview", "2024-10-21"))}"'
    elif provider in {"ollama", "hosted_vllm"}:
        yield f"    api_base: http://gpu-{region}.internal:8000/v1"
    elif provider == "bedrock":
        yield f"    aws_region_name: {rng.choice(('us-east-1', 'eu-west-1', 'eu-central-1'))}"
    elif provider == "vertex_ai":
        yield f"    vertex_project: project-{team}"
        yield f"    vertex_location: {rng.choice(('us-central1', 'europe-west4'))}"
    for share, line in (
        (0.85, f"rpm: {rng.choice((60, 100, 600, 3000))}"),
        (0.85, f"tpm: {rng.choice((20000, 100000, 450000))}"),
        (0.4, f"weight: {rng.choice((1, 2, 5, 0.5))}"),
        (0.2, f"timeout: {rng.choice((30, 120, 600))}"),
        (0.1, f"max_retries: {rng.choice((0, 2, 5))}"),
        (0.08, f"order: {rng.choice((1, 2))}"),
        (0.08, f"tags: [{team}, {rng.choice(('prod', 'staging'))}]"),
        (0.03, "x_internal_note: see runbook 12"),
    ):
        if rng.random() < share:
            yield f"    {line}"
    if rng.random() < 0.9:
        yield from model_info(rng, model, team)


def model_info(rng: random.Random, model: str, team: str) -> Iterator[str]:
    """The lines of a deployment's `model_info`."""
    yield "  model_info:"
    yield f"    input_cost_per_token: {rng.choice(('0.0000025', '1.5e-07', '2.5e-7', '0.000015'))}"
    yield f"    output_cost_per_token: {rng.choice(('0.00001', '6e-07', '1.25e-6', '0.000075'))}"
    if "embed" in model:
        yield "    mode: embedding"
    for share, line in (
        (0.4, f"max_input_tokens: {rng.choice((8192, 128000, 1047576))}"),
        (0.2, f"supports_function_calling: {rng.choice(('true', 'False'))}"),
        (0.06, f"access_groups: [{team}-models]"),
    ):
        if rng.random() < share:
            yield f"    {line}"


def settings(rng: random.Random, lines: list[str]) -> Iterator[str]:
    """Everything beside `model_list`: fallbacks and aliases of a few groups, and the usual settings."""
    groups = list(dict.fromkeys(line.split(": ")[1] for line in lines if line.startswith("- model_name")))
    chosen = rng.sample(groups, min(len(groups), 20))
    yield "litellm_settings: {drop_params: true, num_retries: 3, request_timeout: 600, success_callback: [langfuse]}"
    yield "router_settings:"
    yield "  routing_strategy: simple-shuffle"
    yield "  allowed_fails: 3"
    yield "  fallbacks:"
    yield from (f"  - {group}: [{', '.join(rng.sample(chosen, min(2, len(chosen))))}]" for group in chosen)
    yield "  model_group_alias:"
    yield from (f"    alias-{number}: {group}" for number, group in enumerate(chosen[:10]))
    yield "general_settings: {master_key: os.environ/LITELLM_MASTER_KEY, database_url: os.environ/DATABASE_URL}"


if __name__ == "__main__":
    sys.stdout.write(configuration(int(sys.argv[1])))
