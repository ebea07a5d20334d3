"""Whole conversions of a text or of a file, and their parts by name."""

from __future__ import annotations

import io
import json
import os
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from textwrap import dedent
from typing import Any

from litellm_migrate import shipped
from litellm_migrate.cli.convert import convert_checked, output_of
from litellm_migrate.convert.run import Conversion
from litellm_migrate.output.files import Output
from litellm_migrate.rulebook.load import load
from litellm_migrate.rulebook.types import Rulebook
from litellm_migrate.source.read import read_source

os.environ["SOURCE_DATE_EPOCH"] = "1793750400"  # 2026-11-04: what depends on the day of a run stays the same

EXAMPLES = Path(__file__).resolve().parent / "examples"
DIALECTS = ("synapse", "openapi-0.2", "guides")
NESTED = DIALECTS[:2]
"""Those whose bodies have the fields that the rules name."""


@lru_cache
def rulebook(dialect: str = "synapse") -> Rulebook:
    """The shipped rules, loaded once for each dialect."""
    return load(shipped("rules"), shipped("schemas"), dialect)


@dataclass(frozen=True)
class Result:
    """One conversion and the files it makes."""

    done: Conversion
    name: str = "-"

    @cached_property
    def output(self) -> Output:
        """The files."""
        return output_of(self.done, self.name, "0")

    @cached_property
    def data(self) -> dict[str, Any]:
        """The report for programs."""
        data: dict[str, Any] = json.loads(self.output.texts["migration_report.json"])
        return data

    def many(self, file: str) -> list[dict[str, Any]]:
        """The bodies in the payload file of an endpoint that creates entities."""
        bodies: list[dict[str, Any]] = self.done.payloads[f"{file}.json"]
        return bodies

    def one(self, file: str, **wanted: Any) -> dict[str, Any]:
        """The only body of a file that has all these fields."""
        (found,) = [body for body in self.many(file) if wanted.items() <= body.items()]
        return found

    @property
    def routing(self) -> dict[str, Any]:
        """The routing configuration."""
        body: dict[str, Any] = self.done.payloads["routing_config.json"]
        return body

    def rules(self, pattern: str) -> list[dict[str, Any]]:
        """The routing rules for a requested name."""
        return [rule for rule in self.routing["rules"] if rule["modelPattern"] == pattern]

    def setting(self, path: str) -> dict[str, Any]:
        """What the report says of the setting at a JSON pointer."""
        (found,) = [setting for setting in self.data["settings"] if setting["path"] == path]
        assert isinstance(found, dict)
        return found

    def texts(self) -> str:
        """Everything that would be written, as one text."""
        return "\n".join(self.output.texts.values())


def of_file(file: Path, dialect: str = "synapse") -> Result:
    """The conversion of a file."""
    book = rulebook(dialect)
    return Result(convert_checked(book, read_source(str(file), book.grammar), shipped("schemas")), str(file))


def of_text(text: str, dialect: str = "synapse") -> Result:
    """The conversion of a text, read as from standard input."""
    book = rulebook(dialect)
    source = read_source("-", book.grammar, io.BytesIO(dedent(text).encode()))
    return Result(convert_checked(book, source, shipped("schemas")))
