"""What a gateway has against a body that reaches it, by our own schemas."""

from __future__ import annotations

import copy
from functools import lru_cache
from typing import Any

from jsonschema import Draft202012Validator

from conversion import rulebook
from litellm_migrate import shipped
from litellm_migrate.rulebook.endpoint_schemas import body_schema

SENT = {"type": "string", "minLength": 1, "pattern": r"^(?!\$\{)"}
"""A text whose reference was replaced: payload files hold `${...}` where a gateway gets a value."""
PUBLISHED_DIALECT = "openapi-0.2"


def schema(dialect: str, endpoint: str) -> dict[str, Any]:
    """The schema of one payload body in a dialect, as a value of its own."""
    loaded = body_schema(f"{endpoint}.json", None, rulebook(dialect).schemas, shipped("schemas"))
    assert isinstance(loaded, dict)
    return copy.deepcopy(loaded)


def relaxed(endpoint: str, strict: dict[str, Any], whole: bool) -> dict[str, Any]:
    """The schema of the same body on the wire: references are values now, and an update may say less."""
    body = copy.deepcopy(strict)
    fields = body["properties"]
    if endpoint == "integrations":
        fields.update({name: SENT for name in ("apiKey", "endpointUrl", "baseUrl") if name in fields})
        fields["config"]["properties"] = dict.fromkeys(fields["config"]["properties"], SENT)
    uuid = r"^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$(?!\n)"
    for name in {"integrationId", "providerId"} & fields.keys():
        fields[name] = {"type": "string", "pattern": uuid}
    if not whole:
        body.pop("required", None)
    return body


@lru_cache
def validator(dialect: str, endpoint: str, whole: bool) -> Draft202012Validator:
    """The validator of a body on the wire; `whole` ones have all required fields."""
    return Draft202012Validator(relaxed(endpoint, schema(dialect, endpoint), whole))


def objections(dialect: str, endpoint: str, body: Any, whole: bool = True) -> str:
    """Where the body is wrong and which keyword says so, without its values; empty when it is right."""
    wrong = validator(dialect, endpoint, whole).iter_errors(body)
    return "; ".join(sorted(f"/{'/'.join(map(str, error.path))}: {error.validator}" for error in wrong))
