"""A whole migration against a sandbox: applied, applied again, validated, and rolled back to nothing."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path as File
from typing import Any

from litellm_migrate.convert.calls import Variable
from litellm_migrate.gateway.apply import FAILED, Applied, apply
from litellm_migrate.gateway.client import Access, Client
from litellm_migrate.gateway.journal import Journal
from litellm_migrate.gateway.names import label
from litellm_migrate.gateway.plan import UNCHANGED, Options, plan
from litellm_migrate.gateway.preflight import preflight
from litellm_migrate.gateway.rollback import DELETED, NOTHING, RESTORED, rollback
from litellm_migrate.gateway.verify import Asked, validation
from litellm_migrate.output.live_report import SAME, STATES, Validation
from litellm_migrate.rulebook.types import Rulebook
from litellm_migrate.sandbox.gateway import Sandbox
from litellm_migrate.sandbox.server import Server
from litellm_migrate.source.model import Problems

APPLY, AGAIN, VALIDATE, ROLL_BACK = STAGES = ("apply", "apply again", "validate", "roll back")
IDENT = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
ADDRESS = re.compile(r"http://127\.0\.0\.1:\d+")
TENANTS = 5
"""So many show that no request of a split goes astray; shares are the gateway's business."""


@dataclass(frozen=True, slots=True)
class Stage:
    """One part of a rehearsal: None in `good` says that it was not tried; `because` says what went wrong."""

    name: str
    good: bool | None
    counts: Mapping[str, int]
    because: tuple[str, ...] = ()


def rehearse(
    payloads: Mapping[str, Any], variables: Sequence[Variable], book: Rulebook, schemas: File
) -> tuple[Stage, ...]:
    """How a migration went in a gateway that exists for it alone; variables have made-up values."""
    sandbox = Sandbox(book, schemas)
    values = {one.name: f"rehearsal-of-{one.name}" for one in variables}
    with Server(sandbox) as server, tempfile.TemporaryDirectory(prefix="rehearsal.") as folder:
        access = Access(server.url, sandbox.key, sandbox.tenant)
        with Client(access, book.protocol) as client, Journal(File(folder), server.url) as journal:
            return tuple(Rehearsal(payloads, values, book, schemas, sandbox, client, journal).stages())


@dataclass
class Rehearsal:
    """One rehearsal under way."""

    payloads: Mapping[str, Any]
    values: Mapping[str, str]
    book: Rulebook
    schemas: File
    sandbox: Sandbox
    client: Client
    journal: Journal

    def stages(self) -> Iterator[Stage]:
        """Each stage; those that need one that failed are not tried, but what was done is always rolled back."""
        empty = self.sandbox.state()
        first = self.stage(APPLY, self.applied)
        yield first
        for name, work in ((AGAIN, self.again), (VALIDATE, self.validated)):
            yield self.stage(name, work) if first.good else Stage(name, None, {})
        yield self.stage(ROLL_BACK, lambda: self.rolled_back(empty))

    def stage(self, name: str, work: Callable[[], Stage]) -> Stage:
        """A stage with what stopped it, if anything did; no text tells the time or the place of this rehearsal."""
        try:
            made = work()
        except Problems as found:
            made = Stage(name, False, {}, tuple(map(str, found.problems)))
        return replace(made, because=tuple(sorted({constant(text) for text in made.because})))

    def applied(self) -> Stage:
        """Everything is sent."""
        done = self.run()
        return Stage(
            APPLY, done.complete, done.counts(), tuple(one.said for one in done.outcomes if one.result == FAILED)
        )

    def again(self) -> Stage:
        """Everything is sent once more: nothing may be left to do."""
        done = self.run()
        changed = [one for one in done.outcomes if one.result != UNCHANGED]
        texts = tuple(f"{label(one.step.call, one.step.name)}: {one.said or one.result}" for one in changed)
        return Stage(AGAIN, not changed, done.counts(), texts)

    def run(self) -> Applied:
        """One run; what is otherwise applied only when asked for is asked for."""
        steps = plan(self.payloads, self.book, self.client, self.journal, Options(also=self.asked))
        done = apply(steps, self.client, self.journal, self.values, standing=preflight(steps, self.client))
        if done.interrupted:
            raise KeyboardInterrupt
        return done

    @property
    def asked(self) -> tuple[str, ...]:
        """The endpoints that act on the whole gateway."""
        return tuple(shape.id for shape in self.book.endpoints if shape.call and shape.call.asked)

    def validated(self) -> Stage:
        """The gateway is held against the payloads."""
        asked = Asked(tenants=TENANTS, also=self.asked)
        found = validation(self.payloads, self.book, self.client, self.journal, asked)
        states = [one.state for one in found.entities]
        return Stage(VALIDATE, found.good, {word: states.count(word) for word in STATES}, tuple(complaints(found)))

    def rolled_back(self, empty: dict[str, Any]) -> Stage:
        """Everything is taken back: the gateway must be as it was."""
        done = rollback(self.client, self.journal, self.book, self.schemas)
        stays = [one for one in done.results if one.result not in {DELETED, RESTORED, NOTHING}]
        texts = [f"{one.past.endpoint} {one.past.name}: {one.said or one.result}" for one in stays]
        now = self.sandbox.state()
        texts += [f"{name}: it is not as it was before" for name in empty if now[name] != empty[name]]
        return Stage(ROLL_BACK, done.complete and now == empty, done.counts(), tuple(texts))


def complaints(found: Validation) -> Iterator[str]:
    """What is not as planned."""
    for entity in found.entities:
        if entity.state != SAME:
            fields = ", ".join(field for field, _, _ in entity.changes)
            yield f"{entity.endpoint} {entity.name}: {entity.state}{f' ({fields})' if fields else ''}"
    yield from (f"{one.endpoint} {one.name}: {one.because}" for one in found.verified if not one.good)
    yield from (f"{one.name}: {one.because}" for one in found.routes if one.because)


def constant(text: str) -> str:
    """A text without what differs from one rehearsal to the next."""
    return IDENT.sub("(id)", ADDRESS.sub("(sandbox)", text))
