"""Where each name should lead by the routing rules that we wrote, and where the gateway says that it leads."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from fnmatch import fnmatchcase

from litellm_migrate.convert.calls import Simulate, number
from litellm_migrate.gateway.client import Client
from litellm_migrate.gateway.names import Entity, field_at, items
from litellm_migrate.output.validation_report import SimulatedRoute
from litellm_migrate.source.model import Json, Problems

PROMPT = "Where does this request go?"
UNLIKELY = 1e-4
WILDCARD = re.compile(r"\[([*?[])\]|[*?]+")
"""A sign that stands for itself, in brackets, or wildcards."""
Destination = tuple[str | None, str]
"""The target that the gateway names, or None and why it names none."""


def routes(client: Client, simulate: Simulate, document: Json, tenants: int) -> list[SimulatedRoute]:
    """Every name of the document's rules, in their order, as the gateway leads it; wildcards are filled."""
    rules = [rule for rule in items(document, simulate.rules) if isinstance(rule, dict)]
    patterns = [str(rule.get(simulate.rule["pattern"], "*")) for rule in rules]
    named = {sample(pattern): pattern for pattern in patterns}
    expected = {name: shares(simulate, rules, name) for name in named}
    try:
        home: str | None = client.tenant()
    except Problems:
        home = None
    questions: list[tuple[str, str | None]] = []
    for name, targets in expected.items():
        crowd = range(tenants if len(targets) > 1 else 0)
        questions += [(name, home), *((name, f"tenant-{number:03}") for number in crowd)]
    replies = client.side_by_side(lambda question: simulated(client, simulate, *question), questions)
    answers: dict[str, list[Destination]] = {name: [] for name in expected}
    for (name, _), answer in zip(questions, replies, strict=True):
        answers[name].append(answer)
    return [judged(name, pattern, expected[name], answers[name], home) for name, pattern in named.items()]


def sample(pattern: str) -> str:
    """A name that a pattern fits: of a sign in brackets the sign itself, and a word for each wildcard."""
    return WILDCARD.sub(lambda match: match[1] or "sample", pattern)


def matches(pattern: str, name: str) -> bool:
    """Whether a pattern with `*`, `?` and `[…]` is of a name."""
    return fnmatchcase(name, pattern)


def deciding(simulate: Simulate, rules: Sequence[Entity], name: str) -> list[Entity]:
    """The rules that say where a name leads: the highest that matches it, with all of its rank in its experiment."""
    fields = simulate.rule

    def rank(rule: Entity) -> float:
        return number(rule.get(fields["rank"])) or 0.0

    fitting = [rule for rule in rules if matches(str(rule.get(fields["pattern"], "*")), name)]
    if not fitting:
        return []
    first = max(fitting, key=rank)
    experiment = first.get(fields["experiment"])
    if not experiment:
        return [first]
    return [rule for rule in fitting if rule.get(fields["experiment"]) == experiment and rank(rule) == rank(first)]


def shares(simulate: Simulate, rules: Sequence[Entity], name: str) -> dict[str, float]:
    """The targets of a name, each with its share by the weights of the rules that decide."""
    fields = simulate.rule
    weights: dict[str, float] = {}
    for rule in deciding(simulate, rules, name):
        target = str(rule.get(fields["target"]))
        weights[target] = weights.get(target, 0.0) + weight_of(simulate, rule)
    total = sum(weights.values()) or 1.0
    return {target: weight / total for target, weight in weights.items()}


def weight_of(simulate: Simulate, rule: Entity) -> float:
    """The weight of a rule beside the others that decide; 1 where it has none."""
    weight = number(rule.get(simulate.rule["weight"]))
    return 1.0 if weight is None else float(weight)


def simulated(client: Client, simulate: Simulate, name: str, tenant: str | None) -> Destination:
    """Where the gateway says that a tenant's request for a name goes."""
    question = {"name": name, "text": PROMPT, "tenant": tenant}
    body: Json = {simulate.ask[word]: value for word, value in question.items() if value is not None}
    response = client.request(simulate.method, simulate.path, body)
    if not response.good:
        return None, client.reason(response)
    target = field_at(response.body, simulate.target)
    return (target, "") if isinstance(target, str) else (None, "the answer names no target")


def judged(
    name: str, pattern: str, expected: Mapping[str, float], answers: list[Destination], home: str | None
) -> SimulatedRoute:
    """What the answers about one name come to; the first is about the user's own tenant, or about none."""
    first, crowd, remark = answers[0], answers[1:], ""
    if crowd and first[0] is not None and all(target is None for target, _ in crowd):
        remark, answers, crowd = f"the shares cannot be seen ({crowd[0][1]})", [first], []
    counted = Counter(target for target, _ in (crowd or [first]) if target is not None)
    because = "; ".join(objections(expected, answers))
    return SimulatedRoute(name, pattern, expected, dict(counted), first[0] if home else None, because, remark)


def objections(expected: Mapping[str, float], answers: list[Destination]) -> Iterator[str]:
    """What is wrong with the answers; chance is not: only a target that should be seen and never is."""
    yield from sorted({why for target, why in answers if target is None})
    counted = {target for target, _ in answers if target is not None}
    for target in sorted(counted - expected.keys()):
        yield f"it leads to {target}"
    for target, share in expected.items():
        if counted and target not in counted and (1 - share) ** (len(answers) - 1) < UNLIKELY:
            yield f"it never leads to {target}"
