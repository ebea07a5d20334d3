"""The progress of a run as text: lines on a pipe, a bar on a terminal."""

from __future__ import annotations

from typing import TextIO

from litellm_migrate.gateway.names import label
from litellm_migrate.gateway.run import FAILED, Result

BAR = 30


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
