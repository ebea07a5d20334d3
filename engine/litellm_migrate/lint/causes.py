"""Violations as they are reported: each mistake once, and a cause in the place of all that follows from it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable

from litellm_migrate.lint.violation import WHERE, Violation

MOST = 2
"""How many places of the payloads a message names."""


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
