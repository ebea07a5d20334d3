"""What a JSON Schema expected of a value that it refuses."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from jsonschema import ValidationError


def expectation(error: ValidationError) -> str:
    """What a schema expected, in words that never show a value: `one of small, large`."""
    wanted: Any = error.validator_value  # a part of the schema
    if error.validator == "required":
        return f"the fields {', '.join(sorted(wanted))}"
    if error.validator == "enum":
        return f"one of {', '.join(map(str, wanted))}"
    return "no other fields" if error.validator == "additionalProperties" else f"{error.validator} {json.dumps(wanted)}"
