"""Which documents are configurations of the program at all."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

from litellm_migrate.source.model import Path, Problems, Source, leaves
from litellm_migrate.source.places import Document, shown

if TYPE_CHECKING:
    from collections.abc import Iterable

KINDS = {dict: "a mapping", list: "a list", str: "text", bool: "true or false", int: "a number", float: "a number"}


class Grammar(NamedTuple):
    """What a rule file says about the program's configurations."""

    sections: tuple[str, ...]
    """Top-level keys; a configuration has at least one of them."""
    include: str | None
    """The top-level key that lists further files."""
    program: str = "LiteLLM"
    """The name of the program, for messages."""
    wrappers: tuple[Path, ...] = ()
    """Where a configuration stands in a file that carries it inside, from the node that is the wrapper; a step `*`
    is any key or index."""
    search: int = 0
    """Levels of other places that are searched for a configuration; with no wrappers and 0, none is unwrapped."""

    @property
    def telling(self) -> tuple[str, ...]:
        """The sections that tell a configuration from any other document; files of all kinds include others."""
        return tuple(section for section in self.sections if section != self.include)


def kind(value: object) -> str:
    """What a value is, for a message that must not show it."""
    return "nothing" if value is None else KINDS.get(type(value), f"a {type(value).__name__}")


def check_mapping(document: Document, grammar: Grammar) -> None:
    """Raises Problems unless the document is a mapping."""
    if not isinstance(document.value, dict):
        expected = f"expected a mapping with the sections of a {grammar.program} configuration"
        advice = f"Check that `{document.file}` is the configuration."
        raise Problems.at(document.at, f"{expected}, found {kind(document.value)}. {advice}")


def check_sections(main: Document, source: Source, grammar: Grammar) -> None:
    """Raises Problems unless one of the program's sections is there, with the likeliest reason why none is."""
    if any(section in source.value for section in grammar.sections):
        return
    expected = f"expected a section of a {grammar.program} configuration ({_listed(grammar.sections)})"
    found = f"only {_listed(source.value)}" if source.value else "none"
    advice = _near_miss(source.value, grammar) or _nested(source.value, grammar)
    advice = advice or f"Check that `{main.file}` is the configuration."
    raise Problems.at(main.at, f"{expected}, found {found}. {advice}")


def _listed(keys: Iterable[Any], most: int = 5) -> str:
    names = [shown(key) for key in keys]
    return ", ".join(names[:most]) + (f" and {len(names) - most} more" if len(names) > most else "")


def _near_miss(value: dict[Any, Any], grammar: Grammar) -> str | None:
    from difflib import get_close_matches  # noqa: PLC0415 - only when something is wrong

    for key in value:
        # `modelList` and `Model-List` are as near as `model_lst`.
        spelt = re.sub(r"(?<=[a-z])(?=[A-Z])|[- ]", "_", str(key)).lower()
        for section in get_close_matches(spelt, grammar.sections, 1, 0.8):
            return f"Did you mean {shown(section)} where {shown(key)} stands?"
    return None


def _nested(value: dict[Any, Any], grammar: Grammar) -> str | None:
    """Advice for a file that carries the configuration inside: under another key, or as a block of text."""
    text = re.compile(rf"^[ \t]*({'|'.join(map(re.escape, grammar.sections))}):", re.MULTILINE)
    found: dict[str, Path] = {}
    for path, leaf in leaves(value):
        for index, step in enumerate(path):
            if step in grammar.sections:
                found.setdefault(step, path[:index])
        for section in text.findall(leaf) if isinstance(leaf, str) else ():
            found.setdefault(section, path)
    for section in (section for section in grammar.sections if section in found):
        holder = ".".join(map(str, found[section]))
        return f"{shown(holder)} holds {shown(section)}: save what stands there as a file of its own."
    return None
