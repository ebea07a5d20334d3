"""Texts that become files: each is made when it is written, whole or piece by piece."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TypeAlias

Made: TypeAlias = "str | Callable[[], Iterable[str]]"
"""A text, or what makes its pieces anew."""


class Texts(Mapping[str, str]):
    """Texts by file name; one that is made in pieces is nowhere in memory as a whole, unless it is asked for."""

    def __init__(self, made: Mapping[str, Made]) -> None:
        self._made = made

    def __getitem__(self, name: str) -> str:
        return "".join(self.pieces(name))

    def __iter__(self) -> Iterator[str]:
        return iter(self._made)

    def __len__(self) -> int:
        return len(self._made)

    def pieces(self, name: str) -> Iterable[str]:
        """The pieces of a text, in their order."""
        made = self._made[name]
        return (made,) if isinstance(made, str) else made()


def pieces_of(texts: Mapping[str, str], name: str) -> Iterable[str]:
    """The pieces of one of several texts, of which any may be whole."""
    return texts.pieces(name) if isinstance(texts, Texts) else (texts[name],)
