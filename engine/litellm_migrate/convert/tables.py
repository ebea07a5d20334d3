"""Tables: facts only. A table says how its keys are matched, and one row answers."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any
from urllib.parse import urlsplit

from litellm_migrate.convert.functions.numbers import decimal
from litellm_migrate.convert.functions.values import Refused
from litellm_migrate.convert.outcomes import Outcome
from litellm_migrate.convert.rows import KEY, Answer
from litellm_migrate.source.redact import beginning, compiled

TableRow = dict[str, Any]  # cells are whatever a rule file states
DEEPEST = 20
"""No row of hosts has more segments than this."""
GROUP = re.compile(r"\(\?P<(\w+)>")


@dataclass(eq=False)
class Table:
    """Rows of answers by key; a row, or `otherwise`, may be an outcome instead."""

    id: str
    rows: Mapping[str, TableRow | Outcome]
    match: str = "exact"
    """How its keys are matched: one of `WAYS`."""
    otherwise: Outcome | None = None
    answers: frozenset[str] | None = None
    """What the rows may answer; None if the rows say so themselves."""
    date: str | None = None
    """The day that generated facts are of."""

    def ask(self, key: object) -> Answer | Outcome | None:
        """The answer to `key`; None if no row fits."""
        return WAYS[self.match](self, key)

    def answer(self, key: str, **more: str) -> Answer | Outcome:
        """The row of a key, with the key itself, and what matching adds."""
        row = self.rows[key]
        if isinstance(row, Outcome):
            return row
        return Answer({**row, KEY: key, **({"as_of": self.date} if self.date else {}), **more})

    def with_cell(self, cell: str, value: object) -> list[Answer]:
        """The rows that have a value in a cell, in the order of the file."""
        if cell not in self.by_cell:
            keys = self.by_cell[cell] = defaultdict(list)
            for key, row in self.rows.items():
                if isinstance(row, dict):
                    keys[str(row.get(cell))].append(key)
        answers = [self.answer(key) for key in self.by_cell[cell].get(str(value), ())]
        return [answer for answer in answers if isinstance(answer, Answer)]

    @cached_property
    def by_cell(self) -> dict[str, dict[str, list[str]]]:
        """By cell and value as a text, the keys of the rows that have it; filled as it is asked for."""
        return {}

    @cached_property
    def patterns(self) -> list[tuple[str, str]]:
        """The keys, which are patterns, in the order of the file; before each, what texts begin with that fit it."""
        return [(beginning(key), key) for key in self.rows]

    @cached_property
    def caseless(self) -> dict[str, str]:
        """The keys by what they are in lower case."""
        return {key.lower(): key for key in reversed(list(self.rows))}

    @cached_property
    def columns(self) -> frozenset[str]:
        """Every answer that some row may have, and what matching adds."""
        rows = [row for row in self.rows.values() if isinstance(row, dict)] if self.answers is None else []
        named = self.answers or frozenset(name for row in rows for name in row)
        if self.date:
            return named | {KEY, "as_of"}
        return named | {KEY} | {name for key in self.rows for name in GROUP.findall(key)}


def exact(table: Table, key: object) -> Answer | Outcome | None:
    """The row of that very key."""
    return table.answer(key) if isinstance(key, str) and key in table.rows else None


def any_case(table: Table, key: object) -> Answer | Outcome | None:
    """The row of that very key, or else of one that differs in capitals only."""
    if not isinstance(key, str) or key in table.rows:
        return exact(table, key)
    same = table.caseless.get(key.lower())
    return None if same is None else table.answer(same)


def by_host(table: Table, key: object) -> Answer | Outcome | None:
    """The row of an address's host, whatever the port, or of host and path up to a segment's end; the longest fits."""
    try:
        address = urlsplit(key if "://" in key else f"https://{key}") if isinstance(key, str) else None
    except ValueError:
        return None
    if address is None or not address.hostname:
        return None
    parts = [address.hostname, *address.path.rstrip("/").split("/")[1:]]
    for length in range(min(len(parts), DEEPEST), 0, -1):
        candidate = "/".join(parts[:length])
        if candidate in table.rows:
            return table.answer(candidate)
    return None


def pattern(table: Table, key: object) -> Answer | Outcome | None:
    """The first row whose pattern fits the whole text; its named groups are answers too."""
    if not isinstance(key, str):
        return None
    for begins, row in table.patterns:
        if key.startswith(begins) and (match := compiled(row).fullmatch(key)):
            return table.answer(row, **{name: text for name, text in match.groupdict().items() if text is not None})
    return None


def as_amount(value: object) -> Decimal:
    """A cell as a number; what is none holds nothing."""
    try:
        return decimal(value)
    except Refused:
        return Decimal(0)


def holds(table: Table, key: object) -> Answer | Outcome | None:
    """The smallest row, in the order of the file, whose numbers are all at least as large as those asked for."""
    if not isinstance(key, Mapping):
        return None
    try:
        least = {name: decimal(number) for name, number in key.items() if number is not None}
    except Refused:
        return None
    for row, cells in table.rows.items():
        if isinstance(cells, dict) and all(as_amount(cells.get(name)) >= least[name] for name in least):
            return table.answer(row)
    return None


WAYS: dict[str, Callable[[Table, object], Answer | Outcome | None]] = {
    "exact": exact,
    "any_case": any_case,
    "host": by_host,
    "pattern": pattern,
    "holds": holds,
}
