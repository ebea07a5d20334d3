"""Relations: rows of the source, or of other relations, and the steps that make them what a rule file says."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from litellm_migrate.convert.batches import alike
from litellm_migrate.convert.columns import Entry, Place, Whole
from litellm_migrate.convert.descent import tell_sources
from litellm_migrate.convert.frames import Frame, based
from litellm_migrate.convert.functions import kind_of
from litellm_migrate.convert.outcomes import MANUAL, Finding, Outcome
from litellm_migrate.convert.rows import Column, Given, Row
from litellm_migrate.convert.steps import Scene, Step
from litellm_migrate.rulebook.static_types import RowShape
from litellm_migrate.source.model import Path
from litellm_migrate.source.records import open_record, record

WHOLE = "@"
"""`each: "@"`: one row, the whole document."""


@record
class Key(Given):
    """The key of a mapping's entry: a name that no leaf of the source holds."""

    name: str = "key"

    def values(self, frame: Frame) -> list[Any]:
        """The keys."""
        return alike([spot[-1] for (spot,) in frame.spots])


@record
class Each:
    """Entries of the source: a list's items, a mapping's pairs, or the document itself."""

    path: Path
    wants: str
    """`list`, `mapping`, or `document`."""
    fields: frozenset[str] | None
    """The settings that an entry may have; None if an entry is any value."""

    def columns(self) -> dict[str, Column]:
        """The columns that rows start with."""
        if self.wants == "mapping":
            return {"key": Key(), "value": Whole("value"), "place": Place()}
        if self.fields is None:
            return {"value": Whole("value"), "place": Place()}
        return {**{name: Entry(name) for name in self.fields}, "place": Place()}

    def frame(self, document: Any, columns: Mapping[str, Column], findings: list[Finding]) -> Frame:
        """A row for each entry; what has the wrong type becomes a finding."""
        frame = Frame(columns, [])
        for path, value in self.entries((), document, self.path, findings):
            if self.wants == "mapping" or self.fields is None or isinstance(value, dict):
                frame.spots.append((path,))
                frame.entries.append(value)
            else:
                findings.append(wrong_type(path, "a mapping", value))
        return frame

    def entries(self, at: Path, value: Any, rest: Path, findings: list[Finding]) -> Iterator[tuple[Path, Any]]:
        """The entries below a value, with their paths."""
        if value is None:
            return
        if not rest and self.wants == "document":
            yield at, value
        elif not rest or rest[0] == "*":
            wants = self.wants if not rest else "mapping" if isinstance(value, dict) else "list"
            if kind_of(value) != wants:
                findings.append(wrong_type(at, f"a {wants}", value))
                return
            for key, below in value.items() if isinstance(value, dict) else enumerate(value):
                if rest:
                    yield from self.entries((*at, key), below, rest[1:], findings)
                else:
                    yield (*at, key), below
        elif isinstance(value, dict):
            if rest[0] in value:
                yield from self.entries((*at, rest[0]), value[rest[0]], rest[1:], findings)
        else:
            findings.append(wrong_type(at, "a mapping", value))


def wrong_type(path: Path, expected: str, value: Any) -> Finding:
    """The finding that a setting is of another type than is read there."""
    because = f"Expected {expected} here, found a {kind_of(value)}: nothing can be read from it."
    do = "Correct the setting and convert again."
    return Finding(frozenset([path]), Outcome(MANUAL, because, do, "wrong-type"), "source")


@open_record
class Relation:
    """Named rows and how they come about."""

    id: str
    each: Each | None
    rows: tuple[str, ...]
    first: Mapping[str, Column]
    """The columns before a step groups the rows."""
    steps: tuple[Step, ...]
    shape: RowShape
    needs: frozenset[str]
    """Relations whose rows must be there first."""


class Relations:
    """The rows of every relation over one document, made when they are asked for."""

    def __init__(self, relations: Mapping[str, Relation], document: Any) -> None:
        self._relations = relations
        self._document = document
        self._frames: dict[str, Frame] = {}
        self.findings: list[Finding] = []

    def all(self) -> None:
        """Makes every relation, so that every finding is there."""
        for name in self._relations:
            self.frame_of(name)

    def rows_of(self, name: str) -> list[Row]:
        """The rows of a relation, in the order of the document."""
        return self.frame_of(name).rows()

    def frame_of(self, name: str) -> Frame:
        """The same rows, by columns."""
        if name not in self._frames:
            relation = self._relations[name]
            for need in sorted(relation.needs):
                self.frame_of(need)
            frame = self._start(relation)
            for step in relation.steps:
                frame = step.run(frame, Scene(self.frame_of, self.findings))
            self._frames[name] = frame
            tell_sources(name, frame)
        return self._frames[name]

    def _start(self, relation: Relation) -> Frame:
        if relation.each:
            return relation.each.frame(self._document, relation.first, self.findings)
        return based(relation.first, tuple(map(self.frame_of, relation.rows)))
