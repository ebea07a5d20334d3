"""Every setting of the universe has an answer; every disposition answers for a setting."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from litellm_migrate.convert.dispositions import Dispositions
from litellm_migrate.lint.found import DISPOSITION, UNIVERSE, Found
from litellm_migrate.rulebook.nodes import RuleNode
from litellm_migrate.rulebook.universe import matching, segments

Pattern = tuple[str, ...]


def settings(schema: Any, read: set[int], path: Pattern = (), above: bool = False) -> Iterator[tuple[Pattern, bool]]:
    """Every setting without settings below it, and whether rules read it or something that it is part of.

    A list's items and a mapping's free keys are `*`; free keys beside known ones need no answer of their own.
    """
    reads = above or id(schema) in read
    named = named_in(schema)
    rest = rest_of(schema)
    for name, below in named.items():
        yield from settings(below, read, (*path, name), reads)
    if rest is not None:
        yield from settings(rest, read, (*path, "*"), reads or bool(named))
    if rest is None and not named and path:
        yield path, reads


def named_in(schema: Any) -> dict[str, Any]:
    """The settings below one, by name."""
    return dict(schema.get("properties", {})) if isinstance(schema, dict) else {}


def rest_of(schema: Any) -> Any:
    """The setting that the items of a list, or free keys of a mapping, are; None if there are none."""
    found = schema.get("items", schema.get("additionalProperties")) if isinstance(schema, dict) else None
    return None if found is False else found


def unanswered(known: list[tuple[Pattern, bool]], dispositions: Dispositions, universe: RuleNode) -> Iterator[Found]:
    """A finding for each setting that no rule reads and no disposition covers.

    A setting may have both: the disposition then speaks where the value is one that cannot be carried.
    """
    for path, read in known:
        if not read and dispositions.of(path) is None:
            name = ".".join(path)
            text = f"no rule reads `{name}`, and no disposition covers it. Add one under `{path[0]}`."
            yield Found.at(UNIVERSE, universe, text)


def dead(
    specs: list[RuleNode], schema: Any, known: list[tuple[Pattern, bool]], dispositions: Dispositions
) -> Iterator[Found]:
    """A finding for each pattern that never decides, or that calls foreign what is known."""
    deciding = {found.pattern for path, _ in known if (found := dispositions.of(path))}
    for spec in specs:
        if spec.value.get("kind") != "dispositions":
            continue
        for key, part in spec.at("settings").items():
            pattern = (*segments(spec.value.get("under", "")), *segments(key))
            name = ".".join(pattern)
            if spec.value.get("foreign"):
                hit = next(matches(schema, pattern), None)
                if hit:
                    text = f"`{name}` is said to be foreign, but `{'.'.join(hit)}` is known. Move it to the others."
                    yield Found.at(DISPOSITION, part, text)
            elif pattern not in deciding and not free(schema, pattern):
                text = f"`{name}` never decides: longer patterns cover every setting that it matches. Delete it."
                yield Found.at(DISPOSITION, part, text)


def matches(schema: Any, pattern: Pattern, path: Pattern = ()) -> Iterator[Pattern]:
    """The known settings that a pattern matches, the last of them by name."""
    if not pattern:
        yield path
        return
    below = named_in(schema)
    for name in matching(pattern[0], below):
        yield from matches(below[name], pattern[1:], (*path, name))
    rest = rest_of(schema)
    if rest is not None and len(pattern) > 1 and not (below and pattern[0] != "*"):
        yield from matches(rest, pattern[1:], (*path, "*"))


def free(schema: Any, pattern: Pattern) -> bool:
    """Whether a pattern leads to where any key may stand: it then decides for the keys that it matches."""
    if not pattern:
        return False
    below = named_in(schema)
    named = [below[name] for name in matching(pattern[0], below)]
    rest = rest_of(schema)
    if not below and rest is None:
        return True
    if rest is not None and not named and len(pattern) == 1:
        return True
    return any(free(one, pattern[1:]) for one in [*named, *([rest] if rest is not None else [])])
