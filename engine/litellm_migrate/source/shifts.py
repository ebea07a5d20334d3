"""Where the lines of a text inside a file stand in that file."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TypeAlias

from litellm_migrate.source.model import Problem, Problems
from litellm_migrate.source.places import Below, Document, Place, Repeat, Spot

LINE_END = "[\n\x85\u2028\u2029]"
"""What ends a line for PyYAML, and so what its positions count."""

Shift: TypeAlias = "Callable[[Spot], Spot]"
"""From a spot of the text to the spot of the file."""


class Here:
    """A spot of our own making; line and column count from 0."""

    __slots__ = ("column", "line")

    def __init__(self, line: int, column: int) -> None:
        self.line = line
        self.column = column


def further(lines: int, columns: int = 0) -> Shift:
    """The shift of a text that stands so many lines down and columns to the right, unchanged otherwise."""
    return lambda spot: Here(spot.line + lines, spot.column + columns)


def all_at(spot: Spot) -> Shift:
    """The shift of a text whose lines cannot be told: each of them stands where the whole text begins."""
    here = Here(spot.line, spot.column)
    return lambda _: here


def within(shift: Shift, line: int) -> Shift:
    """The shift of the part of a text that begins on one of its lines."""
    return lambda spot: shift(Here(spot.line + line, spot.column))


def block(lines: list[str], spot: Spot, text: str) -> Shift | None:
    """The shift of a text that is written line by line below `spot`, as a block scalar is; None if it is not.

    Compares instead of parsing: wherever the lines stand word for word, behind one indent, the shift is right.
    """
    written = re.split(LINE_END, text.rstrip("\n"))
    filled = next((number for number, line in enumerate(written) if line.strip()), None)
    if filled is None:
        return None
    for start in range(spot.line + 1, spot.line + 4):  # the key, the `|` and its comment may take a line each
        first = lines[start + filled] if start + len(written) <= len(lines) else ""
        indent = len(first) - len(written[filled])
        behind = [line[max(indent, 0) :] for line in lines[start : start + len(written)]]
        if first and not first[: max(indent, 0)].strip() and behind == written:
            return further(start, indent)
    return None


def moved(document: Document, shift: Shift) -> Document:
    """The same document, with the places that its text has in the file."""
    done: dict[int, Below] = {}

    def place(old: Place) -> Place:
        return shift(old[0]), below(old[1])

    def below(old: Below) -> Below:
        if id(old) not in done:  # aliases share their places
            if isinstance(old, dict):
                done[id(old)] = {key: place(one) for key, one in old.items()}
            else:
                done[id(old)] = old and [place(one) for one in old]
        return done[id(old)]

    repeats = tuple(Repeat(one.key, shift(one.lost), shift(one.kept)) for one in document.repeats)
    return document._replace(place=place(document.place), repeats=repeats)


def moved_problems(refused: Problems, shift: Shift) -> Problems:
    """The same problems, at the places that the text has in the file."""
    problems = []
    for one in refused.problems:
        spot = shift(Here(max(one.line - 1, 0), max(one.column - 1, 0)))
        problems.append(Problem(one.file, spot.line + 1, spot.column + 1, one.message))
    return Problems(problems, refused.exit_code)
