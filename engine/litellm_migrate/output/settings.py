"""What became of each setting: as JSON, and as lines of the report, both made in one walk."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from functools import lru_cache

from litellm_migrate.convert.run import Conversion
from litellm_migrate.convert.verdicts import MAPPED, Verdict
from litellm_migrate.output.paths import json_pointer
from litellm_migrate.output.payloads import batches, render_json
from litellm_migrate.output.sections import Sections
from litellm_migrate.source.model import Mark

CLOSING = "\n        }"
"""What closes a target of a setting."""
END = "\n      ]"
"""What closes all of them."""


class Settings:
    """The settings of a conversion, counted; their texts are made when they are asked for."""

    def __init__(self, done: Conversion) -> None:
        self._done = done
        self._sections: Sections | None = None
        seen = Counter((one.outcome, one.exact) for one in done.verdicts)
        self.all = seen.total()
        self.exact = seen[MAPPED, True]
        self.counts = Counter({word: seen[word, True] + seen[word, False] for word, _ in seen})
        """How many had each outcome."""

    def sections(self) -> Sections:
        """The lines about the settings, by section of the report."""
        if self._sections is None:
            for _ in self.texts():
                pass
        return self._sections or Sections()

    def texts(self) -> Iterator[str]:
        """Texts of a few settings each, as items of a list. Whoever reads them all has filled the sections too."""
        made = Sections()
        marks, fill = self._done.source.marks, self._sections is None
        for few in batches(self._done.verdicts):
            marked = [(one, marks[one.path]) for one in few]
            yield ",\n".join([setting(one, mark) for one, mark in marked])
            for one, mark in marked if fill else ():
                made.take(one, mark)
        self._sections = self._sections or made


def setting(one: Verdict, mark: Mark) -> str:
    """One leaf of the source and what became of it, as `render_json` writes the item of a member of a mapping."""
    file, line, column = mark.at
    targets = ",".join([f'{opening(file)}{json_pointer(path)}"{CLOSING}' for file, path in one.targets])
    return f"""    {{
      "path": "{json_pointer(mark.local)}",
      "file": {quoted(file)},
      "line": {line},
      "column": {column},
      "outcome": {quoted(one.outcome)},
      "exact": {"true" if one.exact else "false"},
      "targets": {f"[{targets}{END}" if targets else "[]"},
{said(one.rule, one.because, one.do, one.differs, one.code)}
    }}"""


@lru_cache(maxsize=1024)
def quoted(text: str) -> str:
    """A text as JSON."""
    return render_json(text)[:-1]


@lru_cache(maxsize=1024)
def opening(file: str) -> str:
    """What stands before the pointer to a place in a payload file."""
    return f"""
        {{
          "file": {quoted(file)},
          "pointer": \""""


@lru_cache(maxsize=1024)
def said(rule: str, because: str, do: str, differs: tuple[str, ...], code: str) -> str:
    """What many settings have in common."""
    members = {"rule": rule, "because": because, "do": do, "differs": differs, "code": code}
    return render_json([[members]])[len("[\n  [\n    {\n") : -len("\n    }\n  ]\n]\n")]
