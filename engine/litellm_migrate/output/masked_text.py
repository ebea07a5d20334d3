"""The text of a configuration without its secrets: comments, order and layout stay, and lines keep their numbers.

Nothing is searched for that must not be seen. A value is shown if reports show it, if it is a number or a plain word,
or if it refers to a variable; everything else is masked, wherever it stands: in a comment, in a part that nobody reads.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from litellm_migrate.convert.verdicts import MAPPED
from litellm_migrate.output.places import MASKED, Places, refers
from litellm_migrate.output.setting_outcomes import SettingOutcome
from litellm_migrate.source.model import Path, Source, value_at
from litellm_migrate.source.positions import LINE_END
from litellm_migrate.source.redact import Secrets

QUOTED = r"\"(?:[^\"\\]|\\.)*\"|'(?:[^']|'')*'"
LEAD = re.compile(rf"(\s*(?:- +)*)(?:({QUOTED}|[^\s\"'#\[\]{{}},&*!|>%@`-][^\s\"'#\[\]{{}},]*|<<)( *:(?:\s+|$)))?")
"""What a line begins with: space and dashes, and a key."""
BRACKETS = frozenset("[{\"'#")
"""What an unquoted value does not begin with."""
COMMENT = re.compile(r"\s#|$")
"""Where an unquoted value ends."""
PIECE = re.compile(rf"(?<!\S)#.*|({QUOTED})(\s*:)?|[\[\]{{}},\s]+|([^\s\[\]{{}},\"'][^\s\[\]{{}},:]*)(:(?!\S))?|\\?.")
"""What a flow collection or a quoted value is made of."""
SETTING = re.compile(r"(\s*#[#\s]*(?:- +)*[\"']?)([\w.-]+)([\"']?\s*[:=]\s*)(\S.*)")
"""A comment that may be a setting."""
NUMBER = re.compile(
    r"[-+]?[\d.][\d._:]{0,11}(?:[eE][-+]?\d+)?|\d{4}-\d\d-\d\d|[|>][+-]?\d?|[Tt]rue|[Ff]alse|null|\W{0,3}"
)
"""Values that hold no secret: numbers, days, signs."""
WORDS = re.compile(r"(?=.{1,100}\Z)(?:(?:[A-Za-z]{1,20}|[vV]?\d{1,4}|\d{1,6}[A-Za-z]{1,2})(?:[_./:*,() -]+|\Z))+")
"""Values that hold none, unless their setting has the name of one: words, and numbers with a unit."""
ANCHOR = re.compile(r"[&*][\w-]+")
LONGEST_WORD = 200
RANDOM = re.compile(
    r"(?<![A-Za-z0-9])(?:(?=[A-Za-z]*\d)(?=\d*[A-Za-z])[A-Za-z0-9]{8,}|[A-Za-z]{32,}|\d{12,})|://[^\s/@]*@|\?[^\s?]*="
)
"""What a word of a comment or a key may hold that is a secret: letters among digits, too many of either, a user."""


class MaskedText:
    """Masks the lines of one source's files by what its reports show, and by the text of all that was `written`."""

    def __init__(
        self, source: Source, secrets: Secrets, settings: Iterable[SettingOutcome], places: Places, written: str
    ) -> None:
        self._secrets = secrets
        self._names: dict[str, bool] = {}
        """Of a setting's name, whether a secret may stand there."""
        self._visible: dict[str, str] = {}
        """What is shown of a value, by the value."""
        paths: set[Path] = set()
        for setting in settings:
            path = setting.verdict.path
            value = value_at(source.value, path)
            if isinstance(value, str) and value and value not in self._visible:
                random = RANDOM.search(value) and value not in written
                self._show(value, places.text(setting), setting.verdict.outcome == MAPPED and not random)
            paths.add(tuple(key for key in path if isinstance(key, str)))
        self._keys = {key for path in paths for key in path}
        self._secret_texts = dict.fromkeys(places.secret_texts, MASKED)
        longest = sorted(map(re.escape, self._secret_texts), key=len, reverse=True)
        self._secret = re.compile("|".join(longest)) if longest else None

    def lines(self, text: str) -> list[str]:
        """The lines of a file, as positions count them."""
        result, key = [], ""
        known: dict[tuple[str, bool], tuple[str, str]] = {}
        for line in re.split(LINE_END, text.removeprefix("\ufeff").removesuffix("\n")):
            case = line, self._is_secret(key)
            if case not in known:
                known[case] = self._line(line, key)
            masked, last = known[case]
            key = last or key
            result.append(masked)
        return result

    def value(self, text: str, keys: Iterable[str]) -> str:
        """A value as it may be seen, by the keys that it stands below; unchanged if it may."""
        return self._value(text, next(filter(self._is_secret, keys), ""))

    def name(self, text: str) -> str:
        """A key or the name of an anchor as it may be seen."""
        return text if text in self._keys or not self._looks_secret(text) else MASKED

    def comment(self, text: str) -> str:
        """A comment as it may be seen; it stays one."""
        masked = self._comment(text)
        return masked if masked.startswith("#") else f"# {masked}"

    def _show(self, value: str, text: str, mapped: bool) -> None:
        if text and mapped:
            self._visible[value] = text
            if "\n" in value and text == value:  # a block: each of its lines
                self._visible.update((line.strip(), line.strip()) for line in value.splitlines() if line.strip())

    def _is_secret(self, name: str) -> bool:
        if name not in self._names:
            self._names[name] = self._secrets.is_name(name)
        return self._names[name]

    def _refers(self, text: str) -> bool:
        return any(refers(glob, text) for glob in self._secrets.harmless)

    def _line(self, line: str, key: str) -> tuple[str, str]:
        """A line, masked, and the last key on it; `key` is the one before."""
        start = LEAD.match(line)
        lead, name, colon = start.groups(default="") if start else ("", "", "")
        rest = line[len(lead + name + colon) :]
        key = unquoted(name) or key
        begin = f"{lead}{self._key(name)}{colon}"
        comment = COMMENT.search(rest)
        end = comment.start() if comment and rest[:1] not in BRACKETS else 0
        value = rest[:end].rstrip()
        if not self._refers(value):
            value = value.rstrip("],} \t")
        masked = self._value(value, key) if value else MASKED
        if value and (masked != MASKED or not re.search(r"[\[\]{},]|: ", value)):
            return f"{begin}{masked}{rest[len(value) : end]}{self._comment(rest[end:])}", key
        parts = [begin]
        for piece in PIECE.finditer(rest):
            quoted, before_colon, plain, colon = piece.groups()
            if before_colon or colon:
                key = unquoted(quoted or plain)
                parts.append(self._key(quoted or plain) + (before_colon or colon))
            elif quoted or plain:
                parts.append(self._value(piece[0], key))
            else:
                parts.append(self._comment(piece[0]) if piece[0][0] in "#\"'" else piece[0])
        return re.sub(rf"(?:{MASKED} ?)+{MASKED}", MASKED, "".join(parts)), key

    def _key(self, name: str) -> str:
        return name if self.name(unquoted(name)) != MASKED else MASKED

    def _value(self, value: str, key: str) -> str:
        text = unquoted(value)
        if text in self._secret_texts:
            return MASKED
        if text in self._visible:
            return value.replace(text, self._visible[text])
        if self._refers(text):
            return value
        if NUMBER.fullmatch(text) or (WORDS.fullmatch(text) and not self._is_secret(key)):
            return value
        return value if ANCHOR.fullmatch(text) and not self._looks_secret(text) else MASKED

    def _comment(self, comment: str) -> str:
        """A comment: of a setting that may be a secret without its value, else without the words that may be one."""
        if "#" not in comment:
            return MASKED if comment.strip() else comment
        setting = SETTING.match(comment)
        if setting and self._is_secret(setting[2]) and self._value(setting[4].strip(), setting[2]) == MASKED:
            return comment[: setting.start(4)] + MASKED
        if self._secret:
            comment = self._secret.sub(MASKED, comment)
        return re.sub(r"\S+", self._word, self._secrets.keys.replace(comment, lambda _: MASKED))

    def _word(self, word: re.Match[str]) -> str:
        bare = word[0].strip("\"'`,;.()")
        if bare in self._visible:
            return word[0].replace(bare, self._visible[bare])
        return MASKED if len(bare) > LONGEST_WORD or RANDOM.search(bare) else word[0]

    def _looks_secret(self, text: str) -> bool:
        return bool(RANDOM.search(text)) or self._secrets.keys.match(text)


def unquoted(text: str) -> str:
    """A scalar without its quotes and what they escape."""
    if len(text) > 1 and text[0] == text[-1] and text[0] in "\"'":
        return text[1:-1].replace("''", "'") if text[0] == "'" else text[1:-1].replace('\\"', '"')
    return text
