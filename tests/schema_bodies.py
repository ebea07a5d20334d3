"""Bodies that a schema of ours accepts, made up by Hypothesis from the schema itself."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st
from jsonschema import Draft202012Validator

SCALARS: dict[str, st.SearchStrategy[Any]] = {
    "boolean": st.booleans(),
    "string": st.text(min_size=1, max_size=12),
    "integer": st.integers(0, 10**9),
    "number": st.integers(0, 10**6).map(lambda millionths: millionths / 10**6),
}


def bodies(schema: dict[str, Any]) -> st.SearchStrategy[Any]:
    """Values that are valid by `schema`, which may use only what our endpoint schemas use."""
    if "enum" in schema:
        return st.sampled_from(schema["enum"])
    if "pattern" in schema:
        return st.from_regex(schema["pattern"])
    if schema["type"] == "array":
        return st.lists(bodies(schema["items"]), min_size=schema.get("minItems", 0), max_size=3)
    if schema["type"] == "object":
        return objects(schema)
    return SCALARS[schema["type"]]


def objects(schema: dict[str, Any]) -> st.SearchStrategy[Any]:
    """Mappings that are valid by `schema`: all required members, and some of the others."""
    required = schema.get("required", [])
    members = {name: bodies(below) for name, below in schema["properties"].items()}
    made = st.fixed_dictionaries(
        {name: members[name] for name in required},
        optional={name: made for name, made in members.items() if name not in required},
    )
    whole = {key: schema[key] for key in ("type", "minProperties", "dependentRequired") if key in schema}
    return made.filter(Draft202012Validator(whole).is_valid)
