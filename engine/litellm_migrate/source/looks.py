"""What keys look like, wherever they stand."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from litellm_migrate.source.patterns import beginning, compiled

KEY = "key"
"""The named group of a pattern that is the key itself, where that is not all that it matches."""


class Looks:
    """Patterns of texts that are keys by their looks; one whose beginning a text lacks is not even compiled."""

    def __init__(self, patterns: Iterable[str] = ()) -> None:
        self._patterns = tuple((beginning(pattern), pattern) for pattern in patterns)

    def any(self, text: str) -> bool:
        """Whether a text holds a key."""
        return next(self.spans(text), None) is not None

    def spans(self, text: str) -> Iterator[tuple[int, int]]:
        """Where the keys in a text begin and end."""
        for begins, pattern in self._patterns:
            for found in compiled(pattern).finditer(text) if begins in text else ():
                start = found.start()
                if not (start and text[start].isalnum() and text[start - 1].isalnum()):  # the end of a longer word
                    yield found.span(KEY if KEY in found.re.groupindex else 0)

    def hidden(self, text: str) -> str:
        """The text with every key in it replaced."""
        return rewritten(text, self.spans(text), lambda _key: "***")


def rewritten(text: str, spans: Iterable[tuple[int, int]], name: Callable[[str], str]) -> str:
    """The text with other words in the place of some of its parts."""
    done, made = 0, ""
    for start, end in sorted(spans):
        if start >= done:
            made, done = f"{made}{text[done:start]}{name(text[start:end])}", end
    return made + text[done:]
