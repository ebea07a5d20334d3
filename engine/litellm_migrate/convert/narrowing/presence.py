"""What is there: the settings that a document holds anywhere, and the columns that may have a value."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Protocol

from litellm_migrate.source.model import Path


class Known(Protocol):
    """What is known of a column before any row is made."""

    def absent(self, rest: Path) -> bool:
        """Whether there is nothing at `rest` in any row, and no origin of it."""


class Something:
    """A column that may have a value."""

    def absent(self, rest: Path) -> bool:
        """Nobody can tell."""
        return False


class Nothing:
    """A column that is nothing in every row."""

    def absent(self, rest: Path) -> bool:
        """There is nothing in it either."""
        return True


SOMETHING, NOTHING = Something(), Nothing()


class Present:
    """A setting of some entries: what any of them holds below it."""

    def __init__(self, values: Iterable[Any]) -> None:
        self._values = list(values)
        self._below: dict[str, Present] = {}

    def absent(self, rest: Path) -> bool:
        """Whether no entry holds it."""
        if not self._values or not rest:
            return not self._values
        return self.at(rest[0]).absent(rest[1:])

    def at(self, name: str) -> Present:
        """What the entries hold under a name; of lists, the items (`*`)."""
        if name not in self._below:
            mappings = (value for value in self._values if isinstance(value, dict))
            found = [value[name] for value in mappings if name in value]
            if name == "*":
                found += [item for value in self._values if isinstance(value, list) for item in value]
            self._below[name] = Present(found)
        return self._below[name]


class Scope:
    """The columns of a relation's rows, and those of the rows that they are made from."""

    def __init__(self, columns: Mapping[str, Known], bases: Iterable[Scope] = (), decided: bool = False) -> None:
        self.columns: dict[str, Known] = dict(columns)
        self.bases = tuple(bases)
        self.decided: bool = decided or any(base.decided for base in self.bases)
        """Whether something decided which rows there are."""

    def absent(self, rest: Path) -> bool:
        """Whether no row has anything at `rest`; a whole row is always there."""
        if not rest:
            return False
        if rest[0] in self.columns:
            return self.columns[rest[0]].absent(rest[1:])
        return bool(self.bases) and all(base.absent(rest) for base in self.bases)


class Beside:
    """A row of another relation, found by columns that are nothing or by none: reading it has no origin of its own."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    def absent(self, rest: Path) -> bool:
        """Whether no such row has anything there."""
        return bool(rest) and not self._scope.decided and self._scope.absent(rest)


OPEN = Scope({})
"""The scope of rows of which nothing is known."""
