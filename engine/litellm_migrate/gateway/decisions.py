"""What is to be done about each thing that we did, by what is there now."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path as File
from typing import Any

from litellm_migrate.convert.calls import Call
from litellm_migrate.gateway.client import Client
from litellm_migrate.gateway.history import NOT_THERE, Past, history
from litellm_migrate.gateway.journal import DELETE, Journal
from litellm_migrate.gateway.names import identity_of, name_of
from litellm_migrate.gateway.plan import Entity, live
from litellm_migrate.gateway.undo import STAY, Undo, before, undo, users
from litellm_migrate.rulebook.endpoint_schemas import schema_of
from litellm_migrate.rulebook.types import Rulebook
from litellm_migrate.source.model import Problem, Problems


@dataclass
class Decisions:
    """Decides about one thing after the other; threads may share it."""

    client: Client
    journal: Journal
    book: Rulebook
    schemas: File
    there: dict[str, dict[str, Entity]] = field(default_factory=dict)
    """Entities by endpoint and id, as they are but for what we have taken back."""
    ids: dict[tuple[str, str], str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.shapes = {shape.id: shape for shape in self.book.endpoints if shape.call}
        self.calls = [shape.call for shape in self.book.endpoints if shape.call]

    def pasts(self) -> list[Past]:
        """What is to be taken back: what refers to others before them, of one endpoint the newest first."""
        order = {call.id: number for number, call in enumerate(self.calls)}
        return sorted(history(self.journal.entries), key=lambda past: -order.get(past.endpoint, -1))

    def learn(self, endpoints: set[str]) -> None:
        """Reads what is there of these endpoints, and of those that refer to them."""
        for call in self.calls:
            if call.identity and (call.id in endpoints or endpoints & set(call.references.values())):
                self.there[call.id] = {str(one.get("id")): one for one in live(self.client, call)}
                for ident, one in self.there[call.id].items():
                    self.ids[call.id, name_of(identity_of(call, one))] = ident
        self.ids.update(self.journal.created())

    def about(self, past: Past) -> Undo:
        """What is to be done about one thing."""
        shape = self.shapes.get(past.endpoint)
        if shape is None or shape.call is None:
            raise Problems(
                [Problem(past.endpoint, 0, 0, "expected an endpoint of the rules, found none of this name.")]
            )
        call = shape.call
        old = before(self.journal.folder, past, schema_of(shape, self.book.schemas, self.schemas), call.hidden)
        made = undo(call, past, self.entity(call, past) if call.identity else self.document(call), self.ids, old)
        used = list(users(self.calls, self.there, made)) if made.action == DELETE else []
        if used:
            return Undo(call, past, STAY, made.id, None, f"{', '.join(used[:3])} still refers to it")
        return made

    def taken(self, made: Undo) -> None:
        """Remembers that something was taken back."""
        held, ident = self.there.get(made.call.id, {}), made.id or ""
        if made.action == DELETE:
            held.pop(ident, None)
        elif ident in held:
            held[ident] = {**held[ident], **made.body}

    def entity(self, call: Call, past: Past) -> Entity | None:
        """The entity that is meant, if it is there: by its id, or by its name where the id was never heard."""
        held = self.there[call.id]
        if past.id:
            return held.get(past.id)
        return next((one for one in [*held.values()] if name_of(identity_of(call, one)) == past.name), None)

    def document(self, call: Call) -> Any:
        """The document as it is now, if there is one."""
        answer = self.client.request("GET", call.list_path or call.path)
        if answer.status == NOT_THERE:
            return None
        if not answer.good:
            raise Problems([self.client.problem("GET", call.list_path or call.path, answer)])
        return answer.body
