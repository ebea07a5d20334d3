"""A document as the core reads it: its leaves numbered in document order, and a tree of places beside its values."""

from __future__ import annotations

from litellm_migrate.source.model import Path


class Subtree:
    """The place of a mapping or a list that holds something: the leaves `start` to `stop`, at `depth` keys."""

    __slots__ = ("children", "depth", "start", "stop")

    def __init__(self, start: int, depth: int) -> None:
        self.start = self.stop = start
        self.depth = depth
        self.children: dict[object, Place] = {}


Place = int | Subtree
"""A place in a document: the number of a leaf, or a subtree."""


class Document:
    """A plain value, the paths and values of its leaves by number, and the root of its places.

    A leaf is a scalar, an empty list or an empty mapping. In `{a: 1, b: [x, y]}` they are `/a`, `/b/0` and `/b/1`,
    the leaves 0, 1 and 2, and `/b` is the subtree of the leaves 1 to 3.
    """

    def __init__(self, value: object) -> None:
        self.value = value
        self.leaves: list[tuple[Path, object]] = []
        self.root = self._number(value, ())

    def _number(self, value: object, path: Path) -> Place:
        leaves = self.leaves
        if not isinstance(value, (dict, list)) or not value:
            leaves.append((path, value))
            return len(leaves) - 1
        subtree = Subtree(len(leaves), len(path))
        children = subtree.children
        for key, child in value.items() if isinstance(value, dict) else enumerate(value):
            children[key] = self._number(child, (*path, key))
        subtree.stop = len(leaves)
        return subtree

    def path(self, place: Place) -> Path:
        """The path of a place."""
        if isinstance(place, Subtree):
            return self.leaves[place.start][0][: place.depth]
        return self.leaves[place][0]

    def value_at(self, place: Place) -> object:
        """The value that stands at a place."""
        if not isinstance(place, Subtree):
            return self.leaves[place][1]
        value = self.value
        for key in self.path(place):
            value = value[key]  # type: ignore[index]  # a path of this document
        return value
