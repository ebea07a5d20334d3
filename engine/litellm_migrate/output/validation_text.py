"""What was seen of a live gateway as lines for a terminal: what is not as planned, then the verdict."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from itertools import starmap

from litellm_migrate.output.validation_report import (
    DIFFERENT,
    EXTRA,
    FOREIGN,
    MISSING,
    SAME,
    STATES,
    EntityState,
    Probe,
    Validation,
)
from litellm_migrate.source.model import Json, printable

WORDS = {
    DIFFERENT: "different",
    MISSING: "missing",
    FOREIGN: "of somebody else",
    EXTRA: "left over: of an earlier run, and in no payload",
}
SHORT = {FOREIGN: "of somebody else", EXTRA: "left over"}
LONGEST = 60
"""Characters of a value on a line; the report has more of it."""


def validation_text(validation: Validation, report: str) -> str:
    """One line for each kind that is as planned, one for whatever is not, and last the verdict."""
    return "\n".join([*same_lines(validation), *wrong_lines(validation), verdict(validation, report)])


def same_lines(validation: Validation) -> Iterator[str]:
    """How much of each kind is as planned."""
    counts = Counter(entity.endpoint for entity in validation.entities if entity.state == SAME)
    for endpoint, count in counts.items():
        yield f"  ok  {endpoint}{f': {count}' if any_named(validation, endpoint) else ''}"
    for what, probes in (("accounts reached", validation.verified), ("real requests answered", validation.smoked)):
        if good := sum(probe.good is True for probe in probes):
            yield f"  ok  {what}: {good}"
    if good := sum(not route.because for route in validation.routes):
        yield f"  ok  names that lead where they should: {good}"


def any_named(validation: Validation, endpoint: str) -> bool:
    """Whether an endpoint has entities, which have names, and is no document."""
    return any(entity.name for entity in validation.entities if entity.endpoint == endpoint)


def wrong_lines(validation: Validation) -> Iterator[str]:
    """What is not as planned, and how."""
    yield from (f"  !   {entity_text(entity)}" for entity in validation.entities if entity.state != SAME)
    yield from (f"  !   {probe_text(probe)}" for probe in validation.verified if not probe.good)
    yield from (
        f"  !   {printable(route.name)}: {printable(route.because)}" for route in validation.routes if route.because
    )
    yield from (f"  !   {probe_text(probe)}" for probe in validation.smoked if probe.good is False)


def entity_text(entity: EntityState) -> str:
    """An entity, its state and what differs."""
    changes = "; ".join(starmap(change_text, entity.changes))
    return printable(f"{named(entity.endpoint, entity.name)}: {WORDS[entity.state]}{f': {changes}' if changes else ''}")


def change_text(field: str, old: Json, new: Json) -> str:
    """A field that differs; of lists only that they do, for a plan shows them item by item."""
    if isinstance(old, list) or isinstance(new, list):
        return f"{field} differs (plan shows each item)"
    return f"{field} is {short(old)}, planned {short(new)}"


def probe_text(probe: Probe) -> str:
    """What was tried, and why it does not work."""
    return printable(f"{named(probe.endpoint, probe.name)}: {probe.because or 'it does not work'}")


def named(endpoint: str, name: str) -> str:
    """What a line calls an entity or a document."""
    return f"{endpoint} {name}" if name else endpoint


def short(value: Json) -> str:
    """A value, its beginning if it is long."""
    text = "(none)" if value is None else json.dumps(value, default=str)
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 3]}..."


def verdict(validation: Validation, report: str) -> str:
    """Whether all is as planned, in one line."""
    counts = validation.counts()
    states = [f"{counts[state]} {SHORT.get(state, state)}" for state in STATES if counts[state]]
    astray = sum(bool(route.because) for route in validation.routes)
    names = [f"{astray} of {len(validation.routes)} names lead elsewhere"] if validation.routes else []
    failed = sum(not probe.good for probe in validation.verified)
    failed += sum(probe.good is False for probe in validation.smoked)
    trials = [f"{failed} trial{'' if failed == 1 else 's'} failed"] if failed else []
    word = "all as planned" if validation.good else "not as planned"
    return f"{word}: {', '.join([*states, *names, *trials]) or 'nothing to compare'}. See {report}."
