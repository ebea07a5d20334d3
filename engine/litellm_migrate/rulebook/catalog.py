"""The catalogue: generated facts that a file of the user's own may take the place of."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path as File
from typing import Any

from litellm_migrate.rulebook.files import Spec
from litellm_migrate.rulebook.shapes import suggestion
from litellm_migrate.source.model import Problem, Problems
from litellm_migrate.source.records import replace


def with_catalog(specs: list[Spec], file: File) -> list[Spec]:
    """The documents with the rows of a file in the place of those that the source's `catalog` names."""
    rows = own_facts(file)
    named = {spec.value.get("catalog") for spec in specs if spec.value["kind"] == "source"}
    places = [n for n, spec in enumerate(specs) if spec.value["kind"] == "table" and spec.value["id"] in named]
    if not places:
        raise Problems([Problem("rules", 0, 0, "these rules name no catalogue that a file could take the place of.")])
    made = list(specs)
    for place in places:
        value = made[place].value
        instead = {"from": f"{file.name}, in the place of {value.get('from')}", "rows": rows}
        made[place] = replace(made[place], value={**value, **instead})
    return made


def origin_of(told: Spec, tables: Mapping[str, Spec], problems: list[Problem]) -> str:
    """Where the facts of the catalogue come from, and of which day they are; empty without a catalogue."""
    name = told.value.get("catalog")
    if name is None:
        return ""
    if name not in tables:
        problems.append(told.at("catalog").problem(f"`{name}` is no table{suggestion(name, tables)}"))
        return ""
    value = tables[name].value
    return " of ".join(str(value[word]) for word in ("from", "date") if word in value)


def own_facts(file: File) -> dict[str, Any]:
    """The rows of a user's own JSON file, a mapping whose mappings are rows; raises Problems if it is none."""
    try:
        found = json.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise Problems(
            [Problem(str(file), 0, 0, f"cannot be read: {error.strerror}. Name a file that can.")]
        ) from error
    except json.JSONDecodeError as error:
        message = f"expected JSON: {error.msg}. Get the file again."
        raise Problems([Problem(str(file), error.lineno, error.colno, message)]) from error
    except (ValueError, RecursionError) as error:
        raise Problems([Problem(str(file), 0, 0, "expected JSON in UTF-8. Get the file again.")]) from error
    rows = {key: row for key, row in found.items() if isinstance(row, dict)} if isinstance(found, dict) else {}
    if not rows:
        message = f"expected a mapping of names to mappings, found {'none in it' if found == {} else 'something else'}."
        raise Problems([Problem(str(file), 1, 1, f"{message} Get the file again.")])
    return rows
