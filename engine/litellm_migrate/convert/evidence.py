"""What payloads and findings tell of each leaf of the source."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from litellm_migrate.convert.bodies import Item, Shape
from litellm_migrate.convert.functions import kind_of
from litellm_migrate.convert.outcomes import MANUAL, Finding, Outcome
from litellm_migrate.convert.own import Spots, all_settled, settled
from litellm_migrate.convert.trace import ANSWERED, DIFFERS, LOST, REFUSED, Fact, Trace
from litellm_migrate.source.model import Path, Source, leaves, value_at

Target = tuple[str, Path]
"""A field of a payload: its file, and its place there."""


class Evidence:
    """All that is known of one leaf; most of it is nothing for most leaves."""

    __slots__ = ("asked", "decides", "differs", "findings", "lost", "targets")

    def __init__(self) -> None:
        self.findings: list[tuple[Outcome, str, int]] | None = None
        self.targets: dict[Target, tuple[int, str]] | None = None
        """Where it was written: among how many settings it shares the field, and by which rule."""
        self.differs: dict[str, None] | None = None
        self.decides: list[Target] | None = None
        self.lost: list[Path | None] | None = None
        """Where those stand that decided instead; None for one that no setting says."""
        self.asked = False
        """A rule read it, whatever came of that."""

    def write(self, target: Target, shared: tuple[int, str], differs: Iterable[str]) -> None:
        """Takes a field that carries it."""
        if self.targets is None:
            self.targets = {}
        self.targets.setdefault(target, shared)
        if differs:
            self.differs = {**(self.differs or {}), **dict.fromkeys(differs)}


class Reach(dict[Path, "list[Evidence]"]):
    """What rows made from some entries tell of: by path as they tell it, the evidence of all leaves there or below."""

    def __init__(self, ledger: Ledger, spots: Spots) -> None:
        super().__init__()
        self.ledger = ledger
        self.spots = spots

    def __missing__(self, path: Path) -> list[Evidence]:
        place = settled(path, self.spots)
        found = self.ledger.evident(place)
        if place is not path:  # a whole path is the same for all rows
            self[path] = found
        return found


def added(held: list[Any] | None, one: Any) -> list[Any]:
    """The list with one more, which is its first if there is no list yet."""
    if held is None:
        return [one]
    held.append(one)
    return held


class Ledger:
    """Collects the evidence."""

    def __init__(self, source: Source, refused: Outcome) -> None:
        self.source = source
        self.refusal = refused
        """What the rules say of a value that no conversion could use."""
        self.all = dict(leaves(source.value))
        self.evidence: dict[Path, Evidence] = defaultdict(Evidence)
        self._below: dict[Path, list[Path]] = {}
        self._evident: dict[Path, list[Evidence]] = {}
        self._reached: dict[Spots, Reach] = {}
        self._last = Reach(self, ())

    def below(self, path: Path) -> list[Path]:
        """The leaves at or below a path."""
        if path in self.all:
            return [path]
        if path not in self._below:
            self._below[path] = [leaf for leaf, _ in leaves(self.written(path), path)]
        return self._below[path]

    def evident(self, path: Path) -> list[Evidence]:
        """The evidence of the leaves at or below a path."""
        found = self._evident.get(path)
        if found is None:
            found = self._evident[path] = [self.evidence[leaf] for leaf in self.below(path)]
        return found

    def written(self, path: Path) -> Any:
        """What stands at a path."""
        value: Any = self.source.value
        for key in path:
            value = value[key]
        return value

    def read_items(self, shape: Shape, items: Iterable[Item]) -> None:
        """Takes the evidence of an endpoint's payloads."""
        if not shape.call:
            return
        file, many = shape.call.file, bool(shape.call.identity)
        for number, item in enumerate(items):
            at: Path = (number,) if many else ()
            for field in item.fields:
                there = value_at(item.body, field.pointer) is not None
                target = (file, (*at, *field.pointer))
                self.read(field.origin, self._reach(field.spots), target, field.rule, there)
            self.read(item.why, self._reach(item.row.spots), (file, at), file.partition(".")[0])
        self._reached.clear()

    def _reach(self, spots: Spots) -> Reach:
        if spots is not self._last.spots:
            self._last = self._reached.get(spots) or self._reached.setdefault(spots, Reach(self, spots))
        return self._last

    def read(self, origin: Trace, reach: Reach, target: Target, rule: str, there: bool = True) -> None:
        """Takes the evidence of one field; one that is not there carries nothing, and nothing decides it."""
        carried, decided, consulted, told = origin
        for path in consulted if there else (*carried, *decided, *consulted):
            for seen in reach[path]:
                seen.asked = True
        if there and carried:
            several = len(reach.spots) > 1  # of which one may lie inside another, so that a place is told twice
            shared = (len(all_settled(carried, reach.spots) if several else carried), rule)
            differs = sorted([str(fact.note) for fact in told if fact.kind == DIFFERS]) if told else ()
            for path in carried:
                for seen in reach[path]:
                    seen.write(target, shared, differs)
        for path in decided if there else ():
            for seen in reach[path]:
                if seen.targets is None:  # else nobody asks
                    seen.decides = added(seen.decides, target)
        if told:
            self.read_facts(told, reach, rule)

    def read_facts(self, facts: Iterable[Fact], reach: Reach, rule: str) -> None:
        """Takes what else is known of a field's origins."""
        for fact in facts:
            for seen in reach[fact.path] if fact.kind != DIFFERS else ():
                if fact.kind == LOST:
                    winner = min(all_settled(fact.note, reach.spots), key=str, default=None)
                    seen.lost = added(seen.lost, winner)
                elif fact.kind == ANSWERED:
                    seen.findings = added(seen.findings, (fact.note, rule, 1))
                elif fact.kind == REFUSED:
                    said = self.refused(fact.note, self.written(settled(fact.path, reach.spots)))
                    seen.findings = added(seen.findings, (said, rule, 1))

    def refused(self, expected: str, value: Any) -> Outcome:
        """The outcome of a value that no conversion could use."""
        words = self.refusal
        because = words.because.format(expected=expected, found=kind_of(value))
        return Outcome(MANUAL, because, words.do, words.code or "wrong-value")

    def read_findings(self, findings: Iterable[Finding]) -> None:
        """Takes the findings of relations and fields."""
        for finding in findings:
            said = (finding.outcome, finding.rule, len(finding.paths))
            for seen in [seen for path in finding.paths for seen in self.evident(path)]:
                seen.findings = added(seen.findings, said)
