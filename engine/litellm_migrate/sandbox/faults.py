"""Failures that a sandbox was told to have."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from litellm_migrate.sandbox.answers import HALF, PAGE
from litellm_migrate.source.model import Problem, Problems

KINDS = ("reset", "lost", "slow", "truncated", "page", EXPIRED := "expired")
"""Hang up before the work is done, or after it; answer late; break off; answer HTML; forget all tokens."""
WRITTEN = re.compile(rf"(?P<kind>[1-5]\d\d|{'|'.join(KINDS)})(?:@(?P<first>[1-9]\d*))?(?:x(?P<times>\d+))?\Z", re.A)
WIRES = {"truncated": HALF, "page": PAGE}
SLOW = 5.0


@dataclass
class Fault:
    """A programmed failure: `after` requests pass, then `times` fail; `kind` is a status or a word of KINDS."""

    kind: str
    after: int = 0
    times: int = 1
    headers: Mapping[str, str] = field(default_factory=dict)
    wait: float | None = None
    """When to try again, as the answer says; how late a slow answer is."""


@dataclass
class Faults:
    """Those that are still to come."""

    waiting: list[Fault] = field(default_factory=list)

    def due(self) -> Fault | None:
        """The failure of the request that has just arrived."""
        found = next((fault for fault in self.waiting if fault.after == 0), None)
        for fault in self.waiting:
            fault.after = max(0, fault.after - 1)
        if found:
            found.times -= 1
        self.waiting = [fault for fault in self.waiting if fault.times > 0]
        return found


def fault_of(text: str) -> Fault:
    """A failure as it is written on a command line: `503@4x2` fails the 4th and 5th request."""
    written = WRITTEN.match(text)
    if not written:
        kinds = f"a status or one of {', '.join(KINDS)}"
        message = f"expected KIND, KIND@N or KIND@NxTIMES, where KIND is {kinds}. Write for example 503@4x2."
        raise Problems([Problem("--fail", 0, 0, message)], 2)
    return Fault(written["kind"], int(written["first"] or 1) - 1, int(written["times"] or 1))
