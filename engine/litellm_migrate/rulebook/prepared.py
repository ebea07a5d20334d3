"""Rulebooks that are ready before they are asked for: loaded once, kept, and read back as long as nothing changed.

What is kept has the hash of everything that it was made of in its name: the rules, the schemas, and the program. So it
is never stale; and it is only a copy, which may be deleted at any time.
"""

from __future__ import annotations

import os
import pickle
import sys
import tempfile
from contextlib import suppress
from dataclasses import replace
from hashlib import blake2b
from pathlib import Path as File

from litellm_migrate.bundle import PACKAGE, shipped
from litellm_migrate.garbage import uncollected
from litellm_migrate.rulebook.rules import Rulebook
from litellm_migrate.shapes import RowShape

KEPT = 8
"""How many rulebooks are kept: dialects and overlays have one each."""
WRITABLE_BY_OTHERS = 0o022


def prepared(rules: File, schemas: File, dialect: str, catalog: File | None = None) -> Rulebook:
    """The rulebook of a folder in a dialect, as `load` gives it; the shapes of relations are for those who compile."""
    kept = folder() / f"{digest(rules, schemas, dialect)}.rules" if catalog is None and hasattr(os, "getuid") else None
    ready = read(kept) if kept else None
    if ready:
        return ready
    from litellm_migrate.rulebook.book import load  # noqa: PLC0415 - what compiles rules is seldom needed

    made = load(rules, schemas, dialect, catalog)
    return keep(kept, made) if kept else made


def digest(rules: File, schemas: File, dialect: str) -> str:
    """What tells one rulebook from any other: a hash of all that it is made of."""
    made = blake2b(f"{sys.version} {dialect} {rules.resolve()}".encode("utf-8", "surrogateescape"), digest_size=20)
    for file in sorted(PACKAGE.rglob("*.py")):
        stat = file.stat()
        made.update(f"{file} {stat.st_size} {stat.st_mtime_ns}\n".encode())
    for root in dict.fromkeys((rules, shipped("rules"), schemas)):
        for file in sorted([*root.rglob("*.yaml"), *root.rglob("*.json")]):
            content = file.read_bytes()
            made.update(f"{file} {len(content)}\n".encode("utf-8", "surrogateescape"))
            made.update(content)
    return made.hexdigest()


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
    relations = {name: replace(relation, shape=RowShape({})) for name, relation in book.relations.items()}
    book = replace(book, relations=relations)
    with suppress(OSError):
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=file.parent, delete=False) as fresh:
            pickle.dump(book, fresh, pickle.HIGHEST_PROTOCOL)
        File(fresh.name).replace(file)
        for old in sorted(file.parent.glob("*.rules"), key=lambda one: -one.stat().st_mtime)[KEPT:]:
            old.unlink()
    return book
