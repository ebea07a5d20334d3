"""What earlier runs wrote into an output folder, so that no run overwrites files of others, or edits."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Collection
from pathlib import Path as File

from litellm_migrate.source.model import Problem, Problems

NAME = ".litellm-migrate.json"
"""The file that keeps the hash of each file as it was written."""
PIECE = 1 << 18
"""So many bytes of a file are read at a time."""


class Manifest:
    """Compares a folder with what was written there; `replaced` names what a forced run took the place of."""

    def __init__(self, folder: str, names: Collection[str], owned: frozenset[str], force: bool = False) -> None:
        self.folder = folder
        """The output folder as the user wrote it."""
        self.names = names
        """What this run writes."""
        self.owned = owned
        """What this run writes or removes."""
        self.force = force
        self.replaced: list[str] = []

    def __call__(self, target: File, new: File) -> dict[str, str]:
        """The manifest of the files in `new`; raises Problems for each file that is not as an earlier run left it."""
        before, after = read(target), {name: digest(new / name) for name in self.names}
        there = sorted(name for name in self.owned if os.path.lexists(target / name))
        foreign = [name for name in there if not ours(target / name, {before.get(name), after.get(name)})]
        linked = {str(File(name).parent) for name in self.owned if (target / name).parent.is_symlink()} - {"."}
        problems = [Problem(self.shown(name), 0, 0, f"expected a folder, found a link. {LINK}") for name in linked]
        if not self.force:
            problems += [Problem(self.shown(name), 0, 0, f"{FOREIGN[name in before]} {FORCE}") for name in foreign]
        if problems:
            raise Problems(problems)
        self.replaced += foreign
        kept = {name: seen for name, seen in before.items() if name not in self.owned}
        return {NAME: json.dumps({"files": dict(sorted({**kept, **after}.items()))}, indent=2) + "\n"}

    def shown(self, name: str) -> str:
        """A file of the folder, for messages."""
        return str(File(self.folder) / name)


FOREIGN = {
    False: "expected no file, or one of an earlier run, found another one.",
    True: "expected the file as an earlier run wrote it, found one that was changed since.",
}
FORCE = "Move it away, name another output, or add --force to replace it."
LINK = "Remove it, or name another output."


def read(target: File) -> dict[str, str]:
    """The hash of each file that earlier runs wrote; empty where there is no manifest, or none that can be read."""
    try:
        files = json.loads((target / NAME).read_text(encoding="utf-8"))["files"]
        return {name: seen for name, seen in files.items() if isinstance(seen, str)}
    except (OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError):
        return {}


def ours(file: File, known: Collection[str | None]) -> bool:
    """Whether nothing is lost with a file: it is as it was written, or as it will be."""
    if file.is_dir() and not file.is_symlink():
        return True  # which is refused where it is met
    return not file.is_symlink() and file.is_file() and digest(file) in known


def digest(file: File) -> str:
    """What tells the content of a file from another."""
    made = hashlib.sha256()
    with file.open("rb") as opened:
        while piece := opened.read(PIECE):
            made.update(piece)
    return made.hexdigest()
