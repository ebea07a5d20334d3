"""The careful reader: PyYAML's own composer and constructor, and places taken from the nodes that it made."""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from typing import Any, cast

from yaml.composer import Composer
from yaml.constructor import ConstructorError, SafeConstructor
from yaml.error import Mark, YAMLError
from yaml.events import AliasEvent
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode
from yaml.parser import Parser
from yaml.reader import Reader
from yaml.resolver import Resolver
from yaml.scanner import Scanner, ScannerError

from litellm_migrate.source.model import Yaml
from litellm_migrate.source.positions import MAX_DEPTH, Below, Bounds, Point, Repeat, Spot, YamlDocument

MERGE = "tag:yaml.org,2002:merge"
NUMBERS = {"tag:yaml.org,2002:int", "tag:yaml.org,2002:float"}


class NodeReader(Composer, SafeConstructor, Resolver):
    """Composes nodes from a parser's events, within limits, and constructs what `yaml.safe_load` constructs."""

    def __init__(self, file: str, text: str) -> None:
        Composer.__init__(self)
        SafeConstructor.__init__(self)
        Resolver.__init__(self)
        self.file = file
        self.bounds = Bounds(file, len(text))
        self.level = 0
        self.sizes: dict[Node, tuple[int, int]] = {}  # nodes and levels of each finished node, aliases written out
        self.aliases: dict[tuple[Node, int], Spot] = {}  # where an item that is an alias stands
        self.repeats: dict[Node, list[Repeat]] = {}
        self.placed: dict[Node, Below] = {}

    def document(self) -> YamlDocument:
        """The only document of the stream; an empty stream is null."""
        root = self.get_single_node()
        if root is None:
            return YamlDocument(self.file, None, (Point(0, 0), None))
        value = self.construct_document(root)
        place = root.start_mark, self._below(root, value)
        return YamlDocument(
            self.file, value, place, tuple(repeat for repeats in self.repeats.values() for repeat in repeats)
        )

    def event(self) -> Any:
        """The next event of the parser, without taking it."""
        return cast("Any", self).peek_event()

    def compose_node(self, parent: Node | None, index: Any) -> Node | None:
        """The next node; finished nodes are measured, so that an alias is refused before it is written out."""
        event = self.event()
        alias = event.__class__ is AliasEvent
        if alias and isinstance(parent, SequenceNode):
            self.aliases[parent, index] = event.start_mark
        if self.level > MAX_DEPTH:
            raise self.bounds.too_deep(event.start_mark)
        self.level += 1
        node = super().compose_node(parent, index)
        self.level -= 1
        if node is not None and node not in self.sizes:
            if alias:
                raise self.bounds.recursive(event.start_mark)
            self._measure(node)
        return node

    def _measure(self, node: Node) -> None:
        children: list[Node] = []
        if not isinstance(node, ScalarNode):
            children = [child[1] if isinstance(child, tuple) else child for child in node.value]
        sizes = [self.sizes[child] for child in children]
        count = 1 + sum(count for count, _ in sizes)
        levels = 0 if isinstance(node, ScalarNode) else 1 + max((levels for _, levels in sizes), default=0)
        if max(count, len(self.sizes)) > self.bounds.nodes:
            raise self.bounds.too_many(node.start_mark)
        if levels > MAX_DEPTH:
            raise self.bounds.too_deep(node.start_mark)
        self.sizes[node] = count, levels

    def construct_object(self, node: Node, deep: bool = False) -> Yaml:
        """The value of a node; one that its tag does not allow (the 31st of February) is an error at the node."""
        try:
            if isinstance(node, ScalarNode) and node.tag in NUMBERS:
                self.bounds.check_number(node.value)
            value = super().construct_object(node, deep)
            if type(value) is int:
                str(value)  # too long in hexadecimal is as bad as too long in decimal, which is refused by itself
            return value
        except YAMLError:
            raise
        except Exception as error:
            raise ConstructorError(None, None, "found a value that its type does not allow", node.start_mark) from error

    def flatten_mapping(self, node: MappingNode) -> None:
        """Merges what `<<` names, and notes which of its own keys the mapping repeats."""
        keys = [key for key, _ in node.value if isinstance(key, ScalarNode) and key.tag != MERGE]
        super().flatten_mapping(node)
        if node not in self.repeats:  # the second time, merged keys would be taken for its own
            self.repeats[node] = list(self._repeated(keys))

    def _repeated(self, keys: list[ScalarNode]) -> Iterator[Repeat]:
        for key in keys:
            if not isinstance(self.construct_object(key), Hashable):  # text that its tag makes a set or a list
                raise ConstructorError(None, None, "found unhashable key", key.start_mark)
        last = {self.construct_object(key): key for key in keys}
        for key in keys:
            name = self.construct_object(key)
            if last[name] is not key:
                yield Repeat(name, key.start_mark, last[name].start_mark)

    def _below(self, node: Node, value: Yaml) -> Below:
        if node not in self.placed:
            self.placed[node] = self._places(node, value)
        return self.placed[node]

    def _places(self, node: Node, value: Yaml) -> Below:
        if isinstance(node, MappingNode) and isinstance(value, dict):
            last = {self.construct_object(key): (key, below) for key, below in node.value}
            return {name: (key.start_mark, self._below(below, value[name])) for name, (key, below) in last.items()}
        if isinstance(node, SequenceNode) and isinstance(value, list):
            return [
                (self.aliases.get((node, index), item.start_mark), self._below(item, value[index]))
                for index, item in enumerate(node.value)
            ]
        return None


class PureReader(NodeReader, Reader, Scanner, Parser):
    """Over PyYAML's own parser, which decides: it is the parser of the program."""

    def __init__(self, file: str, text: str) -> None:
        Reader.__init__(self, text)
        Scanner.__init__(self)
        Parser.__init__(self)
        NodeReader.__init__(self, file, text)

    def scan_flow_scalar_non_spaces(self, double: bool, start_mark: Mark) -> list[str]:
        """The characters of a quoted text; an escape above the last character of Unicode is an error at its place."""
        try:
            return super().scan_flow_scalar_non_spaces(double, start_mark)
        except (OverflowError, ValueError) as error:
            raise ScannerError(None, None, "found an escape of no character", self.get_mark()) from error
