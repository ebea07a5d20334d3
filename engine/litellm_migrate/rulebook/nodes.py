"""Rule files as trees: YAML documents with the position of everything in them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from math import isfinite
from pathlib import Path as File
from types import MappingProxyType
from typing import Any, NamedTuple

import yaml

from litellm_migrate.convert.functions.values import kind_of
from litellm_migrate.rulebook.advice import yaml_advice
from litellm_migrate.rulebook.lazy_rows import facts_of
from litellm_migrate.source.model import USAGE, Path, Position, Problem, Problems

Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # libyaml's and PyYAML's have no common type
MERGE, TEXT = "tag:yaml.org,2002:merge", "tag:yaml.org,2002:str"
ESCAPE = re.compile(r"\\(?:x(..)|u(.{4})|U(.{8})|([\"/\\])|\s+|.)", re.DOTALL)
"""An escape in double quotes: of a character by its number, of itself, or of white space."""
Starts = tuple[tuple[int, Position], ...]
"""Of a text, offsets of characters and where they stand, each for those up to the next."""


class RuleMarks(NamedTuple):
    """Where a part of a rule file stands, and where the parts below it do, by key or index."""

    position: Position
    below: Mapping[Any, RuleMarks] = MappingProxyType({})
    text: Written | Starts | None = None
    """Of a text, where its characters stand."""
    key: Written | None = None
    """The key, of what stands at one."""


class RuleNode(NamedTuple):
    """A part of a rule document: its value, where it stands, and its path from the top of the document."""

    value: Any
    """Plain data, whose type only the schema of the document's kind knows."""
    marks: RuleMarks
    document: Position
    """Where the document begins that the part belongs to."""
    path: Path = ()

    @property
    def file(self) -> str:
        """The file of the document."""
        return self.document.file

    def at(self, *keys: Any) -> RuleNode:
        """The part at some keys; if it is not there, its value is None and its position that of the part above."""
        value, marks = self.value, self.marks
        for key in keys:
            inside = isinstance(value, dict) and key in value
            value = value[key] if inside or (isinstance(value, list) and isinstance(key, int)) else None
            marks = marks.below.get(key) or RuleMarks(marks.position)
        return RuleNode(value, marks, self.document, (*self.path, *keys))

    def has(self, key: Any) -> bool:
        """Whether a mapping holds a key."""
        return isinstance(self.value, dict) and key in self.value

    def items(self) -> Iterator[tuple[Any, RuleNode]]:
        """The parts of a mapping or a list; none of anything else."""
        keys = range(len(self.value)) if isinstance(self.value, list) else self.value
        for key in keys if isinstance(self.value, (dict, list)) else ():
            yield key, self.at(key)

    def listed(self) -> list[RuleNode]:
        """The parts of a list that are there; anything else stands for a list of itself."""
        parts = [part for _, part in self.items()] if isinstance(self.value, list) else [self]
        return [part for part in parts if part.value is not None]

    def having(self, parts: Mapping[Any, RuleNode]) -> RuleNode:
        """The mapping or list with these parts in the place of its own; each keeps its positions."""
        values = {key: part.value for key, part in parts.items()}
        marks = RuleMarks(self.marks.position, {key: part.marks for key, part in parts.items()})
        return self._replace(value=[*values.values()] if isinstance(self.value, list) else values, marks=marks)

    def position(self) -> Position:
        """Where this part, or the nearest that was written down, stands."""
        return self.marks.position

    def piece(self, start: int, end: int) -> RuleNode:
        """A part of a text, without the spaces around it, which stands in the file where it begins."""
        text = self.value[start:end]
        start += len(text) - len(text.lstrip())
        return self.span(start, start + len(text.strip()))

    def span(self, start: int, end: int) -> RuleNode:
        """A part of a text, with the spaces around it."""
        begins = self.place(start)
        starts = [(offset - start, place) for offset, place in self.starts() if start < offset < end]
        marks = RuleMarks(begins, text=((0, begins), *starts))
        return RuleNode(self.value[start:end], marks, self.document, (*self.path, 0))

    def place(self, offset: int) -> Position:
        """Where a character of a text stands."""
        begins, place = next(start for start in reversed(self.starts()) if start[0] <= offset)
        return Position(place.file, place.line, place.column + offset - begins)

    def starts(self) -> Starts:
        """The characters of a text from which on the next ones stand side by side, and where each of them does."""
        text = self.marks.text
        return text.starts(self.value) if isinstance(text, Written) else text or ((0, self.marks.position),)

    def problem(self, message: str) -> Problem:
        """A problem at this place."""
        return Problem(*self.position(), message)


def of_kind(nodes: list[RuleNode], kind: str) -> list[RuleNode]:
    """The documents of a kind."""
    return [node for node in nodes if isinstance(node.value, dict) and node.value.get("kind") == kind]


def by_id(nodes: list[RuleNode], kind: str) -> dict[str, RuleNode]:
    """The documents of a kind, by id."""
    return {str(node.value["id"]): node for node in of_kind(nodes, kind)}


def has_rules(folder: File) -> bool:
    """Whether a folder is there and holds rule files."""
    return folder.is_dir() and any([*folder.rglob("*.yaml"), *folder.rglob("*.yml")])


def read_rules(root: File) -> list[RuleNode]:
    """Every document of every rule file below a folder, sorted by file; raises Problems for what cannot be read."""
    if not root.is_dir():
        raise Problems([Problem(str(root), 0, 0, "expected a folder of rule files. Name one that exists.")], USAGE)
    nodes: list[RuleNode] = []
    problems: list[Problem] = []
    for file in root.rglob("*.yml"):
        problems.append(Problem(str(file), 0, 0, "expected a rule file that ends in .yaml. Rename it."))
    for file in sorted([*root.rglob("*.yaml"), *root.rglob("*.json")]):
        name, text = str(file), ""
        try:
            text = file.read_text(encoding="utf-8")
            nodes.extend(documents(name, text))
        except Problems as inside:
            problems.extend(inside.problems)
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
            rest = text.splitlines()[line - 1 : line]
            advice = yaml_advice(str(error.problem or error.context), rest[0][column - 1 :] if rest else "")
            problems.append(Problem(name, line, column, f"expected YAML, found {advice}."))
        except RecursionError:
            problems.append(Problem(name, 0, 0, "expected no anchor that holds itself."))
        except (yaml.YAMLError, ValueError, OSError) as error:
            problems.append(Problem(name, 0, 0, f"cannot be read: {' '.join(str(error).split())}."))
    if problems:
        raise Problems(problems)
    return nodes


def documents(name: str, text: str) -> Iterator[RuleNode]:
    """The documents of a file; raises Problems, YAMLError or ValueError for what is no plain data."""
    if name.endswith(".json"):
        start = Position(name, 1, 1)
        yield RuleNode(facts_of(text, name), RuleMarks(start), start)
        return
    loader = Loader(text)
    try:
        while loader.check_node():
            value, marks = Constructor(loader, name, text).part(loader.get_node())
            yield RuleNode(value, marks, marks.position)
    finally:
        loader.dispose()


class Written(NamedTuple):
    """A text as it stands in a file: where it begins, its style in YAML, and all of it."""

    begins: Position
    style: str | None
    text: str

    @lru_cache(maxsize=64)  # noqa: B019 - few, and of one file after the other
    def starts(self, value: str) -> Starts:
        """Where the characters of the value stand, between other line breaks, quotes or escapes."""
        text, words = self.text, r"\S+"
        if value == (text[1:-1] if self.style else text):
            return ((0, self.place(bool(self.style))),)
        if self.style in ("|", ">"):  # its head is no text
            text = re.sub("^.*", lambda head: " " * len(head[0]), text)
        elif self.style:
            text, words = f" {text[1:-1]}", r"\S"
        if self.style == '"':
            text = ESCAPE.sub(same_length, text)
        starts, end = [(0, self.place(bool(self.style)))], 0
        for word in re.finditer(words, value):
            found = text.find(word[0], end)
            if found >= 0:
                end = found + len(word[0])
                starts.append((word.start(), self.place(found)))
        return tuple(starts)

    def place(self, offset: int) -> Position:
        """Where a character of it stands."""
        line = self.text.rfind("\n", 0, offset)
        column = self.begins.column + offset if line < 0 else offset - line
        return Position(self.begins.file, self.begins.line + self.text.count("\n", 0, offset), column)


def same_length(escape: re.Match[str]) -> str:
    """The character that an escape is of, behind as many spaces as keep the length; only spaces for white space."""
    number = escape[1] or escape[2] or escape[3]
    return (chr(int(number, 16)) if number else escape[4] or "").rjust(len(escape[0]))


def with_article(value: object) -> str:
    """The kind of a value for a sentence: `a flag`, `nothing`."""
    return "nothing" if value is None else f"a {kind_of(value)}"


class Constructor:
    """Plain values and their positions from the nodes of PyYAML, within what JSON can hold."""

    def __init__(self, loader: Any, file: str, text: str) -> None:
        self.loader = loader
        self.file = file
        self.text = text

    def part(self, node: yaml.Node, key: yaml.Node | None = None) -> tuple[Any, RuleMarks]:
        """The value of a node and its marks; what stands at a key stands where the key does."""
        value: Any
        parts: dict[Any, tuple[Any, RuleMarks]] = {}
        if isinstance(node, yaml.SequenceNode):
            parts = {index: self.part(item) for index, item in enumerate(node.value)}
            value = [item for item, _ in parts.values()]
        elif isinstance(node, yaml.MappingNode):
            parts = {name.value: self.part(below, name) for name, below in self.pairs(node)}
            value = {name: item for name, (item, _) in parts.items()}
        else:
            value = self.scalar(node)
        below = {name: marks for name, (_, marks) in parts.items()}
        return value, RuleMarks(self.position(key or node), below, self.written(node), self.written(key))

    def pairs(self, node: yaml.MappingNode) -> list[tuple[yaml.ScalarNode, yaml.Node]]:
        """The keys of a mapping, each a text and each once, and what stands there."""
        names: set[Any] = set()
        for key, _ in node.value:
            if key.tag == MERGE:
                raise self.wrong(key, "expected no merge key (`<<`). Write its keys out.")
            name = key.value if key.tag == TEXT else self.loader.construct_object(key, deep=True)
            if not isinstance(name, str):
                raise self.wrong(key, f"expected a text as key, found {with_article(name)}. Quote it.")
            if name in names:
                raise self.wrong(key, f"expected each key once, found `{name}` again. Keep one of the two.")
            names.add(name)
        return list(node.value)

    def scalar(self, node: yaml.Node) -> Any:
        """The value of a scalar, which must be one that JSON has too."""
        value = node.value if node.tag == TEXT else self.loader.construct_object(node)
        if value is None or isinstance(value, (str, bool, int)) or (isinstance(value, float) and isfinite(value)):
            return value
        expected = "expected a text, a number, true, false or null"
        raise self.wrong(node, f"{expected}, found a {kind_of(value)}. Quote it.")

    def wrong(self, node: yaml.Node, message: str) -> Problems:
        """What is wrong with a node."""
        return Problems([Problem(*self.position(node), message)])

    def position(self, node: yaml.Node) -> Position:
        """Where a node begins."""
        return Position(self.file, node.start_mark.line + 1, node.start_mark.column + 1)

    def written(self, node: yaml.Node | None) -> Written | None:
        """A text as it stands in the file."""
        if not isinstance(node, yaml.ScalarNode):
            return None
        return Written(self.position(node), node.style, self.text[node.start_mark.index : node.end_mark.index])
