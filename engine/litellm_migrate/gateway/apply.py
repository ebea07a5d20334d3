"""Makes the changes of a plan: each call noted before and after, independent ones side by side."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, field
from itertools import groupby
from threading import Event

from litellm_migrate.gateway.client import Client
from litellm_migrate.gateway.journal import CREATE, UPDATE, Journal
from litellm_migrate.gateway.kept import check, ignore
from litellm_migrate.gateway.names import label, needed
from litellm_migrate.gateway.plan import CONFLICT, UNCHANGED, Step
from litellm_migrate.gateway.write import Refused, Writer
from litellm_migrate.source.model import Problem, Problems

CREATED, UPDATED, FAILED, NOT_TRIED = "created", "updated", "failed", "not tried"
DONE = {CREATE: CREATED, UPDATE: UPDATED, UNCHANGED: UNCHANGED}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a step; `said` is why it failed, or what else is to be known of it."""

    step: Step
    result: str
    said: str = ""


@dataclass(slots=True)
class Applied:
    """What became of all steps."""

    outcomes: list[Outcome] = field(default_factory=list)
    interrupted: bool = False

    def counts(self) -> dict[str, int]:
        """How many steps had each result."""
        results = [outcome.result for outcome in self.outcomes]
        return {word: results.count(word) for word in (CREATED, UPDATED, UNCHANGED, FAILED, NOT_TRIED)}

    @property
    def complete(self) -> bool:
        """Whether the gateway is as planned."""
        return not self.interrupted and all(one.result not in {FAILED, NOT_TRIED} for one in self.outcomes)


def apply(  # noqa: PLR0913, PLR0917 - each is a fact of its own
    steps: list[Step],
    client: Client,
    journal: Journal,
    values: Mapping[str, str],
    show: Callable[[Outcome], object] = lambda outcome: None,
    standing: Iterable[Problem] = (),
) -> Applied:
    """Makes the changes; raises Problems, with nothing written, if something stands against all of them.

    That is what is found here, and before it what is already `standing` against them.
    """
    problems = [*standing, *obstacles(steps, values, journal)]
    if problems:
        raise Problems(problems)
    client.hide(values.values())
    run = Run(client, journal, values, show)
    try:
        run.all(steps)
    except KeyboardInterrupt:
        run.applied.interrupted = True
    run.rest(steps)
    return run.applied


def obstacles(steps: list[Step], values: Mapping[str, str], journal: Journal) -> Iterator[Problem]:
    """What stands against a plan: entities of others, missing values, and files that cannot take what is shown once."""
    missing: dict[str, str] = {}
    for step in steps:
        if step.action == CONFLICT:
            message = (
                "expected none of this name, found one that somebody else made. "
                "Rename or remove one of the two, or take it over with --adopt."
            )
            yield Problem(label(step.call, step.name), 0, 0, message)
        elif step.action in {CREATE, UPDATE}:
            for name in needed(step.call, step.body):
                missing.setdefault(name, label(step.call, step.name))
    for name in sorted(missing.keys() - values.keys()):
        yield Problem(name, 0, 0, f"expected a value in the environment for {missing[name]}, found none. Set it.")
    once = {step.call.id: step.call for step in steps if step.call.once and step.action == CREATE}
    for call in once.values():
        try:
            check(journal.folder, call)
        except Problems as found:
            yield from found.problems


class Run:
    """One run: it stops at the end of an endpoint where something failed, at once where no answer comes."""

    def __init__(
        self, client: Client, journal: Journal, values: Mapping[str, str], show: Callable[[Outcome], object]
    ) -> None:
        self.client = client
        self.journal = journal
        self.show = show
        self.writer = Writer(client, journal, values)
        self.applied = Applied()
        self.halt = Event()

    def all(self, steps: list[Step]) -> None:
        """Every step: endpoints one after the other, the entities of one side by side."""
        self.writer.learn(steps)
        if any(step.action != UNCHANGED for step in steps):
            ignore(self.journal.folder)
        for _, group in groupby(steps, key=lambda step: step.call.id):
            self.endpoint(list(group))
            if self.halt.is_set() or any(outcome.result == FAILED for outcome in self.applied.outcomes):
                return

    def endpoint(self, steps: list[Step]) -> None:
        """The steps of one endpoint; Ctrl-C lets those end that are under way."""
        for step in steps:
            if step.action == UNCHANGED:
                self.note(Outcome(step, UNCHANGED))
        changing = [step for step in steps if step.action != UNCHANGED]
        if not changing:
            return
        most = self.client.access.concurrency
        ahead = most if most > 1 else 0  # while some are under way, others are noted in the journal
        with ThreadPoolExecutor(min(most + ahead, len(changing))) as pool:
            futures = [pool.submit(self.step, step) for step in changing]
            waiting = set(futures)
            try:
                for future in as_completed(futures):
                    waiting.discard(future)
                    self.note(future.result())
            except BaseException:
                self.halt.set()
                self.client.stop.set()
                pool.shutdown(wait=True, cancel_futures=True)
                for future in waiting:
                    if not future.cancelled():
                        self.note(future.result())
                raise

    def step(self, step: Step) -> Outcome:
        """What became of one step."""
        if self.halt.is_set():
            return Outcome(step, NOT_TRIED)
        if step.call.identity and step.action == UPDATE and not (step.call.update_method and step.call.update_path):
            return Outcome(step, UNCHANGED, "it is different there, and the gateway has no call that changes it")
        try:
            said = self.writer.write(step)
        except Refused as found:
            return Outcome(step, FAILED, str(found))
        except Problems as found:
            self.halt.set()
            return Outcome(step, FAILED, str(found))
        return Outcome(step, DONE[step.action], said)

    def note(self, outcome: Outcome) -> None:
        """Keeps and shows what became of a step; what was not tried is counted at the end."""
        if outcome.result != NOT_TRIED:
            self.applied.outcomes.append(outcome)
            self.show(outcome)

    def rest(self, steps: list[Step]) -> None:
        """Counts what was not tried."""
        tried = {(one.step.call.id, one.step.name) for one in self.applied.outcomes}
        left = [step for step in steps if (step.call.id, step.name) not in tried]
        self.applied.outcomes += [Outcome(step, UNCHANGED if step.action == UNCHANGED else NOT_TRIED) for step in left]
