"""The readers over libyaml's parser; importing this fails where PyYAML was built without it.

The fast one reads an ordinary document (no anchors, no merge keys, no tags) straight from parser events, five times
faster than `yaml.safe_load`. Whatever is not ordinary raises Unusual, and PyYAML's own constructor reads it: nothing
here can read a document otherwise than `yaml.safe_load`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias, cast

from yaml._yaml import CParser
from yaml.constructor import SafeConstructor
from yaml.events import (
    DocumentEndEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
)
from yaml.nodes import Node, ScalarNode
from yaml.resolver import Resolver

from litellm_migrate.source.model import Yaml
from litellm_migrate.source.nodes import NodeReader
from litellm_migrate.source.positions import MAX_DEPTH, Below, Bounds, PlaceTree, Repeat, Spot, YamlDocument

ParserEvent: TypeAlias = Any
"""An event of the parser, known by its class; which attributes it has depends on that."""

STRING = "tag:yaml.org,2002:str"
ORDINARY = {f"tag:yaml.org,2002:{name}" for name in ("null", "bool", "int", "float", "timestamp")}


class Unusual(Exception):  # noqa: N818 - a reason to read again, not an error
    """The document needs a more careful reader."""


def read_events(file: str, text: str) -> YamlDocument:
    """The document, if it is an ordinary one; else Unusual."""
    return _EventReader(file, text).document()


def read_nodes(file: str, text: str) -> YamlDocument:
    """The document, if libyaml and PyYAML agree about all that it uses (anchors and merge keys, no tags)."""
    return _LibyamlNodes(file, text).document()


class _Scalars(dict[str, Yaml]):
    """The value of an unquoted scalar by the rules of YAML 1.1, computed once for each spelling."""

    def __init__(self, bounds: Bounds) -> None:
        super().__init__()
        self._bounds = bounds
        self._tag = cast("Any", Resolver()).resolve
        self._constructor = SafeConstructor()

    def __missing__(self, text: str) -> Yaml:
        tag = self._tag(ScalarNode, text, (True, False))
        value: Yaml = text
        if tag in ORDINARY:
            try:
                self._bounds.check_number(text)
                value = self._constructor.construct_object(ScalarNode(tag, text))
                str(value)
            except (ValueError, OverflowError) as error:  # the 31st of February, a number of thousands of digits
                raise Unusual from error
        elif tag != STRING:  # a merge key or `=`
            raise Unusual
        self[text] = value
        return value


class _EventReader:
    """Builds the value and the places of one document from parser events."""

    def __init__(self, file: str, text: str) -> None:
        self.file = file
        self.bounds = Bounds(file, len(text))
        self.next: Callable[[], ParserEvent] = cast("Any", CParser(text)).get_event
        self.scalars = _Scalars(self.bounds)
        self.repeats: list[tuple[Yaml, Spot, dict[Yaml, PlaceTree]]] = []
        self.count = 0

    def document(self) -> YamlDocument:
        """The only document of the stream."""
        self.next()
        if isinstance(self.next(), StreamEndEvent):
            raise Unusual
        first = self.next()
        value, below = self._node(first, 0, False)
        if not isinstance(self.next(), DocumentEndEvent) or not isinstance(self.next(), StreamEndEvent):
            raise Unusual
        repeats = (Repeat(key, lost, places[key][0]) for key, lost, places in self.repeats)
        return YamlDocument(self.file, value, (first.start_mark, below), tuple(repeats))

    def _node(self, event: ParserEvent, depth: int, flow: bool) -> tuple[Yaml, Below]:
        kind = event.__class__
        self.count += 1
        if self.count > self.bounds.nodes:
            raise self.bounds.too_many(event.start_mark)
        if kind is ScalarEvent:
            return self._scalar(event, flow), None
        if kind not in (MappingStartEvent, SequenceStartEvent) or event.anchor is not None or event.tag is not None:
            raise Unusual
        if depth == MAX_DEPTH:
            raise self.bounds.too_deep(event.start_mark)
        collection = self._mapping if kind is MappingStartEvent else self._sequence
        return collection(depth + 1, flow or event.flow_style)

    def _scalar(self, event: ParserEvent, flow: bool) -> Yaml:
        if event.tag is not None or event.anchor is not None:
            raise Unusual
        if not event.implicit[0]:
            return event.value
        # In `[http://host/?a=b]` the question mark is text for libyaml and an error for PyYAML.
        if flow and "?" in event.value:
            raise Unusual
        return self.scalars[event.value]

    def _mapping(self, depth: int, flow: bool) -> tuple[dict[Yaml, Yaml], Below]:
        value: dict[Yaml, Yaml] = {}
        places: dict[Yaml, Any] = {}  # of PlaceTree; the stubs say that an event may have no mark
        event = self.next()
        while event.__class__ is ScalarEvent:
            key = self._scalar(event, flow)
            if key in places:
                self.repeats.append((key, places[key][0], places))
            value[key], below = self._node(self.next(), depth, flow)
            places[key] = (event.start_mark, below)
            event = self.next()
        if event.__class__ is not MappingEndEvent:
            raise Unusual
        return value, places

    def _sequence(self, depth: int, flow: bool) -> tuple[list[Yaml], Below]:
        value: list[Yaml] = []
        places: list[PlaceTree] = []
        event = self.next()
        while event.__class__ is not SequenceEndEvent:
            item, below = self._node(event, depth, flow)
            value.append(item)
            places.append((event.start_mark, below))
            event = self.next()
        return value, places


class _LibyamlNodes(NodeReader, CParser):
    def __init__(self, file: str, text: str) -> None:
        CParser.__init__(self, text)
        NodeReader.__init__(self, file, text)

    def compose_node(self, parent: Node | None, index: Any) -> Node | None:
        event = self.event()
        unquoted = "?" in getattr(event, "value", "") and event.implicit[0]
        if unquoted or getattr(event, "tag", None) is not None:
            raise Unusual
        return super().compose_node(parent, index)
