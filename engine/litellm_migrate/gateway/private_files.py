"""Files beside the payloads that only their owner may read: backups, and keys that are shown only once."""

from __future__ import annotations

import json
import os
import tempfile
from itertools import count
from pathlib import Path as File

from litellm_migrate.convert.calls import Call
from litellm_migrate.gateway import now
from litellm_migrate.gateway.names import field_at
from litellm_migrate.output import BACKUPS
from litellm_migrate.output.scripts import IGNORED
from litellm_migrate.source.files import file_text, json_value
from litellm_migrate.source.model import Json, Problem, Problems


def secret_of(call: Call, answer: Json) -> str | None:
    """What an answer shows only once: the first of the fields that may hold it."""
    values = (field_at(answer, field) for field in (call.shown_once or "").split())
    return next((value for value in values if isinstance(value, str) and value), None)


def read_secrets(folder: File, call: Call) -> dict[str, Json]:
    """The secrets that are kept already, by name; raises Problems if one could not be added to their file."""
    file = folder / call.secrets_file
    try:
        text = file_text(file) if file.exists() else ""
        content = json_value(text) if text.strip() else {}
    except (OSError, ValueError):
        content = None
    if not isinstance(content, dict):
        raise Problems([Problem(str(file), 0, 0, "expected one object of secrets, found none. Move the file away.")])
    return content


def add_secret(folder: File, call: Call, name: str, secret: str) -> None:
    """Adds a secret to its file; an older one of that name, which may open another gateway, stays under another."""
    secrets = read_secrets(folder, call)
    older = {f"{name} (until {now()})": secrets[name]} if secrets.get(name, secret) != secret else {}
    write_private(folder / call.secrets_file, {**secrets, **older, name: secret})


def drop_secret(folder: File, call: Call, name: str) -> None:
    """Takes the secret of an entity that is gone out of its file: it opens nothing any more."""
    secrets = read_secrets(folder, call)
    if secrets.pop(name, None) is not None:
        write_private(folder / call.secrets_file, secrets)


def back_up(folder: File, file: str, stamp: str, first: int, content: Json) -> str:
    """Keeps what is there now; returns the name of the file in the folder, which is new and numbered from `first`."""
    names = (f"{BACKUPS}/{file.removesuffix('.json')}.{stamp}-{number}.json" for number in count(first))
    name = next(name for name in names if not (folder / name).exists())
    write_private(folder / name, content)
    return name


def read_backup(folder: File, name: str | None) -> Json:
    """What a backup holds; None if there is none that can be read."""
    try:
        content: Json = json_value(file_text(folder / name)) if name else None
    except (OSError, ValueError):
        return None
    return content


def ignore(folder: File) -> None:
    """Keeps these files out of git, unless somebody has said already what git ignores."""
    file = folder / ".gitignore"
    try:
        if not file.exists():
            file.write_text("".join(f"{line}\n" for line in IGNORED), encoding="utf-8")
    except OSError as error:
        raise unwritable(file, error) from error


def write_private(file: File, value: Json) -> None:
    """Writes a value as JSON into a private file."""
    write_text(file, json.dumps(value, indent=2, ensure_ascii=False) + "\n")


def write_text(file: File, text: str) -> None:
    """Writes a file as a whole or not at all; it is private from its first moment."""
    try:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor, fresh = tempfile.mkstemp(dir=file.parent, prefix=".fresh.")  # mode 0600
        try:
            with os.fdopen(descriptor, "w", encoding="utf-8", errors="backslashreplace") as stream:
                stream.write(text)
                stream.flush()
                os.fsync(stream.fileno())
            File(fresh).replace(file)
        except BaseException:
            File(fresh).unlink(missing_ok=True)
            raise
    except OSError as error:
        raise unwritable(file, error) from error


def unwritable(file: File, error: Exception, expected: str = "a file that can be written") -> Problems:
    """Why a file cannot be kept."""
    reason = getattr(error, "strerror", None) or "it was closed"
    return Problems([Problem(str(file), 0, 0, f"expected {expected}: {reason}. Nothing more was sent.")])
