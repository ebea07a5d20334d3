"""Adds to a YAML text without touching the rest: comments, order and spacing stay as they were written."""

from __future__ import annotations

from typing import Any

import yaml

from litellm_migrate.rulebook.nodes import RuleNode, documents
from litellm_migrate.source.model import Path, Problems

END = -1
"""The key that stands for a new item at the end of a list."""
YamlNode = Any  # a node of PyYAML, which has no types


def inserted(text: str, document: RuleNode, path: Path, value: Any, after: Any = None) -> str:
    """The text of a file with a value more in one of its documents; raises Problems where it cannot be put there.

    The new key of a mapping, or item of a list (`END`), comes last, or after the key `after`.
    """
    start = document.document
    node = next(
        node for node in yaml.compose_all(text, Loader=yaml.SafeLoader) if node.start_mark.line == start.line - 1
    )
    depth = 0
    while depth < len(path) - 1 and (below := child(node, path[depth])) is not None:
        node, depth = below, depth + 1
    if isinstance(node, yaml.CollectionNode) and node.value and not node.flow_style:
        changed = into_block(text, node, path[depth:], value, after)
    else:
        changed = into_flow(text, node, document.at(*path[:depth]), path[depth:], value)
    number = [node.document for node in documents(document.file, text)].index(start)
    if list(documents(document.file, changed))[number].value != with_value(document.value, path, value):
        message = "expected a place of its own line for what is to be added. Write one entry a line, and try again."
        raise Problems([document.at(*path[:depth]).problem(message)])
    return changed


def child(node: YamlNode, key: Any) -> YamlNode:
    """The node below a mapping's key; None if there is none."""
    pairs = node.value if isinstance(node, yaml.MappingNode) else ()
    return next((value for name, value in pairs if name.value == key), None)


def into_block(text: str, node: YamlNode, rest: Path, value: Any, after: Any) -> str:
    """Adds to a mapping or list that has a line for each entry."""
    pairs = entries(node)
    end = end_of(*next((pair for pair in pairs if after is not None and pair[0].value == after), pairs[-1]))
    if end and text[end - 1] != "\n":
        line = text.find("\n", end)
        end = len(text) if line < 0 else line + 1
    head = text[:end] if text[:end].endswith("\n") else f"{text[:end]}\n"
    indent = " " * node.start_mark.column
    return head + "".join(f"{indent}{line}\n" for line in lines_of(rest, value)) + text[end:]


def into_flow(text: str, node: YamlNode, place: RuleNode, rest: Path, value: Any) -> str:
    """Adds to a mapping or list in braces, or puts braces where nothing stands."""
    inner = flow(value) if rest[0] == END else flow(with_value(None, rest, value))[1:-1]
    close = node.end_mark.index - 1
    if text[close : close + 1] not in ("}", "]"):
        raise Problems([place.problem("expected a mapping or a list here. Write one.")])
    return f"{text[:close]}{', ' if node.value else ''}{inner}{text[close:]}"


def entries(node: YamlNode) -> list[tuple[YamlNode, YamlNode]]:
    """Keys and values of a mapping; of a list, its items twice."""
    return list(node.value) if isinstance(node, yaml.MappingNode) else [(item, item) for item in node.value]


def end_of(key: YamlNode, value: YamlNode) -> int:
    """Where an entry ends; an alias, whose node stands elsewhere, ends on its key's line."""
    if value is not key and value.start_mark.index < key.start_mark.index:
        return int(key.end_mark.index)
    if isinstance(value, yaml.ScalarNode) or value.flow_style or not value.value:
        return int(value.end_mark.index)
    return end_of(*entries(value)[-1])


def lines_of(rest: Path, value: Any) -> list[str]:
    """A new entry: each key of the path on its line, what it holds on one line; of a list's item, a line a key."""
    if rest[0] == END:
        pairs = value.items() if isinstance(value, dict) else ()
        return [f"{'  ' if number else '- '}{flow(key)}: {flow(part)}" for number, (key, part) in enumerate(pairs)]
    if len(rest) == 1:
        return [f"{flow(rest[0])}: {flow(value)}"]
    indent = "" if rest[1] == END else "  "
    return [f"{flow(rest[0])}:", *(indent + line for line in lines_of(rest[1:], value))]


def flow(value: Any) -> str:
    """A value, or a key, on one line."""
    text = yaml.safe_dump(value, default_flow_style=True, sort_keys=False, allow_unicode=True, width=10**9)
    return text.removesuffix("...\n").rstrip("\n")


def with_value(current: Any, path: Path, value: Any) -> Any:
    """A mapping or list with a value more at the end of a path; what is missing on the way is made."""
    if not path:
        return value
    if path[0] == END:
        return [*(current or []), with_value(None, path[1:], value)]
    mapping = current or {}
    return {**mapping, path[0]: with_value(mapping.get(path[0]), path[1:], value)}
