"""Names in examples: settings of their configurations, columns of the rows and fields of the bodies that they expect.

A misspelt name would prove nothing: a setting that nobody reads changes nothing, and what nobody makes is null.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from litellm_migrate.lint.violation import EXAMPLE, Violation
from litellm_migrate.rulebook.index import Parsed
from litellm_migrate.rulebook.nodes import RuleNode
from litellm_migrate.rulebook.static_types import RowList, RowShape, Setting, StaticType, suggestion

NEW_SETTING = "A document of kind `settings` makes a new one known."


def check_names(parsed: Parsed, examples: Sequence[tuple[RuleNode, RuleNode]]) -> Iterator[Violation]:
    """A violation for each name in an example of a document that stands for nothing."""
    for document, example in examples:
        yield from settings(parsed, example.at("config"), Setting(parsed.book.universe), ())
        name = str(document.value["id"])
        if document.value["kind"] == "relation":
            yield from columns(example.at("rows"), RowList(parsed.rows[name]))
        elif document.value["kind"] == "endpoint":
            yield from fields(parsed.endpoints[name], example.at("bodies"))


def settings(parsed: Parsed, node: RuleNode, setting: Setting, path: tuple[str, ...]) -> Iterator[Violation]:
    """A violation for each setting that is not known, and of which no disposition speaks."""
    for key, part in node.items():
        name = "*" if isinstance(key, int) else str(key)
        below, place = setting.at(name), (*path, name)
        if below is not None:
            yield from settings(parsed, part, below, place)
        elif isinstance(key, str) and parsed.book.dispositions.of(place) is None:
            text = f"`{key}` in `{'.'.join(place)}` is no known setting{suggestion(key, setting.names())} {NEW_SETTING}"
            yield Violation.at(EXAMPLE, part, text)


def columns(node: RuleNode, kind: StaticType) -> Iterator[Violation]:
    """A violation for each column that the rows do not have."""
    if isinstance(kind, RowList):
        for _, row in node.items() if isinstance(node.value, list) else ():
            yield from columns(row, kind.row)
    elif isinstance(kind, RowShape):
        for name, part in node.items() if isinstance(node.value, dict) else ():
            below = kind.at(name)
            if below is None:
                yield Violation.at(
                    EXAMPLE, part, f"`{name}` is no column of these rows{suggestion(name, kind.names())}"
                )
            else:
                yield from columns(part, below)


def fields(endpoint: RuleNode, bodies: RuleNode) -> Iterator[Violation]:
    """A violation for each field of the expected bodies that the endpoint does not write."""
    targets: dict[str, object] = {}
    for target in endpoint.value["body"]:
        below: dict[str, object] = targets
        *above, last = target.split(".")
        for name in above:
            inner = below.setdefault(name, {})
            below = inner if isinstance(inner, dict) else {}
        below.setdefault(last, None)
    for _, body in bodies.items():
        yield from unwritten(body, targets)


def unwritten(node: RuleNode, targets: Mapping[str, object]) -> Iterator[Violation]:
    """A violation for each field below a body that is none of the targets."""
    for name, part in node.items() if isinstance(node.value, dict) else ():
        if name not in targets:
            text = f"`{name}` is no field that this endpoint writes{suggestion(name, targets)}"
            yield Violation.at(EXAMPLE, part, text)
        elif isinstance(below := targets[name], dict):
            yield from unwritten(part, below)
