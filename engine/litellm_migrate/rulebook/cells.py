"""Holds the rows of tables to the columns that their tables declare: which cells a row has, and what each may be."""

from __future__ import annotations

import json
import re
from collections import ChainMap
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import suppress
from pathlib import Path as File
from typing import Any

from yaml import YAMLError

from litellm_migrate.convert.expectation import kinds
from litellm_migrate.convert.functions.values import kind_of
from litellm_migrate.convert.outcomes import CODE, DIFFERS, DO
from litellm_migrate.rulebook.columns import outcome
from litellm_migrate.rulebook.dialects import folders_of
from litellm_migrate.rulebook.endpoint_schemas import body_schema, schema_file
from litellm_migrate.rulebook.nodes import RuleNode, documents
from litellm_migrate.rulebook.schema import unsound, validator
from litellm_migrate.rulebook.static_types import suggestion
from litellm_migrate.source.model import Json, Problem, Problems

DIFFERENCE: Mapping[str, Mapping[str, Any]] = {
    DIFFERS: {"type": "string", "minLength": 12, "form": "a sentence that says what will not be identical"},
    DO: {"type": "string", "minLength": 12, "form": "a sentence that says what the person has to do"},
    CODE: {"type": "string", "form": "the code of what differs"},
}
"""The cells that any row may have: whoever uses another cell of the row says that, too."""
OWN_WORDS = frozenset({"about", "form", "required", "unless", "field"})
"""The words of a column that are none of JSON Schema."""
LOGIN = re.compile(r"//[^/@\s]*@")
"""What stands before the host of an address."""
CellColumn = Mapping[str, Any]
"""What a table declares of one cell: words of JSON Schema, and what says in plain words which values these are."""


class TableColumns:
    """The columns that a table declares; one that names a field of an endpoint allows what it does in the dialect.

    Without a dialect it is the default one.
    """

    def __init__(
        self,
        table: RuleNode,
        endpoints: Mapping[str, RuleNode],
        dialects: Mapping[str, RuleNode],
        dialect: str | None,
        schemas: File,
    ) -> None:
        self.table = table
        self.declared = {str(name): part for name, part in table.at("columns").items()}
        self.endpoints = endpoints
        self.dialects = dialects
        self.dialect = dialect
        self.schemas = schemas

    def problems(self) -> Iterator[Problem]:
        """What is wrong with columns, or else with the cells of every row."""
        wrong = [problem for part in self.declared.values() for problem in self.wrong_column(part)]
        gives = self.table.at("gives")
        if self.declared and gives.value not in (None, *self.declared):
            text = f"`{gives.value}` is no column of table `{self.table.value['id']}`"
            wrong.append(gives.problem(text + suggestion(str(gives.value), self.declared)))
        yield from wrong
        if not wrong and self.table.has("columns"):
            columns = {**DIFFERENCE, **{name: self.column(name) for name in self.declared}}
            fits = {name: validator(schema(column)) for name, column in columns.items()}
            for key, row in rows_of(self.table):
                yield from self.misfits(key, row, columns, fits) if not outcome(row) else ()
        elif self.table.has("answers"):
            names = [*self.table.value["answers"], *DIFFERENCE]
            for key, row in rows_of(self.table):
                yield from self.unknown(key, row, names)

    def wrong_column(self, part: RuleNode) -> Iterator[Problem]:
        """What is wrong with a column as it is declared."""
        yield from unsound(part._replace(value=schema(part.value)))
        if part.has("field"):
            name, _, field = part.value["field"].partition(".")
            if name not in self.endpoints:
                yield part.at("field").problem(f"`{name}` is no endpoint{suggestion(name, self.endpoints)}")
            elif self.field(name, field) is None:
                yield part.at("field").problem(f"`{field}` is no field in the schema of `{name}`.")

    def column(self, name: str) -> CellColumn:
        """A column, with what the schema of the field allows that it names."""
        column: CellColumn = self.declared[name].value
        endpoint, _, field = column.get("field", "").partition(".")
        allowed = self.field(endpoint, field) if endpoint else {}
        return {**column, **allowed} if isinstance(allowed, dict) else column

    def field(self, endpoint: str, field: str) -> Any:
        """What the schema of an endpoint says of a field, by its dotted path; None if it has no such field.

        One that the dialect does not have allows what it does in the default one.
        """
        allowed = self.field_in(self.dialect, endpoint, field)
        return self.field_in(None, endpoint, field) if allowed is None else allowed

    def field_in(self, dialect: str | None, endpoint: str, field: str) -> Any:
        """The same in one dialect, without a name the default one."""
        words, folders = self.endpoints[endpoint].value, folders_of(self.dialects, dialect)
        if not (words.get("schema") or schema_file(self.schemas, folders, words["file"])):
            return {}  # that the endpoint has no schema is a problem of its own
        place = body_schema(words["file"], words.get("schema"), folders, self.schemas)
        for name in field.split("."):
            place = place.get("properties", {}).get(name) if isinstance(place, dict) else None
        return place

    def misfits(
        self, key: str, row: RuleNode, columns: Mapping[str, CellColumn], fits: Mapping[str, Callable[[object], bool]]
    ) -> Iterator[Problem]:
        """What is wrong with the cells of a row."""
        unknown, name = list(self.unknown(key, row, columns)), self.table.value["id"]
        yield from unknown
        for cell, column in columns.items():
            part = row.at(cell)
            if row.has(cell) and not fits[cell](part.value):
                text = f"`{cell}` of `{key}` in table `{name}`: expected {form(column)}, found {value_text(part.value)}"
                yield part.problem(f"{text}{self.hint(cell, column, part.value)}")
        for text in () if unknown else self.absent(row.value or ()):
            yield row.problem(f"`{key}` in table `{name}` lacks {text}")

    def absent(self, cells: Collection[str]) -> Iterator[str]:
        """For each cell that a row must have and has not: its name, and what is expected there."""
        for cell, part in self.declared.items():
            names = [cell, *part.value.get("unless", ())]
            if part.value.get("required") and not any(name in cells for name in names):
                yield f"{' or '.join(f'`{name}`' for name in names)}: expected {form(self.column(cell))}."

    def hint(self, cell: str, column: CellColumn, value: object) -> str:
        """The end of a sentence that refuses a value: the nearest right one, or that only this dialect refuses it."""
        whole = TableColumns(self.table, self.endpoints, self.dialects, None, self.schemas)
        if self.dialect and "field" in column and not whole.refusal(cell, value):
            return f", which dialect `{self.dialect}` does not have."
        return suggestion(str(value), map(str, column.get("enum", ())))

    def typed(self, cell: str, text: str) -> Json:
        """The value of a cell that a text stands for: itself where the column takes it, else what YAML reads in it."""
        if (cell in self.declared and not self.refusal(cell, text)) or cell in DIFFERENCE:
            return text
        with suppress(Problems, YAMLError, ValueError):
            return next((node.value for node in documents("", text)), text)
        return text

    def refusal(self, cell: str, value: object) -> str | None:
        """What a cell expects, with the nearest right value; None if one fits, or the table does not say."""
        column = self.column(cell) if cell in self.declared else {}
        fits = validator(schema(column))(value)
        return None if fits else form(column) + suggestion(str(value), map(str, column.get("enum", ())))

    def unknown(self, key: str, row: RuleNode, names: Collection[str]) -> Iterator[Problem]:
        """A problem for each cell of a row that is not among some names."""
        for cell, part in row.items():
            if cell not in names:
                table = self.table.value["id"]
                yield part.problem(f"`{cell}` of `{key}` is no column of table `{table}`{suggestion(cell, names)}")


def rows_of(table: RuleNode) -> Iterator[tuple[str, RuleNode]]:
    """The rows of a table by key, listed ones, too; of generated facts only those that are laid over them."""
    for answer, names in table.at("listed").items():
        for _, name in names.items():
            yield str(name.value), name._replace(value={table.value.get("gives"): answer})
    rows = table.at("rows")
    rows = rows._replace(value=rows.value.maps[0]) if isinstance(rows.value, ChainMap) else rows
    for key, row in rows.items():
        yield str(key), row


def schema(column: CellColumn) -> CellColumn:
    """The JSON Schema of a column's cells."""
    return {word: value for word, value in column.items() if word not in OWN_WORDS}


def form(column: CellColumn) -> str:
    """The values of a column in plain words."""
    if "form" in column:
        return str(column["form"])
    return f"one of {', '.join(map(str, column['enum']))}" if "enum" in column else kinds(column["type"])


def value_text(value: object) -> str:
    """A value as a message shows it, without the password of an address."""
    return f"`{LOGIN.sub('//…@', value)}`" if isinstance(value, str) else f"the {kind_of(value)} `{json.dumps(value)}`"
