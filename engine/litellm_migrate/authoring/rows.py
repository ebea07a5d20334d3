"""The rows of a relation for a configuration: each column with its value, and where in the configuration it is from."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from litellm_migrate.authoring.explain import place_text
from litellm_migrate.authoring.names import site
from litellm_migrate.convert.document import Document, Place
from litellm_migrate.convert.origins import resolve
from litellm_migrate.convert.rows import MemberView, Row
from litellm_migrate.convert.run import CompiledRules, Run
from litellm_migrate.rulebook.static_types import RowShape, Setting, suggestion
from litellm_migrate.rulebook.usage import Usage
from litellm_migrate.source.model import USAGE, Problem, Problems, Source
from litellm_migrate.source.redact import MASK, Secrets

RowsData = dict[str, Any]  # JSON, as `--json` prints it


def rows_data(usage: Usage, source: Source, relation: str) -> RowsData:
    """The rows of a relation, secrets masked; raises Problems (exit 2) if there is no such relation."""
    if relation not in usage.rows:
        text = f"`{relation}` is no relation{suggestion(relation, usage.rows)}"
        raise Problems([Problem("rules rows", 0, 0, text)], USAGE)
    view = MaskedSource(usage.book.secrets, source)
    rows = Run(CompiledRules(usage.book), view.document).relations.rows_of(relation)
    return {"relation": relation, "rows": [row_data(view, usage.rows[relation], row) for row in rows]}


class MaskedSource:
    """A configuration of whose values only plain ones are shown that hold no secret of it."""

    def __init__(self, secrets: Secrets, source: Source) -> None:
        self.source = secrets.redact(source)
        self.document = Document(self.source.value)
        self.is_secret = secrets.is_place
        self.secrets = secrets.texts(self.source, (path for path, _ in self.document.leaves))

    def lines(self, places: Iterable[Place]) -> list[dict[str, object]]:
        """Where some places of the document stand, each line once."""
        positions = sorted({self.source.at(self.document.path(place))[:2] for place in places})
        return [{"file": file, "line": line} for file, line in positions]

    def plain(self, value: object, carried: Iterable[Place]) -> object:
        """A value that some places carry as JSON has it; a row is named, and may be asked for by its own relation.

        A text that holds a secret is masked, and so is a part of one from a place for secrets.
        """
        return self._plain(value, any(self.is_secret(self.document.path(place)) for place in carried))

    def _plain(self, value: object, secret: bool) -> object:
        if isinstance(value, (Row, MemberView)):
            return "(a row)"
        if isinstance(value, dict):
            return {str(key): self._plain(below, secret) for key, below in value.items()}
        if isinstance(value, list):
            return [self._plain(below, secret) for below in value]
        if value is None or isinstance(value, (bool, int, float)):
            return value
        text = str(value)
        return MASK if any(known in text or (secret and text in known) for known in self.secrets) else text


def row_data(view: MaskedSource, shape: RowShape, row: Row) -> dict[str, Any]:
    """One row: where its entries stand, and its columns; of those without a value, only what the relation makes."""
    columns: dict[str, Any] = {}
    for name in dict.fromkeys(shape.names()):
        value, origin = row[name]
        if value is not None or is_computed(shape, name):
            carried, decided, _ = resolve(origin)
            columns[name] = {
                "value": view.plain(value, carried),
                "from": view.lines(carried),
                "decided_by": view.lines(decided - carried),
            }
    return {"entries": [site(view.source.at(path)) for path, _ in row.entries() if path], "columns": columns}


def is_computed(shape: RowShape, name: str) -> bool:
    """Whether a relation makes a column itself: it is no setting of its entries, and of no other relation's rows."""
    return name in shape.columns and not isinstance(shape.columns[name], Setting)


def lines_of_rows(rows: RowsData) -> Iterator[str]:
    """The rows for people."""
    count = len(rows["rows"])
    yield f"{rows['relation']}: {count} row{'' if count == 1 else 's'}"
    for number, row in enumerate(rows["rows"], 1):
        yield f"row {number}{places_text('', row['entries'])}"
        for name, column in row["columns"].items():
            value = json.dumps(column["value"])
            places = places_text("from ", column["from"]) + places_text("decided by ", column["decided_by"])
            yield f"  {name} = {value}{places}"


def places_text(lead: str, places: list[dict[str, object]]) -> str:
    """Places in brackets; nothing for none."""
    return f"  ({lead}{', '.join(map(place_text, places))})" if places else ""
