"""A conversion by a rulebook whose bodies are inspected, and the files of one."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from pathlib import Path as File
from typing import Any

from litellm_migrate import shipped
from litellm_migrate.convert.run import Conversion, convert
from litellm_migrate.output.files import Gateway, Output, files_of
from litellm_migrate.output.report import Run
from litellm_migrate.output.scripts import Levels
from litellm_migrate.output.validation import inspection
from litellm_migrate.rulebook.endpoint_schemas import schema_of
from litellm_migrate.rulebook.types import Rulebook
from litellm_migrate.source.model import Source


def convert_checked(book: Rulebook, source: Source, schemas: File) -> Conversion:
    """The conversion of a source; raises Problems if the rules would write what a schema or a secret forbids."""
    return convert(book, source, inspection(book.secrets, partial(schema_of, folder=book.schemas, schemas=schemas)))


def output_of(
    conversion: Conversion, book: Rulebook, name: str, version: str, rehearsal: Mapping[str, Any] | None = None
) -> Output:
    """The files of a conversion of the input `name`, and in the reports how its rehearsal went, if there was one."""
    run = Run(version, name, book.dialect, book.catalog, book.program, rehearsal)
    gateway = Gateway(book.protocol, levels_of(book), fields_of(book, shipped("schemas")))
    return files_of(run, conversion, gateway)


def levels_of(book: Rulebook) -> dict[str, Levels]:
    """The levels of the rules' own tables, by the id of the endpoint that chooses one of them."""
    fits = {endpoint.id: endpoint.call.fit for endpoint in book.endpoints if endpoint.call}
    known = {name: fit for name, fit in fits.items() if fit and fit.table in book.tables}
    return {name: fit.levels(book.tables[fit.table].rows) for name, fit in known.items()}


def fields_of(book: Rulebook, schemas: File) -> dict[str, list[str]]:
    """The fields that each endpoint takes, by its schema."""
    called = [endpoint for endpoint in book.endpoints if endpoint.call]
    schema_by_id = {endpoint.id: schema_of(endpoint, book.schemas, schemas) for endpoint in called}
    return {name: list(schema.get("properties", {})) for name, schema in schema_by_id.items()}
