"""The environment of the proxy: made-up values that name their variables, of references and of vendors' keys."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from typing import Any

REFERENCE = "os.environ/"
URL = re.compile(r"(api_base|base_url|url|endpoint|host)\Z|api_base|endpoint", re.I)
BARE = ("azure/", "azure_ai/", "anthropic/", "ollama", "vertex_ai/", "gemini/", "bedrock/", "cohere", "replicate/")
"""Providers whose address has no /v1 behind the host."""

SLUG = re.compile(r"region|location|project|api_version", re.I)
NUMBER = re.compile(
    r"\A(rpm|tpm|weight|order|timeout|stream_timeout|max_\w+|num_\w+|\w+_cost\w*|port|\w+_port)\Z", re.I
)

KEY = re.compile(r"[A-Z0-9_]+_API_KEY\Z")
SAME = (
    ("AZURE_API_KEY", "AZURE_OPENAI_API_KEY"),
    ("GEMINI_API_KEY", "GOOGLE_API_KEY", "PALM_API_KEY"),
    ("MISTRAL_API_KEY", "MISTRAL_AZURE_API_KEY"),
    ("COHERE_API_KEY", "CO_API_KEY"),
    ("TOGETHER_API_KEY", "TOGETHER_AI_API_KEY", "TOGETHERAI_API_KEY", "TOGETHER_AI_TOKEN"),
    ("REPLICATE_API_KEY", "REPLICATE_API_TOKEN"),
    ("FIREWORKS_API_KEY", "FIREWORKS_AI_API_KEY", "FIREWORKSAI_API_KEY", "FIREWORKS_AI_TOKEN"),
    ("PERPLEXITYAI_API_KEY", "PERPLEXITY_API_KEY"),
    ("HF_TOKEN", "HUGGINGFACE_API_KEY"),
    ("OPENROUTER_API_KEY", "OR_API_KEY"),
    ("COMETAPI_KEY", "COMETAPI_API_KEY"),
    ("FRIENDLIAI_API_KEY", "FRIENDLI_TOKEN"),
    ("FEATHERLESS_AI_API_KEY", "FEATHERLESS_API_KEY"),
    ("VOLCENGINE_API_KEY", "ARK_API_KEY"),
    ("JINA_AI_API_KEY", "JINA_API_KEY", "JINA_AI_TOKEN"),
    ("VOYAGE_API_KEY", "VOYAGE_AI_API_KEY", "VOYAGE_AI_TOKEN"),
    ("WATSONX_APIKEY", "WATSONX_API_KEY", "WX_API_KEY"),
    ("VERCEL_AI_GATEWAY_API_KEY", "VERCEL_OIDC_TOKEN"),
    ("DATAROBOT_API_TOKEN",),
    ("SCW_SECRET_KEY",),
    ("SNOWFLAKE_JWT",),
    ("AWS_ACCESS_KEY_ID",),
    ("CLOUDFLARE_ACCOUNT_ID",),
    ("AWS_SECRET_ACCESS_KEY",),
    ("AWS_REGION_NAME", "AWS_REGION", "AWS_DEFAULT_REGION"),
)
"""Variables that mean the same; the first, which vendors document, is set unless the configuration has another."""

OPTIONAL = re.compile(
    r"(HOSTED_VLLM|OLLAMA|LM_STUDIO|LLAMAFILE|XINFERENCE|INFINITY|LEMONADE|DOCKER_MODEL_RUNNER)_API_KEY"
)
"""Keys of servers that need none."""


def made_up(name: str, key: str, model: str) -> str:
    """A value for a variable that stands at a key, in which it is found again."""
    slug = name.lower().replace("_", "-")
    if URL.search(key):
        return f"https://{slug}.env.example" + ("" if model.startswith(BARE) or "azure" in key.lower() else "/v1")
    if NUMBER.match(key):
        return "7"
    if SLUG.search(key):
        return f"value-of-{slug}"
    return f"openai/value-of-{name}" if key == "model" else f"value-of-{name}"


def value_of(name: str, values: dict[str, str]) -> str:
    """The value of a variable in the proxy's environment."""
    return values.get(name, f"value-of-{name.lower().replace('_', '-') if SLUG.search(name) else name}")


class Answering(type(os.environ)):  # type: ignore[misc]  # the class has no public name
    """An environment in which the keys of all vendors are set, and the region of AWS."""

    hidden: set[str]

    def __getitem__(self, name: str) -> str:
        try:
            return str(super().__getitem__(name))
        except KeyError:
            first = any(name == group[0] for group in SAME)
            if (first or KEY.match(name)) and name not in self.hidden and not OPTIONAL.match(name):
                return value_of(name, {})
            raise

    @classmethod
    def install(cls, mentioned: Iterable[str]) -> None:
        """Take the place of the environment; groups of which a configuration mentions one have no other."""
        given = {*mentioned}
        hidden = {name for group in SAME for name in (group if given & {*group} else group[1:])}
        environment: Any = os.environ
        environment.__class__ = cls
        environment.__dict__["hidden"] = hidden
