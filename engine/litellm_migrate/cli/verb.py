"""What a verb of the command is, and how it ends."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from litellm_migrate import INTERRUPTED
from litellm_migrate.cli.outcomes import FAILURE, PENDING, STRICT, SUCCESS
from litellm_migrate.source.model import USAGE


class Verb(NamedTuple):
    """What the command does at one word."""

    does: str
    run: str
    """Module and function, which is imported only when it is called."""
    required: tuple[str, ...]
    """Options and arguments that must be given."""
    options: tuple[str, ...]
    exit_codes: Mapping[int, str]
    arguments: Mapping[str, str] = {}
    """What is given without an option, and what it is: `NAME`, or `NAME...` for any number."""
    either: tuple[str, ...] = ()
    """Of which exactly one must be given."""
    instead: tuple[str, ...] = ()
    """Options with which the first requirement is none."""
    words: Mapping[str, str] = {}
    """Helps of options that are others here."""
    defaults: Mapping[str, object] = {}
    """Options that it does not take, with the value that they have."""


def ends(**more: str) -> dict[int, str]:
    """Exit codes with their meaning."""
    codes = {
        "done": SUCCESS,
        "failed": FAILURE,
        "usage": USAGE,
        "strict": STRICT,
        "pending": PENDING,
        "interrupted": INTERRUPTED,
    }
    texts = {"done": "done", "usage": "wrong usage; nothing was done", "interrupted": "interrupted by Ctrl-C", **more}
    return {code: texts[name] for name, code in codes.items() if texts.get(name)}
