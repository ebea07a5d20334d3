"""What a JSON Schema expected of a value that it refuses."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from litellm_migrate.source.model import Json, Path

if TYPE_CHECKING:
    from jsonschema import ValidationError


KINDS = {
    "string": "a text",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
    "array": "a list",
    "object": "a mapping",
    "null": "null",
}
"""What the types of JSON Schema are called."""
WORDS = {
    "additionalProperties": "no other fields",
    "const": "{}",
    "minLength": "a text of at least {} characters",
    "maxLength": "a text of at most {} characters",
    "minItems": "a list of at least {} items",
    "maxItems": "a list of at most {} items",
    "minProperties": "a mapping of at least {} keys",
    "maxProperties": "a mapping of at most {} keys",
    "minimum": "a number of at least {}",
    "maximum": "a number of at most {}",
    "exclusiveMinimum": "a number above {}",
    "exclusiveMaximum": "a number below {}",
    "multipleOf": "a multiple of {}",
    "uniqueItems": "a list without repetitions",
}
"""For a word of JSON Schema, what is expected where it refuses a value."""
ONE_LINE = "(?!\\n)"
"""The end of patterns that take no line end, which says nothing to a reader."""


def refusals(schema: dict[str, Json] | bool, value: Json) -> Iterator[tuple[Path, str]]:
    """The path of each part of a value that a schema refuses, and what it expected there."""
    from jsonschema import Draft202012Validator  # noqa: PLC0415 - slow to import, and only good at saying what is wrong

    for error in Draft202012Validator(schema).iter_errors(value):
        yield tuple(error.absolute_path), expectation(error)


def expectation(error: ValidationError) -> str:
    """What a schema expected, in words that never show a value: `one of small, large`."""
    wanted: Any = error.validator_value  # a part of the schema
    word = str(error.validator)
    if word == "type":
        return kinds(wanted)
    if word == "required":
        return f"the fields {', '.join(sorted(wanted))}"
    if word == "enum":
        return f"one of {', '.join(map(str, wanted))}"
    if word == "dependentRequired":
        pairs = [f"{' and '.join(more)} beside {name}" for name, more in wanted.items()]
        return ", ".join(pairs)
    if word == "pattern":
        return f"a text of the form `{str(wanted).removesuffix(ONE_LINE)}`"
    return WORDS[word].format(json.dumps(wanted)) if word in WORDS else f"what `{word}` {json.dumps(wanted)} says"


def kinds(wanted: str | list[str]) -> str:
    """The kinds of values that a schema takes: `a text or a number`."""
    return " or ".join(KINDS.get(kind, kind) for kind in ([wanted] if isinstance(wanted, str) else wanted))
