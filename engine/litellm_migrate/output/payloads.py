"""Payload files as text: exactly the request bodies, in a stable order."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from decimal import Decimal
from itertools import islice
from typing import Any, TypeVar

import orjson

FEW = 256
"""So many items of a long list are made at a time."""
Thing = TypeVar("Thing")


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


def render_members(members: Iterable[tuple[str, Any]]) -> Iterator[str]:
    """The text that `render_json` makes of a mapping, in pieces; a function stands for a list, and makes its items."""
    before = "{"
    for name, value in members:
        if callable(value):
            yield before + render_json({name: []})[1:-4]
            yield from render_items(value())
        else:
            yield before + render_json({name: value})[1:-3]  # without the braces
        before = ","
    yield "\n}\n"


def render_items(texts: Iterable[str]) -> Iterator[str]:
    """What follows the bracket that opens a list, which is a member of a mapping."""
    before = "\n"
    for text in texts:
        yield before + text
        before = ",\n"
    yield "]" if before == "\n" else "\n  ]"


def item_texts(items: Iterable[Any]) -> Iterator[str]:
    """Texts of a few items each, as they stand in a list that is a member of a mapping."""
    for few in batches(items):
        yield render_json([few])[len("[\n  [\n") : -len("\n  ]\n]\n")]


def batches(things: Iterable[Thing]) -> Iterator[list[Thing]]:
    """Things, a few at a time."""
    left = iter(things)
    while few := list(islice(left, FEW)):
        yield few
