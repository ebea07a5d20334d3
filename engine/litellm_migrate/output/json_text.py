"""Values as JSON text: payload files, which are exactly the request bodies, and the reports for programs."""

from __future__ import annotations

import json
from decimal import Decimal

import orjson


class Deferred:
    """An object that becomes a plain value when it is written, so that of many only one is in memory at a time."""

    __slots__ = ()

    def plain(self) -> dict[str, object]:
        """What is written."""
        raise NotImplementedError


def render_json(value: object) -> str:
    """A value as JSON with two spaces of indent and a newline at the end; decimals with all their digits."""
    try:
        return orjson.dumps(value, exact, orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE).decode()
    except TypeError:  # numbers of more than 64 bits, keys that are no texts, half a surrogate pair
        return json.dumps(value, indent=2, ensure_ascii=False, default=rounded) + "\n"


def exact(value: object) -> orjson.Fragment | dict[str, object]:
    """A decimal with the digits that it has, which a double may not hold; what is deferred."""
    if isinstance(value, Decimal):
        return orjson.Fragment(f"{value:f}")
    if isinstance(value, Deferred):
        return value.plain()
    raise TypeError


def rounded(value: Decimal | Deferred) -> float | dict[str, object]:
    """A decimal as a double; what is deferred."""
    return value.plain() if isinstance(value, Deferred) else float(value)
