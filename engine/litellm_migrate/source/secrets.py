"""Holds every payload against the places where the source may hold a secret."""

from __future__ import annotations

from collections.abc import Iterable
from fnmatch import fnmatchcase
from typing import Any

from litellm_migrate.convert.dispositions import Disposition, Dispositions
from litellm_migrate.convert.outcomes import MANUAL, Outcome
from litellm_migrate.source.looks import Looks
from litellm_migrate.source.masks import Mask, Masks, masked, texts_of
from litellm_migrate.source.model import Path, Problems, Source
from litellm_migrate.source.records import replace

SHORTEST = 4
"""Shorter texts occur by chance in others and are no secrets."""


class Secrets:
    """Patterns of paths whose value must not be shown."""

    def __init__(
        self,
        patterns: Iterable[tuple[str, ...]],
        harmless: Iterable[str],
        looks: Looks,
        mask: Mask | None = None,
    ) -> None:
        hide = Outcome(MANUAL, "")
        self._places = Dispositions(Disposition(pattern, hide) for pattern in patterns)
        self.harmless = tuple(harmless)
        self.looks = looks
        self.mask = mask
        """None if the rules do not say what keys look like."""

    def hidden(self, path: Path) -> bool:
        """Whether a path may hold a secret."""
        return self._places.of(path) is not None

    def keeps(self, path: Path, text: str) -> bool:
        """Whether a secret belongs at a path, and this text is one; not a key in the place of a name."""
        if not self.hidden(path):
            return False
        begins = {len(one.partition("*")[0]) for one in self.harmless if fnmatchcase(text, one)}
        return not begins or not any(start in begins for start, _ in self.looks.spans(text))

    def masked(self, source: Source) -> Source:
        """The source without what looks like a key where none belongs."""
        return masked(source, self.looks, self, self.mask) if self.mask else source

    def shown(self, value: Any) -> Any:
        """A whole configuration without what looks like a key where none belongs."""
        return Masks(self.looks, self, self.mask, texts_of(value)).value(value) if self.mask else value

    def told(self, found: Problems) -> Problems:
        """Problems whose messages show no key."""
        hidden = [replace(one, message=self.looks.hidden(one.message)) for one in found.problems]
        return Problems(hidden, found.exit_code)

    def secret(self, source: Source, path: Path) -> str | None:
        """The secret text at a path; None if it holds none, or only says where to find it."""
        value: Any = source.value
        for key in path:
            value = value[key]
        if not isinstance(value, str) or len(value) < SHORTEST or not self.hidden(path):
            return None
        return None if any(fnmatchcase(value, pattern) for pattern in self.harmless) else value


def at(body: Any, pointer: Path) -> Any:
    """The value at a pointer; None if it is not there."""
    for key in pointer:
        inside = isinstance(body, dict) and key in body
        body = body[key] if inside or (isinstance(body, list) and isinstance(key, int) and key < len(body)) else None
    return body
