"""Writes a small folder of rules and schemas, loads it, and converts small configurations with it."""

from __future__ import annotations

import io
import json
import shutil
from dataclasses import dataclass
from pathlib import Path
from textwrap import dedent
from typing import Any

from litellm_migrate import shipped
from litellm_migrate.cli.convert import convert_checked
from litellm_migrate.convert.columns import Entry
from litellm_migrate.convert.document import Document
from litellm_migrate.convert.expressions import path_reader
from litellm_migrate.convert.origins import Origin, resolve
from litellm_migrate.convert.outcomes import Outcome
from litellm_migrate.convert.relations import Each, Program, Relation, Relations
from litellm_migrate.convert.rows import Compiler, Row
from litellm_migrate.convert.run import Conversion
from litellm_migrate.rulebook.columns import expression_of
from litellm_migrate.rulebook.load import load
from litellm_migrate.rulebook.types import Rulebook
from litellm_migrate.source.model import Source, pointer
from litellm_migrate.source.read import read_source

BOOK: dict[str, Any] = {
    "title": {},
    "author": {},
    "shelf": {},
    "copies": {},
    "weight": {},
    "order": {},
    "fine": {},
    "per": {},
}
UNIVERSE: dict[str, Any] = {
    "properties": {
        "books": {"items": {"properties": {**BOOK, "tags": {"items": {}}, "place": {"properties": {"room": {}}}}}},
        "shelves": {"items": {"properties": {"name": {}, "floor": {}}}},
        "loans": {"additionalProperties": {"properties": {"who": {}, "days": {}}}},
        "house": {"properties": {"name": {}, "pin": {}, "open": {}}},
        "include": {"items": {}},
    }
}
BASE = """
kind: source
id: library
program: Librarian
version: "7"
format: 2
universe: library.json
include: include
sections: [books, shelves, loans, house]
words:
  empty: Nothing stands here at all.
  default: It says what holds anyway.
  lost: "Line {lines} decides instead of this."
  decides: It decides what is written there.
  refused: {manual: "Expected {expected}, found a {found}.", do: Correct the value., code: wrong-value}
  unused: {manual: "Nobody reads this {found} here.", do: Correct the value., code: no-answer}
  unknown: {manual: "Nobody knows what this is for.", do: Ask the librarian., code: unknown-setting}
  wrong_type:
    manual: "Expected {expected} here, found a {found}: nothing can be read from it."
    do: Correct the value.
    code: wrong-type
---
kind: secrets
id: secrets
paths: [house.pin]
harmless: ["see:*"]
---
kind: auth
id: door
exchange: POST /door
send: card
receive: badge
errors: {message: said, wait: pause}
pages: {page: leaf, size: lines, last: leaves, total: books}
---
kind: dialect
id: plain
default: true
schemas: synapse
"""


@dataclass(frozen=True)
class Library:
    """A rulebook of its own, in a folder of its own."""

    folder: Path

    def rules(self, *documents: str, dialect: str = "plain") -> Rulebook:
        """The rulebook of the base and these documents."""
        rules = self.folder / "rules"
        rules.mkdir(exist_ok=True)
        (rules / "base.yaml").write_text(BASE, encoding="utf-8")
        (rules / "rules.yaml").write_text("---\n".join(map(dedent, documents)), encoding="utf-8")
        return load(rules, self.schemas, dialect)

    @property
    def schemas(self) -> Path:
        """The folder of schemas: the engine's own for rule files, and the library's."""
        made = self.folder / "schemas"
        if not made.exists():
            shutil.copytree(shipped("schemas") / "rules", made / "rules")
            (made / "synapse").mkdir()
            (made / "source").mkdir()
            (made / "source" / "library.json").write_text(json.dumps(UNIVERSE), encoding="utf-8")
        return made

    def schema(self, file: str, schema: Any = True, folder: str = "") -> None:
        """States what a payload file may hold."""
        place = self.schemas / "synapse" / folder
        place.mkdir(parents=True, exist_ok=True)
        (place / file).write_text(json.dumps(schema), encoding="utf-8")

    def convert(self, book: Rulebook, text: str) -> Conversion:
        """The conversion of a configuration."""
        return convert_checked(book, source_of(book, text), self.schemas)


def source_of(book: Rulebook, text: str) -> Source:
    """A configuration as it is read."""
    return read_source("-", book.grammar, io.BytesIO(dedent(text).encode()))


@dataclass(frozen=True)
class Made:
    """The rows of one relation, and the findings on the way."""

    rows: list[Row]
    relations: Relations

    def column(self, name: str) -> list[Any]:
        """A column of all rows."""
        return [row.value(name) for row in self.rows]

    def origins(self, name: str, row: int = 0) -> dict[str, set[str]]:
        """The origins of a value by strength, as JSON pointers."""
        _, origin = path_reader(tuple(name.split(".")))(self.rows[row])
        return by_kind(origin, self.relations.document)

    def reasons(self, row: int = 0) -> set[str]:
        """What decided that a row exists, as JSON pointers."""
        return set().union(*by_kind(self.rows[row].why(), self.relations.document).values())

    def told(self) -> list[tuple[str, str]]:
        """Each place that a finding is about, and what it says."""
        document = self.relations.document
        return [
            (pointer(path), finding.outcome.because)
            for finding in self.relations.findings
            for path in sorted(map(document.path, finding.places))
        ]


def relations_of(book: Rulebook, config: dict[str, Any]) -> Relations:
    """The relations of a rulebook over a configuration."""
    return Relations(Program(book.relations, book.words.wrong_type, book.words.unused), Document(config))


def made(book: Rulebook, relation: str, config: dict[str, Any]) -> Made:
    """The rows of a relation over a configuration."""
    relations = relations_of(book, config)
    return Made(relations.rows_of(relation), relations)


@dataclass(frozen=True)
class OneEntry:
    """The row of one book, by which expressions are tried."""

    row: Row
    document: Document

    def value(self, text: str, condition: bool = False) -> Any:
        """What an expression gives."""
        return Compiler()(expression_of(text, condition))(self.row)[0]

    def origins(self, text: str) -> dict[str, set[str]]:
        """The origins of what an expression gives."""
        return by_kind(Compiler()(expression_of(text))(self.row)[1], self.document)

    def refusal(self, text: str) -> Any:
        """What an expression expected of a value that it refuses."""
        (fact,) = resolve(Compiler()(expression_of(text))(self.row)[1]).facts
        return fact.note


def entry(values: dict[str, Any]) -> OneEntry:
    """The row of a book that says this."""
    each = Each(("books",), "list", frozenset(values))
    relation = Relation("book", (each,), (), {name: Entry(name) for name in values}, (), frozenset())
    document = Document({"books": [values]})
    (row,) = Relations(Program({"book": relation}, Outcome("manual", ""), Outcome("manual", "")), document).rows_of(
        "book"
    )
    return OneEntry(row, document)


def by_kind(origin: Origin, document: Document) -> dict[str, set[str]]:
    """The places of an origin by what they did, as JSON pointers; what differs is about no place."""
    carried, decided, facts = resolve(origin)
    places = [("carried", place) for place in carried] + [("decided", place) for place in decided]
    found: dict[str, set[str]] = {}
    for kind, place in places + [(fact.kind, fact.place) for fact in facts]:
        found.setdefault(kind, set()).add("" if place is None else pointer(document.path(place)))
    return found


def books(*entries: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A configuration with some books."""
    return {"books": list(entries), **more}


KEPT = "findings: [{when: '!%s', drop: silently}]"
"""A step that keeps the rows for which a value is there."""


def steps(*lines: str, source: str = "config.books", name: str = "book") -> str:
    """A relation with some steps."""
    return f"kind: relation\nid: {name}\nfrom: {source}\nsteps: [{', '.join(f'{{{line}}}' for line in lines)}]\n"
