"""What was done to a gateway, call by call: `journal.jsonl`, which outlives crashes and holds no secrets."""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, suppress
from pathlib import Path as File
from types import NoneType
from typing import NamedTuple, TextIO

from litellm_migrate.gateway import now
from litellm_migrate.gateway.names import items
from litellm_migrate.gateway.private_files import read_backup, unwritable
from litellm_migrate.output import JOURNAL
from litellm_migrate.output.lock import locked
from litellm_migrate.source.files import file_text, json_value
from litellm_migrate.source.model import Json

PRIVATE, MISSING, UNREADABLE = 0o600, 404, 405
WRITABLE = "a journal that can be kept"
BEFORE, AFTER = "before", "after"
CREATE, UPDATE, RENEW, DELETE, RESTORE = "create", "update", "renew", "delete", "restore"

TEXTS = ("event", "gateway", "endpoint", "name", "action", "method", "path", "backup")
JournalEntry = dict[str, Json]
"""`n` (a call's number), `when`, `event`, `gateway`, `endpoint`, `name`, `action`, `method`, `path`, `id`; before a
call `body` (with its references, without keys) and `backup` (a file of the folder); after it `status`."""


class Journal:
    """The journal of a folder, for one gateway; threads may share it.

    As it is made it can be read. Entered as a context manager it keeps other runs out of the folder (Problems if there
    is one), reads again what they wrote, and can be written to; where nothing is written there is no file.
    What is about to be done is on the disk before it is done; what came of it follows with the next such line, or at
    the end: a machine that dies in between leaves a call whose outcome is not known, which the next run looks up.
    """

    def __init__(self, folder: File, gateway: str) -> None:
        self.folder = folder
        self.gateway = gateway.rstrip("/")
        self.file = folder / JOURNAL
        self._folder_lock = ExitStack()
        self._lock = threading.Lock()
        self._syncing = threading.Lock()
        self._written = self._synced = self._last = 0
        self._stream: TextIO | None = None
        self._read()

    def __enter__(self) -> Journal:
        self._folder_lock.enter_context(locked(self.folder))
        self._read()
        return self

    def __exit__(self, *_: object) -> None:
        with self._folder_lock, self._lock, suppress(OSError):
            if self._stream:
                with self._stream as stream:
                    os.fsync(stream.fileno())
        self._stream = None

    def before(self, **entry: Json) -> int:
        """Notes that a call is about to be made; returns its number. Raises Problems if that cannot be noted."""
        with self._lock:
            number = self._last = self._last + 1
            line = self._write({"n": number, "event": BEFORE, **entry})
        self._sync(line)
        return number

    def after(self, number: int, **entry: Json) -> None:
        """Notes what came of a call."""
        with self._lock:
            self._write({"n": number, "event": AFTER, **entry})

    def created(self) -> dict[tuple[str, str], str]:
        """The ids of what was created here and not deleted since, by endpoint and name, oldest first."""
        ids: dict[tuple[str, str], str] = {}
        for entry in self.entries:
            created = entry.get("action") == CREATE and entry.get("id")
            if entry["event"] == AFTER and 200 <= status_of(entry) < 300 and (created or entry.get("action") == DELETE):
                ids.pop(subject_of(entry), None)
                if created:
                    ids[subject_of(entry)] = str(created)
        return ids

    def pending(self) -> set[tuple[str, str]]:
        """Endpoint and name of what may have been created although no answer was noted."""
        keys: set[tuple[str, str]] = set()
        for entry in self.entries:
            if entry["event"] == BEFORE and entry.get("action") == CREATE:
                keys.add(subject_of(entry))
            elif entry["event"] == AFTER and entry.get("action") in {CREATE, DELETE} and 0 < status_of(entry) < 500:
                keys.discard(subject_of(entry))  # behind an error of the gateway it may have been done
        return keys

    def _read(self) -> None:
        entries = list(read(self.file))
        self.entries = [entry for entry in entries if entry.get("gateway") == self.gateway]
        self._last = max((entry["n"] for entry in entries if isinstance(entry["n"], int)), default=0)

    def _write(self, content: JournalEntry) -> int:
        """Writes one line; returns how many there are since the stream was opened."""
        order = {"n": content.pop("n"), "when": now(), "event": content.pop("event")}
        entry = {**order, "gateway": self.gateway, **content}
        try:
            self._stream = self._stream or opened(self.file)
            self._stream.write(json.dumps(entry) + "\n")
            self._stream.flush()
        except OSError as error:
            self._stream = None
            raise unwritable(self.file, error, WRITABLE) from error
        self.entries.append(entry)
        self._written += 1
        return self._written

    def _sync(self, line: int) -> None:
        """Sees to it that a line is on the disk; threads that wait for the disk at the same time share one turn."""
        with self._syncing:
            if self._synced >= line:
                return
            with self._lock:
                stream, written = self._stream, self._written
            try:
                if stream:
                    os.fsync(stream.fileno())
            except (OSError, ValueError) as error:
                with self._lock:
                    self._stream = None
                raise unwritable(self.file, error, WRITABLE) from error
            self._synced = written


class Past(NamedTuple):
    """What we made of one entity or document, over all runs."""

    number: int
    """Of the last call about it: a higher one is newer."""
    endpoint: str
    name: str
    created: bool
    id: str | None
    """None for a document, and for an entity whose creation was never confirmed."""
    wrote: tuple[Json, ...]
    """What we wrote last; before it, what it may be where nobody knows whether that was done."""
    backup: str | None
    """What was there before our first change: a file of the folder."""


def history(entries: Iterable[JournalEntry]) -> list[Past]:
    """Everything that is still to be taken back, newest first."""
    pasts: dict[tuple[str, str], Past] = {}
    for entry, after in calls_of(entries):
        key, status, action = subject_of(entry), status_of(after), entry.get("action")
        past = pasts.get(key)
        if action in {DELETE, RESTORE}:
            if 200 <= status < 300 or status == MISSING:
                pasts.pop(key, None)
            elif past and past.id is None and entry.get("id"):
                pasts[key] = past._replace(id=str(entry["id"]))  # this one was meant; a later one is somebody else's
        elif action in {CREATE, UPDATE} and not 400 <= status < 500:
            ident = after.get("id") or (past.id if past else None) or entry.get("id")
            sure = 200 <= status < 300
            pasts[key] = Past(
                number=int(str(entry["n"])),
                endpoint=key[0],
                name=key[1],
                created=action == CREATE or (past is not None and past.created),
                id=str(ident) if ident else None,
                wrote=(*(past.wrote if past and not sure else ()), entry.get("body")),
                backup=past.backup if past else (str(entry["backup"]) if entry.get("backup") else None),
            )
    return sorted(pasts.values(), key=lambda past: -past.number)


def calls_of(entries: Iterable[JournalEntry]) -> Iterator[tuple[JournalEntry, JournalEntry]]:
    """Each call of a journal: its entry before it was made, and the one after it (empty if there is none)."""
    entries = list(entries)
    after = {str(entry["n"]): entry for entry in entries if entry["event"] == AFTER}
    return ((entry, after.get(str(entry["n"]), {})) for entry in entries if entry["event"] == BEFORE)


def added(journal: Journal, endpoint: str, listed: str) -> list[Json]:
    """The items of a document's list that we brought into it and did not take back."""
    items_added: list[Json] = []
    for entry, after in calls_of(journal.entries):
        status, action = status_of(after), entry.get("action")
        if entry.get("endpoint") != endpoint or 400 <= status < 500:
            continue
        if action == RESTORE and status >= 200:
            items_added = []
        elif action in {CREATE, UPDATE}:
            before = read_backup(journal.folder, str(entry["backup"])) if entry.get("backup") else {}
            wrote = items(entry.get("body"), listed) if before is not None else []
            items_added += [item for item in wrote if item not in items(before, listed)]
    return items_added


def status_of(entry: JournalEntry) -> int:
    """The status that was noted after a call; 0 if none was."""
    status = entry.get("status")
    return status if isinstance(status, int) else 0


def subject_of(entry: JournalEntry) -> tuple[str, str]:
    """Endpoint and name of what an entry is about."""
    return str(entry.get("endpoint")), str(entry.get("name"))


def read(file: File) -> Iterator[JournalEntry]:
    """The entries of a journal; lines that a crash cut off, or nobody of us wrote, are passed over."""
    try:
        text = file_text(file, "replace")
    except FileNotFoundError:
        return
    except OSError as error:
        raise unwritable(file, error, WRITABLE) from error
    for line in text.splitlines():
        with suppress(ValueError):
            entry = json_value(line)
            if isinstance(entry, dict) and is_sound(entry):
                yield entry


def is_sound(entry: JournalEntry) -> bool:
    """Whether an entry says what it has to, in the types that it should."""
    texts = all(isinstance(entry.get(word), (str, NoneType)) for word in TEXTS)
    return texts and type(entry.get("n")) is int and entry.get("event") in {BEFORE, AFTER}


def opened(file: File) -> TextIO:
    """The file, to be written after its last whole line."""
    stream = os.fdopen(os.open(file, os.O_RDWR | os.O_APPEND | os.O_CREAT, PRIVATE), "a", encoding="utf-8")
    with file.open("rb") as reader:
        size = reader.seek(0, os.SEEK_END)
        reader.seek(max(0, size - 1))
        if size and reader.read(1) != b"\n":
            stream.write("\n")
    return stream
