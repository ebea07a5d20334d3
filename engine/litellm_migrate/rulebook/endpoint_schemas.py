"""The JSON Schemas of request bodies: which one holds for an endpoint, and what it says."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path as File
from typing import Any

from litellm_migrate.convert.bodies import Shape

BODIES = "synapse"
"""The folder, in that of all schemas, of those of request bodies."""


def schema_of(endpoint: Shape, folder: str | None, schemas: File) -> Any:
    """What one body of an endpoint that is called must fit: the schema of its file, with its rule's laid over.

    `folder` has the dialect's own schemas (`Rulebook.schemas`); `schemas` is the folder of all schemas.
    """
    return body_schema(endpoint.call.file if endpoint.call else "", endpoint.schema, folder, schemas)


def body_schema(name: str, schema: Any, folder: str | None, schemas: File) -> Any:
    """The schema of a payload file, with one that a rule states laid over; that alone where the file has none."""
    file = schema_file(schemas, folder, name)
    return merged(read_schema(file), schema) if schema is None or file.is_file() else schema


def merged(base: Any, over: Any) -> Any:
    """A JSON value with another laid over key by key, in which null takes a key away (RFC 7396)."""
    if not isinstance(over, dict) or not isinstance(base, dict):
        return base if over is None else over
    both = {key: merged(base.get(key), over[key]) if key in over else base[key] for key in {**base, **over}}
    return {key: value for key, value in both.items() if over.get(key, True) is not None}


def schema_file(schemas: File, folder: str | None, file: str) -> File:
    """Where the schema of a payload file is: in the folder of the dialect if that has one, else beside all others."""
    narrower = schemas / BODIES / str(folder) / file
    return narrower if folder and narrower.is_file() else schemas / BODIES / file


@cache
def read_schema(file: File) -> Any:
    """The plain value of a schema file."""
    return json.loads(file.read_text(encoding="utf-8"))
