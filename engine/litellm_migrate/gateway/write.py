"""Writes one entity or document, and notes each call before and after it."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from litellm_migrate.convert.calls import Call
from litellm_migrate.gateway.client import Answer, Client
from litellm_migrate.gateway.compare import MASK
from litellm_migrate.gateway.journal import CREATE, RENEW, UPDATE, Journal
from litellm_migrate.gateway.kept import back_up, keep, secret_of
from litellm_migrate.gateway.names import fields, filled, label, put, variable
from litellm_migrate.gateway.plan import Known, Options, Step, document, live, matched
from litellm_migrate.source.model import Problems
from litellm_migrate.source.secrets import at

FATAL = frozenset({401, 403, 429})
"""Refusals that the next entity would meet, too."""
FOUND = 200


class Refused(Exception):  # noqa: N818 - the gateway's word on one entity
    """One entity was refused; others may be welcome."""


@dataclass(frozen=True, slots=True)
class Deed:
    """One call that changes something."""

    step: Step
    action: str
    method: str
    path: str
    id: str | None = None

    @property
    def event(self) -> dict[str, Any]:
        """What every entry of the journal says of it."""
        return {"endpoint": self.step.call.id, "name": self.step.name, "action": self.action}


class Writer:
    """Writes steps; threads may share it. It knows the ids of everything that is there or was created."""

    def __init__(self, client: Client, journal: Journal, values: Mapping[str, str]) -> None:
        self.client = client
        self.journal = journal
        self.values = values
        self.ids: dict[tuple[str, str], str] = {}
        self.stamp = f"{time.strftime('%Y%m%dT%H%M%SZ', time.gmtime())}-{os.getpid()}"
        self._backups = 0
        self._lock = threading.Lock()

    def learn(self, steps: list[Step]) -> None:
        """Takes over what is there; what an earlier run created without hearing of it is noted as ours."""
        pending = self.journal.pending()
        for step in steps:
            if step.id is None:
                continue
            self.ids[step.call.id, step.name] = step.id
            if (step.call.id, step.name) in pending:
                deed = Deed(step, CREATE, step.call.method, step.call.path, step.id)
                number = self.before(deed)
                self.once(step, step.id, None)
                self.journal.after(number, **deed.event, id=step.id, status=FOUND, found=True)

    def write(self, step: Step) -> str:
        """Makes the change; answers what else is to be known. Raises Refused, or Problems if no other may succeed."""
        if step.call.identity and step.action == CREATE:
            return self.create(step)
        self.update(step) if step.call.identity else self.replace(step)
        return ""

    def create(self, step: Step) -> str:
        """Creates an entity, once even if the answer is lost."""
        call = step.call
        body = filled(call, step.body, self.values, self.ids)
        deed = Deed(step, CREATE, call.method, call.path)
        number = self.before(deed)
        answer = self.answer(number, deed, body, arrived=lambda: self.arrived(step))
        found = id_of(answer.body) or id_of((self.arrived(step) or answer).body)
        said = self.once(step, found, answer.body)
        if found:
            self.ids[call.id, step.name] = found
        self.journal.after(number, **deed.event, id=found, status=answer.status)
        return said

    def arrived(self, step: Step) -> Answer | None:
        """The entity, if it is there although no answer came."""
        ((_, there),) = matched(step.call, [step.body], live(self.client, step.call), Known({}, ()))
        return Answer(FOUND, there) if there else None

    def update(self, step: Step) -> None:
        """Changes an entity that is there; what was there is kept."""
        call = step.call
        body = filled(call, step.body, self.values, self.ids)
        path = item(call.update_path or call.path, step.id or "")
        self.change(Deed(step, UPDATE, call.update_method or call.method, path, step.id), body)

    def replace(self, step: Step) -> None:
        """Writes a document, with what others own in it at this moment; what was there is kept."""
        now = document(step.call, step.body, self.client, Options(everything=True))
        body = filled(now.call, now.body, self.values, self.ids)
        self.change(Deed(now, now.action, now.call.method, self.client.target(now.call.path)), body)

    def change(self, deed: Deed, body: Any) -> None:
        """One call that takes the place of what is there."""
        number = self.before(deed, deed.step.there)
        answer = self.answer(number, deed, body)
        self.journal.after(number, **deed.event, id=deed.id, status=answer.status)

    def once(self, step: Step, id: str | None, answer: Any) -> str:
        """Keeps what is shown only once; where it was lost, a new one is asked for."""
        call = step.call
        if not call.once:
            return ""
        secret = secret_of(call, answer) if answer is not None else None
        if secret is None and call.renew and id:
            method, _, path = call.renew.partition(" ")
            secret = self.renewed(Deed(step, RENEW, method, item(path, id), id))
        if secret is None:
            return "its secret did not arrive: make a new one on the gateway"
        with self._lock:
            keep(self.journal.folder, call, step.name, secret)
        return f"its secret is in {call.secrets_file}"

    def renewed(self, deed: Deed) -> str | None:
        """A new secret of an entity that was created here; None if the gateway gives none."""
        number = self.before(deed)
        answer = self.client.request(deed.method, deed.path)
        self.journal.after(number, **deed.event, id=deed.id, status=answer.status)
        return secret_of(deed.step.call, answer.body) if answer.good else None

    def before(self, deed: Deed, there: Any = None) -> int:
        """Notes a call that is about to be made, and keeps what it replaces."""
        step, more = deed.step, {}
        if there is not None:
            with self._lock:
                self._backups += 1
                more["backup"] = back_up(self.journal.folder, step.call.file, self.stamp, self._backups, there)
        said = {"method": deed.method, "path": deed.path, "id": deed.id, "body": shown(step.call, step.body)}
        return self.journal.before(**deed.event, **said, **more)

    def answer(self, number: int, deed: Deed, body: Any, arrived: Callable[[], Answer | None] | None = None) -> Answer:
        """The good answer to a call; any other is noted and raised."""
        answer = self.client.request(deed.method, deed.path, body, arrived=arrived)
        if answer.good:
            return answer
        self.journal.after(number, **deed.event, id=deed.id, status=answer.status)
        if answer.status in FATAL or answer.status >= 500:
            raise Problems([self.client.problem(deed.method, deed.path, answer)])
        raise Refused(f"{label(deed.step.call, deed.step.name)}: refused with {self.client.reason(answer)}")


def item(path: str, id: str) -> str:
    """The path of one entity."""
    return path.replace("{id}", quote(id, safe=""))


def id_of(answer: Any) -> str | None:
    """The id in an answer, or in the first object of it that has one."""
    if not isinstance(answer, dict):
        return None
    inside = [value.get("id") for value in answer.values() if isinstance(value, dict)]
    return next((str(id) for id in [answer.get("id"), *inside] if isinstance(id, (str, int))), None)


def shown(call: Call, body: Any) -> Any:
    """A body as the journal may have it: listed fields only where they are variables."""
    made = body
    for field in call.variables:
        value = at(made, fields(field))
        if value is not None and variable(value) is None:
            made = put(made, fields(field), MASK)
    return made
