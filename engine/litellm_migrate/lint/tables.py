"""Tables: every row once, every row within reach, shares that make a whole, and patterns that examples try."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from decimal import Decimal
from pathlib import Path as File
from typing import Any

from litellm_migrate.convert.outcomes import Outcome
from litellm_migrate.convert.tables import WAYS
from litellm_migrate.lint.books import Audited
from litellm_migrate.lint.coverage import Coverage
from litellm_migrate.lint.found import TABLE, UNUSED, Found
from litellm_migrate.lint.nodes import Watched
from litellm_migrate.lint.values import rows_of
from litellm_migrate.rulebook.nodes import RuleNode
from litellm_migrate.source.model import Position

PROBES = {"exact": "{}", "segment": "{}/x", "host": "https://{}/x"}
"""For each way to ask a table, a question that a row's key answers."""


def check_tables(specs: Mapping[str, RuleNode], books: list[Audited], coverage: Coverage) -> Iterator[Found]:
    """What is wrong with tables, and what examples must show of them."""
    for name, spec in specs.items():
        yield from twice(spec)
        yield from shares(spec, spec.at("rows"))
        if not any(name in audited.columns.watched for audited in books):
            yield Found.at(UNUSED, spec, f"no rule asks table `{name}`. Delete it, or look it up.")
    for audited in books:
        for name, table in audited.columns.watched.items():
            yield from shares(specs[name], audited.stated.at("tables", name))
            if table.otherwise:
                coverage.want(specs[name], "otherwise", f"every example has an answer in table `{name}`.")
            if table.answers is not None:  # generated facts: nobody types a row, nobody reads them all
                continue
            if specs[name].value.get("facts"):
                yield from unreachable(audited, table)
                want_kinds(table, specs[name], coverage)
            else:
                want_rows(audited, table, coverage)


def twice(spec: RuleNode) -> Iterator[Found]:
    """A finding for each row that is stated again; the last would win, unseen."""
    if spec.file.endswith(".json"):
        yield from repeated_keys(spec)
    seen: dict[str, RuleNode] = {}
    for key, place in rows_of(spec):
        if key in seen:
            other = seen[key].position().line
            yield Found.at(TABLE, place, f"the row `{key}` also stands in line {other}. Keep one of the two.")
        seen[key] = place


def repeated_keys(spec: RuleNode) -> Iterator[Found]:
    """A finding for each key that a mapping of a JSON file holds again."""
    text = File(spec.file).read_text(encoding="utf-8")
    found: list[str] = []

    def pairs(items: list[tuple[str, Any]]) -> dict[str, Any]:
        if len(dict(items)) < len(items):
            seen: set[str] = set()
            found.extend(key for key, _ in items if key in seen or seen.add(key))  # type: ignore[func-returns-value]
        return dict(items)

    json.loads(text, object_pairs_hook=pairs)
    for key in found:
        line = text[: text.rindex(json.dumps(key))].count("\n") + 1
        yield Found.at(TABLE, Position(spec.file, line, 1), f"the key `{key}` is there twice. Keep one of the two.")


def shares(spec: RuleNode, rows: RuleNode) -> Iterator[Found]:
    """A finding for each cell of a column that holds shares of a whole, and that does not sum to one."""
    for column in spec.value.get("shares", ()):
        for key, row in rows.items():
            cell = row.at(column)
            if isinstance(cell.value, dict):
                total = sum(Decimal(str(part)) for part in cell.value.values())
                if total != 1:
                    text = f"the {column} of `{key}` sum to {total}, not to 1. Correct one of them."
                    yield Found.at(TABLE, cell, text)


def want_rows(audited: Audited, table: Watched, coverage: Coverage) -> None:
    """Each row of a table must answer in some example."""
    for key in table.rows:
        spec = audited.columns.origin.row(table.id, key)
        coverage.want(spec, f"row {key}", f"in no example does the row `{key}` of table `{table.id}` answer.")


def want_kinds(table: Watched, spec: RuleNode, coverage: Coverage) -> None:
    """One row of mere facts must answer in some example, and one that is an outcome if there is one."""
    kinds = {isinstance(row, Outcome) for row in table.rows.values()}
    coverage.want(spec, "answers", f"in no example does table `{table.id}` answer.") if False in kinds else None
    coverage.want(
        spec, "outcome", f"in no example is an answer of table `{table.id}` an outcome."
    ) if True in kinds else None


def unreachable(audited: Audited, table: Watched) -> Iterator[Found]:
    """Of a table of mere facts: a finding for each row that no question leads to.

    Each row is asked for once, by construction, in the ways in which the rules ask; examples need not repeat
    hundreds of them.
    """
    ways = sorted(audited.columns.ways[table.id] & set(PROBES))
    with table.coverage.pause():
        for key, row in table.rows.items():
            wanted = row if isinstance(row, Outcome) else {**row, "row": key}
            answers = [WAYS[way](table, PROBES[way].format(key)) for way in ways]
            if not any(reaches(answer, wanted) for answer in answers):
                spec = audited.columns.origin.row(table.id, key)
                text = f"no question leads to the row `{key}`; the rules ask table `{table.id}` by {' and '.join(ways)}"
                yield Found.at(TABLE, spec, f"{text}. Write the key as it is asked.")


def reaches(answer: Any, wanted: Any) -> bool:
    """Whether a question led to the wanted row."""
    if isinstance(wanted, Outcome):
        return bool(answer == wanted)
    return isinstance(answer, dict) and bool(answer.get("row") == wanted["row"])
