"""The verb `group`: one row for each different key."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from itertools import chain
from operator import itemgetter
from typing import Any, ClassVar

from litellm_migrate.convert.batches import once
from litellm_migrate.convert.frames import Frame
from litellm_migrate.convert.functions import Number, Refused, decimal, plain
from litellm_migrate.convert.outcomes import Finding, Sentence
from litellm_migrate.convert.own import all_settled
from litellm_migrate.convert.rows import MEMBERS, Column, Given
from litellm_migrate.convert.steps import Scene
from litellm_migrate.convert.trace import ANSWERED, REFUSED, Trace, told
from litellm_migrate.source.model import Path
from litellm_migrate.source.records import record


@record
class Members(Given):
    """The rows that a group is made of; rules read their columns, never the list itself."""

    name: str = MEMBERS

    def values(self, frame: Frame) -> list[Any]:
        """The rows of each group."""
        return [[frame.gathered.row(at) for at in members] if frame.gathered else [] for members in frame.members]


@record
class Gathered(Given):
    """A value made of what every member says: the origins are all of theirs that were used."""

    name: str
    column: Column
    answers: ClassVar[bool] = True

    def traces(self, frame: Frame, rest: Path = ()) -> list[Trace]:
        """The origins in all members; if they gave no value, only what could not be used."""
        found = frame.drawn(frame.gathered.traces_of(self.column, rest)) if frame.gathered else []
        given = zip(found, frame.read((self.name,)), strict=True)
        return [trace if value is not None else refused(trace) for trace, value in given]


def refused(trace: Trace) -> Trace:
    """Of some origins only what could not be used."""
    return told(fact for fact in trace.told if fact.kind in (REFUSED, ANSWERED))


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

    def run(self, frame: Frame, scene: Scene) -> Frame:
        """One row for each key, in the order in which the keys appear."""
        keys = {name: frame.values_of(column) for name, column in self.by.items()}
        groups: dict[str, list[int]] = {}
        for at, key in enumerate(once(frame.count, [*keys.values()], repr)):
            groups.setdefault(key, []).append(at)
        members = list(groups.values())
        spots = [chain.from_iterable([frame.spots[at] for at in one]) for one in members]
        made = Frame(self.columns, [tuple(dict.fromkeys(several)) for several in spots])
        made.gathered, made.members, made.keys = frame, members, tuple(self.by.values())
        for name, values in keys.items():
            made.add(name, [values[one[0]] for one in members])
        if self.count:
            made.add(self.count, [len(one) for one in members])
        disagreeing: list[tuple[int, Trace]] = []
        for verb, name, column in self.gathers:
            values = frame.values_of(column)
            told = [[values[at] for at in one if values[at] is not None] for one in members]
            found = [GATHERS[verb](one) for one in told]
            made.add(name, found)
            apart = [at for at, one in enumerate(told) if one and found[at] is None] if verb == "agree" else []
            if apart and self.disagree:
                origins = made.drawn(frame.traces_of(column))
                disagreeing += [(at, origins[at]) for at in apart]
        for at, origin in sorted(disagreeing, key=itemgetter(0)):
            if self.disagree:
                places = all_settled(origin.carried, made.spots[at])
                scene.findings.append(Finding(places, self.disagree.on(made.row(at)), self.rule))
        return made
