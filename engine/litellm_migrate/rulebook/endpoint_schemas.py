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
    """What one body of an endpoint that is called must fit: the schema its rule states, else that of its file.

    `folder` has the dialect's own schemas (`Rulebook.schemas`); `schemas` is the folder of all schemas.
    """
    file = endpoint.call.file if endpoint.call else ""
    return endpoint.schema or read_schema(schema_file(schemas, folder, file))


def schema_file(schemas: File, folder: str | None, file: str) -> File:
    """Where the schema of a payload file is: in the folder of the dialect if that has one, else beside all others."""
    narrower = schemas / BODIES / str(folder) / file
    return narrower if folder and narrower.is_file() else schemas / BODIES / file


@cache
def read_schema(file: File) -> Any:
    """The plain value of a schema file."""
    return json.loads(file.read_text(encoding="utf-8"))
