"""Holds every payload against the schema of its endpoint; what is wrong names the rule and the source line."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

from litellm_migrate.convert.bodies import Item, Shape
from litellm_migrate.output.conformity import Test, fits
from litellm_migrate.source.model import Path, Problem, Source, pointer

MANY = 2000
"""So many bodies make up for the time that a validator of the whole language takes to load."""


def check(shape: Shape, items: list[Item], schema: Any, source: Source) -> Iterator[Problem]:
    """A problem for each part of a payload that its schema refuses."""
    if not items:
        return
    quick = (fits(schema) if len(items) < MANY else None) or whole(schema)
    wrong = [(number, item) for number, item in enumerate(items) if not quick(item.body)]
    if not wrong:
        return
    from jsonschema import Draft202012Validator  # noqa: PLC0415 - slow to import, and only good at saying what is wrong

    validator = Draft202012Validator(schema)
    for number, item in wrong:
        for error in validator.iter_errors(item.body):
            path: Path = tuple(error.absolute_path)
            field = next((one for one in item.fields if one.pointer[: len(path)] == path), None)
            origin = min(field.trace.carried, default=None, key=str) if field else None
            rule = field.rule if field else shape.id
            file = shape.call.file if shape.call else shape.id
            message = f"{file}{pointer((number, *path))}: expected {expectation(error)}. Correct the rule {rule}."
            if origin is None:
                yield Problem(f"rules: {rule}", 0, 0, message)
            else:
                yield Problem(*source.at(origin), message)


def whole(schema: Any) -> Test:
    """The test of any schema, faster for many bodies."""
    from jsonschema_rs import validator_for  # noqa: PLC0415 - seldom needed

    return validator_for(schema).is_valid


def expectation(error: Any) -> str:
    """What a schema expected, in words that never show a value."""
    wanted: dict[str, Callable[[], str]] = {
        "required": lambda: f"the fields {', '.join(sorted(error.validator_value))}",
        "enum": lambda: f"one of {', '.join(map(str, error.validator_value))}",
        "additionalProperties": lambda: "no other fields",
    }
    said = wanted.get(error.validator)
    return said() if said else f"{error.validator} {json.dumps(error.validator_value)}"
