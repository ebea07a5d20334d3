"""What was seen of a live gateway, as data: `validation_report.json`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from litellm_migrate.gateway.routes import Route
from litellm_migrate.gateway.trials import Trial
from litellm_migrate.gateway.verify import EXTRA, SAME, STATES, Entity, Validation

BY_PEOPLE = (
    "Everything under Manual in `migration_report.md` is decided.",
    "Keys that stood in the configuration are replaced and revoked.",
    "One client runs against the gateway as before; then the others, one at a time.",
    "LiteLLM is switched off when its log shows no more requests.",
)


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


def entity_data(one: Entity) -> dict[str, Any]:
    """One entity; a side of a change that is not there is absent."""
    changes = [{"field": change.field, "gateway": change.old, "payload": change.new} for change in one.changes]
    given = [{word: value for word, value in change.items() if value is not None} for change in changes]
    return {"endpoint": one.endpoint, "name": one.name, "state": one.state, "changes": given}


def trial_data(one: Trial) -> dict[str, Any]:
    """One trial; without a reason, and without headers, where there are none."""
    state = {True: "good", False: "bad", None: "not tried"}[one.good]
    made: dict[str, Any] = {"endpoint": one.endpoint, "name": one.name, "state": state}
    return {**made, **({"because": one.because} if one.because else {}), "headers": dict(one.headers)}


def route_data(one: Route) -> dict[str, Any]:
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
