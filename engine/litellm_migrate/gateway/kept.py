"""Files beside the payloads that only their owner may read: backups, and keys that are shown only once."""

from __future__ import annotations

import json
import os
import time
from itertools import count
from pathlib import Path as File
from typing import Any

from litellm_migrate.convert.calls import Call
from litellm_migrate.gateway.names import fields
from litellm_migrate.output.scripts import IGNORED
from litellm_migrate.source.model import Problem, Problems
from litellm_migrate.source.secrets import at

BACKUP = "backup"


def secret_of(call: Call, answer: Any) -> str | None:
    """What an answer shows only once; the first of the fields that may hold it."""
    found = (at(answer, fields(field)) for field in (call.once or "").split())
    return next((text for text in found if isinstance(text, str) and text), None)


def check(folder: File, call: Call) -> None:
    """Raises Problems if a secret could not be added to its file."""
    held(folder / call.secrets_file)


def held(file: File) -> dict[str, Any]:
    """What a file of secrets holds already, by name."""
    try:
        text = file.read_text(encoding="utf-8") if file.exists() else ""
        found = json.loads(text) if text.strip() else {}
    except (OSError, ValueError):
        found = None
    if not isinstance(found, dict):
        raise Problems([Problem(str(file), 0, 0, "expected one object of secrets, found none. Move the file away.")])
    return found


def keep(folder: File, call: Call, name: str, secret: str) -> None:
    """Adds a secret to its file; an older one of that name, which may open another gateway, stays under another."""
    file = folder / call.secrets_file
    there = held(file)
    now = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
    older = {f"{name} (until {now})": there[name]} if there.get(name, secret) != secret else {}
    put(file, {**there, **older, name: secret})


def back_up(folder: File, file: str, stamp: str, first: int, there: Any) -> str:
    """Keeps what is there now; answers the name of the file in the folder, which is new and numbered from `first`."""
    names = (f"{BACKUP}/{file.removesuffix('.json')}.{stamp}-{number}.json" for number in count(first))
    name = next(name for name in names if not (folder / name).exists())
    put(folder / name, there)
    return name


def ignore(folder: File) -> None:
    """Keeps these files out of git, unless somebody has said already what git ignores."""
    file = folder / ".gitignore"
    try:
        if not file.exists():
            file.write_text("".join(f"{line}\n" for line in IGNORED), encoding="utf-8")
    except OSError as error:
        raise Problems([unwritable(file, error)]) from error


def put(file: File, value: Any) -> None:
    """Writes a file as a whole or not at all; it is private from its first moment."""
    import tempfile  # noqa: PLC0415 - a conversion only asks for the names of such files

    try:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor, fresh = tempfile.mkstemp(dir=file.parent, prefix=".fresh.")  # mode 0600
        try:
            with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
                stream.write(json.dumps(value, indent=2, ensure_ascii=False) + "\n")
                stream.flush()
                os.fsync(stream.fileno())
            File(fresh).replace(file)
        except BaseException:
            File(fresh).unlink(missing_ok=True)
            raise
    except OSError as error:
        raise Problems([unwritable(file, error)]) from error


def unwritable(file: File, error: OSError) -> Problem:
    """Why a file cannot be kept."""
    return Problem(str(file), 0, 0, f"expected a file that can be written: {error.strerror}. Nothing more was sent.")
