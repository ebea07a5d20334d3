"""The verbs of a relation: rows in, rows out. A column that a verb makes knows where its values came from."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from litellm_migrate.convert.frames import Frame
from litellm_migrate.convert.outcomes import Finding
from litellm_migrate.source.records import record


@record
class Scene:
    """What a verb sees beside its rows: other relations, and where findings go."""

    frame_of: Callable[[str], Frame]
    findings: list[Finding]


class Step(Protocol):
    """One verb with its arguments."""

    def run(self, frame: Frame, scene: Scene) -> Frame:
        """The rows after this step."""
