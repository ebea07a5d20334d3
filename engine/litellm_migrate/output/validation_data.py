"""What was seen of a live gateway, as data: `validation_report.json`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

SAME, DIFFERENT, MISSING, FOREIGN, EXTRA = STATES = ("same", "different", "missing", "foreign", "extra")
BY_PEOPLE = (
    "Everything under Manual in `migration_report.md` is decided.",
    "Keys that stood in the configuration are replaced and revoked.",
    "One client runs against the gateway as before; then the others, one at a time.",
    "LiteLLM is switched off when its log shows no more requests.",
)


class EntityState(NamedTuple):
    """How an entity (or a document, without a name) of the gateway is to the payload's."""

    endpoint: str
    name: str
    state: str
    """One of STATES."""
    changes: tuple[tuple[str, Any, Any], ...] = ()
    """Field, value on the gateway and value of the payload, wherever the two differ."""


class Probe(NamedTuple):
    """An entity or a name that was tried: whether it worked (None: it was not tried), and why not."""

    endpoint: str
    name: str
    good: bool | None
    because: str = ""
    headers: tuple[tuple[str, str], ...] = ()


class SimulatedRoute(NamedTuple):
    """One name: the targets it should lead to with their shares, and those that were seen."""

    name: str
    pattern: str
    """What the rule matches; the name fills its wildcards, if it has any."""
    wanted: Mapping[str, float]
    seen: Mapping[str, int]
    """How often each target was the answer, over made-up tenants where there is a choice."""
    own: str | None
    """The target for the user's own tenant, if it is known."""
    because: str = ""
    """Why it is not as planned; empty if it is."""
    remark: str = ""
    """Why the shares could not be seen, if they could not."""


class Validation(NamedTuple):
    """Everything that was seen of a gateway."""

    gateway: str
    dialect: str
    entities: tuple[EntityState, ...]
    verified: tuple[Probe, ...]
    routes: tuple[SimulatedRoute, ...]
    smoked: tuple[Probe, ...]

    @property
    def good(self) -> bool:
        """Whether all is as planned."""
        works = all(probe.good for probe in self.verified) and all(probe.good is not False for probe in self.smoked)
        same = all(entity.state == SAME for entity in self.entities)
        return works and same and not any(route.because for route in self.routes)


def validation_data(found: Validation, version: str) -> dict[str, Any]:
    """Everything that was seen, as plain values."""
    states = Counter(one.state for one in found.entities)
    return {
        "version": version,
        "gateway": found.gateway,
        "dialect": found.dialect,
        "ok": found.good,
        "summary": {state: states[state] for state in STATES},
        "entities": [entity_data(one) for one in found.entities],
        "verified": [trial_data(one) for one in found.verified],
        "routes": [route_data(one) for one in found.routes],
        "smoked": [trial_data(one) for one in found.smoked],
        "checklist": [{"text": text, "done": done} for text, done in checklist(found)],
    }


def entity_data(one: EntityState) -> dict[str, Any]:
    """One entity; a side of a change that is not there is absent."""
    changes = [{"field": field, "gateway": old, "payload": new} for field, old, new in one.changes]
    given = [{word: value for word, value in change.items() if value is not None} for change in changes]
    return {"endpoint": one.endpoint, "name": one.name, "state": one.state, "changes": given}


def trial_data(one: Probe) -> dict[str, Any]:
    """One trial; without a reason, and without headers, where there are none."""
    state = {True: "good", False: "bad", None: "not tried"}[one.good]
    made: dict[str, Any] = {"endpoint": one.endpoint, "name": one.name, "state": state}
    return {**made, **({"because": one.because} if one.because else {}), "headers": dict(one.headers)}


def route_data(one: SimulatedRoute) -> dict[str, Any]:
    """One name with the shares that were wanted and seen."""
    asked = sum(one.seen.values())
    targets = dict.fromkeys([*one.wanted, *one.seen])
    shares = [
        {
            "target": target,
            **({"wanted": round(one.wanted[target], 6)} if target in one.wanted else {}),
            **({"seen": round(one.seen.get(target, 0) / asked, 6)} if asked else {}),
        }
        for target in targets
    ]
    why = {word: text for word, text in (("because", one.because), ("remark", one.remark), ("own", one.own)) if text}
    return {"name": one.name, "pattern": one.pattern, "ok": not one.because, "tenants": asked, "targets": shares, **why}


def checklist(found: Validation) -> Iterator[tuple[str, bool]]:
    """What must hold before clients move, ticked where it was seen."""
    states = Counter(one.state for one in found.entities)
    wrong = len(found.entities) - states[SAME] - states[EXTRA]
    yield "Everything that the payloads hold is on the gateway as they say; applying again changes nothing.", not wrong
    yield "Nothing else of an earlier migration is left on the gateway.", not states[EXTRA]
    if found.verified:
        yield "The gateway reaches every provider account (it verified each).", all(one.good for one in found.verified)
    if found.routes:
        yield (
            "Routing simulation leads every name where the payloads say.",
            not any(one.because for one in found.routes),
        )
    real = [one for one in found.smoked if one.good is not None]
    yield "One real request for each name was answered (`--smoke`).", bool(real) and all(one.good for one in real)
    for text in BY_PEOPLE:
        yield text, False
