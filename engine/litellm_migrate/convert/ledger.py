"""What payloads and findings say about each leaf of the document."""

from __future__ import annotations

from collections.abc import Iterable

from litellm_migrate.convert.bodies import Body, FieldOrigin
from litellm_migrate.convert.calls import Call
from litellm_migrate.convert.document import Document, Place
from litellm_migrate.convert.functions import kind_of
from litellm_migrate.convert.origins import Fact, resolve, union
from litellm_migrate.convert.outcomes import DIFFERS, MANUAL, Outcome
from litellm_migrate.convert.rows import Contest
from litellm_migrate.convert.steps import Finding
from litellm_migrate.source.model import Path

FieldPath = tuple[str, Path]
"""A field of a payload: its file, and its path there."""


class LeafRecord:
    """All that is known of one leaf."""

    __slots__ = ("decides", "differs", "findings", "targets")

    def __init__(self) -> None:
        self.findings: list[tuple[Outcome, str, int]] = []
        """Outcome, rule, and how many places the finding is about."""
        self.targets: dict[FieldPath, tuple[int, str]] = {}
        """Where it was written: among how many settings it shares the field, and by which rule."""
        self.differs: dict[Outcome, None] = {}
        self.decides: list[FieldPath] = []

    @property
    def evident(self) -> bool:
        """Whether a finding is about the leaf, or a payload carries it."""
        return bool(self.findings or self.targets)


class Ledger:
    """Collects the records of all leaves; `refusal` is what the rules say of a value that no conversion could use."""

    def __init__(self, document: Document, refusal: Outcome) -> None:
        self.document = document
        self.refusal = refusal
        self.records: list[LeafRecord | None] = [None] * len(document.leaves)
        """By number of the leaf."""

    def at(self, place: Place) -> list[LeafRecord]:
        """The records of the leaves at or below a place."""
        leaves = (place,) if isinstance(place, int) else range(place.start, place.stop)
        return [self.records[leaf] or self._record(leaf) for leaf in leaves]

    def _record(self, leaf: int) -> LeafRecord:
        record = self.records[leaf] = LeafRecord()
        return record

    def read_bodies(self, call: Call, bodies: Iterable[Body]) -> None:
        """Takes the origins of an endpoint's bodies and of all their fields."""
        file_rule = call.file.partition(".")[0]
        for number, body in enumerate(bodies):
            at: Path = (number,) if call.unique_key else ()
            for field in body.fields:
                self._read(field, (call.file, (*at, *field.pointer)))
            self._read(FieldOrigin((), file_rule, body.row.why()), (call.file, at))

    def _read(self, field: FieldOrigin, target: FieldPath) -> None:
        """Takes a field; one that is not written carries nothing, and nothing decides it."""
        carried, decided, facts = resolve(field.origin)
        if field.written:
            share = (len(carried), field.rule)
            differs = sorted([fact.note for fact in facts if isinstance(fact.note, Outcome) and fact.kind is DIFFERS])
            for place in carried:
                for record in self.at(place):
                    record.targets.setdefault(target, share)
                    if differs:
                        record.differs.update(dict.fromkeys(differs))
            for place in decided:
                for record in self.at(place):
                    if not record.targets:  # else nobody asks
                        record.decides.append(target)
        for fact in facts:
            if fact.place is not None:
                for record in self.at(fact.place):
                    record.findings.append((self._outcome(fact, fact.place), field.rule, 1))

    def read_findings(self, findings: Iterable[Finding]) -> None:
        """Takes what relations and fields found, once all bodies are read.

        What a field that is dropped would have carried, and another field carries, is no outcome but differs.
        """
        for finding in findings:
            for place in finding.places:
                for record in self.at(place):
                    if finding.outcome.word == DIFFERS:
                        record.differs[finding.outcome] = None
                    elif finding.dropped and record.targets:
                        if finding.outcome.word == MANUAL:
                            record.differs[finding.outcome._replace(word=DIFFERS)] = None
                    else:
                        record.findings.append((finding.outcome, finding.rule, len(finding.places)))

    def _outcome(self, fact: Fact, place: Place) -> Outcome:
        """The outcome of a setting that a table answers, or that no conversion could use."""
        if isinstance(fact.note, Outcome):
            return fact.note
        words, value = self.refusal, self.document.value_at(place)
        because = words.because.format(expected=fact.note, found=kind_of(value))
        return Outcome(MANUAL, because, words.do, words.code)

    def winners(self, contests: Iterable[Contest]) -> dict[int, list[Path | None]]:
        """For each leaf without finding or payload, the paths of the settings that were read instead of it.

        A list of alternatives takes the first that is there; what later ones would have carried lost to it. None
        stands for a winner that no setting states.
        """
        winners: dict[int, list[Path | None]] = {}
        for row, alternatives, winner in contests:
            cells = [alternative(row) for alternative in alternatives]
            origins = [origin for value, origin in cells if value is not None and origin is not None]
            if not origins:
                continue
            won = resolve(winner).carried
            for place in resolve(union(origins)).carried - won:
                for leaf in (place,) if isinstance(place, int) else range(place.start, place.stop):
                    record = self.records[leaf]
                    if record is None or not record.evident:
                        paths = [self.document.path(place) for place in won]
                        winners.setdefault(leaf, []).append(min(paths, key=str, default=None))
        return winners
