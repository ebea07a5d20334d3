"""What earlier runs wrote into an output folder, so that no run overwrites files of others, or edits."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path as File

from litellm_migrate.model import Problem, Problems

NAME = ".litellm-migrate.json"
"""The file that keeps the hash of each file as it was written."""


@dataclass
class Manifest:
    """Compares a folder with what was written there; `replaced` names what a forced run took the place of."""

    folder: str
    """The output folder as the user wrote it."""
    texts: Mapping[str, str]
    owned: frozenset[str]
    """What this run writes or removes."""
    force: bool = False
    replaced: list[str] = field(default_factory=list)

    def __call__(self, target: File) -> dict[str, str]:
        """The manifest to be written; raises Problems for each file that is not as an earlier run left it."""
        before = read(target)
        names = sorted(name for name in self.owned if os.path.lexists(target / name))
        foreign = [name for name in names if not self.ours(target / name, name, before)]
        linked = {str(File(name).parent) for name in self.owned if (target / name).parent.is_symlink()} - {"."}
        problems = [Problem(self.shown(name), 0, 0, f"expected a folder, found a link. {LINK}") for name in linked]
        if not self.force:
            problems += [Problem(self.shown(name), 0, 0, f"{FOREIGN[name in before]} {FORCE}") for name in foreign]
        if problems:
            raise Problems(problems)
        self.replaced += foreign
        kept = {name: seen for name, seen in before.items() if name not in self.owned}
        hashes = {
            **kept,
            **{name: digest(text.encode("utf-8", "backslashreplace")) for name, text in self.texts.items()},
        }
        return {NAME: json.dumps({"files": dict(sorted(hashes.items()))}, indent=2) + "\n"}

    def ours(self, file: File, name: str, before: Mapping[str, str]) -> bool:
        """Whether nothing is lost with a file: it is as it was written, or as it will be."""
        if file.is_dir() and not file.is_symlink():
            return True  # which is refused where it is met
        if file.is_symlink() or not file.is_file():
            return False
        content = file.read_bytes()
        return digest(content) == before.get(name) or content == encoded(self.texts.get(name))

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


def digest(content: bytes) -> str:
    """What tells one content from another."""
    return hashlib.sha256(content).hexdigest()


def encoded(text: str | None) -> bytes | None:
    """A text as it stands in its file."""
    return None if text is None else text.encode("utf-8", "backslashreplace")
