"""Keys in files."""

from __future__ import annotations

import os

from litellm_migrate.source.model import USAGE, Problem, Problems

LONGEST_KEY = 65536


def key_in(option: str, file: str) -> str:
    """The key in the file that an option names; raises Problems (exit 2) if none can be read."""
    try:
        with open(file, encoding="utf-8") as stream:
            key = stream.read(LONGEST_KEY + 1)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "No text in UTF-8"  # what is no file could be the key itself
        name = f"`{file}`: " if os.path.exists(file) else ""
        message = f"expected a file that can be read. {name}{reason}."
        raise Problems([Problem(option, 0, 0, message)], USAGE) from error
    if len(key) > LONGEST_KEY:
        message = f"expected a key, found more than {LONGEST_KEY} characters in {file}. Name another file."
        raise Problems([Problem(option, 0, 0, message)], USAGE)
    return key.strip()
