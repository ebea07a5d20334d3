"""A configuration as the program that it belongs to reads it, with the position of every path."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import BinaryIO

from litellm_migrate.source.documents import STDIN, read_text
from litellm_migrate.source.embedded import read_main
from litellm_migrate.source.includes import read_includes
from litellm_migrate.source.model import Grammar, Path, Problems, Source, Yaml, leaves
from litellm_migrate.source.positions import YamlDocument, quoted


def read_source(name: str, grammar: Grammar, stdin: BinaryIO | None = None, outside: bool = False) -> Source:
    """The configuration in the file `name` (`-` is standard input), or Problems that say why it cannot be read.

    Files that it includes are read from its own folder and below; with `outside` from anywhere.
    """
    file = STDIN if name == "-" else name
    text = read_text(file, stdin)
    main = read_main(file, text, grammar)
    source = read_includes(main, text, grammar, outside)
    if not any(section in source.value for section in grammar.sections):
        raise _no_section(main, source, grammar)
    return source


def _no_section(main: YamlDocument, source: Source, grammar: Grammar) -> Problems:
    """The refusal of a document without any section of the program, with the likeliest reason."""
    expected = f"expected a section of a {grammar.program} configuration ({_listed(grammar.sections)})"
    sections = f"only {_listed(source.value)}" if source.value else "none"
    advice = _near_miss(source.value, grammar) or _nested(source.value, grammar)
    advice = advice or f"Check that `{main.file}` is the configuration."
    return Problems.at(main.at, f"{expected}, found {sections}. {advice}")


def _listed(keys: Iterable[Yaml], most: int = 5) -> str:
    names = [quoted(key) for key in keys]
    return ", ".join(names[:most]) + (f" and {len(names) - most} more" if len(names) > most else "")


def _near_miss(value: dict[Yaml, Yaml], grammar: Grammar) -> str | None:
    """Advice for a misspelt section: `modelList` and `Model-List` are as near as `model_lst`."""
    from difflib import get_close_matches  # noqa: PLC0415 - only when something is wrong

    for key in value:
        spelt = re.sub(r"(?<=[a-z])(?=[A-Z])|[- ]", "_", str(key)).lower()
        for section in get_close_matches(spelt, grammar.sections, 1, 0.8):
            return f"Did you mean {quoted(section)} where {quoted(key)} stands?"
    return None


def _nested(value: dict[Yaml, Yaml], grammar: Grammar) -> str | None:
    """Advice for a file that carries the configuration inside: under another key, or as a block of text."""
    text = re.compile(rf"^[ \t]*({'|'.join(map(re.escape, grammar.sections))}):", re.MULTILINE)
    holders: dict[str, Path] = {}
    for path, leaf in leaves(value):
        for index, step in enumerate(path):
            if step in grammar.sections:
                holders.setdefault(step, path[:index])
        for section in text.findall(leaf) if isinstance(leaf, str) else ():
            holders.setdefault(section, path)
    for section in grammar.sections:
        if section in holders:
            holder = ".".join(map(str, holders[section]))
            return f"{quoted(holder)} holds {quoted(section)}: save what stands there as a file of its own."
    return None
