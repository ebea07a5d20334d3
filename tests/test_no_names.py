"""The engine names no provider, no setting and no field of a payload: such words live in rules and schemas only."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from pydoc_data.topics import topics
from typing import Any

import pytest

import litellm_migrate
from conversion import DIALECTS, rulebook
from litellm_migrate import shipped

ENGINE = Path(litellm_migrate.__file__).parent
FILES = sorted(file for file in ENGINE.rglob("*") if file.is_file() and file.suffix in {".py", ".tmpl", ".sh", ".js"})

NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]*")

# Settings and fields that are plain words: what the engine says with them has nothing to do with either product.
PLAIN_WORDS = {
    *("url", "host", "port", "username", "password", "query", "auth"),  # parts of an address, as urllib calls them
    *("env", "status", "config", "client", "payload", "endpoint", "credentials"),  # words of HTTP, curl and jq
    *("route", "routes", "latency", "protocol_version"),  # words of HTTP servers
    *("tag", "tags", "deep", "depth", "branch", "filters", "transport"),  # words of YAML, JSON Schema and JMESPath
    *("slug", "family", "project", "rate", "pipeline", "role", "image"),  # a conversion's name, a step's rows, a verb
    "provider",  # whose variables the user is asked for
    "PATH",  # the shell's
    *("pages", "permissions"),  # of lists and of files
    "timezone",  # Python's, of dates
    *("taken_at", "calls"),  # the engine's own words at the head of a snapshot
    "height",  # SVG's
    *(" github", "region"),  # a form in which findings are printed, and the part of a text in another one
    *("ssl", "max_connections"),  # Python's module, and a word of the library that speaks HTTP
}


def names_in(schema: Any) -> Iterator[str]:
    """Every property that a schema knows, at any depth."""
    if isinstance(schema, dict):
        properties = schema.get("properties")
        yield from properties if isinstance(properties, dict) else ()
        for below in schema.values():
            yield from names_in(below)
    elif isinstance(schema, list):
        for below in schema:
            yield from names_in(below)


@cache
def ordinary() -> frozenset[str]:
    """Words of English and of Python: those of Python's own reference."""
    return frozenset(re.findall(r"[a-z]+", " ".join(topics.values()).lower())) | PLAIN_WORDS


@cache
def distinctive() -> frozenset[str]:
    """Names that mean one thing: of providers, types and strategies, and whatever is no ordinary word."""
    names: set[str] = set()
    for dialect in DIALECTS:
        book = rulebook(dialect)
        names.update(names_in(book.universe))
        for table in ("providers", "strategies", "hosts"):
            answers = [row for row in book.tables[table].rows.values() if isinstance(row, dict)]
            cells = [cell for row in answers for name, cell in row.items() if name in {"type", "env", "strategy"}]
            names.update(f" {name}".lower() for name in [*book.tables[table].rows, *cells])
    for file in shipped("schemas").joinpath("synapse").rglob("*.json"):
        names.update(names_in(json.loads(file.read_text(encoding="utf-8"))))
    return frozenset(name for name in names if not {name, name.removesuffix("s")} & ordinary())


def told(line: str) -> set[str]:
    """The distinctive names in a line: identifiers, texts and comments alike; names of vendors in any case."""
    words = {word.rstrip(".-") for word in NAME.findall(line)}
    parts = words | {part for word in words for part in re.split(r"[.-]", word)}
    vendors = {f" {piece}".lower() for part in parts for piece in (part, *part.split("_"))}
    return {*(distinctive() & (parts | vendors))}


def test_the_words_are_those_of_the_rules() -> None:
    assert len(distinctive()) > 2000
    assert {" openai", " together_ai", " aws_bedrock", " simple-shuffle"} <= distinctive()
    assert {"model_list", "api_base", "rpm", "costTracking", "modelPattern", "endpointUrl"} & distinctive()
    assert {" openai", "model_list", "modelId"} <= told('x = openai_key["model_list"]  # modelId') | told("OpenAI")


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(ENGINE)))
def test_a_file_of_the_engine_names_nothing(file: Path) -> None:
    lines = file.read_text(encoding="utf-8").splitlines()
    found = [f"{number}: {sorted(told(line))}" for number, line in enumerate(lines, 1) if told(line)]
    assert found == []


def test_the_whole_engine_is_searched() -> None:
    assert {"main.py", "apply.sh.tmpl", "numbers.py", "load.py"} <= {file.name for file in FILES}
