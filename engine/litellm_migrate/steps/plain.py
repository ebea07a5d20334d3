"""Verbs that look at one row at a time: columns, where, require, note."""

from __future__ import annotations

from collections.abc import Mapping

from litellm_migrate.closures import true
from litellm_migrate.columns import Look
from litellm_migrate.outcomes import Finding, Outcome, Sentence
from litellm_migrate.records import record
from litellm_migrate.rows import Column, Row
from litellm_migrate.steps import Scene
from litellm_migrate.trace import union


@record
class Columns:
    """Adds derived values, in order."""

    columns: Mapping[str, Column]

    def run(self, rows: list[Row], scene: Scene) -> list[Row]:
        """The same rows, knowing more."""
        for row in rows:
            for name, column in self.columns.items():
                row.values[name] = column.value(row)
        return rows


@record
class Where:
    """Keeps some rows; the others are not of this relation."""

    condition: Column

    def run(self, rows: list[Row], scene: Scene) -> list[Row]:
        """The rows for which the condition holds."""
        kept = [row for row in rows if true(self.condition.value(row))]
        for row in kept:
            row.reasons = (*row.reasons, self.condition)
        return kept


@record
class Require:
    """Keeps some rows; what the others stand for takes an outcome."""

    condition: Column
    otherwise: Sentence
    rule: str

    def run(self, rows: list[Row], scene: Scene) -> list[Row]:
        """The rows for which the condition holds."""
        kept = []
        for row in rows:
            if true(self.condition.value(row)):
                row.reasons = (*row.reasons, self.condition)
                kept.append(row)
            else:
                scene.findings.append(Finding(frozenset(row.spots), self.otherwise.on(row), self.rule))
        return kept


@record
class RequireAnswer:
    """Keeps the rows that a table answers; what the others stand for takes the table's outcome."""

    name: str
    look: Look
    rule: str

    def run(self, rows: list[Row], scene: Scene) -> list[Row]:
        """The rows with an answer, which becomes a column."""
        kept = []
        for row in rows:
            found = self.look.ask(row)
            if found is None:
                found = self.look.table.otherwise
            if isinstance(found, Outcome):
                scene.findings.append(Finding(frozenset(row.spots), found, f"{self.rule} {self.look.table.id}"))
            elif found is not None:
                row.values[self.name] = found
                row.reasons = (*row.reasons, self.look)
                kept.append(row)
        return kept


@record
class Note:
    """States an outcome for what some columns read; the rows pass."""

    of: tuple[Column, ...]
    when: Column | None
    sentence: Sentence
    rule: str

    def run(self, rows: list[Row], scene: Scene) -> list[Row]:
        """The same rows."""
        for row in rows:
            if self.when is None or true(self.when.value(row)):
                places = union(column.trace(row) for column in self.of).carried
                spot = () if places or not row.spots else row.spots[0]
                scene.findings.append(Finding(places, self.sentence.on(row), self.rule, spot))
        return rows
