"""What a journal says was done to each entity and document, and is still to be taken back."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path as File
from typing import Any

from litellm_migrate.gateway.journal import AFTER, BEFORE, CREATE, DELETE, UPDATE, Entry

RESTORE = "restore"
NOT_THERE = 404


@dataclass(frozen=True, slots=True)
class Past:
    """What we made of one entity or document, over all runs."""

    number: int
    """Of the last call about it: a higher one is newer."""
    endpoint: str
    name: str
    created: bool
    id: str | None
    """None for a document, and for an entity whose creation was never confirmed."""
    wrote: tuple[Any, ...]
    """What we wrote last; before it, what it may be where nobody knows whether that was done."""
    backup: str | None
    """What was there before our first change: a file of the folder."""


def history(entries: Iterable[Entry]) -> list[Past]:
    """Everything that is still to be taken back, newest first."""
    listed = list(entries)
    after = {one["n"]: one for one in listed if one["event"] == AFTER}
    made: dict[tuple[str, str], Past] = {}
    for one in listed:
        if one["event"] != BEFORE:
            continue
        done = after.get(one["n"], {})
        status = int(done.get("status") or 0)
        key = (str(one.get("endpoint")), str(one.get("name")))
        if one.get("action") in {DELETE, RESTORE}:
            if 200 <= status < 300 or status == NOT_THERE:
                made.pop(key, None)
            elif key in made and made[key].id is None and one.get("id"):
                made[key] = replace(made[key], id=str(one["id"]))  # this one was meant; a later one is somebody else's
        elif one.get("action") in {CREATE, UPDATE} and not 400 <= status < 500:
            made[key] = later(made.get(key), one, done, sure=200 <= status < 300)
    return sorted(made.values(), key=lambda past: -past.number)


def added(entries: Iterable[Entry], folder: File, endpoint: str, listed: str) -> list[Any]:
    """The items of a document's list that we brought into it and did not take back."""
    known = list(entries)
    after = {one["n"]: int(one.get("status") or 0) for one in known if one["event"] == AFTER}
    found: list[Any] = []
    for one in known:
        status = after.get(one["n"], 0)
        if one["event"] != BEFORE or one.get("endpoint") != endpoint or 400 <= status < 500:
            continue
        if one.get("action") == RESTORE:
            found = found if status < 200 else []
        elif one.get("action") in {CREATE, UPDATE}:
            before = kept(folder, one["backup"]) if one.get("backup") else {}
            ours = items(one.get("body"), listed) if before is not None else []
            found += [item for item in ours if item not in items(before, listed)]
    return found


def items(document: Any, listed: str) -> list[Any]:
    """The list in a document."""
    found = document.get(listed) if isinstance(document, dict) else None
    return found if isinstance(found, list) else []


def kept(folder: File, backup: str | None) -> Any:
    """What a backup holds; None if it cannot be read."""
    try:
        return json.loads((folder / str(backup)).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None


def later(past: Past | None, call: Entry, done: Entry, sure: bool) -> Past:
    """What is known after one more call, which was surely done or may have been."""
    created = call["action"] == CREATE or (past is not None and past.created)
    ident = done.get("id") or (past.id if past else None) or call.get("id")
    return Past(
        number=call["n"],
        endpoint=str(call.get("endpoint")),
        name=str(call.get("name")),
        created=created,
        id=str(ident) if ident else None,
        wrote=(call.get("body"),) if sure or past is None else (*past.wrote, call.get("body")),
        backup=past.backup if past else call.get("backup"),
    )
