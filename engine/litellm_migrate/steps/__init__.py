"""The verbs of a relation: rows in, rows out. A column that a verb makes knows where its values came from."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from litellm_migrate.outcomes import Finding
from litellm_migrate.records import record
from litellm_migrate.rows import Row


@record
class Scene:
    """What a verb sees beside its rows: other relations, and where findings go."""

    rows_of: Callable[[str], list[Row]]
    findings: list[Finding]


class Step(Protocol):
    """One verb with its arguments."""

    def run(self, rows: list[Row], scene: Scene) -> list[Row]:
        """The rows after this step."""
