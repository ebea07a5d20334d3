"""The payload files as they lie in the output folder, edited or not, and the keys that a configuration holds."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path as File
from typing import TYPE_CHECKING

from litellm_migrate.convert.calls import LITERAL, Call, identity_of
from litellm_migrate.convert.expectation import refusals
from litellm_migrate.gateway.names import Entity
from litellm_migrate.output import PAYLOADS, REPORT
from litellm_migrate.rulebook.endpoint_schemas import schema_of
from litellm_migrate.rulebook.types import Rulebook
from litellm_migrate.source.files import file_text, json_value
from litellm_migrate.source.model import Json, Problem, Problems, pointer

if TYPE_CHECKING:
    from litellm_migrate.convert.run import Conversion


def read_payloads(folder: File, book: Rulebook, schemas: File) -> Mapping[str, Json]:
    """The payloads by file name, in the order in which they are applied; raises Problems for all that is wrong."""
    payloads: dict[str, Json] = {}
    problems: list[Problem] = []
    for shape in book.endpoints:
        file = folder / PAYLOADS / shape.call.file if shape.call else None
        if shape.call is None or file is None or not file.is_file():
            continue
        try:
            payload = payloads[shape.call.file] = json_value(file_text(file))
        except json.JSONDecodeError as error:  # its text could show what stands in the file
            message = f"expected JSON, found none ({error.msg}). Correct it."
            problems.append(Problem(str(file), error.lineno, error.colno, message))
        except (OSError, ValueError):
            problems.append(Problem(str(file), 0, 0, "expected a text that can be read, in UTF-8. Correct it."))
        else:
            messages = objections(shape.call, payload, schema_of(shape, book.schemas, schemas))
            problems += [Problem(str(file), 0, 0, message) for message in messages]
    if not payloads and not problems:
        problems.append(Problem(str(folder / PAYLOADS), 0, 0, "expected payload files, found none. Convert first."))
    if problems:
        raise Problems(problems)
    return payloads


def check_content(payloads: Mapping[str, Json], book: Rulebook, folder: File) -> None:
    """Raises Problems if no file has an entity: there is nothing to serve, and the gateway stays as it is."""
    calls = [shape.call for shape in book.endpoints if shape.call]
    entities = [payloads[call.file] for call in calls if call.unique_key and call.file in payloads]
    if entities and not any(entities):
        message = f"expected something to serve, found no entity in any file. {REPORT} says why. Nothing was sent."
        raise Problems([Problem(str(folder / PAYLOADS), 0, 0, message)])


def objections(call: Call, payload: Json, schema: Entity) -> Iterator[str]:
    """What a schema refuses in a payload, and entities that stand in it twice."""
    if call.unique_key and not isinstance(payload, list):
        yield "expected a list of entities, found something else. Correct it."
        return
    keys: set[str] = set()
    for number, body in enumerate(payload) if isinstance(payload, list) and call.unique_key else [(None, payload)]:
        above = () if number is None else (number,)
        refused = list(refusals(schema, body))
        for path, expected in refused:
            yield f"{pointer((*above, *path)) or 'the whole'}: expected {expected}. Correct it."
        if not refused and number is not None:
            if identity_of(call, body) in keys:
                yield f"{pointer(above)}: expected each entity once, found it twice. Remove one."
            keys.add(identity_of(call, body))


def literals(conversion: Conversion, book: Rulebook) -> dict[str, str]:
    """The keys of the configuration by the variable that takes their place, where a variable has exactly one.

    Only texts at places that may hold a secret count; they go to the gateway and nowhere else.
    """
    keys: dict[str, str] = {}
    for variable in conversion.variables:
        if variable.origin == LITERAL:
            texts = {book.secrets.secret_at(conversion.source, path) for path in variable.paths} - {None}
            if len(texts) == 1:
                keys[variable.name] = str(texts.pop())
    return keys
