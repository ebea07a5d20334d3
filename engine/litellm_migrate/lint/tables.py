"""Tables: every row once, every row within reach, shares that make a whole, and rows that examples try."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from decimal import Decimal
from pathlib import Path as File

from litellm_migrate.convert.outcomes import Outcome
from litellm_migrate.convert.rows import KEY, Answer
from litellm_migrate.convert.steps import AnswerRule, Findings
from litellm_migrate.convert.tables import Table
from litellm_migrate.lint.coverage import Coverage, present
from litellm_migrate.lint.violation import TABLE, UNUSED, Violation
from litellm_migrate.rulebook.cells import rows_of
from litellm_migrate.rulebook.index import Parsed
from litellm_migrate.rulebook.nodes import RuleNode
from litellm_migrate.rulebook.static_types import suggestion
from litellm_migrate.source.model import Position

PROBES = {"exact": "{}", "host": "https://{}/x"}
"""For each way to match keys, a question that a row's key answers."""


def check_tables(nodes: Mapping[str, RuleNode], dialects: list[Parsed], coverage: Coverage) -> Iterator[Violation]:
    """What is wrong with tables; asks `coverage` for what examples must show of them."""
    for name, node in nodes.items():
        yield from repetitions(node)
        if not any(look.table.id == name for parsed in dialects for look in parsed.sites.looks):
            hint = suggestion(name, nodes.keys() - {name})
            yield Violation.at(UNUSED, node, f"no rule asks table `{name}`{hint} Delete it, or look it up.")
    for parsed in dialects:
        sites = RowSites(parsed.tables)
        for name in dict.fromkeys(look.table.id for look in parsed.sites.looks):
            node, table = parsed.tables[name], parsed.book.tables[name]
            yield from broken_shares(node, node.at("rows"))
            if table.otherwise and name not in required(parsed):
                text = f"`otherwise` of table `{name}` is never said: only a finding with `answer` asks for it"
                yield Violation.at(UNUSED, node.at("otherwise"), f"{text}. Delete it, or look the table up that way.")
            elif table.otherwise:
                message = f"no example asks table `{name}` for what none of its rows answers."
                coverage.want(table, node, "otherwise", message, lambda reply: reply is None)
            if table.date:  # generated facts: nobody types a row, nobody reads them all
                continue
            if node.value.get("facts"):
                yield from unreachable(table, sites)
                want_kinds(table, node, coverage)
            else:
                for key, row in table.rows.items():
                    message = f"in no example does the row `{key}` of table `{name}` answer."
                    coverage.want(row, sites.row(name, key), f"row {key}", message, present)


def required(parsed: Parsed) -> set[str]:
    """The tables in which rows need an answer."""
    steps = [step for relation in parsed.book.relations.values() for step in relation.steps]
    rules = [rule for step in steps if isinstance(step, Findings) for rule in step.rules]
    return {rule.look.table.id for rule in rules if isinstance(rule, AnswerRule)}


class RowSites:
    """Where the rows and cells of tables stand, by the documents of tables."""

    def __init__(self, tables: Mapping[str, RuleNode]) -> None:
        self.tables = tables
        self._rows: dict[str, dict[str, RuleNode]] = {}

    def row(self, table: str, key: str) -> RuleNode:
        """The place of a row; of a listed row, its name's."""
        if table not in self._rows:
            self._rows[table] = dict(rows_of(self.tables[table]))
        return self._rows[table].get(key, self.tables[table])


def repetitions(node: RuleNode) -> Iterator[Violation]:
    """A violation for each row that is stated again; the last would win, unseen."""
    if node.file.endswith(".json"):
        yield from repeated_keys(node)
    rows: dict[str, RuleNode] = {}
    for key, row in rows_of(node):
        if key in rows:
            line = rows[key].position().line
            yield Violation.at(TABLE, row, f"the row `{key}` also stands in line {line}. Keep one of the two.")
        rows[key] = row


def repeated_keys(node: RuleNode) -> Iterator[Violation]:
    """A violation for each key that a mapping of a JSON file holds again."""
    text = File(node.file).read_text(encoding="utf-8")
    repeated: list[str] = []

    def mapping(pairs: list[tuple[str, object]]) -> dict[str, object]:
        repeated.extend(key for key, count in Counter(key for key, _ in pairs).items() if count > 1)
        return dict(pairs)

    json.loads(text, object_pairs_hook=mapping)
    for key in repeated:
        line = text[: text.rindex(json.dumps(key))].count("\n") + 1
        yield Violation.at(TABLE, Position(node.file, line, 1), f"the key `{key}` is there twice. Keep one of the two.")


def broken_shares(node: RuleNode, rows: RuleNode) -> Iterator[Violation]:
    """A violation for each cell of a column that holds shares of a whole, and that does not sum to one."""
    for column in node.value.get("shares", ()):
        for key, row in rows.items():
            cell = row.at(column)
            total = sum(Decimal(str(part)) for part in cell.value.values()) if isinstance(cell.value, dict) else 1
            if total != 1:
                text = f"the {column} of `{key}` sum to {total}, not to 1. Correct one of them."
                yield Violation.at(TABLE, cell, text)


def want_kinds(table: Table, node: RuleNode, coverage: Coverage) -> None:
    """Asks that a row of mere facts answers in some example, and one that is an outcome if there is one."""
    text = f"in no example does table `{table.id}` answer."
    if not all(isinstance(row, Outcome) for row in table.rows.values()):
        coverage.want(table, node, "answers", text, lambda reply: isinstance(reply, Answer))
    text = f"in no example is an answer of table `{table.id}` an outcome."
    if any(isinstance(row, Outcome) for row in table.rows.values()):
        coverage.want(table, node, "outcome", text, lambda reply: isinstance(reply, Outcome))


def unreachable(table: Table, sites: RowSites) -> Iterator[Violation]:
    """Of a table of mere facts: a violation for each row that no question leads to.

    Each row is asked for once, by construction; examples need not repeat hundreds of them.
    """
    probe = PROBES.get(table.match)
    for key, row in table.rows.items() if probe else ():
        reply = table.ask(probe.format(key)) if probe else None
        if (row if isinstance(row, Outcome) else key) != (reply[KEY] if isinstance(reply, Answer) else reply):
            text = f"no question leads to the row `{key}`; the keys of table `{table.id}` match by {table.match}"
            yield Violation.at(TABLE, sites.row(table.id, key), f"{text}. Write the key as it is asked.")
