"""Gives every leaf of the source exactly one outcome, from what payloads carry and what the rules say."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from litellm_migrate.bodies import Item
from litellm_migrate.dispositions import Dispositions
from litellm_migrate.functions import kind_of
from litellm_migrate.model import Path, Source, leaves
from litellm_migrate.outcomes import MANUAL, SKIPPED, Finding, Outcome
from litellm_migrate.records import record
from litellm_migrate.secrets import at as value_at
from litellm_migrate.shapes import Setting, Shape
from litellm_migrate.trace import ANSWERED, DIFFERS, LOST, REFUSED, Fact, Trace

MAPPED = "mapped"
MOST_NEAR = 1000
"""So many different unknown names are held against the known ones; a configuration with more is no misspelt one."""
Target = tuple[str, Path]


@record
class Verdict:
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


class Evidence:
    """All that is known of one leaf."""

    __slots__ = ("asked", "decides", "differs", "findings", "lost", "targets")

    def __init__(self) -> None:
        self.findings: list[tuple[Outcome, str, int]] = []
        self.targets: dict[Target, tuple[int, str]] = {}
        """Where it was written: among how many settings it shares the field, and by which rule."""
        self.differs: dict[str, None] = {}
        self.decides: dict[Target, None] = {}
        self.lost: list[Path | None] = []
        self.asked = False
        """A rule read it, whatever came of that."""


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
    """Collects evidence, then judges."""

    def __init__(self, source: Source, dispositions: Dispositions, words: Words, universe: Any) -> None:
        self.source = source
        self.dispositions = dispositions
        self.words = words
        self.universe = universe
        self.all = dict(leaves(source.value))
        self.evidence: dict[Path, Evidence] = defaultdict(Evidence)
        self._below: dict[Path, list[Path]] = {}
        self._near: dict[tuple[str, ...], str] = {}

    def below(self, path: Path) -> list[Path]:
        """The leaves at or below a path."""
        if path in self.all:
            return [path]
        if path not in self._below:
            self._below[path] = [leaf for leaf, _ in leaves(self.written(path), path)]
        return self._below[path]

    def written(self, path: Path) -> Any:
        """What stands at a path."""
        value: Any = self.source.value
        for key in path:
            value = value[key]
        return value

    def read_items(self, files: Mapping[str, Iterable[tuple[Path, Item]]]) -> None:
        """Takes the evidence of payloads: per file, its items and where they stand in it."""
        for file, items in files.items():
            for at, item in items:
                for field in item.fields:
                    there = value_at(item.body, field.pointer) is not None
                    self.read(field.trace, (file, (*at, *field.pointer)), field.rule, there)
                self.read(item.row.why(), (file, at), file.partition(".")[0])

    def read(self, trace: Trace, target: Target, rule: str, there: bool = True) -> None:
        """Takes the evidence of one field; one that is not there carries nothing, and nothing decides it."""
        carried, decided, consulted, told = trace
        for seen in self.evident(consulted if there else (*carried, *decided, *consulted)):
            seen.asked = True
        if there and carried:
            shared = (len(carried), rule)
            differs = sorted([str(fact.note) for fact in told if fact.kind == DIFFERS]) if told else ()
            for seen in self.evident(carried):
                seen.targets.setdefault(target, shared)
                for sentence in differs:
                    seen.differs[sentence] = None
        if there and decided:
            for seen in self.evident(decided):
                seen.decides[target] = None
        if told:
            self.read_facts(told, rule)

    def evident(self, paths: Iterable[Path]) -> Iterator[Evidence]:
        """The evidence of every leaf at or below some paths."""
        for path in paths:
            if path in self.all:
                yield self.evidence[path]
            else:
                yield from (self.evidence[leaf] for leaf in self.below(path))

    def read_facts(self, facts: Iterable[Fact], rule: str) -> None:
        """Takes what else is known of a field's origins."""
        for fact in facts:
            for seen in self.evident([fact.path]) if fact.kind != DIFFERS else ():
                if fact.kind == LOST:
                    seen.lost.append(fact.note)
                elif fact.kind == ANSWERED:
                    seen.findings.append((fact.note, rule, 1))
                elif fact.kind == REFUSED:
                    seen.findings.append((self.refused(fact.note, self.written(fact.path)), rule, 1))

    def refused(self, expected: str, value: Any) -> Outcome:
        """The outcome of a value that no conversion could use."""
        words = self.words.refused
        because = words.because.format(expected=expected, found=kind_of(value))
        return Outcome(MANUAL, because, words.do, words.code or "wrong-value")

    def read_findings(self, findings: Iterable[Finding]) -> None:
        """Takes the findings of relations and fields."""
        for finding in findings:
            stated = [leaf for path in finding.paths for leaf in self.below(path)]
            for leaf in stated:
                self.evidence[leaf].findings.append((finding.outcome, finding.rule, len(finding.paths)))

    def verdicts(self) -> Iterator[Verdict]:
        """One verdict a leaf, in the order of the document."""
        for leaf, value in self.all.items():
            yield self.verdict(leaf, value)

    def verdict(self, leaf: Path, value: Any) -> Verdict:
        """The strongest evidence decides: findings, then payloads, then what the rules say of the setting."""
        seen = self.evidence.get(leaf)
        if seen and seen.findings:
            # The rule of a field says more than that of its file, which has no dot.
            found, rule, _ = min(
                seen.findings, key=lambda one: (one[2], one[0].word != MANUAL, "." not in one[1], one[1])
            )
            return Verdict(leaf, found.word, rule, found.because, found.do, found.code or "by-rule")
        if seen and seen.targets:
            targets = sorted(seen.targets, key=lambda target: seen.targets[target][0])
            code = "approximate" if seen.differs else "exact"
            rule = seen.targets[targets[0]][1]
            return Verdict(leaf, MAPPED, rule, code=code, targets=tuple(targets), differs=tuple(seen.differs))
        disposed = self.dispositions.of(leaf)
        if value is None or value in ([], {}):
            if seen or disposed or self.known(leaf):
                return Verdict(leaf, SKIPPED, "empty", self.words.empty, code="empty")
        elif seen and seen.lost:
            return Verdict(leaf, SKIPPED, "first", self.overruled(seen.lost), code="overruled")
        elif seen and seen.decides:
            decided = tuple(seen.decides)
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
        shape: Shape = Setting(self.universe)
        for depth, key in enumerate(leaf):
            below = shape.at("*" if isinstance(key, int) else str(key))
            if below is None:
                return depth, self.resembled(leaf[: depth + 1], shape)
            shape = below
        return len(leaf), ""

    def resembled(self, path: Path, shape: Shape) -> str:
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

    def shape(self, leaf: Path) -> Shape | None:
        """What the schema of known settings says of a leaf."""
        shape: Shape | None = Setting(self.universe)
        for key in leaf:
            shape = shape.at("*" if isinstance(key, int) else str(key)) if shape else None
        return shape
