"""The report on a live gateway: what was seen of it, as data (`validation_report.json`) and for people (`.md`)."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from litellm_migrate.output import REPORT
from litellm_migrate.output.markdown import code, document, percent, prose, table
from litellm_migrate.output.rehearsal_report import TRIAL_WORDS
from litellm_migrate.source.model import Json

SAME, DIFFERENT, MISSING, FOREIGN, EXTRA = STATES = ("same", "different", "missing", "foreign", "extra")
"""How an entity compares with the payloads: foreign is another's, extra is of this migration and in none."""
REASONS = {
    MISSING: "not there",
    DIFFERENT: "different",
    FOREIGN: "there, but not of this migration",
}
ROUTING_INTRO = (
    "As the gateway simulates it, without sending anything. A name with several targets was asked for by made-up "
    "tenants: each keeps its target, so a share is one of tenants."
)
MOST_CHARACTERS = 200
"""How many characters of a value a cell shows."""
BY_PEOPLE = (
    f"Everything under Manual in `{REPORT}` is decided.",
    f"Each key that `{REPORT}` lists to rotate is revoked.",
    "One client runs against the gateway as before; then the others, one at a time.",
    "LiteLLM is switched off when its log shows no more requests.",
)
"""What must hold besides, which no program can see."""


class EntityState(NamedTuple):
    """How an entity (or a document, which has no name) on the gateway compares with its payload."""

    endpoint: str
    name: str
    state: str
    """One of STATES."""
    changes: tuple[tuple[str, Json, Json], ...] = ()
    """Field, value on the gateway and value of the payload, wherever the two differ."""


class Probe(NamedTuple):
    """An entity or a name that was tried: whether it worked (None: it was not tried), and why not."""

    endpoint: str
    name: str
    good: bool | None
    because: str = ""
    headers: tuple[tuple[str, str], ...] = ()


class SimulatedRoute(NamedTuple):
    """A requested name: the targets it should lead to, with their shares, and those that it led to in a simulation."""

    name: str
    pattern: str
    """What the rule matches; the name fills its wildcards, if it has any."""
    expected: Mapping[str, float]
    counted: Mapping[str, int]
    """How often each target was the answer, over made-up tenants where there is a choice."""
    home: str | None
    """The target for the user's own tenant, if it is known."""
    because: str = ""
    """Why it is not as planned; empty if it is."""
    remark: str = ""
    """Why the shares could not be seen, if they could not."""

    def shares(self) -> Iterator[tuple[str, float | None, float | None]]:
        """Each target with the share that it should have and the one that was seen, where there is one."""
        requests = sum(self.counted.values())
        for target in dict.fromkeys([*self.expected, *self.counted]):
            yield target, self.expected.get(target), self.counted.get(target, 0) / requests if requests else None


class Validation(NamedTuple):
    """Everything that was seen of a gateway."""

    gateway: str
    """Its address."""
    dialect: str
    checked: str
    """The moment, in UTC: `2026-12-31T23:59:59Z`."""
    entities: tuple[EntityState, ...]
    verified: tuple[Probe, ...]
    """Entities that the gateway itself tried."""
    routes: tuple[SimulatedRoute, ...]
    smoked: tuple[Probe, ...]
    """Names to which a real request was sent."""

    @property
    def good(self) -> bool:
        """Whether all is as planned."""
        works = all(probe.good for probe in self.verified) and all(probe.good is not False for probe in self.smoked)
        same = all(entity.state == SAME for entity in self.entities)
        return works and same and not any(route.because for route in self.routes)

    def counts(self) -> dict[str, int]:
        """How many entities are in each state."""
        states = [entity.state for entity in self.entities]
        return {state: states.count(state) for state in STATES}


def validation_data(validation: Validation, version: str) -> dict[str, object]:
    """The report as plain values, as its JSON Schema (`schemas/report/`) describes them."""
    return {
        "version": version,
        "gateway": validation.gateway,
        "dialect": validation.dialect,
        "checked": validation.checked,
        "ok": validation.good,
        "summary": validation.counts(),
        "entities": [entity_data(entity) for entity in validation.entities],
        "verified": [probe_data(probe) for probe in validation.verified],
        "routes": [route_data(route) for route in validation.routes],
        "smoked": [probe_data(probe) for probe in validation.smoked],
        "checklist": [{"text": text, "done": holds} for text, holds in checklist(validation)],
    }


def present(**fields: object) -> dict[str, object]:
    """The fields that have a value."""
    return {name: value for name, value in fields.items() if value is not None}


def entity_data(entity: EntityState) -> dict[str, object]:
    """An entity, and what differs."""
    changes = [present(field=field, gateway=old, payload=new) for field, old, new in entity.changes]
    return {"endpoint": entity.endpoint, "name": entity.name, "state": entity.state, "changes": changes}


def probe_data(probe: Probe) -> dict[str, object]:
    """A probe; a reason only where there is one."""
    state, because, headers = TRIAL_WORDS[probe.good], probe.because or None, dict(probe.headers)
    return present(endpoint=probe.endpoint, name=probe.name, state=state, because=because, headers=headers)


def route_data(route: SimulatedRoute) -> dict[str, object]:
    """A name with the shares that were wanted and seen, to six digits; texts only where there are any."""
    return present(
        name=route.name,
        pattern=route.pattern,
        ok=not route.because,
        tenants=sum(route.counted.values()),
        targets=[
            present(target=target, wanted=rounded(expected), seen=rounded(observed))
            for target, expected, observed in route.shares()
        ],
        because=route.because or None,
        remark=route.remark or None,
        own=route.home or None,
    )


def rounded(share: float | None) -> float | None:
    """A share to six digits."""
    return None if share is None else round(share, 6)


def checklist(validation: Validation) -> Iterator[tuple[str, bool]]:
    """What must hold before clients move, and whether it was seen to hold."""
    states = validation.counts()
    wrong = len(validation.entities) - states[SAME] - states[EXTRA]
    yield "Everything that the payloads hold is on the gateway as they say; applying again changes nothing.", not wrong
    yield "Nothing else of an earlier migration is left on the gateway.", not states[EXTRA]
    if validation.verified:
        works = all(probe.good for probe in validation.verified)
        yield "The gateway reaches every provider account (it verified each).", works
    if validation.routes:
        planned = not any(route.because for route in validation.routes)
        yield "Routing simulation leads every name where the payloads say.", planned
    answers = [probe.good for probe in validation.smoked if probe.good is not None]
    yield "One real request for each name was answered (`--smoke`).", bool(answers) and all(answers)
    for text in BY_PEOPLE:
        yield text, False


def render_validation(validation: Validation, version: str) -> str:
    """The whole report as Markdown."""
    return document(
        [
            *summary(validation, version),
            *differences(validation.entities),
            *extras(validation.entities),
            *probes("Provider accounts", "Each as the gateway itself finds it.", validation.verified),
            *routing(validation.routes),
            *probes("Real requests", "One for each name, sent through the gateway.", validation.smoked),
        ]
    )


def summary(validation: Validation, version: str) -> Iterator[str]:
    """The verdict, the numbers by endpoint, the checklist."""
    yield from ["# Validation report", ""]
    verdict = "Everything is as planned." if validation.good else "**Not everything is as planned.**"
    place = f"{code(validation.gateway)}, dialect {code(validation.dialect)}"
    yield from [f"{place}, litellm-migrate {prose(version)}, checked {validation.checked}. {verdict}", ""]
    by_endpoint: dict[str, Counter[str]] = {}
    for entity in validation.entities:
        by_endpoint.setdefault(entity.endpoint, Counter())[entity.state] += 1
    rows = [[code(name), *(str(counts[state]) for state in STATES)] for name, counts in by_endpoint.items()]
    yield from table(["Endpoint", *(state.capitalize() for state in STATES)], rows)
    yield from ["## Checklist", ""]
    yield from (f"- [{'x' if holds else ' '}] {text}" for text, holds in checklist(validation))
    yield ""


def differences(entities: Sequence[EntityState]) -> Iterator[str]:
    """What is not as the payloads say, field by field."""
    rows: list[list[str]] = []
    for entity in entities:
        if entity.state in {SAME, EXTRA}:
            continue
        about = [code(entity.endpoint), code(entity.name) if entity.name else ""]
        rows += [[*about, code(field), value_cell(old), value_cell(new)] for field, old, new in entity.changes]
        if entity.state != DIFFERENT or not entity.changes:
            rows.append([*about, prose(REASONS[entity.state]), "", ""])
    heads = ["Endpoint", "Entity", "Field", "On the gateway", "In the payloads"]
    yield from ["## Differences", "", *table(heads, rows)]


def extras(entities: Sequence[EntityState]) -> Iterator[str]:
    """What is of this migration and in no payload."""
    rows = [[code(entity.endpoint), code(entity.name)] for entity in entities if entity.state == EXTRA]
    intro = "Created by this migration, and no longer in a payload. Nothing deletes these."
    if rows:
        yield from ["## Extra", "", intro, "", *table(["Endpoint", "Entity"], rows)]


def value_cell(value: Json) -> str:
    """A value as a cell, its beginning if it is long; nothing where there is none."""
    if value is None:
        return ""
    text = json.dumps(value, ensure_ascii=False)
    return code(text if len(text) <= MOST_CHARACTERS else f"{text[:MOST_CHARACTERS]}…")


def probes(title: str, intro: str, results: Sequence[Probe]) -> Iterator[str]:
    """What was tried and how it went."""
    if not results:
        return
    words = {True: "yes", False: "**no**", None: "not tried"}
    rows = []
    for probe in results:
        headers = ", ".join(code(f"{name}: {value}") for name, value in probe.headers)
        rows.append([code(probe.name), words[probe.good], prose(probe.because), headers])
    yield from [f"## {title}", "", intro, "", *table(["Name", "Works", "Why not", "Headers"], rows)]


def routing(routes: Sequence[SimulatedRoute]) -> Iterator[str]:
    """Where each name leads."""
    if not routes:
        return
    yield from ["## Routing", "", ROUTING_INTRO, ""]
    rows = [row for route in routes for row in route_rows(route)]
    yield from table(["Name", "Leads to", "Wanted", "Seen", "Remarks"], rows)


def route_rows(route: SimulatedRoute) -> Iterator[list[str]]:
    """One row for each target of a name; the first has the name and the remarks."""
    name, remarks = code(route.name), [f"**{prose(route.because)}**" if route.because else "", prose(route.remark)]
    for target, expected, observed in route.shares():
        if route.home == target and len(route.expected) > 1:
            remarks.append("your tenant's")
        shares = [percent(expected or 0.0), "" if observed is None else percent(observed)]
        yield [name, code(target), *shares, "; ".join(filter(None, remarks))]
        name, remarks = "", []
