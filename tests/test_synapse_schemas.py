"""The endpoint schemas are sound, closed, and accept what they should; the published text accepts what they accept."""

from __future__ import annotations

import copy
import json
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator, FormatChecker

import published_spec
from gateway_bodies import schema as endpoint_schema
from litellm_migrate import shipped
from schema_bodies import SCALARS, bodies
from synapse_bodies import BAD, CALLS, GOOD, UUID

if TYPE_CHECKING:
    from collections.abc import Iterator

FOLDER = shipped("schemas")
FILES = sorted([*FOLDER.glob("synapse/**/*.json"), *FOLDER.glob("report/*.json")])
DIALECTS = ("synapse", "openapi-0.2")
ANNOTATIONS = {"$schema", "$id", "$comment", "title", "then"}
KEYWORDS = {*Draft202012Validator.VALIDATORS, *ANNOTATIONS, "$defs"}
BOTH = pytest.mark.parametrize("dialect", DIALECTS)
EACH = pytest.mark.parametrize("endpoint", CALLS)
EVERY = pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(FOLDER).as_posix())
PUBLISHED = pytest.mark.skipif(not published_spec.available(), reason="the published specification is not at hand")


def load(path: Any) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return loaded


def subschemas(schema: dict[str, Any], conditions: bool = True) -> Iterator[dict[str, Any]]:
    """The schema and all schemas in it, those that only narrow others (`allOf`) if `conditions` are asked for."""
    yield schema
    below = [
        *schema.get("properties", {}).values(),
        *schema.get("$defs", {}).values(),
        *(schema[name] for name in ("items", "if", "then") if name in schema),
    ]
    for part in [*below, *(schema.get("allOf", []) if conditions else [])]:
        yield from subschemas(part, conditions)


def strangers(schema: dict[str, Any]) -> set[str]:
    """The keywords of a schema that JSON Schema does not know, at every depth."""
    return {name for part in subschemas(schema) for name in part} - KEYWORDS


def test_every_endpoint_and_the_report_have_a_schema() -> None:
    extra = {"guardrails", "mcp_servers", "organizations", "teams", "thresholds", "users"}
    assert {path.stem for path in FILES if path.parent.name == "synapse"} == set(CALLS) | extra
    assert {path.stem for path in FILES if path.parent.name in {"openapi-0.2", "published"}} < set(CALLS) | extra
    assert [path.stem for path in FILES if path.parent.name == "report"][:1] == ["migration_report"]


@EVERY
def test_a_schema_file_is_sound(path: Any) -> None:
    schema = load(path)
    Draft202012Validator.check_schema(schema)
    assert not strangers(schema)
    assert schema["$comment"]
    assert schema["$id"].endswith(":" + ":".join(path.relative_to(FOLDER).with_suffix("").parts))


@EVERY
def test_a_schema_file_is_closed_and_never_takes_null(path: Any) -> None:
    for part in subschemas(load(path), conditions=False):
        assert (
            "$ref" in part or part.get("type") in {*SCALARS, "array", "object"} or None not in part.get("enum", [part])
        )
        if "properties" in part or part.get("type") == "object":
            rest = part["additionalProperties"]
            assert rest is False or rest["type"] in {*SCALARS, "array", "object"}
            assert set(part.get("required", ())) <= set(part.get("properties", ()))
        if "pattern" in part:
            assert part["pattern"].startswith("^")
            assert part["pattern"].endswith(r"$(?!\n)")


def test_a_misspelt_keyword_is_found() -> None:
    broken = copy.deepcopy(endpoint_schema("synapse", "models"))
    broken["properties"]["limits"]["additional_properties"] = broken["properties"]["limits"].pop("additionalProperties")
    Draft202012Validator.check_schema(broken)
    assert strangers(broken) == {"additional_properties"}


@BOTH
@EACH
def test_good_bodies_pass_and_bad_ones_do_not(dialect: str, endpoint: str) -> None:
    check = Draft202012Validator(endpoint_schema(dialect, endpoint))
    for good in GOOD[endpoint]:
        assert not list(check.iter_errors(good))
    for bad in [*BAD[endpoint], None, [], {**GOOD[endpoint][0], "unknown": 1}]:
        assert not check.is_valid(bad), bad


def test_the_dialects_differ_where_the_published_text_is_narrower() -> None:
    ours, published = (
        {name: Draft202012Validator(endpoint_schema(dialect, name)) for name in CALLS} for dialect in DIALECTS
    )
    for vendor, default, narrow in (("AZURE_OPEN_AI", True, False), ("GOOGLE", False, True), ("CUSTOM", True, True)):
        for name in ("integrations", "providers", "models"):
            body = {**GOOD[name][0], "providerType": vendor}
            assert (ours[name].is_valid(body), published[name].is_valid(body)) == (default, narrow)
    for name, body in (
        ("routing_config", {"strategy": "latency_sensitive", "rules": []}),
        ("rate_limits", {"tier": "pro", "models": [{"model": "gpt-4", "rpm": 800, "tpm": 90000}]}),
    ):
        assert ours[name].is_valid(body)
        assert not published[name].is_valid(body)


@pytest.mark.parametrize("endpoint", ["integrations", "providers", "models", "routing_config"])
def test_the_dialects_differ_in_nothing_else(endpoint: str) -> None:
    ours, published = (endpoint_schema(dialect, endpoint) for dialect in DIALECTS)
    for schema in (ours, published):
        for name in ("$id", "$comment", "title"):
            del schema[name]
        del schema["properties"]["strategy" if endpoint == "routing_config" else "providerType"]
    assert ours == published


@PUBLISHED
@EACH
def test_the_published_text_knows_every_field_we_send_and_asks_for_no_other(endpoint: str) -> None:
    ours, theirs = endpoint_schema("openapi-0.2", endpoint), published_spec.request_schema(*CALLS[endpoint])
    theirs = theirs["$defs"][theirs["$ref"].rpartition("/")[2]]
    assert set(ours["properties"]) == set(theirs["properties"])
    assert sorted(ours["required"]) == sorted(theirs["required"])
    for name, field in theirs["properties"].items():
        if "enum" in field:
            assert sorted(ours["properties"][name]["enum"]) == sorted(field["enum"])


@PUBLISHED
@EACH
@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_the_published_text_accepts_what_its_dialect_accepts(endpoint: str, data: st.DataObject) -> None:
    ours = endpoint_schema("openapi-0.2", endpoint)
    body = data.draw(bodies(ours))
    Draft202012Validator(ours).validate(body)
    if str(body.get("integrationId")).startswith("${ref:"):
        body["integrationId"] = UUID
    published = published_spec.request_schema(*CALLS[endpoint])
    Draft202012Validator(published, format_checker=FormatChecker()).validate(body)


@PUBLISHED
def test_the_cut_out_text_still_refuses() -> None:
    integration = Draft202012Validator(published_spec.request_schema(*CALLS["integrations"]))
    assert not integration.is_valid({**GOOD["integrations"][0], "providerType": "AZURE_OPEN_AI"})
    tier = Draft202012Validator(published_spec.request_schema("/api/v1/rate-limits/{any_name}", "PUT"))
    assert tier.is_valid({"tier": "pro"})
    assert not tier.is_valid({"tier": "gold"})


@PUBLISHED
def test_a_reference_to_nothing_accepts_everything() -> None:
    dangling = published_spec.request_schema("/api/v1/thresholds", "put")
    assert dangling["$defs"]["ThresholdSettingsUpdate"] is True
    assert Draft202012Validator(dangling).is_valid({"anything": 1})
