"""A whole migration against a gateway in memory: applied, applied again, validated, and rolled back to nothing."""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path as File

from litellm_migrate.convert.calls import Variable
from litellm_migrate.gateway.access import Access
from litellm_migrate.gateway.change import UNCHANGED
from litellm_migrate.gateway.client import Client
from litellm_migrate.gateway.journal import Journal
from litellm_migrate.gateway.names import label
from litellm_migrate.gateway.plan import plan
from litellm_migrate.gateway.preflight import preflight
from litellm_migrate.gateway.rollback import DELETED, NOTHING, RESTORED, rollback
from litellm_migrate.gateway.run import FAILED, GatewayRun, apply
from litellm_migrate.gateway.verify import Probes, validation
from litellm_migrate.output.json_text import render_json
from litellm_migrate.output.rehearsal_report import StageResult
from litellm_migrate.output.validation_report import SAME, Validation
from litellm_migrate.rulebook.types import Rulebook
from litellm_migrate.sandbox.gateway import Sandbox
from litellm_migrate.sandbox.server import Server
from litellm_migrate.source.model import Json, Problems

APPLY, AGAIN, VALIDATE, ROLL_BACK = ("apply", "apply again", "validate", "roll back")
IDENT = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
ADDRESS = re.compile(r"http://127\.0\.0\.1:\d+")
TENANTS = 5
"""So many show that no request of a split goes astray; shares are the gateway's business."""


def rehearse(
    payloads: Mapping[str, Json], variables: Sequence[Variable], book: Rulebook, schemas: File
) -> tuple[StageResult, ...]:
    """How a migration went in a gateway that exists for it alone; variables have made-up values.

    What is sent is what a program reads from the payload files: prices are doubles there. Stages that need one that
    failed are not tried, but what was done is always rolled back.
    """
    payloads = {file: json.loads(render_json(payload)) for file, payload in payloads.items()}
    sandbox = Sandbox(book, schemas)
    values = {variable.name: f"rehearsal-of-{variable.name}" for variable in variables}
    before = sandbox.state()
    with (
        Server(sandbox) as server,
        tempfile.TemporaryDirectory(prefix="rehearsal.") as folder,
        Client(Access(server.url, sandbox.key, sandbox.tenant), book.protocol) as client,
        Journal(File(folder), server.url) as journal,
    ):

        def send() -> GatewayRun:
            changes = plan(payloads, book, client, journal)
            run = apply(changes, client, journal, values, problems=preflight(changes, client))
            if run.interrupted:
                raise KeyboardInterrupt
            return run

        def applied() -> StageResult:
            run = send()
            failed = [result for result in run.results if result.result == FAILED]
            texts = (f"{label(result.endpoint, result.name)}: {result.note}" for result in failed)
            return StageResult(APPLY, run.complete, run.counts(), tuple(texts))

        def again() -> StageResult:
            run = send()
            changed = [result for result in run.results if result.result != UNCHANGED]
            texts = (f"{label(result.endpoint, result.name)}: {result.note or result.result}" for result in changed)
            return StageResult(AGAIN, not changed, run.counts(), tuple(texts))

        def validated() -> StageResult:
            result = validation(payloads, book, client, journal, Probes(tenants=TENANTS))
            return StageResult(VALIDATE, result.good, result.counts(), tuple(astray(result)))

        def rolled_back() -> StageResult:
            run, after = rollback(client, journal, book, schemas), sandbox.state()
            texts = [f"{name}: it is not as it was before" for name in before if after[name] != before[name]]
            stays = [result for result in run.results if result.result not in {DELETED, RESTORED, NOTHING}]
            texts += [f"{result.endpoint} {result.name}: {result.note or result.result}" for result in stays]
            return StageResult(ROLL_BACK, run.complete and after == before, run.counts(), tuple(texts))

        stages = [stage(APPLY, applied)]
        for name, work in ((AGAIN, again), (VALIDATE, validated)):
            stages.append(stage(name, work) if stages[0].good else StageResult(name, None, {}))
        return (*stages, stage(ROLL_BACK, rolled_back))


def stage(name: str, work: Callable[[], StageResult]) -> StageResult:
    """A stage with what stopped it, if anything did; no text tells the time or the place of this rehearsal."""
    try:
        result = work()
    except Problems as error:
        result = StageResult(name, False, {}, tuple(map(str, error.problems)))
    texts = {IDENT.sub("(id)", ADDRESS.sub("(sandbox)", text)) for text in result.because}
    return result._replace(because=tuple(sorted(texts)))


def astray(result: Validation) -> Iterator[str]:
    """What is not as planned."""
    for entity in result.entities:
        if entity.state != SAME:
            fields = ", ".join(field for field, _, _ in entity.changes)
            yield f"{entity.endpoint} {entity.name}: {entity.state}{f' ({fields})' if fields else ''}"
    yield from (f"{probe.endpoint} {probe.name}: {probe.because}" for probe in result.verified if not probe.good)
    yield from (f"{route.name}: {route.because}" for route in result.routes if route.because)
