"""Rulebooks that are ready before they are asked for: loaded once, kept, and read back as long as nothing changed.

What is kept has in its name a hash of what it was made of: what the rules and the schemas say, and the sizes and dates
of the program's files. So it is not stale; and it is only a copy, which may be deleted at any time.
"""

from __future__ import annotations

import os
import pickle
import sys
from collections.abc import Iterator
from contextlib import suppress
from hashlib import blake2b
from pathlib import Path as File
from typing import Any

from litellm_migrate import PACKAGE, shipped
from litellm_migrate.rulebook.types import Rulebook
from litellm_migrate.source.garbage import uncollected

KEPT = 8
"""How many rulebooks are kept: dialects and overlays have one each."""
WRITABLE_BY_OTHERS = 0o022


def prepared(rules: File, schemas: File, dialect: str, catalog: File | None = None) -> Rulebook:
    """The rulebook of a folder in a dialect, as `load` gives it; the shapes of relations are for those who compile."""
    kept = place(rules, schemas, dialect) if catalog is None else None
    ready = read(kept) if kept else None
    if ready:
        return ready
    from litellm_migrate.rulebook.load import load  # noqa: PLC0415 - what compiles rules is seldom needed

    made = load(rules, schemas, dialect, catalog)
    return keep(kept, made) if kept else made


def place(rules: File, schemas: File, dialect: str) -> File | None:
    """The file that keeps a rulebook; None where nobody can tell who wrote it, or what it was made of."""
    try:
        return folder() / f"{digest(rules, schemas, dialect)}.rules" if hasattr(os, "getuid") else None
    except OSError:  # a file that cannot be looked at: whoever reads the rules says so
        return None


def digest(rules: File, schemas: File, dialect: str) -> str:
    """What tells one rulebook from any other: a hash of all that it is made of."""
    made = blake2b("\n".join([sys.version, dialect, str(rules)]).encode("utf-8", "surrogateescape"), digest_size=20)
    roots = {os.fspath(root.resolve()) for root in (PACKAGE, rules, shipped("rules"), schemas) if root.is_dir()}
    for root in sorted(roots):
        for file in sorted(files(root)):
            made.update(f"\n{file}\n".encode("utf-8", "surrogateescape"))
            made.update(told(file))
    return made.hexdigest()


def files(root: str) -> Iterator[str]:
    """The files below a folder that count."""
    with os.scandir(root) as entries:
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                yield from files(entry.path)
            elif entry.name.endswith((".py", ".yaml", ".json")):
                yield entry.path


def told(file: str) -> bytes:
    """What a file says; of the program's own, which Python knows by it too, the size and the date."""
    if file.endswith(".py"):
        seen = os.stat(file)
        return f"{seen.st_size} {seen.st_mtime_ns}".encode()
    with open(file, "rb") as opened:
        return opened.read()


def folder() -> File:
    """Where rulebooks are kept: the user's cache."""
    home = os.environ.get("XDG_CACHE_HOME") or File("~/.cache").expanduser()
    return File(home) / "litellm-migrate"


def read(file: File) -> Rulebook | None:
    """What is kept, if it is there, whole, and nobody else can have written it."""
    try:
        above = file.parent.stat()
        if above.st_uid != os.getuid() or above.st_mode & WRITABLE_BY_OTHERS:
            return None
        content = file.read_bytes()
        with uncollected():
            found = pickle.loads(content)  # noqa: S301 - our own file, in a folder that only we can write
    except Exception:  # whatever is wrong with it: it is only a copy
        return None
    return found if isinstance(found, Rulebook) else None


def keep(file: File, book: Rulebook) -> Rulebook:
    """Keeps a rulebook, if that is possible, and gives it back."""
    import tempfile  # noqa: PLC0415 - seldom needed

    book = book._replace(universe=shared(book.universe, {}))
    with suppress(OSError):
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=file.parent, delete=False) as fresh:
            pickle.dump(book, fresh, pickle.HIGHEST_PROTOCOL)
        File(fresh.name).replace(file)
        for old in sorted(file.parent.glob("*.rules"), key=lambda one: -one.stat().st_mtime)[KEPT:]:
            old.unlink()
    return book


def shared(value: Any, seen: dict[str, Any]) -> Any:
    """The same value with one object for all mappings that are equal: each is kept, and read back, once."""
    if isinstance(value, list):
        return [shared(item, seen) for item in value]
    if not isinstance(value, dict):
        return value
    made = {key: shared(below, seen) for key, below in value.items()}
    return seen.setdefault(repr(made), made)
