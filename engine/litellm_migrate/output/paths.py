"""Paths as texts: JSON pointers, and as people write them.

Most paths of a configuration differ from others by one number near their beginning, so what follows it is spelled once.
"""

from __future__ import annotations

from collections.abc import Callable

from litellm_migrate.output.payloads import render_json
from litellm_migrate.source.model import Path, pointer

MOST = 10_000
"""So many paths without a number are remembered."""


class Known(dict[Path, str]):
    """How paths are spelled; those of names only, which many paths share, are remembered."""

    def __init__(self, spell: Callable[[Path], str]) -> None:
        super().__init__()
        self.spell = spell

    def __missing__(self, path: Path) -> str:
        made = self.spell(path)
        if len(self) < MOST and all(type(key) is str for key in path):  # as keys of a dict, True and 1 are the same
            self[path] = made
        return made


def quoted_pointer(path: Path) -> str:
    """A path as a JSON pointer, as it stands between the quotes of a JSON text."""
    return render_json(pointer(path))[1:-2]


def dots(path: Path) -> str:
    """A path with a dot before each name."""
    return "".join(f"[{key}]" if isinstance(key, int) else f".{key}" for key in path)


POINTERS, DOTS = Known(quoted_pointer), Known(dots)


def json_pointer(path: Path) -> str:
    """A path as a JSON pointer, as it stands between the quotes of a JSON text."""
    if path and type(path[0]) is int:
        return f"/{path[0]}{POINTERS[path[1:]]}"
    if len(path) > 1 and type(path[1]) is int:
        return f"{POINTERS[path[:1]]}/{path[1]}{POINTERS[path[2:]]}"
    return POINTERS[path]


def dotted(path: Path) -> str:
    """A path as people write it."""
    if path and type(path[0]) is int:
        return f"[{path[0]}]{DOTS[path[1:]]}"
    if len(path) > 1 and type(path[1]) is int:
        return f"{DOTS[path[:1]]}[{path[1]}]{DOTS[path[2:]]}".lstrip(".")
    return DOTS[path].lstrip(".")
