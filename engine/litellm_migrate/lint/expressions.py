"""Expressions and texts that say something else than they seem to."""

from __future__ import annotations

import re
from collections.abc import Iterator

from litellm_migrate.convert.columns import Constant, Text
from litellm_migrate.convert.expressions import Expression, SyntaxNode
from litellm_migrate.convert.functions.values import KINDS, sort
from litellm_migrate.lint.coverage import Coverage
from litellm_migrate.lint.violation import EXPRESSION, Violation
from litellm_migrate.rulebook.index import Parsed, Site
from litellm_migrate.rulebook.static_types import suggestion, walk

KIND_NAMES = [*(word for _, word in KINDS), "date"]
"""What the function that names the sort of a value may answer."""
DOUBLED = re.compile(r"\{\{\s*([A-Za-z_][\w.]*)\s*\}\}")


def check_expressions(dialects: list[Parsed], coverage: Coverage) -> Iterator[Violation]:
    """What is wrong with expressions and texts; asks `coverage` to tell of holes that a list or a mapping fills."""
    for parsed in dialects:
        for site in (*parsed.sites.columns, *parsed.sites.conditions):
            if isinstance(site.declaration, Expression):
                yield from wrong_kinds(site, site.declaration.tree)
        for site in parsed.sites.texts:
            for match in DOUBLED.finditer(str(site.node.value or "")):
                if not isinstance(walk(site.row, tuple(match[1].split("."))), str):
                    text = f"`{match[0]}` is printed as `{{{match[1]}}}`: doubled braces stand for themselves"
                    yield Violation.at(EXPRESSION, site.node, f"{text}. Write `{{{match[1]}}}` for the value.")
            forbid_lists(site, coverage)


def wrong_kinds(site: Site, tree: SyntaxNode) -> Iterator[Violation]:
    """A violation for each comparison of the sort of a value with a word that is none."""
    children = [child for child in tree["children"] if isinstance(child, dict)]
    if tree["type"] == "comparator" and any(
        child["type"] == "function_expression" and child["value"] == sort.__name__ for child in children
    ):
        for word in [child["value"] for child in children if child["type"] == "literal"]:
            if word not in KIND_NAMES:
                text = f"`{sort.__name__}` never answers `{word}`, but one of {', '.join(KIND_NAMES)}"
                yield Violation.at(EXPRESSION, site.node, text + suggestion(str(word), KIND_NAMES))
    for child in children:
        yield from wrong_kinds(site, child)


def forbid_lists(site: Site, coverage: Coverage) -> None:
    """Forbids that examples fill a hole of a text with more than a single value."""
    parts = site.declaration.parts if isinstance(site.declaration, Text) else ()
    for part in parts:
        if isinstance(part, Expression) and not isinstance(part, Constant):
            text = f"a list or a mapping fills the hole `{{{part.text}}}` in an example, and is printed as one"
            coverage.forbid(part, site.node, f"{text}. Make a text of it first.", is_compound)


def is_compound(value: object) -> bool:
    """Whether a value is no single one."""
    return isinstance(value, (list, dict))
