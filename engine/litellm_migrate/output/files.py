"""All files of one conversion, as texts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path as File
from typing import Any

from litellm_migrate import shipped
from litellm_migrate.convert.run import Conversion
from litellm_migrate.output.data import report_data
from litellm_migrate.output.payloads import render_json
from litellm_migrate.output.report import render_report
from litellm_migrate.output.rollback import NAME as ROLLBACK
from litellm_migrate.output.rollback import render_rollback
from litellm_migrate.output.script import render_script
from litellm_migrate.output.settings import Settings
from litellm_migrate.output.texts import Made, Texts
from litellm_migrate.rulebook.endpoint_schemas import schema_of
from litellm_migrate.rulebook.types import Rulebook
from litellm_migrate.source.records import record

SCRIPT, REPORT, DATA = "apply.sh", "migration_report.md", "migration_report.json"


@record
class Output:
    """Texts by file name, the names that a run may write or remove, and the report as data."""

    texts: Texts
    owned: frozenset[str]
    data: Mapping[str, Any]


def texts_of(
    done: Conversion, book: Rulebook, name: str, version: str, rehearsal: Mapping[str, Any] | None = None
) -> Output:
    """The files of a conversion of the input `name`, and in the report how its rehearsal went, if there was one.

    What grows with the configuration is made when it is read.
    """
    settings = Settings(done)
    head = {"version": version, "input": name, "dialect": book.dialect, "catalog": book.catalog}
    data = report_data(done, settings, head, rehearsal)
    texts: dict[str, Made] = {f"payloads/{file}": partial(rendered, body) for file, body in done.payloads.items()}
    texts[SCRIPT] = render_script(done.calls, done.payloads.keys(), done.variables, book.protocol, book.tables)
    texts[ROLLBACK] = render_rollback(done.calls, taken(book, shipped("schemas")), book.protocol)
    texts[DATA] = data.pieces
    texts[REPORT] = partial(render_report, done, settings, data, book.program)
    owned = frozenset([*texts, *(f"payloads/{call.file}" for call in done.calls)])
    return Output(Texts(texts), owned, data)


def rendered(body: Any) -> Iterator[str]:
    """The text of a payload file, in one piece."""
    yield render_json(body)


def taken(book: Rulebook, schemas: File) -> dict[str, list[str]]:
    """The fields that each endpoint takes, by its schema."""
    found: dict[str, list[str]] = {}
    for shape in book.endpoints:
        if shape.call:
            found[shape.id] = list(schema_of(shape, book.schemas, schemas).get("properties", {}))
    return found
