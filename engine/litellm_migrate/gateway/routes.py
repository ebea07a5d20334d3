"""Where each name should lead by the routing rules that we wrote, and where the gateway says that it leads."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from litellm_migrate.convert.calls import Simulate
from litellm_migrate.gateway import TENANTS
from litellm_migrate.gateway.client import Client
from litellm_migrate.output.live_report import SimulatedRoute
from litellm_migrate.source.model import Problems
from litellm_migrate.source.secrets import at

PROMPT = "Where does this request go?"


def routes(
    client: Client, simulate: Simulate, document: Mapping[str, Any], tenants: int = TENANTS
) -> list[SimulatedRoute]:
    """Every name of the document's rules, asked for on the gateway."""
    rules = [rule for rule in document.get(simulate.rules, ()) if isinstance(rule, dict)]
    named = names(simulate, rules)
    wanted = {name: shares(simulate, rules, name) for name in named}
    own = tenant_of(client)
    asks: list[tuple[str, str | None]] = []
    for name, targets in wanted.items():
        asks += [(name, own), *((name, f"tenant-{number:03}") for number in range(tenants if len(targets) > 1 else 0))]
    answers = client.side_by_side(lambda ask: ask_once(client, simulate, *ask), asks)
    told: dict[str, list[tuple[str | None, str]]] = {name: [] for name in wanted}
    for (name, _), answer in zip(asks, answers, strict=True):
        told[name].append(answer)
    return [judged((name, pattern), wanted[name], told[name], own) for name, pattern in named.items()]


def names(simulate: Simulate, rules: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """Names with the pattern that each is of, in the order of the rules; wildcards are filled."""
    patterns = (str(rule.get(simulate.rule["pattern"], "*")) for rule in rules)
    return {re.sub(r"[*?]+", "sample", pattern): pattern for pattern in patterns}


def matches(pattern: str, name: str) -> bool:
    """Whether a pattern with `*` and `?` is of a name."""
    if "*" not in pattern and "?" not in pattern:
        return pattern == name
    parts = {"*": ".*", "?": "."}
    return re.fullmatch("".join(parts.get(sign, re.escape(sign)) for sign in pattern), name, re.DOTALL) is not None


def shares(simulate: Simulate, rules: Iterable[Mapping[str, Any]], name: str) -> dict[str, float]:
    """The targets of a name: of the highest rule that matches it, or of all in its experiment by their weight."""
    word = simulate.rule
    fitting = [rule for rule in rules if matches(str(rule.get(word["pattern"], "*")), name)]
    first = max(fitting, key=lambda rule: rank_of(rule, word), default=None)
    if first is None:
        return {}
    kin = (first.get(word["experiment"]), rank_of(first, word))
    rivals = [one for one in fitting if kin[0] and (one.get(word["experiment"]), rank_of(one, word)) == kin] or [first]
    weights: dict[str, float] = {}
    for rule in rivals:
        target = str(rule.get(word["target"]))
        weights[target] = weights.get(target, 0.0) + float(rule.get(word["weight"], 1))
    whole = sum(weights.values()) or 1.0
    return {target: weight / whole for target, weight in weights.items()}


def rank_of(rule: Mapping[str, Any], word: Mapping[str, str]) -> float:
    """How high a rule is."""
    return float(rule.get(word["rank"], 0))


def ask_once(client: Client, simulate: Simulate, name: str, tenant: str | None) -> tuple[str | None, str]:
    """The target that the gateway names, or why it names none."""
    asked = {"name": name, "text": PROMPT, "tenant": tenant}
    body = {simulate.ask[word]: value for word, value in asked.items() if value is not None}
    answer = client.request(simulate.method, simulate.path, body)
    if not answer.good:
        return None, client.reason(answer)
    target = at(answer.body, tuple(simulate.target.split(".")))
    return (target, "") if isinstance(target, str) else (None, "the answer names no target")


def judged(
    named: tuple[str, str], wanted: Mapping[str, float], told: list[tuple[str | None, str]], own: str | None
) -> SimulatedRoute:
    """What the answers about one name come to; the first is about the user's own tenant, or about none."""
    first, others = told[0], told[1:]
    remark = ""
    if others and first[0] is not None and all(target is None for target, _ in others):
        remark, told, others = f"the shares cannot be seen ({others[0][1]})", [first], []
    seen = Counter(target for target, _ in (others or [first]) if target is not None)
    because = "; ".join(objections(wanted, told))
    return SimulatedRoute(*named, wanted, dict(seen), first[0] if own else None, because, remark)


def objections(wanted: Mapping[str, float], told: list[tuple[str | None, str]]) -> Iterator[str]:
    """What is wrong with the answers; chance is not: only a target that should be seen and never is."""
    yield from sorted({why for target, why in told if target is None})
    found = {target for target, _ in told if target is not None}
    for target in sorted(found - wanted.keys()):
        yield f"it leads to {target}"
    often = len(told) - 1
    for target, share in wanted.items():
        if found and target not in found and (1 - share) ** often < 1e-4:
            yield f"it never leads to {target}"


def tenant_of(client: Client) -> str | None:
    """The user's tenant, if it is known."""
    try:
        return client.tenant()
    except Problems:
        return None
