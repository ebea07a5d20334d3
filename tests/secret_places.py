"""Every place where a configuration may hold a text, by the schema of known settings, and documents that fill them."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from itertools import pairwise
from typing import Any

from litellm_migrate import shipped
from litellm_migrate.source.model import Path

NAMED = re.compile(
    r"key|token|secret|pass(word|wd)|credential|headers?$|auth|dsn|url|webhook|connection|private|bearer|cookie|signature|license"
)
ENTRY = {"model_name": "a", "litellm_params": {"model": "openai/gpt-4o"}}
LISTED = "model_list"
ANY = "any"
"""A key where any is allowed."""


@lru_cache
def places() -> tuple[Path, ...]:
    """The path of every setting below which the schema knows no other; lists have one item."""

    def below(schema: Any, path: Path) -> Iterator[Path]:
        inside = schema if isinstance(schema, dict) else {}
        parts = [(key, part) for key, part in inside.get("properties", {}).items()]
        parts += [(ANY, inside["additionalProperties"])] if inside.get("additionalProperties") else []
        parts += [(0, inside["items"])] if "items" in inside else []
        for key, part in parts:
            yield from below(part, (*path, key))
        if not parts:
            yield path

    return tuple(below(json.loads((shipped("schemas") / "source" / "litellm.json").read_text("utf-8")), ()))


def telling(path: Path) -> bool:
    """Whether the name of a setting says that it may hold a secret."""
    return any(isinstance(step, str) and NAMED.search(step) for step in path[1:])


def documents(paths: list[Path], text: Callable[[int], Any], most: int = 60) -> Iterator[tuple[Any, list[int]]]:
    """Configurations that together have a text at each path; and the numbers of the paths that each of them has."""
    for start in range(0, len(paths), most):
        numbers = list(range(start, min(start + most, len(paths))))
        made: dict[str, Any] = {LISTED: [json.loads(json.dumps(ENTRY))]}
        for number in numbers:
            path = paths[number]
            if path[0] == LISTED:  # an entry of its own, or they would disturb each other
                made[LISTED].append(json.loads(json.dumps(ENTRY)))
                path = (LISTED, len(made[LISTED]) - 1, *path[2:])
            put(made, path, text(number))
        yield made, numbers


def put(value: Any, path: Path, text: Any) -> None:
    """Puts a text at a path, making what is above it; a list that is there gets another item."""
    for step, following in pairwise(path):
        empty: Any = [] if following == 0 else {}
        if isinstance(value, list) and step == len(value):
            value.append(empty)
        elif isinstance(value, dict) and not isinstance(value.get(step), (dict, list)):
            value[step] = empty
        value = value[step]
    if isinstance(value, list):
        value.append(text)
    elif isinstance(value, dict):
        value[path[-1]] = text


READ = {
    "model_list.0.model_name",
    "model_list.0.model_info.description",
    "model_list.0.model_info.team_id",
    "model_list.0.model_info.id",
    "credential_list.0.credential_name",
    "guardrails.0.guardrail_name",
    *(f"model_list.0.litellm_params.{name}" for name in ("api_version", "client_id", "tenant_id", "organization")),
    *(f"model_list.0.litellm_params.aws_{name}_name" for name in ("profile", "region", "role", "session")),
    *(
        f"model_list.0.litellm_params.{name}"
        for name in ("litellm_credential_name", "vertex_location", "vertex_project")
    ),
    "files_settings.0.custom_llm_provider",
    "finetune_settings.0.custom_llm_provider",
    "litellm_settings.default_fallbacks.0",
    "litellm_settings.model_alias_map.any",
    "router_settings.default_fallbacks.0",
    "router_settings.model_group_alias.any.model",
    "router_settings.routing_groups.0.group_name",
    "router_settings.routing_groups.0.models.0",
}
"""Texts that payloads or sentences show as they are, because they are names and no secrets."""
PLACES = [path for path in places() if path[0] != "include"]
"""Where a text can be put; `include` takes none that is no file."""
