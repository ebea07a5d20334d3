"""Runs of changes: those of one endpoint side by side, what became of each, and `apply`, the run forward."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from functools import partial
from itertools import groupby
from threading import Event
from typing import NamedTuple

from litellm_migrate.gateway.change import CONFLICT, LEFT_OVER, STAY, UNCHANGED, Change
from litellm_migrate.gateway.client import Client
from litellm_migrate.gateway.journal import CREATE, UPDATE, Journal
from litellm_migrate.gateway.names import label, variables
from litellm_migrate.gateway.private_files import ignore, read_secrets
from litellm_migrate.gateway.writer import RejectedEntity, Writer
from litellm_migrate.source.model import Problem, Problems

CREATED, UPDATED, REFUSED, FAILED, SKIPPED = "created", "updated", "refused", "failed", "not tried"
RESULTS = {CREATE: CREATED, UPDATE: UPDATED}


class Result(NamedTuple):
    """What became of one change; the note says why it failed, or what else is to be known of it."""

    endpoint: str
    name: str
    result: str
    note: str = ""


class Job(NamedTuple):
    """What is to be done about one entity or document."""

    endpoint: str
    name: str
    work: Callable[[], tuple[str, str]] | None
    """Does it, and returns result and note; None where there is nothing to do."""


class GatewayRun:
    """One run, and what became of everything. Where no answer comes it stops; on Ctrl-C calls under way end."""

    def __init__(self, client: Client, result_names: Sequence[str], show: Callable[[Result], object]) -> None:
        self.client = client
        self.result_names = result_names
        self.show = show
        self.results: list[Result] = []
        self.interrupted = False
        self._halt = Event()

    def counts(self) -> dict[str, int]:
        """How many changes had each result."""
        results = [result.result for result in self.results]
        return {name: results.count(name) for name in self.result_names}

    @property
    def complete(self) -> bool:
        """Whether the gateway is as it was to be."""
        return not self.interrupted and all(result.result not in {REFUSED, FAILED, SKIPPED} for result in self.results)

    def work(
        self, jobs: Sequence[Job], prepare: Callable[[], object] = lambda: None, persistent: bool = False
    ) -> GatewayRun:
        """Works through the jobs, endpoint by endpoint; after a failure the next one only if it is `persistent`."""
        try:
            prepare()
            for _, group in groupby(jobs, key=lambda job: job.endpoint):
                self._endpoint(list(group))
                failed = any(result.result == FAILED for result in self.results)
                if self._halt.is_set() or (failed and not persistent):
                    break
        except KeyboardInterrupt:
            self.interrupted = True
        finished = {(result.endpoint, result.name) for result in self.results}
        rest = [job for job in jobs if (job.endpoint, job.name) not in finished]
        self.results += [Result(job.endpoint, job.name, SKIPPED if job.work else UNCHANGED) for job in rest]
        return self

    def _endpoint(self, jobs: list[Job]) -> None:
        """The jobs of one endpoint, side by side; an error or Ctrl-C lets those end that are under way."""
        for job in jobs:
            if not job.work:
                self._note(Result(job.endpoint, job.name, UNCHANGED))
        busy = [job for job in jobs if job.work]
        most = self.client.access.concurrency
        ahead = most if most > 1 else 0  # while some are under way, others are noted in the journal
        with ThreadPoolExecutor(min(most + ahead, len(busy) or 1)) as pool:
            futures = [pool.submit(self._result, job) for job in busy]
            waiting = set(futures)
            try:
                for future in as_completed(futures):
                    waiting.discard(future)
                    self._note(future.result())
            except BaseException:
                self._halt.set()
                self.client.stop.set()
                pool.shutdown(wait=True, cancel_futures=True)
                for future in waiting:
                    if not future.cancelled():
                        self._note(future.result())
                raise

    def _result(self, job: Job) -> Result:
        """What became of one job."""
        result, note = SKIPPED, ""
        try:
            if job.work and not self._halt.is_set():
                result, note = job.work()
        except (RejectedEntity, Problems) as error:
            result, note = FAILED, str(error)
            if isinstance(error, Problems):
                self._halt.set()
        return Result(job.endpoint, job.name, result, note)

    def _note(self, result: Result) -> None:
        """Keeps and shows a result; what was not tried is counted at the end."""
        if result.result != SKIPPED:
            self.results.append(result)
            self.show(result)


def apply(  # noqa: PLR0913, PLR0917 - each is a fact of its own
    changes: list[Change],
    client: Client,
    journal: Journal,
    values: Mapping[str, str],
    show: Callable[[Result], object] = lambda result: None,
    problems: Iterable[Problem] = (),
) -> GatewayRun:
    """Makes the changes of a plan; raises Problems, with nothing written, for `problems` and all that is against it.

    `values` are those of the variables that payloads may ask for.
    """
    check(changes, values, journal, problems)
    names = {name for change in changes for name in variables(change.call, change.body).values()}
    client.hide(values[name] for name in names & values.keys())
    writer = Writer(client, journal, values)

    def prepare() -> None:
        writer.learn(changes)
        if any(change.action != UNCHANGED for change in changes):
            ignore(journal.folder)

    def make(change: Change) -> tuple[str, str]:
        if change.action in {STAY, LEFT_OVER}:
            return UNCHANGED, change.note
        return RESULTS[change.action], writer.make(change)

    works = [None if change.action == UNCHANGED else partial(make, change) for change in changes]
    jobs = [Job(change.endpoint, change.name, work) for change, work in zip(changes, works, strict=True)]
    return GatewayRun(client, (CREATED, UPDATED, UNCHANGED, FAILED, SKIPPED), show).work(jobs, prepare)


def check(changes: list[Change], values: Mapping[str, str], journal: Journal, problems: Iterable[Problem] = ()) -> None:
    """Raises Problems for `problems` and all that is against a plan."""
    problems = [*problems, *obstacles(changes, values, journal)]
    if problems:
        raise Problems(problems)


def obstacles(changes: list[Change], values: Mapping[str, str], journal: Journal) -> Iterator[Problem]:
    """What stands against a plan: entities of others, missing values, and files that cannot take what is shown once."""
    for change in changes:
        if change.action == CONFLICT:
            message = (
                "expected none of this name, found one that somebody else made. "
                "Rename or remove one of the two, or take it over with --adopt."
            )
            yield Problem(label(change.endpoint, change.name), 0, 0, message)
    for name, subject in missing_values(changes, values).items():
        yield Problem(name, 0, 0, f"expected a value in the environment for {subject}, found none. Set it.")
    for call in {change.call.id: change.call for change in changes if change.action == CREATE}.values():
        try:
            _ = read_secrets(journal.folder, call) if call.shown_once else {}
        except Problems as error:
            yield from error.problems


def missing_values(changes: Sequence[Change], values: Mapping[str, str]) -> dict[str, str]:
    """The variables that a plan needs and that have no value, each with the first that needs it."""
    needed: dict[str, str] = {}
    for change in changes:
        if change.action in {CREATE, UPDATE}:
            for name in variables(change.call, change.body).values():
                needed.setdefault(name, label(change.endpoint, change.name))
    return {name: needed[name] for name in sorted(needed.keys() - values.keys())}
