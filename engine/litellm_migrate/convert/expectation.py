"""What a JSON Schema expected of a value that it refuses."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from litellm_migrate.source.model import Json, Path

if TYPE_CHECKING:
    from jsonschema import ValidationError


def refusals(schema: dict[str, Json] | bool, value: Json) -> Iterator[tuple[Path, str]]:
    """The path of each part of a value that a schema refuses, and what it expected there."""
    from jsonschema import Draft202012Validator  # noqa: PLC0415 - slow to import, and only good at saying what is wrong

    for error in Draft202012Validator(schema).iter_errors(value):
        yield tuple(error.absolute_path), expectation(error)


def expectation(error: ValidationError) -> str:
    """What a schema expected, in words that never show a value: `one of small, large`."""
    wanted: Any = error.validator_value  # a part of the schema
    if error.validator == "required":
        return f"the fields {', '.join(sorted(wanted))}"
    if error.validator == "enum":
        return f"one of {', '.join(map(str, wanted))}"
    return "no other fields" if error.validator == "additionalProperties" else f"{error.validator} {json.dumps(wanted)}"
