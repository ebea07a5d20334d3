"""The verb `group`: one row for each different key."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, ClassVar

from litellm_migrate.functions import Number, Refused, decimal, plain
from litellm_migrate.model import Path
from litellm_migrate.outcomes import Finding, Sentence
from litellm_migrate.records import record
from litellm_migrate.rows import MEMBERS, Column, Row, Simple
from litellm_migrate.steps import Scene
from litellm_migrate.trace import ANSWERED, NOTHING, REFUSED, Trace, told, union


@record
class Members(Simple):
    """The rows that a group is made of."""

    def value(self, row: Row) -> Any:
        """The list of rows."""
        return row.values[MEMBERS]

    def trace(self, row: Row, rest: Path = ()) -> Trace:
        """What is read of each member."""
        return union(member.trace(rest[1:]) for member in row.values[MEMBERS]) if rest[1:] else NOTHING


@record
class Gathered(Simple):
    """A value made of what every member says: the origins are all of theirs that were used."""

    name: str
    column: Column
    answers: ClassVar[bool] = True

    def value(self, row: Row) -> Any:
        """The gathered value."""
        return row.values.get(self.name)

    def trace(self, row: Row, rest: Path = ()) -> Trace:
        """The origins in all members; if they gave no value, only what could not be used."""
        found = union(self.column.trace(member, rest) for member in row.values[MEMBERS])
        if row.values.get(self.name) is None:
            return told(fact for fact in found.told if fact.kind in (REFUSED, ANSWERED))
        return found


Gather = Callable[[list[Any]], Any]


def summed(values: list[Any]) -> Number | None:
    """The sum of the numbers, exact in decimal; None if there are none."""
    numbers = []
    for value in values:
        try:
            numbers.append(decimal(value))
        except Refused:
            continue
    return plain(sum(numbers, Decimal(0))) if numbers else None


def listed(values: list[Any]) -> list[Any] | None:
    """Each different value once, in order; None if there are none."""
    try:
        return list(dict.fromkeys(values)) or None
    except TypeError:  # a list or a mapping can only be held against the others
        return [value for place, value in enumerate(values) if value not in values[:place]] or None


def agreed(values: list[Any]) -> Any:
    """The one value that is given, however often; None if there are several."""
    different = {repr(value): value for value in values}
    return next(iter(different.values())) if len(different) == 1 else None


def first(values: list[Any]) -> Any:
    """The value of the first member that gives one; None if none does."""
    return values[0] if values else None


GATHERS: dict[str, Gather] = {"sum": summed, "list": listed, "agree": agreed, "first": first}
ONE = {"agree", "first"}
"""The verbs whose result is what some member says, as it says it."""


@record
class Group:
    """Gathers rows with equal keys into one."""

    by: Mapping[str, Column]
    gathers: tuple[tuple[str, str, Column], ...]
    """Verb of `GATHERS`, new column, what each member says."""
    count: str | None
    disagree: Sentence | None
    columns: Mapping[str, Column]
    rule: str

    def run(self, rows: list[Row], scene: Scene) -> list[Row]:
        """One row for each key, in the order in which the keys appear."""
        groups: dict[str, list[Row]] = {}
        for row in rows:
            groups.setdefault(repr([column.value(row) for column in self.by.values()]), []).append(row)
        return [self.gather(members, scene) for members in groups.values()]

    def gather(self, members: list[Row], scene: Scene) -> Row:
        """The row of one group."""
        made = Row(self.columns, None, tuple(spot for member in members for spot in member.spots))
        made.keys = tuple(self.by.values())
        made.values = {name: column.value(members[0]) for name, column in self.by.items()}
        made.values[MEMBERS] = members
        if self.count:
            made.values[self.count] = len(members)
        for verb, name, column in self.gathers:
            values = [value for value in (column.value(member) for member in members) if value is not None]
            made.values[name] = GATHERS[verb](values)
            if verb == "agree" and values and made.values[name] is None and self.disagree:
                places = union(column.trace(member) for member in members)
                scene.findings.append(Finding(places.carried, self.disagree.on(made), self.rule))
        return made
