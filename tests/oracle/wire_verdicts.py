"""What became of a name on the wire: LiteLLM's requests beside the ways that the payloads give it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from oracle.wire_calls import Call, sent
from oracle.wire_payloads import Route

FIELDS = ("host", "path", "operation", "model", "credential", "place", "header")
"""What may differ between two calls, the gravest first."""

UNSEEN = re.compile(r"No module named|pip install|ImportError|CustomLLM|Not implemented yet|device code|vertexai", re.I)
Verdict = tuple[str, list[str], Route | None, Call | str]
"""The verdict on a name, what differs, and the pair that shows it."""


def compare(recorded: Mapping[str, Any], routes: list[Route]) -> Verdict:
    """What became of a name: LiteLLM's calls beside the routes of the payloads."""
    calls = {place: sent(call) for place, call in recorded["calls"].items() if "url" in call}
    if any("$%7b" in str(call).lower() for call in calls.values()):
        return "not observed", [], next(iter(routes), None), "a template that nobody filled in"
    if not calls:
        return refused([call.get("error", "") for call in recorded["calls"].values()], routes)
    failed = {place for place, call in recorded["calls"].items() if "url" not in call}
    routes = [route for route in routes if not route.entries or not route.entries <= failed]
    if not routes:
        return "lost", ["lost"], None, next(iter(calls.values()))
    return beside(recorded, calls, routes)


def refused(errors: list[str], routes: list[Route]) -> Verdict:
    """What became of a name for which LiteLLM calls nobody."""
    first = (errors or ["no request is made for this mode"])[0]
    if not errors or any(UNSEEN.search(error) for error in errors) or '"error"' not in first:
        return "not observed", [], next(iter(routes), None), first
    if not routes:
        return "lost on both sides", [], None, first
    return "LiteLLM fails", ["fails"], routes[0], first


def beside(recorded: Mapping[str, Any], calls: Mapping[str, Call], routes: list[Route]) -> Verdict:
    """What became of a name that both sides serve."""
    pairs: list[tuple[list[str], Route, Call]] = []
    for call in calls.values():
        route = min(routes, key=lambda route: weight(differences(call, route.call)))
        pairs.append((differences(call, route.call), route, call))
    pairs += [
        (differences(call, route.call), route, call)
        for route in (routes if recorded["exact"] or len(calls) == 1 == len(routes) else [])
        for call in [min(calls.values(), key=lambda call: weight(differences(call, route.call)))]
    ]
    worst = max(pairs, key=lambda pair: weight(pair[0]))
    if worst[0]:
        every = [field for field in FIELDS if any(field in differ for differ, _, _ in pairs)]
        return f"{worst[0][0]} differs", every, worst[1], worst[2]
    if recorded["exact"] and shares_differ(recorded["picks"], calls, routes):
        shares = {place: round(share, 3) for place, share in recorded["picks"].items()}
        return "share differs", ["share"], routes[0], f"{shares} for {[round(route.share, 3) for route in routes]}"
    return "same", [], worst[1], worst[2]


def weight(differ: list[str]) -> int:
    """How grave differences are."""
    return sum(1 << (len(FIELDS) - FIELDS.index(field)) for field in differ)


def differences(litellm: Call, payload: Call) -> list[str]:
    """In what two calls differ; a version that the payload leaves open may be LiteLLM's own default."""
    differ = [field for field in FIELDS if getattr(litellm, field) != getattr(payload, field)]
    if "credential" in differ and litellm.credential == TEMPLATE % payload.credential.removeprefix("value-of-"):
        differ.remove("credential")
    if "credential" in differ and not payload.credential and PLACEHOLDER.fullmatch(litellm.credential):
        differ.remove("credential")
    if "place" in differ and not payload.place and litellm.place in DEFAULT_VERSIONS:
        differ.remove("place")
    return differ


TEMPLATE = "${%s}"
"""What a tool fills in before LiteLLM reads the file: LiteLLM sends it as it stands, and nobody means that."""

PLACEHOLDER = re.compile(r"(?!value-of-)(sk-)?[A-Za-z_ -]{1,24}")
"""A word in the place of a key is none: the payload says not-needed."""

DEFAULT_VERSIONS = {"2025-02-01-preview", "2024-05-01-preview", "2024-02-01", "preview", "v1"}


def shares_differ(picks: Mapping[str, float], calls: Mapping[str, Call], routes: list[Route]) -> bool:
    """Whether calls get other shares than in LiteLLM, by more than rounding."""
    theirs, ours = [0.0] * len(routes), [0.0] * len(routes)
    for place, share in picks.items():
        if place in calls:
            fits = (n for n, route in enumerate(routes) if not differences(calls[place], route.call))
            theirs[next(fits)] += share
    for route in routes:
        ours[next(n for n, candidate in enumerate(routes) if candidate.call == route.call)] += route.share
    return any(abs(share - other) > 0.005 for share, other in zip(theirs, ours, strict=True))
