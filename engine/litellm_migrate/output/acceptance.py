"""Findings that somebody accepted: by code, everywhere or at a setting or a line, with a reason."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from litellm_migrate.output.setting_outcomes import SettingOutcome
from litellm_migrate.source.model import Notice, Path, Position, key_text

UNUSED = "unused-ignore"
"""The code of the notice about an acceptance of nothing."""


class Acceptance(NamedTuple):
    """What is accepted, and why."""

    code: str
    reason: str = ""
    setting: str = ""
    """The path of a setting, with all below it; `*` is any key or index. Empty: everywhere."""
    line: int = 0
    """A line of the configuration that was named, not of what it includes; 0 is any."""
    at: Position | None = None
    """Where it is written; None if it is an option."""

    def __str__(self) -> str:
        place = f" at {self.setting}" if self.setting else f" in line {self.line}" if self.line else ""
        return f"{self.code}{place}"


class Acceptances:
    """All acceptances of a run, and which of them apply to something."""

    def __init__(self, acceptances: Sequence[Acceptance], main: str) -> None:
        self._main = main
        self._tests = [(acceptance, pattern(acceptance.setting)) for acceptance in acceptances]
        self._used: set[Acceptance] = set()

    def reason(self, code: str, setting: SettingOutcome | None, at: Position | None) -> str | None:
        """Why a finding about a setting, or at a place, is accepted; None if it is not."""
        place = setting.mark.at if setting else at
        paths = (setting.verdict.path, setting.mark.local) if setting else ()
        fitting = [
            acceptance
            for acceptance, wanted in self._tests
            if acceptance.code == code
            and (not acceptance.line or (place is not None and place[:2] == (self._main, acceptance.line)))
            and (not acceptance.setting or any(wanted.fullmatch(plain(path)) for path in paths))
        ]
        self._used.update(fitting)
        return fitting[0].reason if fitting else None

    def unused(self) -> list[Notice]:
        """A notice for each acceptance that applied to nothing."""
        return [
            Notice(UNUSED, acceptance.at, f"Nothing to ignore: there is no finding {acceptance}.", "Delete it.")
            for acceptance, _ in self._tests
            if acceptance not in self._used
        ]


def pattern(setting: str) -> re.Pattern[str]:
    """What fits a setting and all below it, by its path as reports write it (`list[3].name`), or a JSON pointer."""
    if setting.startswith("/"):
        setting = setting[1:].replace("/", ".").replace("~1", "/").replace("~0", "~")
    steps = setting.replace("[]", "[*]").replace("[", ".").replace("]", "").lstrip(".")
    return re.compile(re.escape(steps).replace(r"\*", "[^.]*") + r"(\..*)?", re.DOTALL)


def plain(path: Path) -> str:
    """The path of a setting as a pattern expects it."""
    return ".".join(map(key_text, path))
