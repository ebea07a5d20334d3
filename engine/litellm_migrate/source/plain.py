"""The fast reader: an ordinary document (no anchors, no merge keys, no tags) straight from libyaml's events.

Whatever is not ordinary raises Unusual, and PyYAML's own constructor reads it. So there is nothing here that could read
a document otherwise than `yaml.safe_load`; it only makes the usual one five times faster.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from yaml.constructor import SafeConstructor
from yaml.events import (
    DocumentEndEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
)
from yaml.nodes import ScalarNode
from yaml.resolver import Resolver

from litellm_migrate.source.bounds import MAX_DEPTH, check_number, most_nodes, too_deep, too_many
from litellm_migrate.source.places import Below, Document, Repeat

if TYPE_CHECKING:
    from yaml._yaml import CParser

STRING = "tag:yaml.org,2002:str"
ORDINARY = {f"tag:yaml.org,2002:{name}" for name in ("null", "bool", "int", "float", "timestamp")}


class Unusual(Exception):  # noqa: N818 - a reason to look again, not an error
    """The document needs a more careful reader."""


class Scalars(dict[str, Any]):
    """The value of an unquoted scalar by the rules of YAML 1.1, worked out once for each spelling."""

    def __init__(self) -> None:
        super().__init__()
        self._tag = cast("Any", Resolver()).resolve
        self._constructor = SafeConstructor()

    def __missing__(self, text: str) -> Any:
        tag = self._tag(ScalarNode, text, (True, False))
        value: Any = text
        if tag in ORDINARY:
            try:
                check_number(text)
                value = self._constructor.construct_object(ScalarNode(tag, text))
                str(value)
            except (ValueError, OverflowError) as error:  # the 31st of February, a number of thousands of digits
                raise Unusual from error
        elif tag != STRING:  # a merge key or `=`
            raise Unusual
        self[text] = value
        return value


class PlainReader:
    """Builds the value and the places of one document from parser events."""

    def __init__(self, file: str, parser: CParser, characters: int) -> None:
        self.file = file
        self.most = most_nodes(characters)
        self.next = cast("Any", parser.get_event)
        self.scalars = Scalars()
        self.repeats: list[tuple[object, Any, dict[Any, Any]]] = []
        self.count = 0

    def document(self) -> Document:
        """The only document of the stream."""
        self.next()
        if isinstance(self.next(), StreamEndEvent):
            raise Unusual
        first = self.next()
        value, below = self._node(first, 0, False)
        if not isinstance(self.next(), DocumentEndEvent) or not isinstance(self.next(), StreamEndEvent):
            raise Unusual
        repeats = (Repeat(key, lost, places[key][0]) for key, lost, places in self.repeats)
        return Document(self.file, value, (first.start_mark, below), tuple(repeats))

    def _node(self, event: Any, depth: int, flow: bool) -> tuple[Any, Below]:
        kind = event.__class__
        self.count += 1
        if self.count > self.most:
            raise too_many(self.file, event.start_mark, self.most)
        if kind is ScalarEvent:
            return self._scalar(event, flow), None
        if kind not in (MappingStartEvent, SequenceStartEvent) or event.anchor is not None or event.tag is not None:
            raise Unusual
        if depth == MAX_DEPTH:
            raise too_deep(self.file, event.start_mark)
        collection = self._mapping if kind is MappingStartEvent else self._sequence
        return collection(depth + 1, flow or event.flow_style)

    def _scalar(self, event: Any, flow: bool) -> Any:
        if event.tag is not None or event.anchor is not None:
            raise Unusual
        if not event.implicit[0]:
            return event.value
        # In `[http://host/?a=b]` the question mark is text for libyaml and an error for PyYAML.
        if flow and "?" in event.value:
            raise Unusual
        return self.scalars[event.value]

    def _mapping(self, depth: int, flow: bool) -> tuple[dict[Any, Any], Below]:
        value: dict[Any, Any] = {}
        places: dict[Any, Any] = {}
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

    def _sequence(self, depth: int, flow: bool) -> tuple[list[Any], Below]:
        value: list[Any] = []
        places: list[Any] = []
        event: Event = self.next()
        while event.__class__ is not SequenceEndEvent:
            item, below = self._node(event, depth, flow)
            value.append(item)
            places.append((event.start_mark, below))
            event = self.next()
        return value, places
