"""Conversions of any value: what sort it is, what is in it, and what it refuses to be."""

from __future__ import annotations

from contextlib import suppress
from datetime import date
from decimal import Decimal
from typing import Any

from litellm_migrate.source.model import key_text


class Refused(Exception):  # noqa: N818 - an answer, not an error
    """A conversion cannot use the value; the text says what it expects."""


def text(value: Any) -> str:
    """A text."""
    if not isinstance(value, str):
        raise Refused("a text")
    return value


def words(value: Any) -> str:
    """Any scalar as the text that a program would make of it.

    Example: words(5) == '5'
    """
    if isinstance(value, (dict, list)):
        raise Refused("a single value")
    return str(value)


def texts(value: Any) -> list[str]:
    """A list of texts, none of them empty.

    Example: length(texts(`["a", "b"]`)) == 2
    """
    if not isinstance(value, list) or not all(isinstance(item, str) and item for item in value):
        raise Refused("a list of texts")
    return value


def flag(value: Any) -> bool:
    """True or false."""
    if not isinstance(value, bool):
        raise Refused("true or false")
    return value


def present(value: Any) -> Any:
    """The value, unless it is an empty text.

    Example: present('') == null
    """
    return None if value == "" else value


def length(value: Any) -> int:
    """How long a text, list or mapping is.

    Example: length('four') == 4
    """
    if not isinstance(value, (str, list, dict)):
        raise Refused("a text or a list")
    return len(value)


def keys(value: Any) -> list[str] | None:
    """The keys of a mapping as texts; null for anything else.

    Example: join(', ', keys(`{"a": 1, "b": 2}`)) == 'a, b'
    """
    return [key_text(key) for key in value] if isinstance(value, dict) else None


def only(value: Any) -> Any:
    """The single value of a mapping or a list; null if there is not exactly one.

    Example: only(`[7]`) == 7
    """
    values = list(value.values()) if isinstance(value, dict) else value if isinstance(value, list) else []
    return values[0] if len(values) == 1 else None


def contains(value: Any, part: Any) -> bool:
    """Whether a text or list holds a part.

    Example: contains('gpt-4o-mini', 'mini') == true
    """
    return part in value if isinstance(value, list) else isinstance(value, str) and text(part) in value


def dig(value: Any, place: str) -> Any:
    """What lies at a dotted place inside a value, the items of lists by number; null if nothing does.

    Example: dig(`{"a": [{"b": 5}]}`, 'a.0.b') == 5
    """
    for step in text(place).split("."):
        inside = value if isinstance(value, dict) else dict(enumerate(value)) if isinstance(value, list) else {}
        value = inside.get(int(step) if isinstance(value, list) and step.isdecimal() else step)
    return value


def intersection(values: Any, others: Any) -> list[Any]:
    """The items of a list that another one holds, too; a list of none is a list.

    Example: length(intersection(`["a", "b"]`, `["b", "c"]`)) == 1
    """
    common = frozenset(sequence(others))
    return [item for item in sequence(values) if item in common]


def merged(values: Any, others: Any) -> list[Any]:
    """The items of two lists, each once.

    Example: length(merged(`["a", "b"]`, `["b", "c"]`)) == 3
    """
    return list(dict.fromkeys([*sequence(values), *sequence(others)]))


def without(values: Any, others: Any) -> list[Any]:
    """The items of a list that another one does not hold.

    Example: join(', ', without(`["a", "b"]`, `["b", "c"]`)) == 'a'
    """
    left_out = frozenset(sequence(others))
    return [item for item in sequence(values) if item not in left_out]


def sequence(value: Any) -> list[Any]:
    """A list of single values."""
    if isinstance(value, list):
        with suppress(TypeError):
            hash((*value,))  # which lists and mappings have not
            return value
    raise Refused("a list of single values")


def abridged(values: Any, most: Any) -> str | None:
    """The first texts of a list joined, and how many more there are; null if there are none.

    Example: abridged(`["a", "b", "c"]`, 2) == 'a, b and 1 more'
    """
    if not isinstance(most, int) or most < 0:
        raise Refused("a whole number")
    parts = list(map(item_text, values if isinstance(values, list) else [values]))
    more = f" and {len(parts) - most} more" if len(parts) > most else ""
    return ", ".join(parts[:most]) + more if parts else None


def join(separator: str, value: Any) -> str:
    """The items of a list, or one text, as one text; of lists and mappings, which may hold secrets, only the type.

    Example: join(' then ', `["a", "b"]`) == 'a then b'
    """
    items = value if isinstance(value, list) else [value]
    return text(separator).join(item_text(item) for item in items)


def item_text(value: Any) -> str:
    """A single value as text, anything else by its type."""
    simple = value is None or isinstance(value, (str, int, float, date))
    return key_text(value) if simple else f"a {kind_of(value)}"


def is_kind(word: str, value: Any) -> bool:
    """Whether a value is of a kind."""
    return kind_of(value) == word


def kind_of(value: Any) -> str:
    """What kind of value it is: text, number, flag, list or mapping.

    Example: type('four') == 'text'
    """
    for types, word in KINDS:
        if isinstance(value, types):
            return word
    return "nothing" if value is None else type(value).__name__


KINDS: tuple[tuple[Any, str], ...] = (
    (bool, "flag"),
    (str, "text"),
    ((int, float, Decimal), "number"),
    (list, "list"),
    (dict, "mapping"),
)
