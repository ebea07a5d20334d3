"""Rule files as ruamel.yaml keeps them: values with comments, order and layout, which are written back as they were."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from io import StringIO
from itertools import takewhile
from typing import Any

import yaml
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.nodes import ScalarNode
from ruamel.yaml.representer import RoundTripRepresenter
from ruamel.yaml.scalarstring import SingleQuotedScalarString
from ruamel.yaml.tokens import CommentToken

from litellm_migrate.source.model import Json, Path

END = -1
"""The key that stands for a new item at the end of a list."""
INDENTS = ((2, 0), (4, 2), (2, 0))
"""How far the items of a list stand in from its key, and their dashes; the last is for what fits neither."""
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
        self.line_end = "\r\n" if "\r\n" in text else "\n"
        self.yaml = YAML()
        self.yaml.Representer = Representer
        self.yaml.preserve_quotes = True
        self.yaml.width = 10**9  # a line is as long as it was
        self.yaml.brace_single_entry_mapping_in_flow_sequence = True
        self.yaml.explicit_start = text.startswith("---") or None
        for sequence, offset in INDENTS:
            self.yaml.indent(mapping=2, sequence=sequence, offset=offset)
            self.documents: list[EditedYaml] = list(self.yaml.load_all(text.replace("\r\n", "\n")))
            self.comments = "" if self.documents else text
            """A text that is nothing but comments."""
            if self.text() == text:
                break

    def text(self) -> str:
        """The documents as YAML."""
        stream = StringIO()
        self.yaml.dump_all(self.documents, stream)
        return self.comments + stream.getvalue().replace("\n", self.line_end)

    def begin(self, words: Mapping[str, Json]) -> int:
        """The number of a new document with these words."""
        self.documents.append(CommentedMap(words))
        return len(self.documents) - 1

    def add(self, number: int, path: Path, value: Json) -> None:
        """Adds a value to a document: an item (`END`) of a list, or a key of a mapping.

        It comes last, or behind the last entry that is a mapping with the same first word and value.
        """
        place, depth = self.documents[number], 0
        while depth < len(path) - 1 and place.get(path[depth]):
            place, depth = place[path[depth]], depth + 1
        entry = on_one_line(value)
        if path[-1] == END and isinstance(value, dict):
            entry.fa.set_block_style()  # an item has a line for each of its words
        for key in reversed(path[depth + 1 :]):
            entry = CommentedSeq([entry]) if key == END else CommentedMap({quoted(key): entry})
        first = [*value.items()][:1] if isinstance(value, dict) and depth == len(path) - 1 else []
        similar = [index for index, key in enumerate(keys(place), 1) if first and first == first_words(place[key])]
        insert(place, similar[-1] if similar and path[-1] != END else len(place), path[depth], entry)


def insert(place: EditedYaml, index: int, key: str | int, value: EditedYaml) -> None:
    """Puts a value into a mapping or a list; what stood below the entry before it stands below the new one."""
    above = last_line(place, [*keys(place)][index - 1]) if index else None
    if isinstance(place, CommentedSeq):
        place.insert(index, value)
        key = index
    elif key in place:
        place[key] = value
        return
    else:
        place.insert(index, quoted(key), value)
    comment: EditedYaml = above[0].ca.items.get(above[1], [None] * 4)[slot(above[0])] if above else None
    head, _, rest = comment.value.partition("\n") if comment else ("", "", "")
    if rest:
        comment.value = f"{head}\n"
        holder, line = last_line(place, key)
        holder.ca.items.setdefault(line, [None] * 4)[slot(holder)] = CommentToken(f"\n{rest}", comment.start_mark)


def first_words(entry: EditedYaml) -> list[tuple[str, EditedYaml]]:
    """The first word of a mapping and its value; empty for what is none."""
    return [*entry.items()][:1] if isinstance(entry, CommentedMap) else []


def keys(place: EditedYaml) -> Iterable[str | int]:
    """The keys of a mapping, or the indexes of a list."""
    return range(len(place)) if isinstance(place, CommentedSeq) else place


def slot(place: EditedYaml) -> int:
    """Where ruamel.yaml keeps, among the comments of an entry, those behind it."""
    return 0 if isinstance(place, CommentedSeq) else 2


def last_line(place: EditedYaml, key: str | int) -> tuple[EditedYaml, str | int]:
    """The mapping or list, and the key in it, that the last line of an entry belongs to; an alias has one line."""
    value = place[key]
    is_alias = any(place[other] is value for other in takewhile(lambda other: other != key, keys(place)))
    is_block = isinstance(value, (CommentedMap, CommentedSeq)) and value and not value.fa.flow_style()
    return last_line(value, [*keys(value)][-1]) if is_block and not is_alias else (place, key)


def on_one_line(value: Json) -> EditedYaml:
    """A value as ruamel.yaml writes it on one line."""
    if isinstance(value, (dict, list)):
        items: EditedYaml = CommentedSeq(map(on_one_line, value))
        if isinstance(value, dict):
            items = CommentedMap((quoted(key), on_one_line(part)) for key, part in value.items())
        items.fa.set_flow_style()
        return items
    if isinstance(value, Decimal):
        return int(value) if value == int(value) else float(value)
    return quoted(value) if isinstance(value, str) else value


def quoted(text: str | int) -> str | int:
    """A text or key, in quotes if YAML 1.1, by which rules are read, takes it for something else without them."""
    try:
        plain = yaml.safe_load(str(text)) == text
    except yaml.YAMLError:
        plain = False
    return text if plain or not isinstance(text, str) else SingleQuotedScalarString(text)
