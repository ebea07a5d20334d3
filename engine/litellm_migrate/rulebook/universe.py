"""The universe: the schema of every setting that the source's program knows, with those that rules add."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator, Mapping
from fnmatch import translate
from pathlib import Path as File
from typing import Any

from litellm_migrate.rulebook.nodes import RuleNode
from litellm_migrate.rulebook.static_types import BELOW, Setting, suggestion
from litellm_migrate.source.model import Problem, Problems

Pattern = tuple[str, ...]
"""The names of a dotted path, each of which may be a glob."""


def universe_of(source: RuleNode, added: Mapping[str, RuleNode], folder: File, problems: list[Problem]) -> Any:
    """The schema that the document of kind `source` names, with the settings that documents of kind `settings` add."""
    name = str(source.value["universe"])
    try:
        universe = json.loads((folder / name).read_text(encoding="utf-8"), object_hook=distinct)
    except OSError as error:
        files = sorted(file.name for file in folder.glob("*.json"))
        raise Problems([source.at("universe").problem(f"`{name}` is no schema{suggestion(name, files)}")]) from error
    return universe_with(universe, added, problems)


def universe_with(universe: Any, added: Mapping[str, RuleNode], problems: list[Problem]) -> Any:
    """The schema of all known settings, with those that rules add; changes and returns the one that it is given."""
    for node in added.values():
        place = Setting(universe)
        for key in segments(node.value["under"]):
            below = place.named(key) or (place.rest() if key == "*" else None)
            if below is None:
                hint = suggestion(key, place.names())
                problems.append(node.at("under").problem(f"`{key}` is no known setting{hint}"))
                break
            place = below
        else:
            merge(place.schema, json.loads(json.dumps(node.value["schema"]), object_hook=distinct))
    return universe


def distinct(schema: dict[str, Any]) -> dict[str, Any]:
    """A part of a schema in which `true` is `{}`, so that every setting is an object of its own."""
    return {word: {} if below is True else below for word, below in schema.items()}


def merge(schema: dict[str, Any], more: Mapping[str, Any]) -> None:
    """Adds settings to a schema; where both know one as a mapping, what is below adds up."""
    if BELOW.isdisjoint(schema):
        schema["additionalProperties"] = {}  # anything may stand there, and still may
    properties = schema.setdefault("properties", {})
    for name, below in more.get("properties", {}).items():
        if name in properties and "properties" in properties[name] and "properties" in below:
            merge(properties[name], below)
        else:
            properties[name] = below


def new_sections(added: Mapping[str, RuleNode]) -> Iterator[str]:
    """The top-level settings that rules add: a document that has one is a configuration."""
    for node in added.values():
        if not node.value["under"]:
            yield from node.value["schema"]["properties"]


class KnownSettings:
    """The settings of a universe by patterns."""

    def __init__(self, universe: Any) -> None:
        self._matches: dict[Pattern, list[tuple[Pattern, Setting]]] = {(): [((), Setting(universe))]}

    def matches(self, pattern: Pattern) -> list[tuple[Pattern, Setting]]:
        """The settings that a pattern matches, with their paths; where any key is free, the pattern's own."""
        if pattern not in self._matches:
            segment = pattern[-1]
            matches = self._matches[pattern] = []
            for path, setting in self.matches(pattern[:-1]):
                names = matching(segment, setting.names())
                free = [] if names else [segment, *(["*"] if "*" in segment else [])]
                below = [((*path, name), setting.at(name)) for name in [*names, *free]]
                matches.extend((place, inner) for place, inner in below if inner)
        return self._matches[pattern]

    def problems(self, node: RuleNode, pattern: Pattern) -> Iterator[Problem]:
        """A problem if a pattern matches no setting."""
        for depth in range(1, len(pattern) + 1) if not self.matches(pattern) else ():
            if not self.matches(pattern[:depth]):
                segment = pattern[depth - 1]
                names = {name for _, setting in self.matches(pattern[: depth - 1]) for name in setting.names()}
                text = f"`{segment}` in `{'.'.join(pattern)}` is no known setting"
                yield node.problem(text + suggestion(segment, names))
                return


def matching(segment: str, names: Collection[str]) -> list[str]:
    """The names that one segment of a pattern matches."""
    if segment == "*":
        return list(names)
    if "*" in segment:
        return list(filter(re.compile(translate(segment)).match, names))
    return [segment] if segment in names else []


def segments(text: Any) -> Pattern:
    """The parts of a dotted pattern."""
    return tuple(part for part in str(text).split(".") if part)


def patterns_of(dispositions: RuleNode) -> Iterator[tuple[Pattern, RuleNode]]:
    """The patterns of a document of dispositions, from the top, and what stands at each."""
    under = segments(dispositions.value.get("under", ""))
    for key, part in dispositions.at("settings").items():
        yield (*under, *segments(key)), part


def settings(
    setting: Setting, read: Collection[int] = (), path: Pattern = (), above: bool = False
) -> Iterator[tuple[Pattern, bool]]:
    """Every setting without settings below it, and whether it, or something that it is part of, is in `read`.

    `read` has the identities of schemas. A list's items and a mapping's free keys are `*`; free keys beside known ones
    need no answer of their own.
    """
    reads = above or id(setting.schema) in read
    named, rest = setting.names(), setting.rest()
    for name, below in named.items():
        yield from settings(Setting(below), read, (*path, name), reads)
    if rest is not None:
        yield from settings(rest, read, (*path, "*"), reads or bool(named))
    elif not named and path:
        yield path, reads
