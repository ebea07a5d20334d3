"""Compiles dispositions: every pattern once, none as specific as another, none about a setting that does not exist."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from fnmatch import translate
from typing import Any

from litellm_migrate.convert.dispositions import Disposition, rank
from litellm_migrate.convert.outcomes import MANUAL, Outcome
from litellm_migrate.rulebook.columns import outcome
from litellm_migrate.rulebook.files import Spec
from litellm_migrate.rulebook.shapes import Setting, suggestion
from litellm_migrate.source.model import Problem

Pattern = tuple[str, ...]


class Known:
    """Every setting that the source's program knows, asked by patterns."""

    def __init__(self, universe: Any) -> None:
        self._found: dict[Pattern, list[tuple[Pattern, Setting]]] = {(): [((), Setting(universe))]}

    def settings(self, pattern: Pattern) -> list[tuple[Pattern, Setting]]:
        """The settings that a pattern matches, with their paths; where any key is free, the pattern's own."""
        if pattern not in self._found:
            segment = pattern[-1]
            found = self._found[pattern] = []
            for path, shape in self.settings(pattern[:-1]):
                names = matching(segment, shape.names())
                free = [] if names else [segment, *(["*"] if "*" in segment else [])]
                below = [((*path, name), shape.at(name)) for name in [*names, *free]]
                found.extend((place, one) for place, one in below if isinstance(one, Setting))
        return self._found[pattern]

    def problems(self, spec: Spec, pattern: Pattern) -> Iterator[Problem]:
        """A problem if a pattern matches no setting."""
        for depth in range(1, len(pattern) + 1):
            if not self.settings(pattern[:depth]):
                segment = pattern[depth - 1]
                names = {name for _, shape in self.settings(pattern[: depth - 1]) for name in shape.names()}
                text = f"`{segment}` in `{'.'.join(pattern)}` is no known setting"
                yield spec.problem(text + suggestion(segment, names))
                return


def dispositions_of(specs: list[Spec], known: Known, problems: list[Problem]) -> Iterator[Disposition]:
    """Every disposition; a pattern names a known setting unless its document says foreign."""
    seen: dict[Pattern, Spec] = {}
    for spec in specs:
        if spec.value["kind"] != "dispositions":
            continue
        under = segments(spec.value.get("under", ""))
        for key, part in spec.at("settings").items():
            pattern = (*under, *segments(key))
            if pattern in seen:
                text = f"`{'.'.join(pattern)}` is also decided in {seen[pattern].position()}. Keep one of the two."
                problems.append(part.problem(text))
            seen[pattern] = part
            if not spec.value.get("foreign"):
                problems.extend(known.problems(part, pattern))
            yield Disposition(pattern, outcome(part) or Outcome(MANUAL, ""))
    problems.extend(undecided(seen, known))


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


def undecided(seen: dict[Pattern, Spec], known: Known) -> Iterator[Problem]:
    """A problem where a known setting fits two patterns that are as specific."""
    taken: dict[Any, Pattern] = {}
    for pattern, spec in seen.items():
        for path, _ in known.settings(pattern) if any("*" in segment for segment in pattern) else ():
            other = taken.setdefault((path, *map(rank, pattern)), pattern)
            if other != pattern:
                text = f"`{'.'.join(path)}` fits this and `{'.'.join(other)}`, which is as specific"
                yield spec.problem(f"{text} ({seen[other].position()}). Make one of them longer.")
