"""Files of this program's own making, as they are read again: anybody may have put something else in their place."""

from __future__ import annotations

from pathlib import Path as File


def file_text(file: File, errors: str = "strict") -> str:
    """The text of a file; raises OSError for a pipe or a device, which may never end."""
    if file.exists() and not file.is_file() and not file.is_dir():
        raise OSError(0, "a pipe or a device")
    return file.read_text(encoding="utf-8", errors=errors)
