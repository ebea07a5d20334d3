"""What becomes of settings that no field carries: patterns of paths, the most specific of which decides.

The deeper pattern is the more specific; of two as deep, a name beats a glob, segment by segment.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from fnmatch import fnmatchcase

from litellm_migrate.model import Path, key_text
from litellm_migrate.outcomes import Outcome

Rank = tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Disposition:
    """One pattern and its outcome; the pattern covers what it matches and all below."""

    pattern: tuple[str, ...]
    outcome: Outcome

    @property
    def rule(self) -> str:
        """The pattern as it is written in reports."""
        return ".".join(self.pattern) or "."


@dataclass
class Node:
    """The patterns that share a beginning."""

    literal: dict[str, Node] = field(default_factory=dict)
    globs: dict[str, Node] = field(default_factory=dict)
    ends: Disposition | None = None


def rank(segment: str) -> tuple[int, int]:
    """How specific one segment of a pattern is: a name beats a glob, a longer glob a shorter, `*` is last."""
    if "*" not in segment:
        return (2, len(segment))
    return (1, len(segment.replace("*", ""))) if segment != "*" else (0, 0)


class Dispositions:
    """All patterns of a rulebook."""

    def __init__(self, dispositions: Iterable[Disposition]) -> None:
        self._root = Node()
        for disposition in dispositions:
            node = self._root
            for segment in disposition.pattern:
                branch = node.globs if "*" in segment else node.literal
                node = branch.setdefault(segment, Node())
            node.ends = disposition

    def of(self, path: Path) -> Disposition | None:
        """The most specific pattern that covers a path."""
        best: tuple[Rank, Disposition] | None = None
        open_nodes: list[tuple[Node, Rank]] = [(self._root, ())]
        for key in (*path, None):
            for node, ranks in open_nodes:
                if node.ends and (best is None or (len(ranks), ranks) > (len(best[0]), best[0])):
                    best = (ranks, node.ends)
            if key is not None:
                open_nodes = [step for node, ranks in open_nodes for step in self._next(node, ranks, key_text(key))]
        return best[1] if best else None

    def _next(self, node: Node, ranks: Rank, name: str) -> list[tuple[Node, Rank]]:
        found = []
        if name in node.literal:
            found.append((node.literal[name], (*ranks, rank(name))))
        for glob, below in node.globs.items():
            if glob == "*" or fnmatchcase(name, glob):
                found.append((below, (*ranks, rank(glob))))
        return found
