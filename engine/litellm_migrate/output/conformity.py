"""Whether values fit a JSON Schema: the words that schemas of request bodies use, compiled to Python closures.

It is ready in less time than a validator of the whole language takes to load. What does not fit is for `jsonschema` to
judge and to explain; a test holds this one against it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from litellm_migrate.source.redact import compiled

Schema = Mapping[str, Any]
Test = Callable[[Any], bool]
NUMBERS = (int, float, Decimal)
SILENT = frozenset(["$comment", "$id", "$schema", "default", "description", "examples", "format", "title"])
"""Words that forbid nothing."""


def fits(schema: Any) -> Test | None:
    """The test of whether a value fits a schema; None if the schema has a word that is not known here."""
    try:
        return test_of(schema)
    except LookupError:
        return None


def test_of(schema: Any) -> Test:
    """The test of a schema; LookupError for an unknown word."""
    if isinstance(schema, bool):
        return lambda _value: schema
    words = dict.fromkeys(WORDS[word] for word in schema if word not in SILENT)
    tests = tuple(word(schema) for word in words)

    def all_of(value: Any) -> bool:
        for test in tests:  # noqa: SIM110 - `all` takes twice as long
            if not test(value):
                return False
        return True

    return tests[0] if len(tests) == 1 else all_of


def kind(schema: Schema) -> Test:
    """`type`."""
    stated = schema["type"]
    tests = [KINDS[name] for name in ([stated] if isinstance(stated, str) else stated)]
    return tests[0] if len(tests) == 1 else lambda value: any(test(value) for test in tests)


def number(value: Any) -> bool:
    """Whether a value is a number."""
    return isinstance(value, NUMBERS) and not isinstance(value, bool)


def whole(value: Any) -> bool:
    """Whether a value is a number without a fraction."""
    return (isinstance(value, int) and not isinstance(value, bool)) or (isinstance(value, float) and value.is_integer())


KINDS: dict[str, Test] = {
    "string": lambda value: isinstance(value, str),
    "boolean": lambda value: isinstance(value, bool),
    "object": lambda value: isinstance(value, dict),
    "array": lambda value: isinstance(value, list),
    "null": lambda value: value is None,
    "number": number,
    "integer": whole,
}


def enum(schema: Schema) -> Test:
    """`enum`: texts only."""
    if not all(isinstance(one, str) for one in schema["enum"]):
        raise LookupError
    allowed = frozenset(schema["enum"])
    return lambda value: isinstance(value, str) and value in allowed


def pattern(schema: Schema) -> Test:
    """`pattern`."""
    stated = schema["pattern"]
    if "\\" in stated or "(?" in stated:  # here the languages of patterns differ: Python may not know it
        try:
            compiled(stated)
        except re.error:
            raise LookupError from None
    return lambda value: not isinstance(value, str) or compiled(stated).search(value) is not None


def members(schema: Schema) -> Test:
    """`properties` and `additionalProperties`."""
    known = {name: test_of(below) for name, below in schema.get("properties", {}).items()}
    rest = test_of(schema.get("additionalProperties", True))

    def every(value: Any) -> bool:
        if isinstance(value, dict):
            for name, below in value.items():
                if not known.get(name, rest)(below):
                    return False
        return True

    return every


def items(schema: Schema) -> Test:
    """`items`."""
    test = test_of(schema["items"])
    return lambda value: not isinstance(value, list) or all(map(test, value))


def required(schema: Schema) -> Test:
    """`required`."""
    wanted = frozenset(schema["required"])
    return lambda value: not isinstance(value, dict) or wanted <= value.keys()


def companions(schema: Schema) -> Test:
    """`dependentRequired`."""
    wanted = {name: frozenset(others) for name, others in schema["dependentRequired"].items()}
    return lambda value: (
        not isinstance(value, dict) or all(wanted[name] <= value.keys() for name in wanted.keys() & value.keys())
    )


def least(word: str, of: Test, size: Callable[[Any], Any]) -> Callable[[Schema], Test]:
    """A word that states the least that something may be."""
    return lambda schema: lambda value: not of(value) or size(value) >= schema[word]


def most(word: str, of: Test, size: Callable[[Any], Any]) -> Callable[[Schema], Test]:
    """A word that states the most."""
    return lambda schema: lambda value: not of(value) or size(value) <= schema[word]


WORDS: dict[str, Callable[[Schema], Test]] = {
    "type": kind,
    "enum": enum,
    "pattern": pattern,
    "properties": members,
    "additionalProperties": members,
    "items": items,
    "required": required,
    "dependentRequired": companions,
    "minimum": least("minimum", number, lambda value: value),
    "maximum": most("maximum", number, lambda value: value),
    "minLength": least("minLength", KINDS["string"], len),
    "maxLength": most("maxLength", KINDS["string"], len),
    "minItems": least("minItems", KINDS["array"], len),
    "maxItems": most("maxItems", KINDS["array"], len),
    "minProperties": least("minProperties", KINDS["object"], len),
}
