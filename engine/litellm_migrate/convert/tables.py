"""Tables: facts only. The question says how it is asked, and one row answers."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any
from urllib.parse import urlsplit

from litellm_migrate.convert.functions.numbers import decimal
from litellm_migrate.convert.functions.values import Refused
from litellm_migrate.convert.outcomes import Outcome
from litellm_migrate.convert.rows import Answer
from litellm_migrate.source.redact import beginning, compiled

TableRow = dict[str, Any]  # cells are whatever a rule file states
DEEPEST = 20
"""No row of hosts has more segments than this."""
GROUP = re.compile(r"\(\?P<(\w+)>")


class Table:
    """Rows of answers by key; a row, or `otherwise`, may be an outcome instead."""

    def __init__(
        self,
        id: str,
        rows: Mapping[str, TableRow | Outcome],
        otherwise: Outcome | None = None,
        answers: frozenset[str] | None = None,
        date: str | None = None,
    ) -> None:
        self.id = id
        self.rows = rows
        self.otherwise = otherwise
        self.answers = answers
        """What the rows may answer; None if the rows say so themselves."""
        self.date = date
        """The day that generated facts are of."""

    def ask(self, way: str, key: object) -> Answer | Outcome | None:
        """The answer to `key`, asked in one of the `WAYS`; None if no row fits."""
        return WAYS[way](self, key)

    def answer(self, key: str, **more: str) -> Answer | Outcome:
        """The row of a key, with the key itself as `row` and what the way of asking adds."""
        row = self.rows[key]
        if isinstance(row, Outcome):
            return row
        return Answer({**row, "row": key, **({"as_of": self.date} if self.date else {}), **more})

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
        """Every answer that some row may have, and what the ways of asking add."""
        rows = [row for row in self.rows.values() if isinstance(row, dict)] if self.answers is None else []
        named = self.answers or frozenset(name for row in rows for name in row)
        if self.date:
            return named | {"row", "rest", "as_of"}
        return named | {"row", "rest"} | {name for key in self.rows for name in GROUP.findall(key)}


def exact(table: Table, key: object) -> Answer | Outcome | None:
    """The row of that very key."""
    return table.answer(key) if isinstance(key, str) and key in table.rows else None


def any_case(table: Table, key: object) -> Answer | Outcome | None:
    """The row of that very key, or else of one that differs in capitals only."""
    if not isinstance(key, str) or key in table.rows:
        return exact(table, key)
    same = table.caseless.get(key.lower())
    return None if same is None else table.answer(same)


def segment(table: Table, key: object) -> Answer | Outcome | None:
    """The row of the first path segment; `rest` is what follows it."""
    head, _, rest = key.partition("/") if isinstance(key, str) else ("", "", "")
    return table.answer(head, rest=rest) if rest and head in table.rows else None


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


def holds(table: Table, key: object) -> Answer | Outcome | None:
    """The smallest row, in the order of the file, whose numbers are all at least as large as those asked for."""
    if not isinstance(key, Mapping):
        return None
    try:
        least = {name: decimal(number) for name, number in key.items() if number is not None}
    except Refused:
        return None
    for row, cells in table.rows.items():
        if isinstance(cells, dict) and all(decimal(cells.get(name, 0)) >= least[name] for name in least):
            return table.answer(row)
    return None


WAYS: dict[str, Callable[[Table, object], Answer | Outcome | None]] = {
    "exact": exact,
    "any_case": any_case,
    "segment": segment,
    "host": by_host,
    "pattern": pattern,
    "holds": holds,
}
