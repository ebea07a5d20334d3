"""Files of this program's own making, as they are read again: anybody may have put something else in their place."""

from __future__ import annotations

import json
from collections.abc import Iterator
from math import isfinite
from pathlib import Path as File
from typing import Any, NoReturn

from litellm_migrate.source.model import Json

DEEPEST = 100
"""Levels of JSON that are read."""


class TooDeepError(ValueError):
    """A text is JSON of too many levels."""


def json_value(text: str | bytes) -> Any:
    """The value of a JSON text; raises ValueError for other texts, for numbers without end, and for too many levels."""
    try:
        value: Any = json.loads(text, parse_constant=no_number, parse_float=finite_number)
    except RecursionError:
        raise TooDeepError from None
    level = [value]
    for _ in range(DEEPEST):
        level = [inner for outer in level for inner in below(outer)]
    if level:
        raise TooDeepError
    return value


def no_number(text: str) -> NoReturn:
    """Refuses numbers without end or value, which are no JSON."""
    raise ValueError(text)


def finite_number(text: str) -> float:
    """A number; raises ValueError for one that is too large."""
    number = float(text)
    return number if isfinite(number) else no_number(text)


def below(value: Json) -> Iterator[Json]:
    """What an object or a list holds."""
    yield from value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()


def file_text(file: File, errors: str = "strict") -> str:
    """The text of a file; raises OSError for a pipe or a device, which may never end."""
    if file.exists() and not file.is_file() and not file.is_dir():
        raise OSError(0, "a pipe or a device")
    return file.read_text(encoding="utf-8", errors=errors)
