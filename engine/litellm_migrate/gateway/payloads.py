"""The payload files as they lie in the output folder, edited or not."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path as File
from typing import Any

from litellm_migrate.convert.bodies import Shape
from litellm_migrate.convert.calls import Call
from litellm_migrate.convert.expectation import expectation
from litellm_migrate.gateway.names import identity_of
from litellm_migrate.rulebook.endpoint_schemas import schema_of
from litellm_migrate.rulebook.types import Rulebook
from litellm_migrate.source.model import Problem, Problems, pointer

FOLDER = "payloads"


def read_payloads(folder: File, book: Rulebook, schemas: File) -> Mapping[str, Any]:
    """The payloads by file name, in the order in which they are applied; raises Problems for all that is wrong."""
    found: dict[str, Any] = {}
    problems: list[Problem] = []
    for shape in book.endpoints:
        file = folder / FOLDER / shape.call.file if shape.call else None
        if shape.call is None or file is None or not file.is_file():
            continue
        try:
            payload = json.loads(file.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            problems.append(unreadable(file, error))
            continue
        problems += refused(shape, shape.call, payload, schema_of(shape, book.schemas, schemas), file)
        found[shape.call.file] = payload
    if not found and not problems:
        problems.append(Problem(str(folder / FOLDER), 0, 0, "expected payload files, found none. Convert first."))
    if problems:
        raise Problems(problems)
    return found


def unreadable(file: File, error: OSError | ValueError) -> Problem:
    """Why a file is no JSON, without what stands in it."""
    if isinstance(error, json.JSONDecodeError):
        return Problem(str(file), error.lineno, error.colno, f"expected JSON, found none ({error.msg}). Correct it.")
    return Problem(str(file), 0, 0, "expected a text that can be read, in UTF-8. Correct it.")


def refused(shape: Shape, call: Call, payload: Any, schema: Any, file: File) -> Iterator[Problem]:
    """What a schema refuses in a file, and entities that stand in it twice."""
    from jsonschema import Draft202012Validator  # noqa: PLC0415 - slow to import

    if call.identity and not isinstance(payload, list):
        yield Problem(str(file), 0, 0, "expected a list of entities, found something else. Correct it.")
        return
    bodies = list(enumerate(payload)) if call.identity else [(None, payload)]
    validator = Draft202012Validator(schema)
    seen: set[tuple[Any, ...]] = set()
    for number, body in bodies:
        above = () if number is None else (number,)
        wrong = list(validator.iter_errors(body))
        for error in wrong:
            spot = pointer((*above, *error.absolute_path)) or "the whole"
            yield Problem(str(file), 0, 0, f"{spot}: expected {expectation(error)}. Correct it.")
        identity = None if wrong or number is None else identity_of(call, body)
        if identity in seen:
            yield Problem(str(file), 0, 0, f"{pointer(above)}: expected each entity once, found it twice. Remove one.")
        seen.update([identity] if identity else [])
