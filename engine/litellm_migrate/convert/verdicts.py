"""One outcome for every leaf of the document, from what is known of it and what the rules say of the setting."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

from litellm_migrate.convert.dispositions import Dispositions
from litellm_migrate.convert.functions import kind_of
from litellm_migrate.convert.ledger import FieldPath, LeafRecord, Ledger
from litellm_migrate.convert.outcomes import MANUAL, SKIPPED, Outcome
from litellm_migrate.rulebook.static_types import Setting
from litellm_migrate.source.model import Path, Position

MAPPED = "mapped"
MOST_COMPARED = 1000
"""So many different unknown names are compared with the known ones; a configuration with more is no misspelt one."""


class Verdict(NamedTuple):
    """What became of one leaf of the document."""

    path: Path
    outcome: str
    rule: str
    because: str = ""
    do: str = ""
    code: str = ""
    targets: tuple[FieldPath, ...] = ()
    differs: tuple[Outcome, ...] = ()

    @property
    def exact(self) -> bool:
        """Mapped, and nothing is known to differ."""
        return self.outcome == MAPPED and not self.differs


class Words(NamedTuple):
    """The sentences of the rules for what holds of any setting."""

    empty: str
    default: str
    """Of a setting whose value is the one that it has where nothing is written."""
    lost: str
    """Of a setting in whose place others were read; its hole `lines` names them."""
    decides: str
    near: str
    """Of an unknown name that resembles a known one; empty if the rules say nothing of that."""
    stops: str
    """Of a configuration with which the program does not start; its hole `places` says where. Empty as `near` is."""
    refused: Outcome
    unused: Outcome
    unknown: Outcome
    wrong_type: Outcome


class Classifier:
    """Judges leaves: `position` gives the line of a path, `universe` is the schema of all known settings."""

    def __init__(
        self, position: Callable[[Path], Position], dispositions: Dispositions, words: Words, universe: Any
    ) -> None:
        self.position = position
        self.dispositions = dispositions
        self.words = words
        self.universe = Setting(universe)
        self._resembled: dict[tuple[str, ...], str] = {}

    def verdicts(self, ledger: Ledger, winners: Callable[[], Mapping[int, list[Path | None]]]) -> Iterator[Verdict]:
        """One verdict a leaf, in the order of the document.

        `winners` says what was read instead of leaves that nothing else knows; it is asked only if there are any.
        """
        beaten: Mapping[int, list[Path | None]] | None = None
        for number, ((path, value), record) in enumerate(zip(ledger.document.leaves, ledger.records, strict=True)):
            verdict = self.evident(path, record) if record else None
            if verdict is None:
                beaten = winners() if beaten is None else beaten
                verdict = self.otherwise(path, value, record, beaten.get(number))
            yield verdict

    def evident(self, path: Path, record: LeafRecord) -> Verdict | None:
        """The verdict of findings, then of payloads."""
        if record.findings:
            # The rule of a field says more than that of its file, which has no dot.
            outcome, rule, _ = min(
                record.findings, key=lambda entry: (entry[2], entry[0].word != MANUAL, "." not in entry[1], entry[1])
            )
            return Verdict(path, outcome.word, rule, outcome.because, outcome.do, outcome.code or "by-rule")
        if record.targets:
            written = sorted(record.targets.items(), key=lambda target: target[1][0])
            code, rule = "approximate" if record.differs else "exact", written[0][1][1]
            targets = tuple([target for target, _ in written])
            return Verdict(path, MAPPED, rule, "", "", code, targets, tuple(record.differs))
        return None

    def otherwise(
        self, path: Path, value: object, record: LeafRecord | None, winners: list[Path | None] | None
    ) -> Verdict:
        """The verdict of what was empty, beaten or only decided; else what the rules say of the setting."""
        if value is None or value in ([], {}):
            if record or self.dispositions.of(path) or self.universe.reached(path)[0] == len(path):
                return Verdict(path, SKIPPED, "empty", self.words.empty, code="empty")
        elif winners:
            return Verdict(path, SKIPPED, "first", self.overruled(winners), code="overruled")
        elif record and record.decides:
            targets = tuple(dict.fromkeys(record.decides))
            return Verdict(path, MAPPED, "decides", self.words.decides, code="decides", targets=targets)
        return self.disposed(path, value)

    def overruled(self, winners: list[Path | None]) -> str:
        """The sentence that names what decides instead."""
        lines = sorted({self.position(path).line for path in winners if path is not None})
        return self.words.lost.format(lines=", ".join(map(str, lines)) or "?")

    def disposed(self, path: Path, value: object) -> Verdict:
        """What the rules say of a setting that nothing reads."""
        disposition = self.dispositions.of(path)
        if disposition and disposition.is_default(path, value):
            return Verdict(path, SKIPPED, disposition.rule, self.words.default, code="default")
        depth, setting = self.universe.reached(path)
        complete = depth == len(path)
        resembled = "" if complete else self.resembled(path[: depth + 1], setting)
        named = disposition is not None and len(disposition.pattern) > depth
        hint = f" {self.words.near.format(near=resembled)}" if resembled and self.words.near and not named else ""
        if disposition and not (hint and disposition.outcome.word == SKIPPED):
            word, because, do, code = disposition.outcome
            return Verdict(path, word, disposition.rule, because + hint, do, code or "by-rule")
        fitting = "wrong_type" if setting.known() else "unused"
        name = fitting if complete else "unknown"
        outcome: Outcome = getattr(self.words, name)
        because = outcome.because.format(expected="a list or a mapping", found=kind_of(value)) + hint
        return Verdict(path, outcome.word, f"words.{name}", because, outcome.do, outcome.code or "by-rule")

    def resembled(self, path: Path, setting: Setting) -> str:
        """The known name that the last of a path resembles, if any; of thousands, the first are compared."""
        pattern = tuple("*" if isinstance(key, int) else str(key) for key in path)
        if pattern not in self._resembled and len(self._resembled) < MOST_COMPARED:
            from difflib import get_close_matches  # noqa: PLC0415 - only for unknown names

            names = [str(name) for name in setting.names()]
            self._resembled[pattern] = next(iter(get_close_matches(pattern[-1], names, n=1, cutoff=0.85)), "")
        return self._resembled.get(pattern, "")
