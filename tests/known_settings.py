"""A configuration that holds every setting of the universe, made from its schema."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import Any

from litellm_migrate import shipped
from litellm_migrate.source.model import Path

TEXT = "text"
# Values that LiteLLM loads, so that entries are read as entries: all others say only their type.
PLAUSIBLE: dict[str, Any] = {
    "model_name": "chat",
    "model": "openai/gpt-4o",
    "custom_llm_provider": "openai",
    "use_litellm_proxy": False,
    "api_base": "https://models.example.com/v1",
    "base_url": "https://models.example.com/v1",
    "routing_strategy": "simple-shuffle",
    "max_budget": 30,
    "budget_duration": "30d",
}


@lru_cache
def universe() -> Any:
    """The schema of all known settings."""
    return json.loads((shipped("schemas") / "source" / "litellm.json").read_text("utf-8"))


def every(schema: Any, free: Any, name: str = "") -> Any:
    """A value that holds everything a schema knows; `free` stands where anything may."""
    if name in PLAUSIBLE:
        return PLAUSIBLE[name]
    if schema is True:
        return free
    types = set(schema["type"])
    properties, more = schema.get("properties", {}), schema.get("additionalProperties", False)
    if properties or more is not False:
        held = {key: every(below, free, key) for key, below in properties.items()}
        return held | ({"any_key": every(more, free)} if more is not False and not properties else {})
    if "items" in schema:
        return [every(schema["items"], free)]
    number = TEXT if isinstance(free, str) else 0.5  # the schema of a text allows a number too
    return next(
        (value for kind, value in (("boolean", True), ("integer", 7), ("number", number)) if kind in types), TEXT
    )


def known(path: Path) -> bool:
    """Whether the schema has a setting at this path, or lets anything stand there."""
    schema: Any = universe()
    for key in path:
        if schema is True:
            return True
        if isinstance(key, int):
            below = schema.get("items", schema.get("additionalProperties", False))
        else:
            below = schema.get("properties", {}).get(key, schema.get("additionalProperties", False))
        if below is False:
            return False
        schema = below
    return True
