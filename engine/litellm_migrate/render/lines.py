"""Lines that wait for their place in a report."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from typing import IO

MOST = 4096
"""So many lines of one section are kept in memory."""


class Lines:
    """Lines in the order in which they came; where they are many, most of them wait in a file that has no name."""

    __slots__ = ("_file", "_last")

    def __init__(self) -> None:
        self._last: list[str] = []
        self._file: IO[str] | None = None

    def append(self, line: str) -> None:
        """Takes one line, in which no line ends."""
        self._last.append(line)
        if len(self._last) == MOST:
            self._put_away()

    def _put_away(self) -> None:
        if self._file is None:
            try:
                self._file = tempfile.TemporaryFile("w+", encoding="utf-8", newline="\n")  # noqa: SIM115
            except OSError:  # nowhere to wait but here
                return
        self._file.write("\n".join([*self._last, ""]))
        self._last.clear()

    def __del__(self) -> None:
        if self._file:
            self._file.close()

    def __iter__(self) -> Iterator[str]:
        if self._file:
            self._file.seek(0)
            yield from (line[:-1] for line in self._file)
        yield from self._last

    def __bool__(self) -> bool:
        return bool(self._last or self._file)
