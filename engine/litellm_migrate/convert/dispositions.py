"""What becomes of settings that no field carries: patterns of paths, the most specific of which decides.

The deeper pattern is the more specific; of two as deep, a name beats a glob, segment by segment.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fnmatch import fnmatchcase
from typing import Any, NamedTuple

from litellm_migrate.convert.outcomes import Outcome
from litellm_migrate.source.model import Path, key_text

Rank = tuple[tuple[int, int], ...]
ITEM = ("an item of a list",)
"""Any item of a list: no pattern names one by its number."""


class Disposition(NamedTuple):
    """One pattern and its outcome; the pattern covers what it matches and all below."""

    pattern: tuple[str, ...]
    outcome: Outcome
    default: object = None
    """What the source takes where the setting is absent; None if no rule says so."""

    @property
    def rule(self) -> str:
        """The pattern as it is written in reports."""
        return ".".join(self.pattern) or "."

    def is_default(self, path: Path, value: object) -> bool:
        """Whether a setting, which is no part of another, has the value that it has anyway."""
        same_kind = isinstance(value, bool) == isinstance(self.default, bool)  # false is no zero
        return self.default is not None and same_kind and value == self.default and len(path) == len(self.pattern)


PatternTree = dict[Any, Any]
"""The patterns that share a beginning: what follows each name, and under these two, what they have besides."""
GLOBS, END = 0, 1
"""What follows each glob; and the outcome of the one that ends here."""


def rank(segment: str) -> tuple[int, int]:
    """How specific one segment of a pattern is: a name beats a glob, a longer glob a shorter, `*` is last."""
    if "*" not in segment:
        return (2, len(segment))
    return (1, len(segment.replace("*", ""))) if segment != "*" else (0, 0)


def covers(glob: str, name: str) -> bool:
    """Whether a glob stands for a name; most have one star."""
    head, _, tail = glob.partition("*")
    if "*" in tail:
        return fnmatchcase(name, glob)
    return len(name) >= len(head) + len(tail) and name.startswith(head) and name.endswith(tail)


class Dispositions:
    """All patterns of a rulebook."""

    def __init__(self, dispositions: Iterable[Disposition]) -> None:
        self._root: PatternTree = {}
        self._cached: dict[Path, Disposition | None] = {}
        for pattern, outcome, default in dispositions:
            node = self._root
            for segment in pattern:
                node = (node.setdefault(GLOBS, {}) if "*" in segment else node).setdefault(segment, {})
            node[END] = (*outcome, default)  # plain, as all of it, so that it can be kept and read back quickly

    def of(self, path: Path) -> Disposition | None:
        """The most specific pattern that covers a path; the items of a list are all alike."""
        alike = tuple(ITEM if isinstance(key, int) else key for key in path)
        if alike not in self._cached:
            self._cached[alike] = self._of(path)
        return self._cached[alike]

    def _of(self, path: Path) -> Disposition | None:
        best: Disposition | None = None
        most: Rank = ()
        branches: list[tuple[PatternTree, tuple[str, ...]]] = [(self._root, ())]
        for key in (*path, None):
            for node, pattern in branches:
                ranks = tuple(map(rank, pattern)) if END in node else ()
                if END in node and (best is None or (len(ranks), ranks) > (len(most), most)):
                    best, most = Disposition(pattern, Outcome(*node[END][:-1]), node[END][-1]), ranks
            if key is not None:
                branches = [step for node, pattern in branches for step in following(node, pattern, key_text(key))]
        return best


def following(node: PatternTree, pattern: tuple[str, ...], name: str) -> Iterator[tuple[PatternTree, tuple[str, ...]]]:
    """What follows a name, with the pattern so far."""
    if name in node:
        yield node[name], (*pattern, name)
    for glob, below in node.get(GLOBS, {}).items():
        if covers(glob, name):
            yield below, (*pattern, glob)
