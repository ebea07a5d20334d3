"""A plan and the progress of a run as texts: lines on a pipe, a bar on a terminal."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, TextIO

from litellm_migrate.gateway.change import CONFLICT, UNCHANGED, Change
from litellm_migrate.gateway.journal import CREATE, UPDATE
from litellm_migrate.gateway.names import label
from litellm_migrate.gateway.run import FAILED, Result
from litellm_migrate.source.model import Json

LONGEST = 120
BAR = 30
SIGNS = {CREATE: "+", UPDATE: "~", UNCHANGED: " ", CONFLICT: "!"}


def plan_text(changes: list[Change]) -> str:
    """A plan for people: what changes, field by field, and how much of it there is."""
    counts = plan_counts(changes)
    total = "plan: {create} to create, {update} to update, {unchanged} unchanged".format(**counts)
    total += f", {counts[CONFLICT]} in conflict." if counts[CONFLICT] else "."
    lines = [line for change in changes if change.action != UNCHANGED for line in change_lines(change)]
    return "\n".join([*lines, total])


def change_lines(change: Change) -> Iterator[str]:
    """A change and its differences."""
    yield f"{SIGNS[change.action]} {change.action:8} {label(change.endpoint, change.name)}"
    if change.action == CONFLICT:
        yield "    somebody else made it: rename or remove one of the two, or take it over with --adopt"
    if change.note:
        yield f"    {change.note}"
    for field, old, new in change.differences:
        yield f"    {field}: {short(old)} -> {short(new)}"


def short(value: Json) -> str:
    """A value as one short line; `(none)` where there is none."""
    text = "(none)" if value is None else json.dumps(value, ensure_ascii=True)
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}..."


def plan_counts(changes: list[Change]) -> dict[str, int]:
    """How many changes do what."""
    actions = [change.action for change in changes]
    return {action: actions.count(action) for action in (CREATE, UPDATE, UNCHANGED, CONFLICT)}


def plan_data(changes: list[Change]) -> dict[str, Any]:
    """A plan for programs."""
    return {
        "summary": plan_counts(changes),
        "steps": [
            {
                "endpoint": change.endpoint,
                "name": change.name,
                "action": change.action,
                "id": change.id,
                "changes": [difference._asdict() for difference in change.differences],
            }
            for change in changes
        ],
    }


def result_line(result: Result) -> str:
    """What became of one entity or document."""
    return f"{result.result:10} {label(result.endpoint, result.name)}{f': {result.note}' if result.note else ''}"


class Progress:
    """Shows what became of each change: a line, or on a terminal a bar and only what needs to be read."""

    def __init__(self, total: int, stream: TextIO) -> None:
        self.total = total
        self.stream = stream
        self.count = 0
        self.live = stream.isatty()

    def show(self, result: Result) -> None:
        """One change is through."""
        self.count += 1
        if not self.live:
            self._print(result_line(result))
            return
        name = label(result.endpoint, result.name)
        if result.result == FAILED or result.note:
            self._print(f"\r\033[K{name}: {result.note}")
        full = BAR * self.count // max(1, self.total)
        end = "\n" if self.count == self.total else ""
        self._print(f"\r\033[K[{'#' * full}{'.' * (BAR - full)}] {self.count}/{self.total} {name[:40]}", end)

    def _print(self, text: str, end: str = "\n") -> None:
        """A text on the stream, if anybody still reads it."""
        try:
            print(text, end=end, file=self.stream, flush=True)
        except BrokenPipeError:
            self.live = False
