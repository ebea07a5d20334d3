"""Lines that wait for their place in a report."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from typing import IO

MOST = 4096
"""So many lines of one section are kept in memory."""
BLOCK = 1 << 20
"""So many bytes are read at once."""


class Lines:
    """Lines in the order in which they came; where they are many, most of them wait in a file that has no name."""

    __slots__ = ("_end", "_file", "_last")

    def __init__(self) -> None:
        self._last: list[str] = []
        self._file: IO[bytes] | None = None
        self._end = 0

    def append(self, line: str) -> None:
        """Takes one line, in which no line ends."""
        self._last.append(line)
        if len(self._last) == MOST:
            self._put_away()

    def _put_away(self) -> None:
        waiting = "\n".join([*self._last, ""]).encode("utf-8", "surrogatepass")
        try:
            self._file = self._file or tempfile.TemporaryFile(buffering=0)  # noqa: SIM115
            self._file.seek(self._end)
            whole = self._file.write(waiting) == len(waiting)
        except OSError:  # nowhere to wait but here
            return
        if whole:
            self._end += len(waiting)
            self._last.clear()

    def __del__(self) -> None:
        if self._file:
            self._file.close()

    def __iter__(self) -> Iterator[str]:
        yield from self._put()
        yield from self._last

    def _put(self) -> Iterator[str]:
        at, rest = 0, b""
        while self._file and at < self._end:
            self._file.seek(at)
            read = rest + self._file.read(min(BLOCK, self._end - at))
            at += len(read) - len(rest)
            ends = read.rfind(b"\n") + 1
            yield from read[:ends].decode("utf-8", "surrogatepass").split("\n")[:-1]
            rest = read[ends:]

    def __bool__(self) -> bool:
        return bool(self._last or self._end)
