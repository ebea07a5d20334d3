"""Puts all outputs in place, or none: they are written beside the folder and renamed into it."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path as File

from litellm_migrate.model import Problem, Problems

SCRIPT_MODE = 0o755


def write(folder: File, texts: Mapping[str, str], owned: frozenset[str]) -> None:
    """Writes files below a folder; files of `owned` that are not written now are removed.

    Other files in the folder stay. Raises Problems if it cannot be written; then the folder is as it was.
    """
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        if folder.exists() and not folder.is_dir():
            raise Problems([Problem(str(folder), 0, 0, "expected a folder, found a file. Name another output.")])
        fresh = File(tempfile.mkdtemp(prefix=f".{folder.name}.", dir=folder.parent))
    except OSError as error:
        raise Problems([refusal(folder, error)]) from error
    try:
        for name, text in texts.items():
            file = fresh / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(text.encode("utf-8", "backslashreplace"))
            if name.endswith(".sh"):
                file.chmod(SCRIPT_MODE)
        put(fresh, folder, owned)
    except OSError as error:
        raise Problems([refusal(folder, error)]) from error
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


def put(fresh: File, folder: File, owned: frozenset[str]) -> None:
    """Exchanges the folder for the fresh one; what others put there moves along."""
    fresh.chmod(folder.stat().st_mode & 0o777 if folder.exists() else 0o777 & ~umask())
    if not folder.exists():
        fresh.rename(folder)
        return
    for file in sorted(folder.rglob("*")):
        name = file.relative_to(folder)
        kept = fresh / name
        if (file.is_file() or file.is_symlink()) and name.as_posix() not in owned and not kept.exists():
            kept.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(file, kept, follow_symlinks=False)
    old = File(tempfile.mkdtemp(prefix=f".{folder.name}.", dir=folder.parent))
    try:
        folder.rename(old / "old")
        try:
            fresh.rename(folder)
        except OSError:
            (old / "old").rename(folder)
            raise
    finally:
        shutil.rmtree(old, ignore_errors=True)


def umask() -> int:
    """The process's file mode mask, which can only be read by setting it."""
    mask = os.umask(0)
    os.umask(mask)
    return mask


def refusal(folder: File, error: OSError) -> Problem:
    """Why a folder cannot be written."""
    return Problem(str(folder), 0, 0, f"expected a folder that can be written: {error.strerror}. Name another output.")
