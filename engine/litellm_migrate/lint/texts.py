"""Texts that say something else than they seem to."""

from __future__ import annotations

import re
from collections.abc import Iterator

from litellm_migrate.convert.columns import Text
from litellm_migrate.convert.expressions import Expression
from litellm_migrate.lint.coverage import Coverage
from litellm_migrate.lint.violation import EXPRESSION, Violation
from litellm_migrate.rulebook.index import Parsed, Site
from litellm_migrate.rulebook.static_types import walk

DOUBLED = re.compile(r"\{\{\s*([A-Za-z_][\w.]*)\s*\}\}")


def check_texts(dialects: list[Parsed], coverage: Coverage) -> Iterator[Violation]:
    """What is wrong with texts; asks `coverage` to tell of holes that a list or a mapping fills."""
    for parsed in dialects:
        for site in parsed.sites.texts:
            for match in DOUBLED.finditer(str(site.node.value or "")):
                if not isinstance(walk(site.row, tuple(match[1].split("."))), str):
                    text = f"`{match[0]}` is printed as `{{{match[1]}}}`: doubled braces stand for themselves"
                    yield Violation.at(EXPRESSION, site.node, f"{text}. Write `{{{match[1]}}}` for the value.")
            forbid_lists(site, coverage)


def forbid_lists(site: Site, coverage: Coverage) -> None:
    """Forbids that examples fill a hole of a text with more than a single value."""
    parts = site.declaration.parts if isinstance(site.declaration, Text) else ()
    for part in parts:
        if isinstance(part, Expression):
            text = f"a list or a mapping fills the hole `{{{part.text}}}` in an example, and is printed as one"
            coverage.forbid(part, site.node, f"{text}. Make a text of it first.", is_compound)


def is_compound(value: object) -> bool:
    """Whether a value is no single one."""
    return isinstance(value, (list, dict))
