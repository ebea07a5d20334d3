"""Gives every leaf of the source exactly one outcome, from its evidence and what the rules say."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from litellm_migrate.convert.dispositions import Dispositions
from litellm_migrate.convert.evidence import Evidence, Ledger, Target
from litellm_migrate.convert.functions import kind_of
from litellm_migrate.convert.outcomes import MANUAL, SKIPPED, Outcome
from litellm_migrate.rulebook.static_types import Setting, StaticType
from litellm_migrate.source.model import Path, Source
from litellm_migrate.source.records import record

MAPPED = "mapped"
MOST_NEAR = 1000
"""So many different unknown names are held against the known ones; a configuration with more is no misspelt one."""


class Verdict(NamedTuple):
    """What became of one leaf of the source."""

    path: Path
    outcome: str
    rule: str
    because: str = ""
    do: str = ""
    code: str = ""
    targets: tuple[Target, ...] = ()
    differs: tuple[str, ...] = ()

    @property
    def exact(self) -> bool:
        """Mapped, and nothing is known to differ."""
        return self.outcome == MAPPED and not self.differs


@record
class Words:
    """The sentences of the rules for what holds of any setting."""

    empty: str
    lost: str
    decides: str
    near: str
    """Said of an unknown name that resembles a known one; empty if the rules say nothing of that."""
    refused: Outcome
    unused: Outcome
    unknown: Outcome
    wrong_type: Outcome


class Classifier:
    """Judges."""

    def __init__(self, source: Source, dispositions: Dispositions, words: Words, universe: Any) -> None:
        self.source = source
        self.dispositions = dispositions
        self.words = words
        self.universe = universe
        self._near: dict[tuple[str, ...], str] = {}

    def verdicts(self, ledger: Ledger) -> Iterator[Verdict]:
        """One verdict a leaf, in the order of the document."""
        for leaf, value in ledger.all.items():
            yield self.verdict(leaf, value, ledger.evidence.get(leaf))

    def verdict(self, leaf: Path, value: Any, seen: Evidence | None) -> Verdict:
        """The strongest evidence decides: findings, then payloads, then what the rules say of the setting."""
        if seen and seen.findings:
            # The rule of a field says more than that of its file, which has no dot.
            found, rule, _ = min(
                seen.findings, key=lambda one: (one[2], one[0].word != MANUAL, "." not in one[1], one[1])
            )
            return Verdict(leaf, found.word, rule, found.because, found.do, found.code or "by-rule")
        if seen and seen.targets:
            written = sorted(seen.targets.items(), key=lambda target: target[1][0])
            code, rule = "approximate" if seen.differs else "exact", written[0][1][1]
            targets = tuple([target for target, _ in written])
            return Verdict(leaf, MAPPED, rule, "", "", code, targets, tuple(seen.differs or ()))
        disposed = self.dispositions.of(leaf)
        if value is None or value in ([], {}):
            if seen or disposed or self.known(leaf):
                return Verdict(leaf, SKIPPED, "empty", self.words.empty, code="empty")
        elif seen and seen.lost:
            return Verdict(leaf, SKIPPED, "first", self.overruled(seen.lost), code="overruled")
        elif seen and seen.decides:
            decided = tuple(dict.fromkeys(seen.decides))
            return Verdict(leaf, MAPPED, "decides", self.words.decides, code="decides", targets=decided)
        return self.disposed(leaf, value, seen is not None and seen.asked)

    def overruled(self, winners: list[Path | None]) -> str:
        """The sentence that names what decides instead."""
        lines = sorted({self.source.at(path).line for path in winners if path is not None})
        return self.words.lost.format(lines=", ".join(map(str, lines)) or "?")

    def disposed(self, leaf: Path, value: Any, consulted: bool) -> Verdict:
        """What the rules say of a setting that nothing reads."""
        found = self.dispositions.of(leaf)
        depth, near = self.near(leaf)
        named = found is not None and len(found.pattern) > depth
        hint = f" {self.words.near.format(near=near)}" if near and self.words.near and not named else ""
        if found and not (hint and found.outcome.word == SKIPPED):
            said = found.outcome
            return Verdict(leaf, said.word, found.rule, said.because + hint, said.do, said.code or "by-rule")
        shape = self.shape(leaf)
        wrong = isinstance(shape, Setting) and shape.known()
        said = self.words.wrong_type if wrong else self.words.unused if consulted else self.words.unknown
        because = said.because.format(found=kind_of(value)) + hint
        return Verdict(leaf, said.word, said.code, because, said.do, said.code)

    def near(self, leaf: Path) -> tuple[int, str]:
        """How deep a path is known, and the known name that its first unknown one resembles, if any."""
        shape: StaticType = Setting(self.universe)
        for depth, key in enumerate(leaf):
            below = shape.at("*" if isinstance(key, int) else str(key))
            if below is None:
                return depth, self.resembled(leaf[: depth + 1], shape)
            shape = below
        return len(leaf), ""

    def resembled(self, path: Path, shape: StaticType) -> str:
        """The known name that the last of a path resembles, if any; of thousands, the first are asked."""
        alike = tuple("*" if isinstance(key, int) else str(key) for key in path)
        if alike not in self._near and len(self._near) < MOST_NEAR:
            from difflib import get_close_matches  # noqa: PLC0415 - only for unknown names

            names = [str(name) for name in shape.names()]
            self._near[alike] = next(iter(get_close_matches(alike[-1], names, n=1, cutoff=0.85)), "")
        return self._near.get(alike, "")

    def known(self, leaf: Path) -> bool:
        """Whether the schema of known settings has this one."""
        return self.shape(leaf) is not None

    def shape(self, leaf: Path) -> StaticType | None:
        """What the schema of known settings says of a leaf."""
        shape: StaticType | None = Setting(self.universe)
        for key in leaf:
            shape = shape.at("*" if isinstance(key, int) else str(key)) if shape else None
        return shape
