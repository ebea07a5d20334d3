"""The verb `within`: the same rows, knowing about their siblings."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from functools import partial
from typing import Any

from litellm_migrate.convert.batches import demoted, once, united
from litellm_migrate.convert.closures import true
from litellm_migrate.convert.frames import Frame
from litellm_migrate.convert.functions import Refused, decimal, kind_of
from litellm_migrate.convert.rows import Column, Given
from litellm_migrate.convert.steps import Scene
from litellm_migrate.convert.trace import NOTHING, Trace
from litellm_migrate.source.model import Path
from litellm_migrate.source.records import record


@record
class Stored(Given):
    """A value that a step worked out, made of what some columns of the same row say."""

    name: str
    of: tuple[Column, ...] = ()
    decides: tuple[Column, ...] = ()

    def traces(self, frame: Frame, rest: Path = ()) -> list[Trace]:
        """The first of the columns that says something carries; the others only decide."""
        carried = [NOTHING] * frame.count
        for column in reversed(self.of):
            told = zip(frame.values_of(column), frame.traces_of(column), carried, strict=True)
            carried = [trace if value is not None else other for value, trace, other in told]
        return united(frame.count, [carried, *(demoted(frame.traces_of(column)) for column in self.decides)])


@record
class Share:
    """A row's part of the whole: the first measure that is positive for any sibling decides for all."""

    of: tuple[Column, ...]
    among: Column | None

    def divide(self, frame: Frame, families: Iterable[list[int]]) -> list[float]:
        """One share a row; those outside `among`, or without the deciding measure, get nothing."""
        taking = list(map(true, frame.values_of(self.among))) if self.among else [True] * frame.count
        shares = [0.0] * frame.count
        left = list(families)
        for measure in self.of:
            values = frame.values_of(measure) if left else []
            sizes = [amount(value) if takes else Decimal(0) for value, takes in zip(values, taking)]  # noqa: B905
            left = [family for family in left if not decides(family, sizes, shares)]
        for family in left:
            several = sum(taking[at] for at in family)
            for at in family:
                shares[at] = 1 / several if taking[at] else 0.0
        return shares


def decides(family: list[int], sizes: list[Decimal], shares: list[float]) -> bool:
    """Whether a measure decides for a family, whose shares are then told."""
    whole = sum((sizes[at] for at in family), Decimal(0))
    for at in family if whole else ():
        shares[at] = part(sizes[at], whole)
    return bool(whole)


def part(size: Decimal, whole: Decimal) -> float:
    """What a size is of a whole, rounded once: integers divide exactly."""
    (over, under), (of, by) = size.as_integer_ratio(), whole.as_integer_ratio()
    return over * by / (under * of)


def amount(value: Any) -> Decimal:
    """A measure as a number that is not negative; what is no number measures nothing."""
    try:
        return max(decimal(value), Decimal(0)) if value is not None else Decimal(0)
    except Refused:
        return Decimal(0)


@record
class Within:
    """Counts siblings, finds those of the lowest level, and divides among them."""

    by: tuple[Column, ...]
    count: str | None
    lowest: Mapping[str, Column]
    share: Mapping[str, Share]

    def run(self, frame: Frame, scene: Scene) -> Frame:
        """The same rows."""
        families: dict[str, list[int]] = {}
        for at, key in enumerate(once(frame.count, [frame.values_of(column) for column in self.by], repr)):
            families.setdefault(key, []).append(at)
        for name, column in self.lowest.items():
            frame.add(name, spread(families, frame.count, partial(lowest, frame.values_of(column))))
        for name, share in self.share.items():
            frame.add(name, share.divide(frame, families.values()))
        if self.count:
            frame.add(self.count, spread(families, frame.count, lambda family: [len(family)] * len(family)))
        frame.reasons = (*frame.reasons, *self.by)
        return frame


def spread(families: Mapping[str, list[int]], count: int, tell: Callable[[list[int]], list[Any]]) -> list[Any]:
    """What is told of each family, row by row."""
    told: list[Any] = [None] * count
    for family in families.values():
        for at, one in zip(family, tell(family), strict=True):
            told[at] = one
    return told


def lowest(levels: list[Any], family: list[int]) -> list[bool]:
    """Which rows of a family are of its lowest level: all, if none has one."""
    there = [levels[at] for at in family if kind_of(levels[at]) == "number"]
    low = min(there, default=None)
    return [not there or levels[at] == low for at in family]
