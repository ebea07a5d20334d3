"""What `check-rules` reports: problems in rule files, each mistake once, and a cause in the place of what follows."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from typing import NamedTuple

from litellm_migrate.rulebook.nodes import RuleNode
from litellm_migrate.source.model import Position, Problem

LOAD, EXAMPLE, COVERAGE = "load", "example", "coverage"
UNIVERSE, DISPOSITION, REASON = "universe", "disposition", "reason"
TARGET, VALUE, TABLE, UNUSED, README = "target", "value", "table", "unused", "readme"
CALL, CODE, EXPRESSION, REHEARSAL = "call", "code", "expression", "rehearsal"


WHERE = "\0"
"""Stands in a message for the payload files and dialects that it is about."""
MOST = 2
"""How many places of the payloads a message names."""


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


def causes(violations: Iterable[Violation]) -> list[Violation]:
    """Violations sorted by place: those that differ in payload file or dialect only are one.

    What an example shows of a field is counted by the violation that says why, if there is one.
    """
    alike: dict[Violation, list[Violation]] = defaultdict(list)
    for violation in violations:
        field = violation.field if violation.follows else ""
        alike[violation._replace(where="", field=field)].append(violation)
    explained = {cause.field for key, same in alike.items() if not key.follows for cause in same if cause.field}
    effects = Counter(key.field for key in alike if key.follows and key.field in explained)
    results: list[Violation] = []
    for key, same in sorted(alike.items()):
        count = 0 if key.follows else sum(effects.pop(field, 0) for field in {cause.field for cause in same})
        if not key.follows or key.field not in explained:
            results.append(
                finished(key._replace(where=listing(sorted({violation.where for violation in same}))), count)
            )
    return sorted(results)


def finished(violation: Violation, effects: int) -> Violation:
    """A violation with the places and the number of its effects in its message."""
    message = violation.problem.message.replace(WHERE, violation.where)
    more = f" (And {effects} more that follow from this.)" if effects else ""
    return Violation(violation.problem._replace(message=message + more), violation.check)


def listing(where: list[str]) -> str:
    """Some places of the payloads: the first, and how many more."""
    more = len(where) - MOST
    return " and ".join(where) if more <= 0 else f"{', '.join(where[:MOST])} and {more} more"
