"""Puts all outputs in place, or none: they are written to a folder of their own and moved from there."""

from __future__ import annotations

import errno
import os
import shutil
import tempfile
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path as File

from litellm_migrate.model import Problem, Problems

EVERYBODY = 0o777


def write(folder: File, texts: Mapping[str, str], owned: frozenset[str]) -> None:
    """Writes files below a folder; files of `owned` that are not written now are removed.

    Other files in the folder stay. Raises Problems if it cannot be written; then the folder is as it was.
    """
    try:
        target = folder.resolve()  # a link stays one
        target.parent.mkdir(parents=True, exist_ok=True)
        if target.exists() and not target.is_dir():
            raise Problems([Problem(str(folder), 0, 0, "expected a folder, found a file. Name another output.")])
        # Inside a folder that is there: nothing can be moved into a mounted one from elsewhere.
        fresh = File(tempfile.mkdtemp(prefix=".fresh.", dir=target if target.exists() else target.parent))
    except (OSError, RuntimeError) as error:
        raise Problems([refusal(folder, error)]) from error
    try:
        fill(fresh / "new", texts)
        if target.exists():
            exchange(fresh, target, owned)
        else:
            (fresh / "new").rename(target)
    except OSError as error:
        raise Problems([refusal(folder, error)]) from error
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


def fill(folder: File, texts: Mapping[str, str]) -> None:
    """Writes every text to its file; scripts can be run."""
    for name, text in texts.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(text.encode("utf-8", "backslashreplace"))
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


def refusal(folder: File, error: OSError | RuntimeError) -> Problem:
    """Why a folder cannot be written."""
    reason = getattr(error, "strerror", None) or "a link that leads to itself"
    return Problem(str(folder), 0, 0, f"expected a folder that can be written: {reason}. Name another output.")
