"""The conversion matrix: every setting with its outcome, rule and reason, as Markdown made from the rules."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Protocol

from litellm_migrate.convert.verdicts import MAPPED
from litellm_migrate.rulebook.usage import Reach, RulePlace, Usage

MOST = 6
"""How many fields, or rules, a row names."""
Cells = tuple[str, str, str]
"""Outcome, what is said of it, and the rule."""


class Markdown(Protocol):
    """What writes Markdown: the module of that name in the room `output`."""

    def code(self, text: str) -> str:
        """A name as a code span."""

    def prose(self, text: str) -> str:
        """A sentence in which nothing is markup."""

    def table(self, heads: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
        """The lines of a table."""


def matrix(usage: Usage, markdown: Markdown) -> str:
    """The whole matrix; settings with the same cells share a row."""
    code = markdown.code
    settings = list(usage.settings())
    lines = [
        "# Conversion matrix",
        "",
        f"Every setting that {usage.book.program} knows ({len(settings):,}), and what becomes of it in the dialect "
        f"{code(usage.book.dialect)}. `*` is an item of a list, or any key.",
        "",
        "Made from the rules by `litellm-migrate rules matrix`; do not edit. A setting that payloads carry may still",
        "be Manual or Skipped where its value cannot be carried: that is what stands behind the fields.",
        "",
    ]
    sections: dict[str, dict[Cells, list[str]]] = {}
    for path in settings:
        rows = sections.setdefault(path[0], {})
        rows.setdefault(cells(usage, path, markdown), []).append(".".join(path[1:]) or path[0])
    for section, rows in sections.items():
        table = [[", ".join(map(code, names)), *answer] for answer, names in rows.items()]
        lines += [f"## {code(section)}", "", *markdown.table(["Setting", "Outcome", "Where to, or why", "Rule"], table)]
    return "\n".join(lines).rstrip() + "\n"


def cells(usage: Usage, path: tuple[str, ...], markdown: Markdown) -> Cells:
    """What becomes of a setting."""
    reach, disposition = usage.reach(path), usage.book.dispositions.of(path)
    word = disposition.outcome.word.capitalize() if disposition else "By rule"
    because = markdown.prose(disposition.outcome.because) if disposition else ""
    rules = ", ".join(map(markdown.code, rules_of(reach)))
    if reach.written or reach.decided:
        lead, places = ("To", reach.written) if reach.written else ("Decides", reach.decided)
        fields = fields_text(usage, places, markdown)
        otherwise = f" Otherwise {word}: {because}" if disposition else ""
        return MAPPED.capitalize(), f"{lead} {fields}.{otherwise}", rules
    return word, because, markdown.code(disposition.rule) if disposition else rules


def fields_text(usage: Usage, places: Sequence[RulePlace], markdown: Markdown) -> str:
    """Fields of payloads, no more than anybody reads."""
    names = [markdown.code(f"{usage.files[place.id]}: {place.name}") for place in places[:MOST]]
    return ", ".join(names) + (f" and {len(places) - MOST} more" if len(places) > MOST else "")


def rules_of(reach: Reach) -> Iterator[str]:
    """The relations and fields that read a setting themselves, once each."""
    names = (".".join(part for part in (use.place.id, use.place.name) if part) for use in reach.uses)
    yield from list(dict.fromkeys(names))[:MOST]
