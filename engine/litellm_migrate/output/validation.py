"""Holds request bodies against the JSON Schema of their endpoint; a problem names the rule and the source line."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Iterator
from typing import TYPE_CHECKING, Any

from litellm_migrate.convert.bodies import Item, Shape
from litellm_migrate.source.model import Json, Path, Problem, Source, pointer

if TYPE_CHECKING:
    from jsonschema import ValidationError

Schema = dict[str, Json] | bool
Fields = Iterable[tuple[Path, str, Collection[Path]]]
"""The fields of a body: where each is in it, the rule that wrote it, and the places of the source that it carries."""


def problems(
    file: str, endpoint: str, schema: Schema, bodies: Iterable[tuple[Json, Callable[[], Fields]]], source: Source
) -> Iterator[Problem]:
    """A problem for each part of a body that the schema of its endpoint refuses.

    `file` is the payload file and `endpoint` the id, which stands for the rule of what no field wrote. Each body comes
    with a function that answers its fields, which is called only if the body is wrong.
    """
    is_valid = validator(schema)
    wrong = [(number, body, fields) for number, (body, fields) in enumerate(bodies) if not is_valid(body)]
    if not wrong:
        return
    from jsonschema import Draft202012Validator  # noqa: PLC0415 - slow to import, and only good at saying what is wrong

    explaining = Draft202012Validator(schema)
    for number, body, fields in wrong:
        for error in explaining.iter_errors(body):
            path: Path = tuple(error.absolute_path)
            rule, carried = next(
                ((rule, carried) for place, rule, carried in fields() if place[: len(path)] == path), (endpoint, ())
            )
            place = f"{file}{pointer((number, *path))}"
            message = f"{place}: expected {expectation(error)}. Correct the rule {rule}."
            origin = min(carried, default=None, key=str)
            yield Problem(f"rules: {rule}", 0, 0, message) if origin is None else Problem(*source.at(origin), message)


def check(shape: Shape, items: list[Item], schema: Schema, source: Source) -> Iterator[Problem]:
    """A problem for each part of a payload that its schema refuses."""

    def fields_of(item: Item) -> Callable[[], Fields]:
        return lambda: ((field.pointer, field.rule, field.trace.carried) for field in item.fields)

    file = shape.call.file if shape.call else shape.id
    if items:
        yield from problems(file, shape.id, schema, ((item.body, fields_of(item)) for item in items), source)


def validator(schema: Schema) -> Callable[[Json], bool]:
    """Whether a body fits a schema; False also for one that is no JSON (a date, half a surrogate pair)."""
    from jsonschema_rs import validator_for  # noqa: PLC0415 - only where something is to be validated

    compiled = validator_for(schema)

    def is_valid(body: Json) -> bool:
        try:
            return compiled.is_valid(body)
        except ValueError:
            return False

    return is_valid


def expectation(error: ValidationError) -> str:
    """What a schema expected, in words that never show a value of the body: `the fields name, type`, `maxLength 64`."""
    value: Any = error.validator_value
    if error.validator == "required":
        return f"the fields {', '.join(sorted(value))}"
    if error.validator == "enum":
        return f"one of {', '.join(map(str, value))}"
    return "no other fields" if error.validator == "additionalProperties" else f"{error.validator} {json.dumps(value)}"
