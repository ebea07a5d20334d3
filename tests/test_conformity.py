"""The quick test of payloads says what `jsonschema` says, of every schema that we ship."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path as File
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from litellm_migrate import shipped
from litellm_migrate.output.conformity import fits
from litellm_migrate.source.model import Path, leaves
from properties import mappings, replaced
from schema_bodies import bodies

FOLDER = shipped("schemas") / "synapse"
FILES = sorted(FOLDER.rglob("*.json"))
OTHER = st.sampled_from([None, True, 0, -1, 1.5, 1e300, "", "a\n", "${A}\n", [], ["", 1], {}, {"unknown": 1}])
"""Values that belong almost nowhere."""


def schema_of(file: File) -> Any:
    return json.loads(file.read_text(encoding="utf-8"))


def places(body: Any) -> list[Path]:
    """Where a body can be spoilt: every value in it, and a member more in every mapping."""
    inside = list(mappings(body))
    return [*(path for path, _ in leaves(body)), *inside, *((*path, "unknown") for path in inside)]


def test_there_are_schemas() -> None:
    assert len(FILES) > 10


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(FOLDER)))
def test_what_fits_is_what_jsonschema_accepts(file: File) -> None:
    schema = schema_of(file)
    quick, slow = fits(schema), Draft202012Validator(schema)
    assert quick, "a word of a shipped schema is not known"

    @given(st.data())
    @settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
    def same(data: st.DataObject) -> None:
        body = data.draw(bodies(schema))
        assert quick(body)
        spoilt = replaced(body, data.draw(st.sampled_from(places(body))), data.draw(OTHER))
        assert quick(spoilt) == slow.is_valid(spoilt)

    same()


@pytest.mark.parametrize(
    ("schema", "value"),
    [
        ({"type": "integer"}, True),
        ({"type": "number"}, False),
        ({"type": "number", "minimum": 0}, Decimal("-0.1")),
        ({"type": ["string", "null"]}, 1),
        ({"enum": ["a", "b"]}, "c"),
        ({"enum": ["a", "b"]}, ["a"]),
        ({"minLength": 2}, "a"),
        ({"maxLength": 1}, "ab"),
        ({"minItems": 1}, []),
        ({"maxItems": 1}, [1, 2]),
        ({"minProperties": 1}, {}),
        ({"properties": {"a": {"type": "string"}}}, {"a": 1}),
        ({"additionalProperties": False}, {"a": 1}),
        ({"additionalProperties": {"type": "string"}}, {"a": 1}),
        ({"required": ["a"]}, {"b": 1}),
        ({"dependentRequired": {"a": ["b"]}}, {"a": 1}),
        ({"items": {"type": "string"}}, ["a", 1]),
        ({"pattern": "^[a-z]+$(?!\\n)"}, "abc\n"),
        (False, 1),
    ],
)
def test_what_a_schema_forbids_does_not_fit(schema: Any, value: Any) -> None:
    quick = fits(schema)
    assert quick
    assert not quick(value)


@pytest.mark.parametrize("word", ["oneOf", "anyOf", "$ref", "if", "const", "propertyNames", "made-up"])
def test_a_schema_with_other_words_is_left_to_others(word: str) -> None:
    assert fits({"type": "object", "properties": {"a": {word: []}}}) is None
    assert fits({"enum": [1, "a"]}) is None
    assert fits({"enum": ["a", ["b"], {}]}) is None
    assert fits({"properties": {"a": {"pattern": "^\\p{L}+$"}}}) is None


def test_what_a_schema_says_of_other_types_forbids_nothing() -> None:
    quick = fits({"minLength": 5, "minimum": 5, "minItems": 5, "required": ["a"], "pattern": "x", "items": False})
    assert quick
    assert all(quick(value) for value in (None, True, "xxxxx", 5, Decimal("5.5")))
