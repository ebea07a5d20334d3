"""The JSON Schemas of request bodies: which one holds for an endpoint, and what it says."""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import cache
from pathlib import Path as File
from typing import Any

from litellm_migrate.convert.bodies import Shape


def schema_of(endpoint: Shape, folders: Sequence[str], schemas: File) -> Any:
    """What one body of an endpoint that is called must fit: the schema of its file, with its rule's laid over.

    `folders` are where the dialect looks for them (`Rulebook.schemas`), in `schemas`, the folder of all schemas.
    """
    return body_schema(endpoint.call.file if endpoint.call else "", endpoint.schema, folders, schemas)


def body_schema(name: str, schema: Any, folders: Sequence[str], schemas: File) -> Any:
    """The schema of a payload file, with one that a rule states laid over; that alone where the file has none."""
    file = schema_file(schemas, folders, name)
    return schema if file is None else merged(read_schema(file), schema)


def merged(base: Any, over: Any) -> Any:
    """A JSON value with another laid over key by key, in which null takes a key away (RFC 7396)."""
    if not isinstance(over, dict) or not isinstance(base, dict):
        return base if over is None else over
    both = {key: merged(base.get(key), over[key]) if key in over else base[key] for key in {**base, **over}}
    return {key: value for key, value in both.items() if over.get(key, True) is not None}


def schema_file(schemas: File, folders: Sequence[str], file: str) -> File | None:
    """The schema of a payload file: that of the first folder which has one; None if none has."""
    return next((place for folder in folders if (place := schemas / folder / file).is_file()), None)


@cache
def read_schema(file: File) -> Any:
    """The plain value of a schema file."""
    return json.loads(file.read_text(encoding="utf-8"))
