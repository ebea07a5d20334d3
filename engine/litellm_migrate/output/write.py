"""Puts all outputs in place, or none: they are written to a folder of their own and moved from there."""

from __future__ import annotations

import errno
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path as File

from litellm_migrate.output.texts import pieces_of
from litellm_migrate.source.garbage import uncollected
from litellm_migrate.source.model import Problem, Problems

EVERYBODY = 0o777
FRESH = ".fresh."
"""How folders begin that a run makes for itself; one that is left tells of a run that was killed."""
TAKEN = {errno.ENOTEMPTY, errno.EEXIST}

Check = Callable[[File, File], Mapping[str, str]]
"""Looks at the folder, and at the one with the new files, before anything changes: raises Problems, or answers texts to
be written too."""


def write(folder: File, texts: Mapping[str, str], owned: frozenset[str], check: Check | None = None) -> None:
    """Writes files below a folder; files of `owned` that are not written now are removed.

    Other files in the folder stay. Raises Problems if it cannot be written; then the folder is as it was.
    """
    try:
        target = behind(folder)
        target.parent.mkdir(parents=True, exist_ok=True)
        there = target.exists()
        if there and not target.is_dir():
            raise Problems([Problem(str(folder), 0, 0, "expected a folder, found a file. Name another output.")])
        with alone(target, folder) if there else ExitStack():
            recover(target)
            place(target, texts, owned, there, check)
    except OSError as error:
        raise Problems([refusal(folder, error)]) from error


def behind(folder: File) -> File:
    """Where a folder is, so that a link to it stays one; raises OSError for a link that leads to itself."""
    try:
        return folder.resolve()
    except RuntimeError as error:
        raise OSError(errno.ELOOP, "a link that leads to itself") from error


def place(target: File, texts: Mapping[str, str], owned: frozenset[str], there: bool, check: Check | None) -> None:
    """Fills a folder of its own, and moves from there."""
    # Inside a folder that is there: nothing can be moved into a mounted one from elsewhere.
    fresh = File(tempfile.mkdtemp(prefix=FRESH, dir=target if there else target.parent))
    try:
        new = fresh / "new"
        fill(new, texts)
        more = check(target, new) if check else {}
        fill(new, more)
        if there:
            exchange(fresh, target, owned | texts.keys() | more.keys())
        else:
            create(new, target)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


def recover(target: File) -> None:
    """Puts back what a killed run had moved away, and removes the rest of it."""
    for left in target.glob(f"{FRESH}*"):
        for old in sorted((left / "old").rglob("*")):
            if not old.is_dir() or old.is_symlink():
                old.replace(target / old.relative_to(left / "old"))
        shutil.rmtree(left, ignore_errors=True)


def create(fresh: File, target: File) -> None:
    """Moves a new folder to its place; raises Problems if another run has filled it since."""
    try:
        fresh.rename(target)
    except OSError as error:
        raise Problems([busy(target)]) if error.errno in TAKEN else error from error


@contextmanager
def alone(target: File, folder: File) -> Iterator[None]:
    """Keeps other runs out of a folder, where the system can; raises Problems if one is in it."""
    try:
        import fcntl  # noqa: PLC0415 - not on every system
    except ImportError:
        yield
        return
    opened = os.open(target, os.O_RDONLY)
    try:
        try:
            fcntl.flock(opened, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise Problems([busy(folder)]) from error
        except OSError:  # some network file systems lock no folders
            pass
        yield
    finally:
        os.close(opened)


def fill(folder: File, texts: Mapping[str, str]) -> None:
    """Writes every text to its file, piece by piece; scripts can be run."""
    for name in texts:
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        with file.open("wb") as opened, uncollected():
            for piece in pieces_of(texts, name):
                opened.write(piece.encode("utf-8", "backslashreplace"))
        if name.endswith(".sh"):
            file.chmod(EVERYBODY & ~umask())


def exchange(fresh: File, folder: File, owned: frozenset[str]) -> None:
    """Moves the old files out of the folder and the new ones in; if one cannot be moved, all go back."""
    with ExitStack() as undo:
        for name in sorted(owned):
            new, here, old = fresh / "new" / name, folder / name, fresh / "old" / name
            if here.is_dir() and not here.is_symlink():
                raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
            for source, target in ((here, old), (new, here)):
                if os.path.lexists(source):
                    target.parent.mkdir(parents=True, exist_ok=True)
                    source.rename(target)
                    undo.callback(target.rename, source)
        undo.pop_all()


def umask() -> int:
    """The process's file mode mask, which can only be read by setting it."""
    mask = os.umask(0)
    os.umask(mask)
    return mask


def busy(folder: File) -> Problem:
    """Why a folder is left to the run that is in it."""
    message = "expected to be alone, found another run that writes here. Wait for its end, or name another output."
    return Problem(str(folder), 0, 0, message)


def refusal(folder: File, error: OSError) -> Problem:
    """Why a folder cannot be written."""
    reason = error.strerror or type(error).__name__
    return Problem(str(folder), 0, 0, f"expected a folder that can be written: {reason}. Name another output.")
