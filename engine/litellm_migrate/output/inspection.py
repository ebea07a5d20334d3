"""Holds the bodies of requests against the schema of their endpoint, and against the secrets of the configuration.

What is wrong names the rule that states the field, and the line of the setting that its value came from.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

from litellm_migrate.convert.bodies import Body, FieldOrigin, Shape
from litellm_migrate.convert.document import Document
from litellm_migrate.convert.origins import resolve
from litellm_migrate.convert.run import Inspection
from litellm_migrate.source.model import Path, Problem, Source, pointer, value_at
from litellm_migrate.source.redact import Secrets


def inspection(secrets: Secrets, schema_of: Callable[[Shape], Any]) -> Inspection:
    """What is wrong with the bodies of an endpoint by its JSON Schema, and which fields show a secret."""

    def inspect(shape: Shape, bodies: list[Body], document: Document, source: Source) -> Iterator[Problem]:
        yield from misfits(shape, bodies, schema_of(shape), document, source)
        yield from leaks(secrets, bodies, document, source)

    return inspect


def misfits(shape: Shape, bodies: list[Body], schema: Any, document: Document, source: Source) -> Iterator[Problem]:
    """A problem for each part of a body that its schema refuses."""
    if not bodies:
        return
    from jsonschema_rs import validator_for  # noqa: PLC0415 - only where there is something to validate

    fits = validator_for(schema).is_valid
    wrong = [(number, body) for number, body in enumerate(bodies) if not fits(body.value)]
    if not wrong:
        return
    from jsonschema import Draft202012Validator  # noqa: PLC0415 - slow to import, and only good at saying what is wrong

    validator = Draft202012Validator(schema)
    for number, body in wrong:
        for error in validator.iter_errors(body.value):
            path: Path = tuple(error.absolute_path)
            field = next((field for field in body.fields if field.pointer[: len(path)] == path), None)
            setting = min(settings_of(field, document), default=None, key=str) if field else None
            rule = field.rule if field else shape.id
            file = shape.call.file if shape.call else shape.id
            message = f"{file}{pointer((number, *path))}: expected {expectation(error)}. Correct the rule {rule}."
            if setting is None:
                yield Problem(f"rules: {rule}", 0, 0, message)
            else:
                yield Problem(*source.at(setting), message)


def settings_of(field: FieldOrigin, document: Document) -> set[Path]:
    """The settings whose values a field carries."""
    return {document.path(place) for place in resolve(field.origin).carried}


def leaks(secrets: Secrets, bodies: list[Body], document: Document, source: Source) -> Iterator[Problem]:
    """A problem for each field that shows a secret it was made from."""
    for body in bodies:
        for field in body.fields:
            text = value_at(body.value, field.pointer)
            if isinstance(text, str):
                yield from secrets.leaks(source, field.pointer, text, settings_of(field, document), field.rule)


def expectation(error: Any) -> str:
    """What a schema expected, in words that never show a value."""
    wanted: dict[str, Callable[[], str]] = {
        "required": lambda: f"the fields {', '.join(sorted(error.validator_value))}",
        "enum": lambda: f"one of {', '.join(map(str, error.validator_value))}",
        "additionalProperties": lambda: "no other fields",
    }
    said = wanted.get(error.validator)
    return said() if said else f"{error.validator} {json.dumps(error.validator_value)}"
