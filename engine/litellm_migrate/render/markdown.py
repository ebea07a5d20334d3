"""Markdown that stays what it is, whatever the names contain."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence

HARMLESS = {"Zs": " ", "Cs": None, "Cc": None, "Cf": None, "Co": None, "Zl": None, "Zp": None, "Cn": None}


def visible(text: str) -> str:
    """The text on one line; signs that cannot be seen, or change what is seen, become escapes."""
    return text if text.isascii() and text.isprintable() else "".join(escape(sign) for sign in text)


def escape(sign: str) -> str:
    """One sign as it may stand in a report."""
    category = unicodedata.category(sign)
    if sign == " " or category not in HARMLESS:
        return sign
    named = {"\n": "\\n", "\t": "\\t", "\r": "\\r"}
    code = ord(sign)
    return named.get(sign) or (f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}")


def code(text: str) -> str:
    """A name as a code span, also inside a table."""
    shown = visible(text) or " "
    longest = max((len(run) for run in re.findall(r"`+", shown)), default=0)
    fence = "`" * (longest + 1)
    pad = " " if shown.startswith("`") or shown.endswith("`") else ""
    return f"{fence}{pad}{shown}{pad}{fence}".replace("|", "\\|")


def prose(text: str) -> str:
    """A sentence in which nothing is markup."""
    shown = re.sub(r"([\\`*\[\]<>|~&#$])", r"\\\1", visible(text))
    return re.sub(r"(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])", r"\\_", shown)


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """A table of cells that are Markdown already; without rows, the word for nothing."""
    made = [f"| {' | '.join(row)} |" for row in rows]
    if not made:
        return ["Nothing.", ""]
    return [f"| {' | '.join(heads)} |", f"|{'---|' * len(heads)}", *made, ""]
