"""The request schemas of the published gateway specification, cut out of a copy of it that lies beside the checkout."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from re import sub
from typing import Any

import yaml

SPEC = Path(__file__).resolve().parents[2] / "shared" / "reference" / "synapse-gateway.openapi.yaml"
POINTER = "#/components/schemas/"


def available() -> bool:
    """Whether the specification is at hand."""
    return SPEC.is_file()


@lru_cache
def document() -> dict[str, Any]:
    """The whole specification."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    loaded: dict[str, Any] = yaml.load(SPEC.read_text("utf-8"), Loader=loader)
    return loaded


def request_schema(path: str, method: str) -> dict[str, Any]:
    """The schema of the JSON body that `method` takes at `path`, complete in itself.

    The names of path parameters do not matter. A schema that the specification refers to and does not have
    accepts everything.
    """
    shape = sub(r"\{[^}]*\}", "{}", path)
    item = next(item for known, item in document()["paths"].items() if sub(r"\{[^}]*\}", "{}", known) == shape)
    body = item[method.lower()]["requestBody"]["content"]["application/json"]["schema"]
    components = document()["components"]["schemas"]
    needed: dict[str, Any] = {}
    waiting = references(body)
    while waiting:
        name = waiting.pop()
        if name not in needed:
            needed[name] = components.get(name, True)
            waiting |= references(needed[name])
    return {**rewritten(body), "$defs": {name: rewritten(needed[name]) for name in sorted(needed)}}


def references(schema: Any) -> set[str]:
    """The names of all component schemas that a schema refers to itself."""
    below = schema.values() if isinstance(schema, dict) else schema if isinstance(schema, list) else ()
    found = set().union(*map(references, below))
    target = schema.get("$ref") if isinstance(schema, dict) else None
    return found | {target.removeprefix(POINTER)} if isinstance(target, str) else found


def rewritten(schema: Any) -> Any:
    """The same schema with its references pointing to `$defs`."""
    if isinstance(schema, list):
        return [rewritten(below) for below in schema]
    if not isinstance(schema, dict):
        return schema
    target = schema.get("$ref")
    moved = {"$ref": target.replace(POINTER, "#/$defs/")} if isinstance(target, str) else {}
    return {name: rewritten(below) for name, below in schema.items()} | moved
