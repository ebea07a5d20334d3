"""Rule files as ruamel.yaml keeps them: values with comments, order and layout, which are written back as they were."""

from __future__ import annotations

from io import StringIO
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.nodes import ScalarNode
from ruamel.yaml.representer import RoundTripRepresenter

INDENTS = ((2, 0), (4, 2))
"""How far the items of a list stand in from its key, and their dashes: flush with the key, or two columns in."""
EditedYaml = Any  # a mapping, list or scalar of ruamel.yaml, which declares no types of its values


class Representer(RoundTripRepresenter):
    """Writes null as a word."""

    def represent_null(self, data: None) -> ScalarNode:
        """The word."""
        return self.represent_scalar("tag:yaml.org,2002:null", "null")


Representer.add_representer(type(None), Representer.represent_null)


class YamlFile:
    """The documents of a text, and the text that they are after they were changed."""

    def __init__(self, text: str) -> None:
        for sequence, offset in INDENTS:
            self.yaml = YAML()
            self.yaml.Representer = Representer
            self.yaml.preserve_quotes = True
            self.yaml.width = 10**9  # a line is as long as it was
            self.yaml.brace_single_entry_mapping_in_flow_sequence = True
            self.yaml.indent(mapping=2, sequence=sequence, offset=offset)
            self.yaml.explicit_start = text.startswith("---") or None
            self.documents: list[EditedYaml] = list(self.yaml.load_all(text))
            if self.text() == text:
                break

    def text(self) -> str:
        """The documents as YAML."""
        stream = StringIO()
        self.yaml.dump_all(self.documents, stream)
        return stream.getvalue()
