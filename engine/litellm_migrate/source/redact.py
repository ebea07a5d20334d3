"""Secrets of a configuration: where they may stand, what they look like, and what every output shows instead.

A text that looks like a key, and stands where no key belongs, is replaced in the whole document before anything is made
of it. A text at a place for secrets stays: no payload holds it (`leaks` proves that), only the name of a variable.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from fnmatch import fnmatchcase
from functools import cache
from typing import NamedTuple

from litellm_migrate.source.model import Mark, Notice, Path, Problem, Problems, Source, Yaml, key_text, value_at

MASK = "***"
"""What stands for a secret where nothing better does."""
SHORTEST = 4
"""Characters of the shortest secret; shorter texts occur by chance in others."""

KEY = "key"
"""The named group of a pattern that is the key itself, where that is not all that it matches."""

PLAIN = r"(?a)(?:[\w:/=\" -]|\\\W)*(?![?*+{])"
"""The characters at the beginning of a pattern that stand for themselves."""

BRANCH = r"\||\(\?\w+\)"
"""What makes a pattern match other beginnings: alternatives, and flags."""


def beginning(pattern: str) -> str:
    """What every match of a pattern begins with; empty where that is not a plain text. `sk-[a-z]+` gives `sk-`."""
    plain = re.match(PLAIN, pattern)
    return re.sub(r"\\(\W)", r"\1", plain[0]) if plain and not re.search(BRANCH, pattern) else ""


@cache
def compiled(pattern: str) -> re.Pattern[str]:
    """The compiled pattern; patterns are compiled when a text may match, for a run needs few of them."""
    return re.compile(pattern)


class KeyPatterns:
    """Patterns of what keys look like; one whose beginning a text lacks is not even compiled."""

    def __init__(self, patterns: Iterable[str] = ()) -> None:
        self._patterns = tuple((beginning(pattern), pattern) for pattern in patterns)

    def match(self, text: str) -> bool:
        """Whether a text holds a key."""
        return next(self.spans(text), None) is not None

    def spans(self, text: str) -> Iterator[tuple[int, int]]:
        """Where the keys in a text begin and end."""
        for start, pattern in self._patterns:
            for match in compiled(pattern).finditer(text) if start in text else ():
                first = match.start()
                if not (first and text[first].isalnum() and text[first - 1].isalnum()):  # the end of a longer word
                    yield match.span(KEY if KEY in match.re.groupindex else 0)

    def replace(self, text: str, replacement: Callable[[str], str] = lambda _key: MASK) -> str:
        """The text with the replacement of each key in its place."""
        end, parts = 0, []
        for start, stop in sorted(self.spans(text)):
            if start >= end:
                parts += [text[end:start], replacement(text[start:stop])]
                end = stop
        return "".join([*parts, text[end:]])


class Mask(NamedTuple):
    """What stands in the place of a key, and what the report says about it."""

    name: str
    """Its field `{number}` tells one key from another."""
    because: str
    """Its field `{name}` is the mask."""
    do: str

    def numbered(self, number: int) -> str:
        """The mask with a number."""
        return self.name.format(number=number)

    def stands_in(self, text: str) -> bool:
        """Whether the mask of some key is in a text."""
        before, _, after = self.name.partition("{number}")
        return before in text and bool(re.search(rf"{re.escape(before)}\d+{re.escape(after)}", text))


class Secrets:
    """What the rules say about secrets: places where they belong, values that are none, and what keys look like."""

    def __init__(
        self,
        patterns: Iterable[tuple[str, ...]],
        harmless: Iterable[str],
        keys: KeyPatterns,
        mask: Mask | None = None,
        public: Iterable[tuple[str, ...]] = (),
    ) -> None:
        self.patterns = tuple(patterns)
        """Paths whose value, and all below, may be a secret; each step is a name or a glob."""
        self.public = tuple(public)
        """Paths among them whose value is none."""
        self.harmless = tuple(harmless)
        """Globs of values that only say where to find a secret, such as references to variables."""
        self.keys = keys
        self.mask = mask
        """None if the rules do not say what keys look like."""
        self._places: dict[Path, bool] = {}

    def is_place(self, path: Path) -> bool:
        """Whether a secret may stand at a path."""
        alike = tuple(0 if isinstance(key, int) else key for key in path)  # no pattern names an item of a list
        if alike not in self._places:
            names = [key_text(key) for key in path]
            secret, public = (
                any(_covers(pattern, names) for pattern in group) for group in (self.patterns, self.public)
            )
            self._places[alike] = secret and not public
        return self._places[alike]

    def is_name(self, name: str) -> bool:
        """Whether a setting of this name may hold a secret at one of the places."""
        return any(pattern[-1] != "*" and fnmatchcase(name.lower(), pattern[-1]) for pattern in self.patterns)

    def secret_at(self, source: Source, path: Path) -> str | None:
        """The secret text at a path; None if none is there, or only a reference to one."""
        text = value_at(source.value, path)
        if not isinstance(text, str) or len(text) < SHORTEST or not self.is_place(path):
            return None
        return None if any(fnmatchcase(text, glob) for glob in self.harmless) else text

    def exposes(self, source: Source, path: Path) -> bool:
        """Whether a key is written out at a path, where one belongs or not; there its mask stands by now."""
        if self.is_place(path):
            return self.keys.match(self.secret_at(source, path) or "")
        text = value_at(source.value, path)
        return self.mask is not None and isinstance(text, str) and self.mask.stands_in(text)

    def texts(self, source: Source, paths: Iterable[Path]) -> set[str]:
        """Every secret text at some paths."""
        return {text for path in paths if (text := self.secret_at(source, path))}

    def belongs(self, path: Path, text: str) -> bool:
        """Whether a text stands at a place for secrets and is one, or a reference to one; not a key in a reference."""
        if not self.is_place(path):
            return False
        return self.refers(text) or not any(fnmatchcase(text, glob) for glob in self.harmless)

    def refers(self, text: str) -> bool:
        """Whether a text only says where a secret is to be found; one with a key in the place of the name does not."""
        prefixes = {len(glob.partition("*")[0]) for glob in self.harmless if fnmatchcase(text, glob)}
        return bool(prefixes) and not any(start in prefixes for start, _ in self.keys.spans(text))

    def redact(self, source: Source) -> Source:
        """The source with a mask for each text that looks like a key where none belongs, and a notice of each."""
        holder = source.marks[()].local  # of a configuration that stands inside something else
        texts = {*_texts(source.value), *(step for step in holder if isinstance(step, str))}
        sentences = [notice.because + notice.do for notice in source.notices]
        if self.mask is None or not (self.keys.match("\n".join(texts)) or any(map(self.keys.match, sentences))):
            return source
        masks = _Masks(self, self.mask, texts)
        value = masks.value(source.value, ())
        for step in holder:
            masks.key(step, ())
        notices = [self._redact_notice(notice) for notice in source.notices]
        for name, path in masks.places.items():
            because = self.mask.because.format(name=name)
            notices.append(Notice("looks-like-key", source.at(path), because, self.mask.do))
        marks = source.marks
        if masks.keys:
            marks = {masks.path(path): Mark(mark.at, masks.path(mark.local)) for path, mark in marks.items()}
        return source._replace(value=value, marks=marks, notices=tuple(notices))

    def redact_value(self, value: Yaml) -> Yaml:
        """A whole configuration without what looks like a key where none belongs."""
        return _Masks(self, self.mask, _texts(value)).value(value, ()) if self.mask else value

    def redact_problems(self, problems: Problems) -> Problems:
        """The problems without keys in their messages."""
        redacted = [problem._replace(message=self.keys.replace(problem.message)) for problem in problems.problems]
        return Problems(redacted, problems.exit_code)

    def _redact_notice(self, notice: Notice) -> Notice:
        return notice._replace(because=self.keys.replace(notice.because), do=self.keys.replace(notice.do))

    def leaks(self, source: Source, pointer: Path, value: str, origins: Iterable[Path], rule: str) -> Iterator[Problem]:
        """A problem for each secret of the source in a field of a payload.

        `pointer` and `value` are of the field, `origins` the paths that it was made from, `rule` what made it.
        """
        for path in filter(self.is_place, origins):
            secret = self.secret_at(source, path)
            if secret and secret in value:
                message = f"expected no secret in `{'.'.join(map(str, pointer))}`, found this one. "
                yield Problem(*source.at(path), f"{message}Correct the rule {rule}.")


class _Masks:
    """The masks of one document: the same mask wherever the same key stands."""

    def __init__(self, secrets: Secrets, mask: Mask, texts: Iterable[str]) -> None:
        self.secrets = secrets
        self.mask = mask
        self.names: dict[str, str] = {}
        """The mask of each key."""
        self.places: dict[str, Path] = {}
        """Where each mask stands first."""
        self.keys: dict[str, str] = {}
        """Mapping keys that hold a key: what is shown of each."""
        self._texts = " ".join(texts)

    def value(self, value: Yaml, path: Path) -> Yaml:
        """The value at a path, redacted."""
        if isinstance(value, str):
            return value if self.secrets.belongs(path, value) else self.text(value, path)
        if isinstance(value, dict):
            return {self.key(key, path): self.value(below, (*path, key)) for key, below in value.items()}
        if isinstance(value, list):
            return [self.value(item, (*path, index)) for index, item in enumerate(value)]
        return value

    def key(self, key: Yaml, path: Path) -> Yaml:
        """A mapping's key, redacted."""
        redacted = self.text(key, (*path, key)) if isinstance(key, str) else key
        if redacted != key:
            self.keys[key] = redacted
        return redacted

    def path(self, path: Path) -> Path:
        """A path with redacted keys."""
        return tuple(self.keys.get(step, step) if isinstance(step, str) else step for step in path)

    def text(self, text: str, path: Path) -> str:
        """A text, redacted."""
        return self.secrets.keys.replace(text, lambda key: self._name(key, path))

    def _name(self, key: str, path: Path) -> str:
        if key not in self.names:
            number = len(self.names) + 1
            while self.mask.numbered(number) in self._texts or self.mask.numbered(number) in self.places:
                number += 1
            self.names[key] = self.mask.numbered(number)
            self.places[self.names[key]] = path
        return self.names[key]


def _covers(pattern: tuple[str, ...], names: list[str]) -> bool:
    """Whether a pattern is that of a path, or of one above it."""
    pairs = zip(pattern, names)  # noqa: B905 - what stands below the pattern is covered, too
    return len(pattern) <= len(names) and all(
        name == step or ("*" in step and fnmatchcase(name, step)) for step, name in pairs
    )


def _texts(value: Yaml) -> set[str]:
    """Every text in a value, keys too; what aliases share is visited once."""
    texts: set[str] = set()
    visited: set[int] = set()
    stack = [value]
    while stack:
        node = stack.pop()
        if isinstance(node, str):
            texts.add(node)
        elif isinstance(node, (dict, list)) and id(node) not in visited:
            visited.add(id(node))
            if isinstance(node, dict):
                texts.update(key for key in node if isinstance(key, str))
            stack.extend(node.values() if isinstance(node, dict) else node)
    return texts
