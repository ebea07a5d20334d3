"""What a plan says and how far a run is: lines on a pipe, a bar on a terminal."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from typing import Any, TextIO

from litellm_migrate.gateway.apply import FAILED, Outcome
from litellm_migrate.gateway.journal import CREATE, UPDATE
from litellm_migrate.gateway.names import label
from litellm_migrate.gateway.plan import CONFLICT, UNCHANGED, Step

LONGEST = 120
BAR = 30
SIGNS = {CREATE: "+", UPDATE: "~", UNCHANGED: " ", CONFLICT: "!"}


def plan_text(steps: list[Step]) -> str:
    """A plan for people: what changes, field by field, and how much of it there is."""
    return "\n".join([*(line for step in steps for line in step_lines(step)), counted(steps)])


def step_lines(step: Step) -> Iterator[str]:
    """A step that does something, and its differences."""
    if step.action == UNCHANGED:
        return
    yield f"{SIGNS[step.action]} {step.action:8} {label(step.call, step.name)}"
    if step.action == CONFLICT:
        yield "    somebody else made it: rename or remove one of the two, or take it over with --adopt"
    if step.note:
        yield f"    {step.note}"
    for change in step.changes:
        yield f"    {change.field}: {value(change.old)} -> {value(change.new)}"


def value(found: Any) -> str:
    """A value as one short line; `(none)` where there is none."""
    text = "(none)" if found is None else json.dumps(found, ensure_ascii=True)
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}..."


def counted(steps: list[Step]) -> str:
    """How many steps do what."""
    counts = plan_counts(steps)
    text = "plan: {create} to create, {update} to update, {unchanged} unchanged".format(**counts)
    return f"{text}, {counts[CONFLICT]} in conflict." if counts[CONFLICT] else f"{text}."


def plan_counts(steps: list[Step]) -> dict[str, int]:
    """How many steps do what."""
    counts = Counter(step.action for step in steps)
    return {action: counts[action] for action in (CREATE, UPDATE, UNCHANGED, CONFLICT)}


def plan_data(steps: list[Step]) -> dict[str, Any]:
    """A plan for programs."""
    return {
        "summary": plan_counts(steps),
        "steps": [
            {
                "endpoint": step.call.id,
                "name": step.name,
                "action": step.action,
                "id": step.id,
                "changes": [{"field": one.field, "old": one.old, "new": one.new} for one in step.changes],
            }
            for step in steps
        ],
    }


class Progress:
    """Shows what became of each step: a line, or on a terminal a bar and only what needs to be read."""

    def __init__(self, total: int, stream: TextIO) -> None:
        self.total = total
        self.stream = stream
        self.done = 0
        self.live = stream.isatty()

    def show(self, outcome: Outcome) -> None:
        """One step is through."""
        self.done += 1
        what = label(outcome.step.call, outcome.step.name)
        if not self.live:
            self.say(f"{outcome.result:10} {what}{f': {outcome.said}' if outcome.said else ''}")
            return
        if outcome.result == FAILED or outcome.said:
            self.say(f"\r\033[K{what}: {outcome.said}")
        full = BAR * self.done // max(1, self.total)
        end = "\n" if self.done == self.total else ""
        self.say(f"\r\033[K[{'#' * full}{'.' * (BAR - full)}] {self.done}/{self.total} {what[:40]}", end)

    def say(self, text: str, end: str = "\n") -> None:
        """A text on the stream, if anybody still reads it."""
        try:
            print(text, end=end, file=self.stream, flush=True)
        except BrokenPipeError:
            self.live = False
