"""The progress of a run, and what came of it, as text: lines on a pipe, a bar with times on a terminal."""

from __future__ import annotations

import shutil
import threading
import time
from typing import TextIO

from litellm_migrate.gateway.names import label
from litellm_migrate.gateway.run import FAILED, REFUSED, SKIPPED, GatewayRun, Result

BAR, SHORTEST_WAIT = 20, 1.0
AGAIN = 5.0
"""Seconds after which the same wait is told again."""
CLEAR = "\r\033[K"
MOST_LEFT = 20
"""So many entities that are not as they should be are named again at the end."""


def result_line(result: Result) -> str:
    """What became of one entity or document."""
    return f"{result.result:10} {label(result.endpoint, result.name)}{f': {result.note}' if result.note else ''}"


def run_text(run: GatewayRun, verdict: str, seconds: float) -> str:
    """The numbers of a run, and below them what is not as it should be, and why."""
    counts = ", ".join(f"{count} {name}" for name, count in run.counts().items() if count)
    left = [result for result in run.results if result.result in {FAILED, REFUSED, SKIPPED}]
    lines = [f"  {result_line(result)}" for result in left[:MOST_LEFT]]
    lines += [f"  ... and {len(left) - MOST_LEFT} more"] if len(left) > MOST_LEFT else []
    return "\n".join([f"{verdict}: {counts or 'nothing to do'} ({duration(seconds)}).", *lines])


def duration(seconds: float) -> str:
    """A time for people: `0.4 s`, `1:05`."""
    return f"{seconds:.1f} s" if seconds < 10 else f"{int(seconds) // 60}:{int(seconds) % 60:02}"


class Progress:
    """Shows what became of each change: a line, or on a terminal a bar and only what needs to be read.

    It is closed by leaving it as a context manager: the bar's line then ends.
    """

    def __init__(self, stream: TextIO) -> None:
        self.total = 0
        self.stream = stream
        self.count = 0
        self.live = stream.isatty()
        self.start = time.monotonic()
        self._open = False
        self._told: dict[str, float] = {}
        """When each wait was last told."""
        self._lock = threading.Lock()

    def __enter__(self) -> Progress:
        return self

    def __exit__(self, *_: object) -> None:
        with self._lock:
            if self._open:
                self._print("")

    def begin(self, total: int) -> None:
        """So many changes are about to be made."""
        self.total, self.start = total, time.monotonic()

    @property
    def seconds(self) -> float:
        """The time since the beginning."""
        return time.monotonic() - self.start

    def show(self, result: Result) -> None:
        """One change is through."""
        with self._lock:
            self.count += 1
            if not self.live:
                self._print(result_line(result))
                return
            if result.result == FAILED or result.note:
                self._print(f"{CLEAR}{result_line(result)}")
            self._print(f"{CLEAR}{self._bar(label(result.endpoint, result.name))}", end="")
            self._open = True

    def wait(self, text: str) -> None:
        """Something is waited for; calls that wait side by side for the same are told once."""
        what, _, why = text.rpartition(" from ")[0].partition(" in ")
        cause = f"{what}{why.partition(':')[2]}"
        with self._lock:
            now = time.monotonic()
            if now - self._told.get(cause, -AGAIN) >= AGAIN:
                self._print(f"{CLEAR if self._open else ''}{text}")
                self._told[cause] = now

    def _bar(self, name: str) -> str:
        """A line no longer than the terminal: `[####....] 12/30 0:40, 1:00 left  models a`."""
        full = BAR * self.count // max(1, self.total)
        left = self.seconds / self.count * (self.total - self.count)
        times = duration(self.seconds) + (f", {duration(left)} left" if left >= SHORTEST_WAIT else "")
        text = f"[{'#' * full}{'.' * (BAR - full)}] {self.count}/{self.total} {times}  {name}"
        return text[: shutil.get_terminal_size().columns - 1]

    def _print(self, text: str, end: str = "\n") -> None:
        """A text on the stream, if anybody still reads it."""
        try:
            print(text, end=end, file=self.stream, flush=True)
        except BrokenPipeError:
            self.live = False
