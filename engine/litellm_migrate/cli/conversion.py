"""A conversion whose bodies are inspected before anything is written."""

from __future__ import annotations

from functools import partial
from pathlib import Path as File

from litellm_migrate.convert.run import Conversion, convert
from litellm_migrate.output.inspection import inspection
from litellm_migrate.rulebook.endpoint_schemas import schema_of
from litellm_migrate.rulebook.rules import Rulebook
from litellm_migrate.source.model import Source


def convert_checked(book: Rulebook, source: Source, schemas: File) -> Conversion:
    """The conversion of a source; raises Problems if the rules would write what a schema or a secret forbids."""
    return convert(book, source, inspection(book.secrets, partial(schema_of, folder=book.schemas, schemas=schemas)))
