"""What `check-rules` reports: a problem in a rule file, and the check that found it."""

from __future__ import annotations

from typing import NamedTuple

from litellm_migrate.rulebook.nodes import RuleNode
from litellm_migrate.source.model import Position, Problem

LOAD, EXAMPLE, COVERAGE = "load", "example", "coverage"
UNIVERSE, DISPOSITION, REASON = "universe", "disposition", "reason"
TARGET, VALUE, TABLE, UNUSED, README = "target", "value", "table", "unused", "readme"
CALL, CODE, EXPRESSION, REHEARSAL = "call", "code", "expression", "rehearsal"


WHERE = "\0"
"""Stands in a message for the payload files and dialects that it is about."""


class Violation(NamedTuple):
    """A problem and the name of its check."""

    problem: Problem
    check: str
    where: str = ""
    """What stands in the place of WHERE."""
    field: str = ""
    """The field of a payload file that it is about, if any."""
    follows: bool = False
    """Whether an example shows it, which another violation of the same field explains."""

    def __str__(self) -> str:
        return f"{self.problem} [{self.check}]"

    @classmethod
    def at(cls, check: str, place: RuleNode | Position, message: str, where: str = "", field: str = "") -> Violation:
        """What a check reports at a place of a rule file."""
        problem = Problem(*(place if isinstance(place, Position) else place.position()), message)
        return cls(problem, check, where, field)

    def data(self) -> dict[str, object]:
        """The same as plain values."""
        place = {"file": self.problem.file, "line": self.problem.line, "column": self.problem.column}
        return {**place, "check": self.check, "message": self.problem.message}
