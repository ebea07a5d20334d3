"""Settings as reports show them: the line, the name, the value without secrets, and the entry that it belongs to."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from functools import cached_property

from litellm_migrate.convert.run import Conversion
from litellm_migrate.convert.verdicts import MAPPED
from litellm_migrate.output.markdown import code
from litellm_migrate.output.setting_outcomes import SettingOutcome
from litellm_migrate.source.model import Path, Position, Yaml, key_text, value_at

MASKED = "•••"
LONGEST_VALUE = 60
LONGEST_PLAIN_WORD = 12
"""A header may hold a name that is in many values: only a longer secret hides the values that contain it."""
VARIABLE = re.compile(r"[A-Z_][A-Z0-9_]*")
ADDRESS_SECRETS = re.compile(r"[^/@\s]*@(?!\d+$)|[?#;].*")
"""Parts of an address that may hold a secret; a number after @ is the version of a name, not a host."""


class Places:
    """Shows the settings of a conversion by what its rules say of secrets and of names."""

    def __init__(self, conversion: Conversion) -> None:
        self._source = source = conversion.source
        self._secrets = conversion.book.secrets
        self._entry_names = conversion.book.entry_names
        self._labels: dict[Path, str] = {}
        self._paths = [verdict.path for verdict in conversion.verdicts]
        self.files = list(source.texts)
        """The files that were read."""

    @cached_property
    def secret_texts(self) -> set[str]:
        """Every secret text of the source."""
        return self._secrets.texts(self._source, self._paths)

    def setting(self, setting: SettingOutcome) -> tuple[str, str]:
        """A setting in its line, as Markdown, and the name of its entry: (line 42: `size = 600`, chat)."""
        path, line = setting.verdict.path, self.line(setting.mark.at)
        name = next((key_text(key) for key in reversed(path) if not isinstance(key, int)), "")
        text = self.value(setting)
        named = f"{name} = {text}" if text else name
        return f"{line}: {code(named)}" if named else line, self.label(path)

    def line(self, at: Position) -> str:
        """A line, with its file where several were read: line 42."""
        return f"line {at.line}" if len(self.files) == 1 else code(f"{at.file}:{at.line}")

    def value(self, setting: SettingOutcome) -> str:
        """The value of a setting on one line, without secrets; empty if it holds nothing."""
        return shortened(self.text(setting))

    def text(self, setting: SettingOutcome) -> str:
        """The value of a setting without secrets; empty if it holds nothing.

        A text that no payload carries may be anything, also a secret: only a reference to a variable is shown of it.
        """
        path = setting.verdict.path
        value = value_at(self._source.value, path)
        if value is None or value in ([], {}):
            return ""
        if not isinstance(value, str):
            return plain(value)
        if setting.verdict.outcome != MAPPED and not self._refers(value) and path != self.entry(path):
            return ""
        return MASKED if self._is_secret(path, value) else ADDRESS_SECRETS.sub(MASKED, value)

    def label(self, path: Path) -> str:
        """The name of the entry that a setting belongs to; empty if it belongs to none, or is that name."""
        entry = self.entry(path)
        if not entry or path == entry:
            return ""
        if entry not in self._labels:
            value = value_at(self._source.value, entry)
            is_name = isinstance(value, str) and not self._is_secret(entry, value)
            self._labels[entry] = shortened(value) if is_name else ""
        return self._labels[entry]

    def entry(self, path: Path) -> Path:
        """Where the name of the entry stands that a setting belongs to; empty if it belongs to none."""
        size = 2 if len(path) > 3 and f"{path[0]}.{path[1]}" in self._entry_names else 1  # the keys of a section
        name = self._entry_names.get(".".join(map(str, path[:size]))) if len(path) > size + 1 else None
        return (*path[: size + 1], name) if name else ()

    def _is_secret(self, path: Path, text: str) -> bool:
        if self._secrets.is_place(path):
            return not self._refers(text)
        return text in self.secret_texts or any(
            len(secret) > LONGEST_PLAIN_WORD and secret in text for secret in self.secret_texts
        )

    def _refers(self, text: str) -> bool:
        """Whether a text is a reference to a variable and nothing else."""
        return any(refers(glob, text) for glob in self._secrets.harmless)


def refers(glob: str, text: str) -> bool:
    """Whether a text refers to a variable in the way of a glob; what is no name of one may be the secret itself."""
    before, _, after = glob.partition("*")
    name = text.removeprefix(before).removesuffix(after)
    return text == f"{before}{name}{after}" and VARIABLE.fullmatch(name) is not None


def plain(value: Yaml) -> str:
    """A value that is no text, as JSON writes it."""
    return json.dumps(value, default=str, ensure_ascii=False)


def shortened(text: str) -> str:
    """A text on one line, cut where it is long."""
    line = " ".join(text.split())
    return line if len(line) <= LONGEST_VALUE else f"{line[: LONGEST_VALUE - 1]}…"


def line_ranges(lines: Iterable[int], most: int) -> str:
    """Numbers of lines, neighbours as ranges; of more than `most`, how many: `5, 12-14 and 3 more`."""
    runs: list[tuple[int, int]] = []
    for line in sorted(set(lines)):
        if runs and line == runs[-1][1] + 1:
            runs[-1] = (runs[-1][0], line)
        else:
            runs.append((line, line))
    texts = [str(first) if first == last else f"{first}-{last}" for first, last in runs]
    return ", ".join(texts[:most]) + (f" and {len(texts) - most} more" if len(texts) > most else "")


def pattern(path: Path) -> str:
    """The path of a setting with `[]` for each index of a list: `shelves[].board.size`."""
    return "".join("[]" if isinstance(key, int) else f".{key_text(key)}" for key in path).lstrip(".")
