"""Settings that rules add to those that the source's program knows: new ones, or whole new sections."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from litellm_migrate.rulebook.files import Spec
from litellm_migrate.rulebook.shapes import suggestion
from litellm_migrate.source.model import Problem

SAYS = ("properties", "items", "additionalProperties")
"""The words of a schema that say what may stand below."""


def distinct(schema: dict[str, Any]) -> dict[str, Any]:
    """A part of a schema in which `true` is `{}`, so that every setting is an object of its own."""
    return {word: {} if below is True else below for word, below in schema.items()}


def universe_with(universe: Any, added: Mapping[str, Spec], problems: list[Problem]) -> Any:
    """The schema of all known settings, with those that rules add; changes and answers the one that it is given."""
    for spec in added.values():
        place = universe
        under = [part for part in str(spec.value["under"]).split(".") if part]
        for key in under:
            below = step(place, key)
            if below is None:
                known = suggestion(key, place.get("properties", {}))
                problems.append(spec.at("under").problem(f"`{key}` is no known setting{known}"))
                break
            place = below
        else:
            merge(place, json.loads(json.dumps(spec.value["schema"]), object_hook=distinct))
    return universe


def step(schema: dict[str, Any], key: str) -> Any:
    """The schema one key below; None if nothing is known of it."""
    if key in schema.get("properties", {}):
        return schema["properties"][key]
    free = schema.get("items", schema.get("additionalProperties")) if key == "*" else None
    return free if isinstance(free, dict) else None


def merge(schema: dict[str, Any], more: Mapping[str, Any]) -> None:
    """Adds settings to a schema; where both know one as a mapping, what is below adds up."""
    if not any(word in schema for word in SAYS):
        schema["additionalProperties"] = {}  # anything may stand there, and still may
    known = schema.setdefault("properties", {})
    for name, below in more.get("properties", {}).items():
        if name in known and "properties" in known[name] and "properties" in below:
            merge(known[name], below)
        else:
            known[name] = below


def new_sections(added: Mapping[str, Spec]) -> Iterator[str]:
    """The top-level settings that rules add: a document that has one is a configuration."""
    for spec in added.values():
        if not spec.value["under"]:
            yield from spec.value["schema"]["properties"]
