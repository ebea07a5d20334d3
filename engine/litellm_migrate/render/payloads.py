"""Payload files as text: exactly the request bodies, in a stable order."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import orjson


def render_json(value: Any) -> str:
    """A plain value as JSON with two spaces of indent and a newline at the end; decimals with all their digits."""
    try:
        return orjson.dumps(value, exact, orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE).decode()
    except TypeError:  # numbers of more than 64 bits, keys that are no texts, half a surrogate pair
        return json.dumps(value, indent=2, ensure_ascii=False, default=float) + "\n"


def exact(value: Any) -> orjson.Fragment:
    """A decimal that no double holds exactly, as it is."""
    if isinstance(value, Decimal):
        return orjson.Fragment(f"{value:f}")
    raise TypeError
