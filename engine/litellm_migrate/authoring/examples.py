"""The example of a new row: a configuration in which it answers, and what the rules make of that."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path as File

from litellm_migrate import shipped
from litellm_migrate.authoring.folder import Addition
from litellm_migrate.authoring.new_row import NewRow
from litellm_migrate.authoring.round_trip import END
from litellm_migrate.convert.document import Document
from litellm_migrate.convert.lookups import TableLookup
from litellm_migrate.convert.rows import KEY, Answer, MemberView, Row
from litellm_migrate.convert.run import CompiledRules, Run
from litellm_migrate.rulebook.overlay import EXAMPLES
from litellm_migrate.rulebook.templates import filled
from litellm_migrate.rulebook.usage import Usage, usage_of
from litellm_migrate.source.model import Json, Problem, Problems, Source, leaves


def example_of(row: NewRow, source: Source | None, rules: File) -> Addition | None:
    """The example of a row that is in the rules, made from a configuration or else as its table says; None without.

    Raises Problems if no relation that asks the table has rows in it, and for a secret in the configuration.
    """
    template = row.table.value.get("example")
    if source is None and (template is None or row.is_outcome or not row.cells):
        return None
    usage = usage_of(rules, shipped("schemas"), row.plain)
    texts = {name: str(value) for name, value in row.cells.items()}
    config = source.value if source else filled(template["config"], {**texts, KEY: row.key})
    if source:
        refuse_secrets(source, usage)
    run = Run(CompiledRules(usage.book), Document(config))
    relations = {template["relation"]: template["shows"]} if template else columns_asking(usage, row.table.value["id"])
    for relation, columns in relations.items():
        rows = run.relations.rows_of(relation)
        if rows:
            cells: list[Json] = [dict(cells_of(entry, columns)) for entry in rows]
            return Addition("relation", relation, (EXAMPLES, END), {"config": config, "rows": cells})
    text = f"the rules make no {' or '.join(relations)} of the example. Correct the values, or name another --example."
    raise Problems([Problem(row.key, 0, 0, text)])


def columns_asking(usage: Usage, table: str) -> dict[str, list[str]]:
    """By relation, the columns that ask a table."""
    columns: dict[str, list[str]] = {}
    for site in usage.sites.columns:
        if isinstance(site.declaration, TableLookup) and site.declaration.table.id == table:
            place = usage.place(site.node)
            if place.kind == "relation":
                columns.setdefault(place.id, []).append(place.name)
    return columns


def cells_of(row: Row | MemberView, columns: list[str]) -> Iterator[tuple[str, Json]]:
    """The columns of a row that have a value."""
    for name in columns:
        value = plain(row[name][0])
        if value is not None:
            yield name, value


def plain(value: object) -> Json:
    """A value of a row as an example has it; None for what no example can hold, such as another row."""
    if isinstance(value, dict):
        hidden = KEY if isinstance(value, Answer) else None
        return {str(key): plain(part) for key, part in value.items() if key != hidden}
    if isinstance(value, list):
        return [plain(item) for item in value]
    if isinstance(value, str):
        return str(value)
    return value if isinstance(value, (bool, int, float, Decimal)) else None


def refuse_secrets(source: Source, usage: Usage) -> None:
    """Raises Problems for each secret in a configuration that is to stand in rules."""
    secrets = usage.book.secrets
    text = "expected no secret in an example of rules. Name a variable in its place."
    places = [path for path, value in leaves(source.value) if secrets.secret_at(source, path) or is_key(usage, value)]
    if places:
        raise Problems(Problem(*source.at(path), text) for path in places)


def is_key(usage: Usage, value: object) -> bool:
    """Whether a value looks like a key."""
    return isinstance(value, str) and usage.book.secrets.keys.match(value)
