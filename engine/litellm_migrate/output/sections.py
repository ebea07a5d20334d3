"""The sections of the report about settings: Manual, Mapped, Skipped."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from litellm_migrate.convert.ledger import FieldPath
from litellm_migrate.convert.outcomes import MANUAL, SKIPPED
from litellm_migrate.convert.verdicts import MAPPED, Verdict
from litellm_migrate.output.lines import Lines
from litellm_migrate.output.markdown import code, filled, prose
from litellm_migrate.output.paths import dotted
from litellm_migrate.source.model import Mark, key_text

FIRST = "Secrets in the configuration itself"
SHOWN = 4
"""So many places are named to which a setting is written."""
NOTHING = ("Nothing.", "")


class Sections:
    """One line for each setting, in the section in which it stands, in the order of the document."""

    def __init__(self) -> None:
        self._exact = Lines()
        self._close: dict[str, Lines] = defaultdict(Lines)
        """By what differs."""
        self._decides = Lines()
        self._manual: dict[tuple[str, str, str], Lines] = defaultdict(Lines)
        """By heading, reason and step to take."""
        self._skipped: dict[str, Lines] = defaultdict(Lines)
        """By reason."""

    def take(self, one: Verdict, mark: Mark) -> None:
        """Puts a setting where it stands."""
        file, line, _ = mark.at
        spot, name = f"{file}:{line}", dotted(mark.local) or "(the whole document)"
        if one.outcome == MAPPED:
            text = row(spot, name, one.targets)
            for section in self._carried(one):
                section.append(text)
        elif one.outcome == MANUAL:
            self._manual[heading(one), one.because, one.do].append(f"- {code(spot)} {code(name)}")
        elif one.outcome == SKIPPED:
            self._skipped[one.because].append(f"- {code(spot)} {code(name)}")

    def _carried(self, one: Verdict) -> Iterable[Lines]:
        if one.code == "decides":
            return (self._decides,)
        return [self._close[sentence] for sentence in one.differs] or (self._exact,)

    def manual(self) -> Iterator[str]:
        """Settings that need somebody, by reason."""
        yield from ["## Manual", "", "No payload carries these. Each says why, and what you can do.", ""]
        last = ""
        for (head, because, do), lines in sorted(self._manual.items(), key=lambda one: one[0][0] != FIRST):
            if head != last:
                yield from [f"### {head}", ""]
            last = head
            yield from [f"**{prose(because)}**", "", f"To do: {prose(do)}", ""]
            yield from lines
            yield ""
        yield from () if self._manual else NOTHING

    def mapped(self) -> Iterator[str]:
        """Settings that payloads carry: exactly, then those of which something differs, then those that decide."""
        yield from ["## Mapped", "", "### Exactly", ""]
        yield from filled(["Line", "Setting", "Written to"], self._exact)
        yield from ["### But not identical", ""]
        for sentence, lines in self._close.items():
            yield from [prose(sentence), ""]
            yield from filled(["Line", "Setting", "Written to"], lines)
        yield from () if self._close else NOTHING
        yield from ["### Decides what is written", ""]
        yield from filled(["Line", "Setting", "Decides"], self._decides)

    def skipped(self) -> Iterator[str]:
        """Settings that nobody will miss, by reason."""
        yield from ["## Skipped", "", "Nothing is lost by leaving these behind.", ""]
        for because, lines in self._skipped.items():
            yield from [prose(because), ""]
            yield from lines
            yield ""
        yield from () if self._skipped else NOTHING


def heading(one: Verdict) -> str:
    """The heading under which a Manual setting stands: keys to replace come first, then each section."""
    return FIRST if one.code == "literal-secret" else code(key_text(one.path[0]) if one.path else "")


def row(spot: str, name: str, targets: Sequence[FieldPath]) -> str:
    """The line of a mapped setting in its table."""
    places = [
        f"{file} {dotted(path)}" if path and isinstance(path[0], str) else f"{file}{dotted(path)}"
        for file, path in targets[:SHOWN]
    ]
    more = f" and {len(targets) - SHOWN} more" if len(targets) > SHOWN else ""
    text = f"| `{spot}` | `{name}` | `{'`, `'.join(places)}`{more} |"
    quotes, bars = 4 + 2 * len(places), 4
    if text.isascii() and text.isprintable() and text.count("`") == quotes and text.count("|") == bars:
        return text  # as almost all are: no name has a sign that means something
    return f"| {code(spot)} | {code(name)} | {', '.join(map(code, places))}{more} |"
