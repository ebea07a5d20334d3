"""What was done to a gateway, call by call: `journal.jsonl`, which outlives crashes and holds no secrets."""

from __future__ import annotations

import json
import os
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path as File
from typing import Any, TextIO

from litellm_migrate.source.model import Problem, Problems

NAME = "journal.jsonl"
PRIVATE = 0o600
BEFORE, AFTER = "before", "after"
CREATE, UPDATE, RENEW, DELETE = "create", "update", "renew", "delete"

Entry = dict[str, Any]
"""`n` (a call's number), `when`, `event`, `gateway`, `endpoint`, `name`, `action`, `method`, `path`, `id`; before a
call `body` (with its references, without keys) and `backup` (a file of the folder); after it `status`."""


class Journal:
    """The journal of a folder, for one gateway: threads may share it. Writing begins with the first call.

    It tells apart the entities that were created here from those that were there before. What is about to be done is
    on the disk before it is done; what came of it follows with the next such line, or at the end: a machine that dies
    in between leaves a call whose outcome is not known, which the next run looks up.
    """

    def __init__(self, folder: File, gateway: str) -> None:
        self.folder = folder
        self.gateway = gateway.rstrip("/")
        self.file = folder / NAME
        self.entries = [one for one in read(self.file) if one.get("gateway") == self.gateway]
        self._last = max((one["n"] for one in read(self.file)), default=0)
        self._lock = threading.Lock()
        self._syncing = threading.Lock()
        self._written = self._safe = 0
        self._stream: TextIO | None = None

    def __enter__(self) -> Journal:
        return self

    def __exit__(self, *_: object) -> None:
        with self._lock:
            if self._stream:
                with suppress(OSError):
                    os.fsync(self._stream.fileno())
                with suppress(OSError):
                    self._stream.close()
            self._stream = None

    def before(self, **said: Any) -> int:
        """Notes that a call is about to be made; answers its number. Raises Problems if that cannot be noted."""
        with self._lock:
            self._last += 1
            number = self._last
            line = self._write({"n": number, "event": BEFORE, **said})
        self._keep(line)
        return number

    def after(self, number: int, **said: Any) -> None:
        """Notes what came of a call."""
        with self._lock:
            self._write({"n": number, "event": AFTER, **said})

    def created(self) -> dict[tuple[str, str], str]:
        """The ids of what was created here and not deleted since, by endpoint and name, oldest first."""
        found: dict[tuple[str, str], str] = {}
        for one in self.entries:
            key = (str(one.get("endpoint")), str(one.get("name")))
            if one["event"] == AFTER and 200 <= int(one.get("status") or 0) < 300:
                if one.get("action") == CREATE and one.get("id"):
                    found.pop(key, None)
                    found[key] = str(one["id"])
                elif one.get("action") == DELETE:
                    found.pop(key, None)
        return found

    def pending(self) -> set[tuple[str, str]]:
        """Endpoint and name of what may have been created although no answer was noted."""
        open_calls: dict[tuple[str, str], int] = {}
        for one in self.entries:
            key = (str(one.get("endpoint")), str(one.get("name")))
            if one["event"] == BEFORE and one.get("action") == CREATE:
                open_calls[key] = one["n"]
            elif one["event"] == AFTER and settled(one):
                open_calls.pop(key, None)
        return set(open_calls)

    def _write(self, said: Entry) -> int:
        """Writes one line; answers how many there are since the stream was opened."""
        now = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
        entry = {"n": said.pop("n"), "when": now, "event": said.pop("event"), "gateway": self.gateway, **said}
        try:
            stream = self._opened()
            stream.write(json.dumps(entry) + "\n")
            stream.flush()
        except OSError as error:
            self._stream = None
            raise Problems([unwritable(self.file, error)]) from error
        self.entries.append(entry)
        self._written += 1
        return self._written

    def _keep(self, line: int) -> None:
        """Sees to it that a line is on the disk; threads that wait for the disk at the same time share one turn."""
        with self._syncing:
            if self._safe >= line:
                return
            with self._lock:
                stream, written = self._stream, self._written
            try:
                if stream:
                    os.fsync(stream.fileno())
            except (OSError, ValueError) as error:
                with self._lock:
                    self._stream = None
                raise Problems([unwritable(self.file, error)]) from error
            self._safe = written

    def _opened(self) -> TextIO:
        """The file, locked against another run, and after a whole line."""
        if self._stream is None:
            self.folder.mkdir(parents=True, exist_ok=True)
            stream = os.fdopen(os.open(self.file, os.O_RDWR | os.O_APPEND | os.O_CREAT, PRIVATE), "a", encoding="utf-8")
            lock(self.file, stream)
            if not ends_whole(self.file):
                stream.write("\n")
            self._stream = stream
        return self._stream


def settled(entry: Entry) -> bool:
    """Whether an answer says for sure what came of a call; behind an error of the gateway it may have been done."""
    return entry.get("action") in {CREATE, DELETE} and 0 < int(entry.get("status") or 0) < 500


def read(file: File) -> Iterator[Entry]:
    """The entries of a journal; lines that a crash cut off are passed over."""
    try:
        text = file.read_text(encoding="utf-8", errors="replace")
    except FileNotFoundError:
        return
    except OSError as error:
        raise Problems([unwritable(file, error)]) from error
    for line in text.splitlines():
        with suppress(ValueError):
            entry = json.loads(line)
            if isinstance(entry, dict) and type(entry.get("n")) is int and entry.get("event") in {BEFORE, AFTER}:
                yield entry


def ends_whole(file: File) -> bool:
    """Whether the last line is complete."""
    with file.open("rb") as stream:
        size = stream.seek(0, os.SEEK_END)
        if not size:
            return True
        stream.seek(-1, os.SEEK_END)
        return stream.read(1) == b"\n"


def lock(file: File, stream: TextIO) -> None:
    """Keeps other runs out of the folder, where the system can."""
    try:
        import fcntl  # noqa: PLC0415 - not on every system
    except ImportError:
        return
    try:
        fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        message = "expected to be alone, found another run that writes to it. Wait for its end."
        raise Problems([Problem(str(file), 0, 0, message)]) from error


def unwritable(file: File, error: Exception) -> Problem:
    """Why the journal cannot be kept."""
    reason = getattr(error, "strerror", None) or "it was closed"
    return Problem(str(file), 0, 0, f"expected a journal that can be kept: {reason}. Nothing more was sent.")
