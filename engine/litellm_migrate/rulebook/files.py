"""Rule files as text: YAML documents with the position of everything in them."""

from __future__ import annotations

from collections.abc import Iterator
from math import isfinite
from pathlib import Path as File
from typing import Any

import yaml

from litellm_migrate.convert.functions.values import kind_of
from litellm_migrate.rulebook.facts import facts_of
from litellm_migrate.source.model import Path, Position, Problem, Problems
from litellm_migrate.source.records import record

Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@record
class Spec:
    """A part of a rule file: its value, and where it stands."""

    value: Any
    file: str
    marks: dict[Path, Position]
    path: Path = ()

    def at(self, *keys: Any) -> Spec:
        """The part at some keys; its value is None if it is not there."""
        value = self.value
        for key in keys:
            inside = isinstance(value, dict) and key in value
            value = value[key] if inside or (isinstance(value, list) and isinstance(key, int)) else None
        return Spec(value, self.file, self.marks, (*self.path, *keys))

    def has(self, key: Any) -> bool:
        """Whether a mapping holds a key."""
        return isinstance(self.value, dict) and key in self.value

    def items(self) -> Iterator[tuple[Any, Spec]]:
        """The parts of a mapping or a list; none of anything else."""
        keys = self.value if isinstance(self.value, dict) else range(len(self.value or ()))
        for key in keys:
            yield key, self.at(key)

    def position(self) -> Position:
        """Where this part, or the nearest that was written down, stands."""
        path = self.path
        while path and path not in self.marks:
            path = path[:-1]
        return self.marks.get(path, Position(self.file, 1, 1))

    def problem(self, message: str) -> Problem:
        """A problem at this place."""
        return Problem(*self.position(), message)


def read_rules(root: File) -> list[Spec]:
    """Every document of every rule file below a folder, sorted by file; raises Problems for what cannot be read."""
    if not root.is_dir():
        raise Problems([Problem(str(root), 0, 0, "expected a folder of rule files. Name one that exists.")], 2)
    found: list[Spec] = []
    problems: list[Problem] = []
    for file in sorted([*root.rglob("*.yaml"), *root.rglob("*.json")]):
        name = str(file)
        try:
            if file.suffix == ".json":
                found.append(Spec(facts_of(file.read_text(encoding="utf-8"), name), name, {}))
            else:
                found.extend(documents(name, file.read_text(encoding="utf-8")))
        except Problems as inside:
            problems.extend(inside.problems)
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
            problems.append(Problem(name, line, column, f"expected YAML: {error.problem or error.context}."))
        except RecursionError:
            problems.append(Problem(name, 0, 0, "expected no anchor that holds itself."))
        except (yaml.YAMLError, ValueError, OSError) as error:
            problems.append(Problem(name, 0, 0, f"cannot be read: {' '.join(str(error).split())}."))
    if problems:
        raise Problems(problems)
    return found


def documents(name: str, text: str) -> Iterator[Spec]:
    """The documents of a file; raises Problems or a YAMLError for what is no plain data."""
    loader = Loader(text)
    try:
        while loader.check_node():
            marks: dict[Path, Position] = {}
            node = loader.get_node()
            yield Spec(plain(loader, node, (), marks, name), name, marks)
    finally:
        loader.dispose()


def plain(loader: Any, node: Any, path: Path, marks: dict[Path, Position], name: str) -> Any:
    """The plain value of a node; notes the position of everything below it."""
    marks.setdefault(path, Position(name, node.start_mark.line + 1, node.start_mark.column + 1))
    if isinstance(node, yaml.SequenceNode):
        return [plain(loader, item, (*path, place), marks, name) for place, item in enumerate(node.value)]
    if not isinstance(node, yaml.MappingNode):
        return scalar(loader, node, name)
    made: dict[Any, Any] = {}
    for key, key_node, value_node in pairs(loader, node, name):
        marks[(*path, key)] = Position(name, key_node.start_mark.line + 1, key_node.start_mark.column + 1)
        made[key] = plain(loader, value_node, (*path, key), marks, name)
    return made


def pairs(loader: Any, node: Any, name: str) -> list[tuple[str, Any, Any]]:
    """The keys of a mapping with their nodes; its own keys beat those that are merged into it."""
    own: set[Any] = set()
    for key_node, _ in node.value:
        key = loader.construct_object(key_node, deep=True)
        if not isinstance(key, str):
            raise wrong(key_node, name, f"expected a text as key, found a {kind_of(key)}. Quote it.")
        if key in own:
            raise wrong(key_node, name, f"expected each key once, found `{key}` again. Keep one of the two.")
        own.add(key)
    loader.flatten_mapping(node)
    found = {key_node.value: (key_node, value_node) for key_node, value_node in node.value}
    node.value = list(found.values())
    return [(key, *nodes) for key, nodes in found.items()]


def scalar(loader: Any, node: Any, name: str) -> Any:
    """The value of a scalar, which must be one that JSON has too."""
    value = loader.construct_object(node)
    if value is None or isinstance(value, (str, bool, int)) or (isinstance(value, float) and isfinite(value)):
        return value
    raise wrong(node, name, f"expected a text, a number, true, false or null, found a {kind_of(value)}. Quote it.")


def wrong(node: Any, name: str, message: str) -> Problems:
    """What is wrong with a node."""
    return Problems([Problem(name, node.start_mark.line + 1, node.start_mark.column + 1, message)])
