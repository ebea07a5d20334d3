"""Every field of a body stands in the schema of its endpoint, every required one is there, and constants fit."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path as File
from typing import Any

from litellm_migrate.convert.columns import When
from litellm_migrate.convert.expectation import kinds
from litellm_migrate.convert.outcomes import Outcome
from litellm_migrate.convert.rows import KEY
from litellm_migrate.lint.tables import RowSites
from litellm_migrate.lint.violation import TARGET, VALUE, WHERE, Violation
from litellm_migrate.rulebook.endpoint_schemas import schema_of
from litellm_migrate.rulebook.index import Parsed, Site
from litellm_migrate.rulebook.nodes import RuleNode
from litellm_migrate.rulebook.schema import validator
from litellm_migrate.rulebook.static_types import StaticType, TableCell, Value, suggestion

BodySchema = Mapping[str, Any] | bool  # a JSON Schema; what `true` says of any value holds
RuleValue = tuple[object, RuleNode]
"""A value, and the place of the rules that states it."""


def check_targets(parsed: Parsed, schemas: File) -> Iterator[Violation]:
    """What is wrong with the fields of every endpoint in one dialect."""
    for shape in parsed.book.endpoints:
        node, schema = parsed.endpoints[shape.id], schema_of(shape, parsed.book.schemas, schemas)
        yield from Targets(parsed, node).check_body(node.at("body"), schema)


class Targets:
    """Holds the fields of one endpoint against the schema of its bodies."""

    def __init__(self, parsed: Parsed, node: RuleNode) -> None:
        self.parsed = parsed
        self.endpoint = str(node.value["id"])
        self.sites = RowSites(parsed.tables)
        self.file = str(node.value["file"])
        self.sites_by_path = {(site.node.document, site.node.path): site for site in parsed.sites.columns}

    @property
    def where(self) -> str:
        """The payload file in its dialect, for messages."""
        return f"{self.file} in dialect {self.parsed.book.dialect}"

    def field_of(self, node: RuleNode) -> str:
        """The payload file and the field in it that a part of an endpoint is about: `users.json.address.town`."""
        path = node.path
        names = [str(path[depth + 1]) for depth, word in enumerate(path[:-1]) if word in ("body", self.endpoint)]
        return ".".join([self.file, *names])

    def check_body(self, body: RuleNode, schema: BodySchema) -> Iterator[Violation]:
        """What is wrong with the fields of one object.

        A required field must be stated without a condition of its own; that it has a value in every row is what the
        examples show, each of whose bodies is held against the schema.
        """
        written: dict[str, RuleNode] = {}
        if isinstance(schema, bool):
            return
        for name, node in body.items():
            if any(part.has("drop") for part in node.at("findings").listed()):
                continue
            written[name.partition(".")[0]] = node
            below: BodySchema | None = schema
            for step in name.split("."):
                names = below.get("properties", {}) if isinstance(below, Mapping) else {}
                below = below if below is True else names.get(step)
                if below is None:
                    text = f"`{name}` is no field of {WHERE}{suggestion(step, names)}"
                    yield Violation.at(TARGET, node, text, self.where, self.field_of(node).rpartition(".")[0])
                    break
            if below is not None:
                yield from self.check_field(node, below)
        for name in schema.get("required", ()):
            text = f"{self.file} requires `{name}`, "
            if name not in written:
                yield Violation.at(TARGET, body, f"{text}which no field writes. Add it.", "", self.field_of(body))
            elif isinstance(self.declaration(written[name]), When):
                yield Violation.at(TARGET, written[name], f"{text}but `if` may leave it out. Drop `if`.")

    def check_field(self, node: RuleNode, schema: BodySchema) -> Iterator[Violation]:
        """What is wrong with one field: a list's items, or values that the rules themselves state."""
        items = schema.get("items", {}) if isinstance(schema, Mapping) else schema
        if node.has("body"):
            yield from self.check_body(node.at("body"), items)
        else:
            site = self.site(node)
            for kind in site.type.items if site and isinstance(site.type, Value) else ():
                yield from self.check_type(kind, items, node)
            yield from self.check_values(node, schema)

    def site(self, node: RuleNode) -> Site | None:
        """The declaration that stands at a place, with its type."""
        return self.sites_by_path.get((node.document, node.path))

    def declaration(self, node: RuleNode) -> object:
        """What a place declares."""
        site = self.site(node)
        return site.declaration if site else None

    def check_values(self, node: RuleNode, schema: BodySchema) -> Iterator[Violation]:
        """A violation for each constant or cell of a table that reaches a field and does not fit it."""
        site = self.site(node)
        yield from self.check_type(site.type if site else None, schema, node)

    def check_type(self, kind: StaticType | None, schema: BodySchema, node: RuleNode) -> Iterator[Violation]:
        """A violation for each value of a type, as far as the rules state it, that does not fit the field at `node`."""
        for value, place in self.values(kind):
            if value is not None and not validator(schema)(value):
                words: Mapping[str, Any] = schema if isinstance(schema, Mapping) else {}
                expected = f": expected {kinds(words.get('type', 'another value'))}."
                hint = suggestion(str(value), map(str, words["enum"])) if words.get("enum") else expected
                text = f"{value!r} does not fit {WHERE}, where rules write it{hint}"
                yield Violation.at(VALUE, place, text, self.where, self.field_of(node))

    def values(self, kind: StaticType | None) -> list[RuleValue]:
        """The values that a column may give, as far as the rules state them, each once."""
        values: dict[str, RuleValue] = {}
        for source in kind.sources if isinstance(kind, Value) else ():
            if isinstance(source, TableCell):
                values.update(self.cells(source))
            else:
                values[repr(source.value)] = (source.value, source)
        return list(values.values())

    def cells(self, cell: TableCell) -> dict[str, RuleValue]:
        """The values of a cell in the rows of its table, each at the first row that has it; none of generated facts."""
        table, values = self.parsed.book.tables[cell.table], dict[str, RuleValue]()
        for key, row in table.rows.items() if not table.date else ():
            if cell.name == KEY:
                values[repr(key)] = (key, self.sites.row(table.id, key))
            elif not isinstance(row, Outcome) and cell.name in row:
                value = row[cell.name]
                values.setdefault(repr(value), (value, self.sites.row(table.id, key).at(cell.name)))
        return values
