"""Puts all files of a run into their folder, or none; with a manifest, never in the place of what others wrote.

The files are written to a fresh folder, which is committed by one rename, and moved from there. The manifest
(`.litellm-migrate.json`) has the hash of each file as it was written, so that the next run knows which files are an
earlier run's, unchanged.
"""

from __future__ import annotations

import errno
import glob
import hashlib
import json
import os
import shutil
from collections.abc import Callable, Collection, Mapping
from contextlib import ExitStack, nullcontext, suppress
from pathlib import Path as File

from litellm_migrate.output import COMMITTED
from litellm_migrate.output.lock import locked
from litellm_migrate.source.files import file_text, json_value
from litellm_migrate.source.model import Problem, Problems

MANIFEST = ".litellm-migrate.json"
FRESH = ".fresh."
"""How the name of a fresh folder begins; one that is found before a run was left by a run that was killed."""
NEW, OLD, GONE = "new", "old", "gone"
"""What is in it: the new files, the old ones in whose place they come, and empty ones for those that are removed."""
READABLE = 0o444
OCCUPIED = {errno.ENOTEMPTY, errno.EEXIST}
FOREIGN = {
    False: "expected no file, or one of an earlier run, found another one.",
    True: "expected the file as an earlier run wrote it, found one that was changed since.",
}
"""What is wrong with a file that is in the way, by whether the manifest has it."""
FORCE = "Move it away, name another output, or add --force to replace it."
LINK = "Remove it, or name another output."

FolderCheck = Callable[[File, File], Mapping[str, str]]
"""Takes the folder and the fresh one with the new files, before anything changes: raises Problems, or returns more
files to write, text by name."""


def write_tracked(folder: File, texts: Mapping[str, str], owned: frozenset[str], force: bool = False) -> list[str]:
    """Writes files and a manifest; returns the names of foreign or changed files that it replaced, which takes `force`.

    As `write`; raises Problems also for each file of `owned` that is not as an earlier run left it, unless `force`.
    """
    replaced: list[str] = []

    def manifest(target: File, fresh: File) -> dict[str, str]:
        before, after = read_manifest(target), {name: digest(fresh / name) for name in texts}
        existing = sorted(name for name in owned if os.path.lexists(target / name))
        foreign = [name for name in existing if not expendable(target / name, {before.get(name), after.get(name)})]
        linked = {str(File(name).parent) for name in owned if (target / name).parent.is_symlink()} - {"."}
        problems = [Problem(str(folder / name), 0, 0, f"expected a folder, found a link. {LINK}") for name in linked]
        if not force:
            problems += [Problem(str(folder / name), 0, 0, f"{FOREIGN[name in before]} {FORCE}") for name in foreign]
        if problems:
            raise Problems(problems)
        replaced.extend(foreign)
        unrelated = {name: hash_ for name, hash_ in before.items() if name not in owned}
        return {MANIFEST: json.dumps({"files": dict(sorted({**unrelated, **after}.items()))}, indent=2) + "\n"}

    write(folder, texts, owned, manifest)
    return replaced


def write(folder: File, texts: Mapping[str, str], owned: frozenset[str], check: FolderCheck | None = None) -> None:
    """Writes files, text by name, below a folder; files of `owned` that are not written now are removed.

    Other files in the folder stay. Raises Problems if it cannot be written; then the folder is as it was.
    """
    try:
        target = resolved(folder)
        target.parent.mkdir(parents=True, exist_ok=True)
        exists = target.exists()
        if exists and not target.is_dir():
            raise Problems([Problem(str(folder), 0, 0, "expected a folder, found a file. Name another output.")])
        sweep(target)
        with locked(folder) if exists else nullcontext():
            if exists:
                recover(target)
            replace(target, texts, owned, exists, check)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        message = f"expected a folder that can be written: {reason}. Name another output."
        raise Problems([Problem(str(folder), 0, 0, message)]) from error


def replace(
    target: File, texts: Mapping[str, str], owned: frozenset[str], exists: bool, check: FolderCheck | None
) -> None:
    """Fills a fresh folder, and moves its files to the target; the whole folder if there is no target yet."""
    # Inside a folder that exists: nothing can be moved into a mounted one from elsewhere.
    name = os.urandom(8).hex()
    fresh = target / f"{FRESH}{name}" if exists else target.parent / f"{FRESH}{target.name}.{name}"
    fresh.mkdir(mode=0o700)
    with locked(fresh):
        try:
            new = fresh / NEW
            fill(new, texts)
            more = check(target, new) if check else {}
            fill(new, more)
            if exists:
                fill(fresh / GONE, dict.fromkeys(owned - texts.keys() - more.keys(), ""))
                commit(fresh, target)
            else:
                create(new, target)
        finally:
            shutil.rmtree(fresh, ignore_errors=True)


def sweep(target: File) -> None:
    """Removes what runs that were killed left beside a folder that they were to make; those at work hold theirs."""
    for left in target.parent.glob(f"{FRESH}{glob.escape(target.name)}.*"):
        with suppress(Problems), locked(left) as alone:
            if alone and not left.is_symlink():
                shutil.rmtree(left, ignore_errors=True)


def fill(folder: File, texts: Mapping[str, str]) -> None:
    """Writes each text to its file, in UTF-8 (half a surrogate pair as an escape); scripts are made executable."""
    for name, text in texts.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        with file.open("wb") as stream:
            stream.write(text.encode("utf-8", "backslashreplace"))
        if name.endswith(".sh"):
            mode = file.stat().st_mode
            file.chmod(mode | (mode & READABLE) >> 2)  # whoever may read it may run it


def commit(fresh: File, target: File) -> None:
    """Makes the files of a fresh folder those of the target, by one rename: what it begins can only be completed.

    While files are exchanged the committed folder tells everybody that they are of two outputs. If one cannot be
    moved, all go back.
    """
    committed = fresh.rename(target / COMMITTED)
    with ExitStack() as undo:
        undo.callback(committed.rename, fresh)
        exchange(committed, target, undo)
        undo.pop_all()
    committed.rename(fresh)


def exchange(committed: File, target: File, undo: ExitStack) -> None:
    """Moves the old files out of the folder and the new ones in, as far as that is not done yet."""
    for part in (GONE, NEW):
        for new in sorted(file for file in (committed / part).rglob("*") if not file.is_dir()):
            name = new.relative_to(committed / part)
            current, old = target / name, committed / OLD / name
            refuse_unmovable(current)
            for source, place in ((current, old), *([(new, current)] if part == NEW else [])):
                if os.path.lexists(source):
                    place.parent.mkdir(parents=True, exist_ok=True)
                    source.rename(place)
                    undo.callback(place.rename, source)


def refuse_unmovable(file: File) -> None:
    """Raises OSError where a file's place is a folder, or would be outside."""
    if file.parent.is_symlink():
        raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR))
    if file.is_dir() and not file.is_symlink():
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))


def create(new: File, target: File) -> None:
    """Moves a new folder to its place; raises Problems if another run has filled it since."""
    try:
        new.rename(target)
    except OSError as error:
        if error.errno not in OCCUPIED:
            raise
        message = "expected a new folder, found one that another run has just written. Run this again."
        raise Problems([Problem(str(target), 0, 0, message)]) from error


def recover(target: File) -> None:
    """Completes what a killed run had committed, and removes what it had not."""
    committed = target / COMMITTED
    if committed.is_dir() and not committed.is_symlink():
        exchange(committed, target, ExitStack())
        committed.rename(target / f"{FRESH}{os.urandom(8).hex()}")
    for left in target.glob(f"{FRESH}*"):
        if left.is_dir() and not left.is_symlink():
            shutil.rmtree(left, ignore_errors=True)
        else:
            left.unlink()


def check_whole(folder: File) -> None:
    """Raises Problems if files of two conversions are in a folder."""
    if os.path.lexists(folder / COMMITTED):
        message = "expected the files of one conversion, found those of two: the last one was killed. Convert again."
        raise Problems([Problem(str(folder), 0, 0, message)])


def resolved(folder: File) -> File:
    """Where a folder really is, so that a link to it stays one; raises OSError for a link that leads to itself."""
    try:
        return folder.resolve()
    except RuntimeError as error:
        raise OSError(errno.ELOOP, "a link that leads to itself") from error


def read_manifest(target: File) -> dict[str, str]:
    """The hash of each file that earlier runs wrote; empty where there is no manifest, or none that can be read."""
    try:
        files = json_value(file_text(target / MANIFEST))["files"]
        return {name: hash_ for name, hash_ in files.items() if isinstance(hash_, str)}
    except (OSError, ValueError, LookupError, TypeError, AttributeError):
        return {}


def expendable(file: File, hashes: Collection[str | None]) -> bool:
    """Whether nothing is lost with a file: its hash is one of these. A folder is refused later, where it is moved."""
    if file.is_dir() and not file.is_symlink():
        return True
    return not file.is_symlink() and file.is_file() and digest(file) in hashes


def digest(file: File) -> str:
    """The SHA-256 of a file's content, in hexadecimal."""
    return hashlib.sha256(file.read_bytes()).hexdigest()
