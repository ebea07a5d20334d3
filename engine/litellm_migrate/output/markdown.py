"""Markdown that stays what it is, whatever the names contain."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

BATCH = 1000
"""So many lines of a document are joined at a time."""
HARMLESS = {"Zs": " ", "Cs": None, "Cc": None, "Cf": None, "Co": None, "Zl": None, "Zp": None, "Cn": None}


WORD = re.compile(r"\w+")
LIKE_LATIN = frozenset("аеорсухіјѕһԁԛԝѵАВЕКМНОРСТУХІЈЅԌαινορυΑΒΕΖΗΙΚΜΝΟΡΤΥΧ")  # noqa: RUF001 - that is the point
"""Letters of other scripts that look like Latin ones."""


def visible(text: str) -> str:
    """The text on one line; signs that cannot be seen, change what is seen, or look like others become escapes."""
    if text.isascii():
        return text if text.isprintable() else "".join(map(escape, text))
    return "".join(map(escape, WORD.sub(unlike, text)))


def unlike(word: re.Match[str]) -> str:
    """A word, in which letters that pass for Latin ones are escapes: among Latin letters, or where all of them do."""
    letters = [sign for sign in word[0] if sign.isalpha()]
    mixed = any(map(str.isascii, letters)) or LIKE_LATIN.issuperset(letters)
    alike = LIKE_LATIN if mixed else frozenset()
    return "".join(numbered(sign) if sign in alike or disguised(sign) else sign for sign in word[0])


def disguised(sign: str) -> bool:
    """Whether a sign is a Latin letter or a digit in other dress, such as a wide or a bold one."""
    return not sign.isascii() and sign.isalpha() and unicodedata.normalize("NFKC", sign).isascii()


def escape(sign: str) -> str:
    """One sign as it may stand in a report."""
    category = unicodedata.category(sign)
    if sign == " " or category not in HARMLESS:
        return sign
    return {"\n": "\\n", "\t": "\\t", "\r": "\\r"}.get(sign) or numbered(sign)


def numbered(sign: str) -> str:
    """A sign by its number."""
    code = ord(sign)
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def code(text: str) -> str:
    """A name as a code span, also inside a table."""
    if text and text.isascii() and text.isprintable() and "`" not in text and "|" not in text:
        return f"`{text}`"  # as almost all are
    shown = visible(text) or " "
    if "`" not in shown and "|" not in shown:
        return f"`{shown}`"
    longest = max((len(run) for run in re.findall(r"`+", shown)), default=0)
    fence = "`" * (longest + 1)
    pad = " " if shown.startswith("`") or shown.endswith("`") else ""
    return f"{fence}{pad}{shown}{pad}{fence}".replace("|", "\\|")


def prose(text: str) -> str:
    """A sentence in which nothing is markup."""
    shown = re.sub(r"([\\`*\[\]<>|~&#$])", r"\\\1", visible(text))
    return re.sub(r"(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])", r"\\_", shown)


def quoting(text: str) -> str:
    """A sentence in which nothing is markup but what it quotes by backticks, which is code."""
    parts = text.split("`")
    if len(parts) % 2 == 0:
        return prose(text)
    return "".join(code(part) if number % 2 else prose(part) for number, part in enumerate(parts))


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """A table of cells that are Markdown already; without rows, the word for nothing."""
    return list(filled(heads, map(line, rows)))


def line(cells: Sequence[str]) -> str:
    """One row of a table."""
    return f"| {' | '.join(cells)} |"


def filled(heads: Sequence[str], lines: Iterable[str]) -> Iterator[str]:
    """A table of rows that are lines already; without rows, the word for nothing."""
    left = iter(lines)
    first = next(left, None)
    if first is None:
        yield "Nothing."
    else:
        yield from [f"| {' | '.join(heads)} |", f"|{'---|' * len(heads)}", first]
        yield from left
    yield ""


def document(lines: Iterable[str]) -> Iterator[str]:
    """Lines as one text, in pieces; it ends with the last line that is not empty."""
    left, space = iter(lines), ""
    while batch := list(islice(left, BATCH)):
        text = space + "\n".join(batch)
        piece = text.rstrip()
        yield piece
        space = text[len(piece) :] + "\n"
    yield "\n"
