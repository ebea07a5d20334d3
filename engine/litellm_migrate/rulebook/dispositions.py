"""Compiles dispositions: every pattern once, none as specific as another, none about a setting that does not exist."""

from __future__ import annotations

from collections.abc import Iterator

from litellm_migrate.convert.dispositions import Disposition, rank
from litellm_migrate.convert.outcomes import MANUAL, Outcome
from litellm_migrate.rulebook.columns import outcome
from litellm_migrate.rulebook.nodes import RuleNode, of_kind
from litellm_migrate.rulebook.universe import KnownSettings, Pattern, patterns_of
from litellm_migrate.source.model import Problem


def dispositions_of(nodes: list[RuleNode], settings: KnownSettings, problems: list[Problem]) -> Iterator[Disposition]:
    """Every disposition; a pattern names a known setting unless its document says foreign."""
    by_pattern: dict[Pattern, RuleNode] = {}
    for node in of_kind(nodes, "dispositions"):
        for pattern, part in patterns_of(node):
            if pattern in by_pattern:
                text = (
                    f"`{'.'.join(pattern)}` is also decided in {by_pattern[pattern].position()}. Keep one of the two."
                )
                problems.append(part.problem(text))
            by_pattern[pattern] = part
            if part.value is None:
                problems.append(part.problem("expected an outcome; only an overlay takes the rule of another away."))
            if not node.value.get("foreign"):
                problems.extend(settings.problems(part, pattern))
            default = part.at("default").value if part.value is not None else None
            yield Disposition(pattern, coded(outcome(part) or Outcome(MANUAL, ""), node), default)
    problems.extend(undecided(by_pattern, settings))


def coded(outcome: Outcome, document: RuleNode) -> Outcome:
    """An outcome with the code of its document, if it is manual and has none of its own."""
    if outcome.code or outcome.word != MANUAL:
        return outcome
    return outcome._replace(code=str(document.value.get("code", "")))


def undecided(by_pattern: dict[Pattern, RuleNode], settings: KnownSettings) -> Iterator[Problem]:
    """A problem where a known setting fits two patterns that are as specific."""
    first: dict[tuple[Pattern | tuple[int, int], ...], Pattern] = {}
    for pattern, node in by_pattern.items():
        for path, _ in settings.matches(pattern) if any("*" in segment for segment in pattern) else ():
            rival = first.setdefault((path, *map(rank, pattern)), pattern)
            if rival != pattern:
                text = f"`{'.'.join(path)}` fits this and `{'.'.join(rival)}`, which is as specific"
                yield node.problem(f"{text} ({by_pattern[rival].position()}). Make one of them longer.")
