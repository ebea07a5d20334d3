"""Verbs that look at one row at a time: columns, where, require, note."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import compress

from litellm_migrate.convert.closures import true
from litellm_migrate.convert.columns import Look
from litellm_migrate.convert.frames import Frame
from litellm_migrate.convert.outcomes import Finding, Outcome, Sentence
from litellm_migrate.convert.own import all_settled
from litellm_migrate.convert.rows import Column
from litellm_migrate.convert.steps import Scene
from litellm_migrate.convert.trace import union
from litellm_migrate.source.records import record


@record
class Columns:
    """Adds derived values, in order."""

    columns: Mapping[str, Column]

    def run(self, frame: Frame, scene: Scene) -> Frame:
        """The same rows, knowing more."""
        for name in self.columns:
            frame.read((name,))
        return frame


@record
class Where:
    """Keeps some rows; the others are not of this relation."""

    condition: Column

    def run(self, frame: Frame, scene: Scene) -> Frame:
        """The rows for which the condition holds."""
        frame.pick([at for at, held in enumerate(frame.values_of(self.condition)) if true(held)])
        frame.reasons = (*frame.reasons, self.condition)
        return frame


@record
class Require:
    """Keeps some rows; what the others stand for takes an outcome."""

    condition: Column
    otherwise: Sentence
    rule: str

    def run(self, frame: Frame, scene: Scene) -> Frame:
        """The rows for which the condition holds."""
        kept = []
        for at, held in enumerate(frame.values_of(self.condition)):
            if true(held):
                kept.append(at)
            else:
                row = frame.row(at)
                scene.findings.append(Finding(frozenset(row.spots), self.otherwise.on(row), self.rule))
        frame.pick(kept)
        frame.reasons = (*frame.reasons, self.condition)
        return frame


@record
class RequireAnswer:
    """Keeps the rows that a table answers; what the others stand for takes the table's outcome."""

    name: str
    look: Look
    rule: str

    def run(self, frame: Frame, scene: Scene) -> Frame:
        """The rows with an answer, which becomes a column."""
        kept, answers = [], []
        for at, found in enumerate(self.look.asked(frame)):
            said = self.look.table.otherwise if found is None else found
            if isinstance(said, Outcome):
                scene.findings.append(Finding(frozenset(frame.spots[at]), said, f"{self.rule} {self.look.table.id}"))
            elif said is not None:
                kept.append(at)
                answers.append(said)
        frame.pick(kept)
        frame.add(self.name, answers)
        frame.reasons = (*frame.reasons, self.look)
        return frame


@record
class Note:
    """States an outcome for what some columns read; the rows pass."""

    of: tuple[Column, ...]
    when: Column | None
    sentence: Sentence
    rule: str

    def run(self, frame: Frame, scene: Scene) -> Frame:
        """The same rows."""
        said = frame.values_of(self.when) if self.when else [True] * frame.count
        for row in map(frame.row, compress(range(frame.count), map(true, said))):
            places = all_settled(union(row.origins(column) for column in self.of).carried, row.spots)
            spot = () if places or not row.spots else row.spots[0]
            scene.findings.append(Finding(places, self.sentence.on(row), self.rule, spot))
        return frame
