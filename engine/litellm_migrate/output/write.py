"""Puts all files of a run into their folder, or none; with a manifest, never in the place of what others wrote.

The files are written to a fresh folder and moved from there. The manifest (`.litellm-migrate.json`) has the hash of
each file as it was written, so that the next run knows which files are an earlier run's, unchanged.
"""

from __future__ import annotations

import errno
import hashlib
import json
import os
import shutil
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path as File

from litellm_migrate.source.model import Problem, Problems

MANIFEST = ".litellm-migrate.json"
FRESH = ".fresh."
"""How the name of a fresh folder begins; one that is found before a run was left by a run that was killed."""
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
        with locked(target, folder) if exists else ExitStack():
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
    fresh = (target if exists else target.parent) / f"{FRESH}{os.urandom(8).hex()}"
    fresh.mkdir(mode=0o700)
    try:
        new = fresh / "new"
        fill(new, texts)
        more = check(target, new) if check else {}
        fill(new, more)
        if exists:
            exchange(fresh, target, owned | texts.keys() | more.keys())
        else:
            create(new, target)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


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


def exchange(fresh: File, folder: File, names: Collection[str]) -> None:
    """Moves the old files out of the folder and the new ones in; if one cannot be moved, all go back."""
    with ExitStack() as undo:
        for name in sorted(names):
            new, current, old = fresh / "new" / name, folder / name, fresh / "old" / name
            if current.is_dir() and not current.is_symlink():
                raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
            for source, target in ((current, old), (new, current)):
                if os.path.lexists(source):
                    target.parent.mkdir(parents=True, exist_ok=True)
                    source.rename(target)
                    undo.callback(target.rename, source)
        undo.pop_all()


def create(fresh: File, target: File) -> None:
    """Moves a new folder to its place; raises Problems if another run has filled it since."""
    try:
        fresh.rename(target)
    except OSError as error:
        raise Problems([busy(target)]) if error.errno in OCCUPIED else error from error


def recover(target: File) -> None:
    """Puts back what a killed run had moved away, and removes the rest of it."""
    for fresh in target.glob(f"{FRESH}*"):
        for old in sorted((fresh / "old").rglob("*")):
            if not old.is_dir() or old.is_symlink():
                old.replace(target / old.relative_to(fresh / "old"))
        shutil.rmtree(fresh, ignore_errors=True)


@contextmanager
def locked(target: File, folder: File) -> Iterator[None]:
    """Keeps other runs out of a folder, where the system can; raises Problems if one is in it."""
    if os.name == "nt":  # folders cannot be opened
        yield
        return
    descriptor = os.open(target, os.O_RDONLY)
    try:
        if not lock(descriptor):
            raise Problems([busy(folder)])
        yield
    finally:
        os.close(descriptor)


def lock(descriptor: int) -> bool:
    """Keeps other runs out of an open file or folder, where the system can; False if another run keeps this one out."""
    try:
        import fcntl  # noqa: PLC0415 - not on every system

        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except (ImportError, OSError):  # some network file systems lock nothing
        pass
    return True


def resolved(folder: File) -> File:
    """Where a folder really is, so that a link to it stays one; raises OSError for a link that leads to itself."""
    try:
        return folder.resolve()
    except RuntimeError as error:
        raise OSError(errno.ELOOP, "a link that leads to itself") from error


def read_manifest(target: File) -> dict[str, str]:
    """The hash of each file that earlier runs wrote; empty where there is no manifest, or none that can be read."""
    try:
        files = json.loads((target / MANIFEST).read_text(encoding="utf-8"))["files"]
        return {name: hash_ for name, hash_ in files.items() if isinstance(hash_, str)}
    except (OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError):
        return {}


def expendable(file: File, hashes: Collection[str | None]) -> bool:
    """Whether nothing is lost with a file: its hash is one of these. A folder is refused later, where it is moved."""
    if file.is_dir() and not file.is_symlink():
        return True
    return not file.is_symlink() and file.is_file() and digest(file) in hashes


def digest(file: File) -> str:
    """The SHA-256 of a file's content, in hexadecimal."""
    return hashlib.sha256(file.read_bytes()).hexdigest()


def busy(folder: File) -> Problem:
    """Another run writes to the folder."""
    message = "expected to be alone, found another run that writes here. Wait for its end, or name another output."
    return Problem(str(folder), 0, 0, message)
