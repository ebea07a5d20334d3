"""Makes one change of the gateway, forward or backward, and notes each call before and after it."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Mapping

from litellm_migrate.gateway.change import Change, Options, Ownership, document_change, entities_of, masked
from litellm_migrate.gateway.client import Client
from litellm_migrate.gateway.journal import CREATE, DELETE, MISSING, RENEW, RESTORE, Journal
from litellm_migrate.gateway.names import filled, id_of, mapping
from litellm_migrate.gateway.private_files import add_secret, back_up, drop_secret, secret_of
from litellm_migrate.gateway.retry import Response
from litellm_migrate.source.model import Json, Problems

FATAL = frozenset({401, 403, 429})
"""Refusals that every further entity would meet, too; so it is with SERVER_ERROR and above."""
OK, SERVER_ERROR = 200, 500


class RejectedEntity(Exception):  # noqa: N818 - the gateway's word on one entity
    """One entity was refused; others may be welcome."""


class Writer:
    """Makes changes; threads may share it. It knows the ids of everything that is there or was created."""

    def __init__(self, client: Client, journal: Journal, values: Mapping[str, str]) -> None:
        self.client = client
        self.journal = journal
        self.values = values
        self.ids: dict[tuple[str, str], str] = {}
        self.stamp = f"{time.strftime('%Y%m%dT%H%M%SZ', time.gmtime())}-{os.getpid()}"
        self._backups = 0
        self._lock = threading.Lock()

    def learn(self, changes: list[Change]) -> None:
        """Takes over what is there; what an earlier run created without hearing of it is noted as ours."""
        pending = self.journal.pending()
        for change in changes:
            if change.id is not None:
                self.ids[change.endpoint, change.name] = change.id
                if (change.endpoint, change.name) in pending:
                    created = change._replace(action=CREATE, present=None)
                    number = self._before(created)
                    self._keep_secret(created, None)
                    self._after(number, created, OK, found=True)

    def make(self, change: Change) -> str:
        """Makes one change; returns what else is to be known of it.

        Raises RejectedEntity, or Problems if no other change may succeed.
        """
        if change.action in {DELETE, RESTORE}:
            self._send(change, change.body)
            if change.action == DELETE and change.call.shown_once:
                with self._lock:
                    drop_secret(self.journal.folder, change.call, change.name)
            return change.note
        if not change.call.unique_key:  # with what others own in the document at this moment
            change = document_change(change.call, change.body, self.client, Options(everything=True))
        body = filled(change.call, change.body, self.values, self.ids)
        if change.action == CREATE and change.call.unique_key:
            return self._create(change, body)
        self._send(change, body)
        return ""

    def _create(self, change: Change, body: Json) -> str:
        """Creates an entity, once even if the answer is lost."""

        def arrived() -> Response | None:
            entities = entities_of(self.client, change.call)
            (entity,) = Ownership().matches(change.call, [change.body], entities, self.ids)
            return Response(OK, entity) if entity else None

        number = self._before(change)
        response = self._request(number, change, body, arrived)
        change = change._replace(id=created_id(response.body) or created_id((arrived() or response).body))
        note = self._keep_secret(change, response.body)
        if change.id:
            self.ids[change.endpoint, change.name] = change.id
        self._after(number, change, response.status)
        return note

    def _send(self, change: Change, body: Json) -> None:
        """One call that takes the place of what is there, or takes it away."""
        number = self._before(change)
        response = self._request(number, change, body)
        self._after(number, change, response.status)

    def _keep_secret(self, change: Change, answer: Json) -> str:
        """Keeps what is shown only once; where it was lost, a new one is asked for. Returns a word on it, if any."""
        call = change.call
        if not call.shown_once:
            return ""
        secret = secret_of(call, answer)
        if secret is None and call.renew and change.id:
            renewal = change._replace(action=RENEW)
            number = self._before(renewal)
            response = self.client.request(*renewal.request)
            self._after(number, renewal, response.status)
            secret = secret_of(call, response.body) if response.good else None
        if secret is None:
            return "its secret did not arrive: make a new one on the gateway"
        with self._lock:
            add_secret(self.journal.folder, call, change.name, secret)
        return f"its secret is in {call.secrets_file}"

    def _before(self, change: Change) -> int:
        """Notes a call that is about to be made, and keeps what it replaces."""
        call, more = change.call, {}
        if change.present is not None:
            with self._lock:
                self._backups += 1
                name = back_up(self.journal.folder, call.file, self.stamp, self._backups, change.present)
            more["backup"] = name
        method, path = change.request
        body = change.body if change.action == RESTORE else masked(change)
        fields: dict[str, Json] = {"endpoint": call.id, "name": change.name, "action": change.action, "method": method}
        return self.journal.before(**fields, path=self.client.target(path), id=change.id, body=body, **more)

    def _after(self, number: int, change: Change, status: int, **more: Json) -> None:
        """Notes what came of a call."""
        fields: dict[str, Json] = {"endpoint": change.endpoint, "name": change.name, "action": change.action}
        self.journal.after(number, **fields, id=change.id, status=status, **more)

    def _request(
        self, number: int, change: Change, body: Json, arrived: Callable[[], Response | None] | None = None
    ) -> Response:
        """The good response to a change's call; any other is noted and raised."""
        method, path = change.request
        response = self.client.request(method, path, body, arrived=arrived)
        if response.good or (change.action == DELETE and response.status == MISSING):
            return response
        self._after(number, change, response.status)
        if response.status in FATAL or response.status >= SERVER_ERROR:
            raise Problems([self.client.problem(method, self.client.target(path), response)])
        raise RejectedEntity(self.client.reason(response))


def created_id(answer: Json) -> str | None:
    """The id in the answer to a creation, or in the first object of it that has one."""
    return next(filter(None, map(id_of, [answer, *mapping(answer).values()])), None)
