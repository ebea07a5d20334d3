"""Compiles what is said of the source: how it is read, its sentences, where it may hold a secret, its dispositions.

Of dispositions, every pattern is there once, none is as specific as another, none is about an unknown setting.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from litellm_migrate.convert.dispositions import Disposition, rank
from litellm_migrate.convert.outcomes import MANUAL, Outcome
from litellm_migrate.convert.verdicts import Words
from litellm_migrate.rulebook.columns import outcome
from litellm_migrate.rulebook.nodes import RuleNode, of_kind
from litellm_migrate.rulebook.universe import KnownSettings, Pattern, new_sections, patterns_of, segments
from litellm_migrate.source.model import Grammar, Problem
from litellm_migrate.source.redact import KeyPatterns, Mask, Secrets

HOLES = {
    **dict.fromkeys(("refused", "wrong_type"), ("expected", "found")),
    **dict.fromkeys(("unused", "unknown"), ("found",)),
}
"""The sentences that are outcomes, and the holes that each may have."""


def grammar_of(
    node: RuleNode, settings: KnownSettings, problems: list[Problem], added: Mapping[str, RuleNode]
) -> Grammar:
    """How the source is read."""
    for part in [*(part for _, part in node.at("sections").items()), node.at("include")]:
        if part.value is not None:
            problems.extend(settings.problems(part, (str(part.value),)))
    wrappers = tuple(segments(pattern) for pattern in node.value.get("wrappers", ()))
    sections = (*node.value["sections"], *new_sections(added))
    program = str(node.value["program"])
    return Grammar(sections, node.value.get("include"), program, wrappers, int(node.value.get("search", 0)))


def words_of(node: RuleNode, problems: list[Problem]) -> Words:
    """The sentences that hold of any setting."""
    texts = node.value["words"]
    outcomes = {name: outcome(node.at("words", name)) or Outcome(MANUAL, "") for name in HOLES}
    problems.extend(misfit(node.at("words", "lost"), texts["lost"], ("lines",)))
    problems.extend(misfit(node.at("words", "near"), texts.get("near", ""), ("near",)))
    problems.extend(misfit(node.at("words", "stops"), texts.get("stops", ""), ("places",)))
    for name, sentence in outcomes.items():
        problems.extend(misfit(node.at("words", name), sentence.because, HOLES[name]))
    empty, default, lost, decides = (texts[name] for name in ("empty", "default", "lost", "decides"))
    return Words(empty, default, lost, decides, texts.get("near", ""), texts.get("stops", ""), **outcomes)


def misfit(node: RuleNode, text: str, holes: tuple[str, ...]) -> Iterator[Problem]:
    """A problem if a sentence has a hole that nothing fills."""
    try:
        text.format(**dict.fromkeys(holes, ""))
    except (AttributeError, LookupError, ValueError):
        yield node.problem(f"expected no holes but {' and '.join(f'`{{{name}}}`' for name in holes)}.")


def secrets_of(nodes: Mapping[str, RuleNode], settings: KnownSettings, problems: list[Problem]) -> Secrets:
    """Where the source may hold secrets, and what they look like."""
    places = [part for node in nodes.values() for _, part in node.at("paths").items()]
    public = [part for node in nodes.values() for _, part in node.at("public").items()]
    looks = [part for node in nodes.values() for _, part in node.at("looks").items()]
    problems.extend(part.problem("expected a pattern, found a text that is none.") for part in looks if not sound(part))
    problems.extend(problem for part in (*places, *public) for problem in settings.problems(part, segments(part.value)))
    harmless = [text for node in nodes.values() for text in node.value.get("harmless", ())]
    keys = KeyPatterns(part.value for part in looks if sound(part))
    mask = mask_of(nodes, keys, problems)
    within, without = ([segments(part.value) for part in parts] for parts in (places, public))
    return Secrets(within, harmless, keys, mask, without)


def mask_of(nodes: Mapping[str, RuleNode], looks: KeyPatterns, problems: list[Problem]) -> Mask | None:
    """What stands in the place of a key; stated once wherever it is said what keys look like."""
    masks = [node.at("mask") for node in nodes.values() if node.has("mask")]
    if not masks:
        for part in [node.at("looks") for node in nodes.values() if node.has("looks")][:1]:
            text = "expected `mask` beside `looks`, found none. State what is shown for a key."
            problems.append(part.problem(text))
        return None
    first, *more = masks
    for part in more:
        text = f"`mask` is also stated in {first.position()}. Keep one; an overlay states it under that id."
        problems.append(part.problem(text))
    problems.extend(misfit(first.at("because"), first.value["because"], ("name",)))
    mask = Mask(first.value["name"], first.value["because"], first.value["do"])
    if looks.match(mask.numbered(1)):
        problems.append(first.at("name").problem("expected a name that looks like no key, found one that does."))
    return mask


def sound(part: RuleNode) -> bool:
    """Whether a text is a pattern."""
    try:
        re.compile(str(part.value))
    except re.error:
        return False
    return True


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
