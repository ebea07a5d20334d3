"""Markdown in which names and sentences stay what they are, whatever they contain."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence

HIDDEN = frozenset(["Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp", "Zs"])
"""Unicode categories of signs that cannot be seen, or that look like a space."""
WORD = re.compile(r"\w+")
LIKE_LATIN = frozenset("аеорсухіјѕһԁԛԝѵАВЕКМНОРСТУХІЈЅԌαινορυΑΒΕΖΗΙΚΜΝΟΡΤΥΧ")  # noqa: RUF001 - that is the point
"""Letters of other scripts that look like Latin ones."""


def visible(text: str) -> str:
    """The text on one line; signs that cannot be seen, change what is seen, or look like others become escapes."""
    if text.isascii():
        return text if text.isprintable() else "".join(map(escape_hidden, text))
    return "".join(map(escape_hidden, WORD.sub(escape_lookalikes, text)))


def escape_lookalikes(word: re.Match[str]) -> str:
    """A word, in which letters that pass for Latin ones are escapes: among Latin letters, or where all of them do."""
    letters = [sign for sign in word[0] if sign.isalpha()]
    confusing = any(map(str.isascii, letters)) or LIKE_LATIN.issuperset(letters)
    alike = LIKE_LATIN if confusing else frozenset()
    return "".join(numeric_escape(sign) if sign in alike or is_styled_latin(sign) else sign for sign in word[0])


def is_styled_latin(sign: str) -> bool:
    """Whether a sign is a Latin letter in another style, such as a wide or a bold one."""
    return not sign.isascii() and sign.isalpha() and unicodedata.normalize("NFKC", sign).isascii()


def escape_hidden(sign: str) -> str:
    """A sign; its escape if it cannot be seen."""
    if sign == " " or unicodedata.category(sign) not in HIDDEN:
        return sign
    return {"\n": "\\n", "\t": "\\t", "\r": "\\r"}.get(sign) or numeric_escape(sign)


def numeric_escape(sign: str) -> str:
    """A sign as the escape with its number, in four or eight hexadecimal digits."""
    number = ord(sign)
    return f"\\u{number:04x}" if number < 0x10000 else f"\\U{number:08x}"


def code(text: str) -> str:
    """A name as a code span, also inside a table; a space where the text is empty."""
    if text and text.isascii() and text.isprintable() and "`" not in text and "|" not in text:
        return f"`{text}`"  # as almost all are
    text = visible(text) or " "
    if "`" not in text and "|" not in text:
        return f"`{text}`"
    longest = max((len(run) for run in re.findall(r"`+", text)), default=0)
    fence = "`" * (longest + 1)
    pad = " " if text.startswith("`") or text.endswith("`") else ""
    return f"{fence}{pad}{text}{pad}{fence}".replace("|", "\\|")


def prose(text: str) -> str:
    """A sentence in which nothing is markup."""
    escaped = re.sub(r"([\\`*\[\]<>|~&#$])", r"\\\1", visible(text))
    return re.sub(r"(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])", r"\\_", escaped)


def quoting(text: str) -> str:
    """A sentence in which nothing is markup but what it quotes by backticks, which is code."""
    parts = text.split("`")
    if len(parts) % 2 == 0:
        return prose(text)
    return "".join(code(part) if number % 2 else prose(part) for number, part in enumerate(parts))


def percent(share: float) -> str:
    """A share for people: `33.33 %`."""
    return f"{share * 100:.4g} %"


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """The lines of a table of cells that are Markdown already; without rows, `Nothing.`."""
    return table_of_lines(heads, [f"| {' | '.join(cells)} |" for cells in rows])


def table_of_lines(heads: Sequence[str], lines: Sequence[str]) -> list[str]:
    """As `table`, of rows that are lines already."""
    return [f"| {' | '.join(heads)} |", f"|{'---|' * len(heads)}", *lines, ""] if lines else ["Nothing.", ""]


def document(lines: Iterable[str]) -> str:
    """Lines as one text that ends with the last line that is not empty."""
    return "\n".join(lines).rstrip() + "\n"
