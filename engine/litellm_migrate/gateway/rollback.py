"""Takes back what the journal says we did: deletes what we created, restores what we changed, newest first."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path as File
from threading import Event
from urllib.parse import quote

from litellm_migrate.gateway.client import Client
from litellm_migrate.gateway.decisions import Decisions
from litellm_migrate.gateway.history import NOT_THERE, Past
from litellm_migrate.gateway.journal import DELETE, Journal
from litellm_migrate.gateway.undo import GONE, STAY, Undo
from litellm_migrate.gateway.write import FATAL
from litellm_migrate.rulebook.types import Rulebook
from litellm_migrate.source.model import Problems

DELETED, RESTORED, NOTHING, REFUSED, FAILED, NOT_TRIED = "deleted", "restored", "gone", "refused", "failed", "not tried"
WORDS = (DELETED, RESTORED, NOTHING, REFUSED, FAILED, NOT_TRIED)
SERVER = 500


@dataclass(frozen=True, slots=True)
class Undone:
    """What became of one thing; `said` is why it stays, or what else is to be known."""

    past: Past
    result: str
    said: str = ""


@dataclass(slots=True)
class Rolled:
    """What became of everything."""

    results: list[Undone] = field(default_factory=list)
    interrupted: bool = False

    def counts(self) -> dict[str, int]:
        """How many had each result."""
        found = [one.result for one in self.results]
        return {word: found.count(word) for word in WORDS}

    @property
    def complete(self) -> bool:
        """Whether nothing of ours is left."""
        return not self.interrupted and all(one.result in {DELETED, RESTORED, NOTHING} for one in self.results)


def rollback(client: Client, journal: Journal, book: Rulebook, schemas: File, dry: bool = False) -> Rolled:
    """What was taken back; with `dry`, what would be. Raises Problems if the gateway cannot be read."""
    return Rollback(Decisions(client, journal, book, schemas), dry).all()


class Rollback:
    """One run: it stops where no answer comes; what must stay is said, and the rest goes on."""

    def __init__(self, decisions: Decisions, dry: bool, show: Callable[[Undone], object] = lambda one: None) -> None:
        self.decisions = decisions
        self.client = decisions.client
        self.journal = decisions.journal
        self.dry = dry
        self.show = show
        self.rolled = Rolled()
        self.halt = Event()

    def all(self) -> Rolled:
        """Everything: endpoint by endpoint, the entities of one side by side."""
        pasts = self.decisions.pasts()
        self.decisions.learn({past.endpoint for past in pasts})
        try:
            for _, group in groupby(pasts, key=lambda past: past.endpoint):
                self.endpoint(list(group))
        except KeyboardInterrupt:
            self.rolled.interrupted = True
        tried = {(one.past.endpoint, one.past.name) for one in self.rolled.results}
        self.rolled.results += [Undone(one, NOT_TRIED) for one in pasts if (one.endpoint, one.name) not in tried]
        return self.rolled

    def endpoint(self, pasts: list[Past]) -> None:
        """The things of one endpoint; Ctrl-C lets those end that are under way."""
        with ThreadPoolExecutor(min(self.client.access.concurrency, len(pasts))) as pool:
            waiting = {pool.submit(self.one, past) for past in pasts}
            try:
                for future in as_completed(waiting.copy()):
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

    def note(self, one: Undone) -> None:
        """Keeps and shows what became of something; what was not tried is counted at the end."""
        if one.result != NOT_TRIED:
            self.rolled.results.append(one)
            self.show(one)

    def one(self, past: Past) -> Undone:
        """What became of one thing."""
        if self.halt.is_set():
            return Undone(past, NOT_TRIED)
        try:
            made = self.decisions.about(past)
            if made.action in {GONE, STAY}:
                return Undone(past, NOTHING if made.action == GONE else REFUSED, made.said)
            return self.done(made)
        except Problems as found:
            self.halt.set()
            return Undone(past, FAILED, str(found))

    def done(self, made: Undo) -> Undone:
        """The deletion or the restoration, noted before and after."""
        call = made.call
        asked = (
            (call.delete_method, call.delete_path) if made.action == DELETE else (call.update_method, call.update_path)
        )
        method, path = (asked[0] or call.method), (asked[1] or call.path)
        path = self.client.target(path).replace("{id}", quote(made.id or "", safe=""))
        if not self.dry:
            event = {"endpoint": call.id, "name": made.past.name, "action": made.action, "id": made.id}
            number = self.journal.before(**event, method=method, path=path, body=made.body)
            answer = self.client.request(method, path, made.body)
            self.journal.after(number, **event, status=answer.status)
            if answer.status in FATAL or answer.status >= SERVER:
                raise Problems([self.client.problem(method, path, answer)])
            if not answer.good and not (made.action == DELETE and answer.status == NOT_THERE):
                return Undone(made.past, FAILED, self.client.reason(answer))
        self.decisions.taken(made)
        return Undone(made.past, DELETED if made.action == DELETE else RESTORED, made.said)
