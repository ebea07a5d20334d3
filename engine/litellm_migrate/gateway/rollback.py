"""Takes back what the journal says we did: deletes what we created, restores what we changed, newest first."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path as File

from litellm_migrate.convert.calls import Call
from litellm_migrate.gateway.change import GONE, STAY, Change, document_of, entities_of
from litellm_migrate.gateway.client import Client
from litellm_migrate.gateway.compare import differences
from litellm_migrate.gateway.journal import DELETE, RESTORE, Journal, Past, history
from litellm_migrate.gateway.names import Entity, Names, field_at, id_of, name_of
from litellm_migrate.gateway.private_files import read_backup
from litellm_migrate.gateway.run import FAILED, REFUSED, SKIPPED, GatewayRun, Job, Result
from litellm_migrate.gateway.writer import Writer
from litellm_migrate.rulebook.endpoint_schemas import schema_of
from litellm_migrate.rulebook.types import Rulebook
from litellm_migrate.source.model import Json, Problem, Problems
from litellm_migrate.source.redact import MASK

DELETED, RESTORED, NOTHING = "deleted", "restored", "gone"
RESULTS = {DELETE: DELETED, RESTORE: RESTORED, GONE: NOTHING, STAY: REFUSED}
LONGEST = 5


def rollback(  # noqa: PLR0913, PLR0917 - each is a fact of its own
    client: Client,
    journal: Journal,
    book: Rulebook,
    schemas: File,
    dry: bool = False,
    show: Callable[[Result], object] = lambda result: None,
) -> GatewayRun:
    """What was taken back; with `dry`, what would be. Raises Problems if the gateway cannot be read."""
    order = {shape.id: number for number, shape in enumerate(book.endpoints) if shape.call}
    pasts = sorted(history(journal.entries), key=lambda past: -order.get(past.endpoint, -1))  # referrers come first
    present = LiveState(client, journal, book, schemas)
    present.read({past.endpoint for past in pasts})
    writer = Writer(client, journal, {})

    def take_back(past: Past) -> tuple[str, str]:
        change = present.undo(past)
        if change.action in {DELETE, RESTORE}:
            if not dry:
                writer.make(change)
            present.forget(change)
        return RESULTS[change.action], change.note

    jobs = [Job(past.endpoint, past.name, partial(take_back, past)) for past in pasts]
    return GatewayRun(client, (DELETED, RESTORED, NOTHING, REFUSED, FAILED, SKIPPED), show).work(jobs, persistent=True)


class LiveState:
    """What is on the gateway but for what we have taken back, and what is to be undone there; threads may share it."""

    def __init__(self, client: Client, journal: Journal, book: Rulebook, schemas: File) -> None:
        self.client = client
        self.journal = journal
        self.book = book
        self.schemas = schemas
        self.calls = [shape.call for shape in book.endpoints if shape.call]
        self.entities: dict[str, dict[str, Entity]] = {}
        """By endpoint and id."""
        self.ids: dict[tuple[str, str], str] = {}

    def read(self, endpoints: set[str]) -> None:
        """Reads what is there of these endpoints, and of those that refer to them."""
        self.ids.update(self.journal.created())
        for call in self.calls:
            if call.unique_key and (call.id in endpoints or endpoints & set(call.references.values())):
                entities = {id_of(entity) or "": entity for entity in entities_of(self.client, call)}
                self.entities[call.id] = entities
                names = self.names()
                self.ids.update({(call.id, name_of(call, entity, names)): ident for ident, entity in entities.items()})
        self.ids.update(self.journal.created())

    def names(self) -> Names:
        """The names of all entities that are known."""
        return {(endpoint, ident): name for (endpoint, name), ident in self.ids.items()}

    def forget(self, change: Change) -> None:
        """Remembers that something was taken back."""
        entities, ident = self.entities.get(change.endpoint, {}), change.id or ""
        if change.action == DELETE:
            entities.pop(ident, None)
        elif ident in entities and isinstance(change.body, dict):
            entities[ident] = {**entities[ident], **change.body}

    def undo(self, past: Past) -> Change:
        """What is to be done to take one thing back, or why it must stay."""
        shape = next((shape for shape in self.book.endpoints if shape.call and shape.id == past.endpoint), None)
        if shape is None or shape.call is None:
            message = "expected an endpoint of the rules, found none of this name."
            raise Problems([Problem(past.endpoint, 0, 0, message)])
        call = shape.call
        present = self._present(call, past)
        if not isinstance(present, dict):
            return Change(call, past.name, GONE)
        change = Change(call, past.name, STAY, id_of(present) if call.unique_key else None)
        if past.created and call.unique_key and call.delete_path:
            note = self._altered(call, past, present) or self._users(change)
            return change._replace(action=STAY if note else DELETE, note=note)
        old = self._backup(call, past, schema_of(shape, self.book.schemas, self.schemas))
        if old is None or (call.unique_key and not call.update_path):
            why = "there is no backup of what was there before" if old is None else "no call changes it"
            return change._replace(note=why)
        bodies = [body for body in past.wrote if isinstance(body, dict)]
        more = sorted({name for body in bodies for name in body if name not in old})
        rest = [name for name in more if present.get(name) not in (None, [], {})]
        if not differences(call, old, present) and (call.unique_key or not rest):
            return change._replace(action=GONE)
        note = f"as written by us stays what its backup does not have: {', '.join(more)}"
        altered = self._altered(call, past, present)
        restored = change._replace(action=RESTORE, body=old, note=note if more and call.unique_key else "")
        return change._replace(note=altered) if altered else restored

    def _present(self, call: Call, past: Past) -> Json:
        """The document, or the entity that is meant (by its name where the id was never heard), if it is there."""
        if not call.unique_key:
            return document_of(self.client, call, call.read_path or call.path)
        entities = self.entities[call.id]
        if past.id:
            return entities.get(past.id)
        names = self.names()
        return next((entity for entity in [*entities.values()] if name_of(call, entity, names) == past.name), None)

    def _backup(self, call: Call, past: Past, schema: Mapping[str, Json]) -> Entity | None:
        """What was there before us, as far as the gateway takes it back; None if there is no such file."""
        content = read_backup(self.journal.folder, past.backup)
        fields = schema.get("properties", {})
        if not isinstance(content, dict) or not isinstance(fields, dict):
            return None
        return {name: content[name] for name in fields if content.get(name) is not None and name not in call.write_only}

    def _altered(self, call: Call, past: Past, present: Json) -> str:
        """Which fields somebody else changed since we wrote them; empty if none."""
        changed = [differences(call, unmasked(body), present, self.ids) for body in past.wrote]
        if not all(changed):
            return ""
        fields = [difference.field for difference in min(changed, key=len, default=())]
        return f"somebody changed it since: {', '.join(fields[:LONGEST])}{', ...' if len(fields) > LONGEST else ''}"

    def _users(self, target: Change) -> str:
        """Which entities refer to the one that is to be deleted; empty if none."""
        names = self.names()
        users = [
            f"{call.id} {name_of(call, entity, names)}"
            for call in self.calls
            for field, endpoint in call.references.items()
            for entity in ([*self.entities.get(call.id, {}).values()] if endpoint == target.endpoint else [])
            if str(field_at(entity, field)) == target.id
        ]
        return f"{', '.join(users[:3])} still refers to it" if users else ""


def unmasked(body: Json) -> Json:
    """A body without the values that the journal does not have."""
    if isinstance(body, dict):
        return {name: unmasked(value) for name, value in body.items() if value != MASK}
    return [unmasked(value) for value in body] if isinstance(body, list) else body
