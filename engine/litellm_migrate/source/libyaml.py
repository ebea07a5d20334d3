"""The two readers over libyaml's parser; importing this fails where PyYAML was built without it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from yaml._yaml import CParser

from litellm_migrate.source.nodes import NodeReader
from litellm_migrate.source.plain import PlainReader, Unusual

if TYPE_CHECKING:
    from yaml.nodes import Node

    from litellm_migrate.source.places import Document


def read_plain(file: str, text: str) -> Document:
    """The document, if it is an ordinary one."""
    return PlainReader(file, CParser(text), len(text)).document()


def read_nodes(file: str, text: str) -> Document:
    """The document, if libyaml and PyYAML agree about all that it uses: anchors and merge keys, but no tags."""
    return _LibyamlReader(text).document(file)


class _LibyamlReader(NodeReader, CParser):
    def __init__(self, text: str) -> None:
        CParser.__init__(self, text)
        NodeReader.__init__(self, len(text))

    def compose_node(self, parent: Node | None, index: Any) -> Node | None:
        event = self.event()
        unquoted = "?" in getattr(event, "value", "") and event.implicit[0]
        if unquoted or getattr(event, "tag", None) is not None:
            raise Unusual
        return super().compose_node(parent, index)
