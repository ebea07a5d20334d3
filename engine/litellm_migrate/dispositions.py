"""What becomes of settings that no field carries: patterns of paths, the most specific of which decides.

The deeper pattern is the more specific; of two as deep, a name beats a glob, segment by segment.
"""

from __future__ import annotations

from collections.abc import Iterable
from fnmatch import fnmatchcase
from typing import NamedTuple

from litellm_migrate.model import Path, key_text
from litellm_migrate.outcomes import Outcome

Rank = tuple[tuple[int, int], ...]
ITEM = object()
"""Any item of a list: no pattern names one by its number."""


class Disposition(NamedTuple):
    """One pattern and its outcome; the pattern covers what it matches and all below."""

    pattern: tuple[str, ...]
    outcome: Outcome

    @property
    def rule(self) -> str:
        """The pattern as it is written in reports."""
        return ".".join(self.pattern) or "."


class Node(NamedTuple):
    """The patterns that share a beginning."""

    literal: dict[str, Node]
    globs: dict[str, Node]
    ends: list[Disposition]
    """The one that ends here, if there is one."""


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
        self._root = Node({}, {}, [])
        self._known: dict[Path, Disposition | None] = {}
        for disposition in dispositions:
            node = self._root
            for segment in disposition.pattern:
                branch = node.globs if "*" in segment else node.literal
                if segment not in branch:
                    branch[segment] = Node({}, {}, [])
                node = branch[segment]
            node.ends[:] = [disposition]

    def __getstate__(self) -> Node:
        return self._root

    def __setstate__(self, root: Node) -> None:
        self._root, self._known = root, {}

    def of(self, path: Path) -> Disposition | None:
        """The most specific pattern that covers a path; the items of a list are all alike."""
        alike = tuple(ITEM if isinstance(key, int) else key for key in path)
        if alike not in self._known:
            self._known[alike] = self._of(path)
        return self._known[alike]

    def _of(self, path: Path) -> Disposition | None:
        best: tuple[Rank, Disposition] | None = None
        open_nodes: list[tuple[Node, Rank]] = [(self._root, ())]
        for key in (*path, None):
            for node, ranks in open_nodes:
                if node.ends and (best is None or (len(ranks), ranks) > (len(best[0]), best[0])):
                    best = (ranks, node.ends[0])
            if key is not None:
                open_nodes = [step for node, ranks in open_nodes for step in self._next(node, ranks, key_text(key))]
        return best[1] if best else None

    def _next(self, node: Node, ranks: Rank, name: str) -> list[tuple[Node, Rank]]:
        found = []
        if name in node.literal:
            found.append((node.literal[name], (*ranks, rank(name))))
        for glob, below in node.globs.items():
            if covers(glob, name):
                found.append((below, (*ranks, rank(glob))))
        return found
