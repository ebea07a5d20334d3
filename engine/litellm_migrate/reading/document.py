"""The snapshot: one document with the sections of a configuration, and beside them what only a database holds."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from typing import NamedTuple

from litellm_migrate.reading.answers import AnswerSource
from litellm_migrate.reading.records import Reading, Snapshot
from litellm_migrate.reading.sections import Section, SectionReader
from litellm_migrate.reading.shaping import Shaper
from litellm_migrate.source.model import Json, Problem, Problems
from litellm_migrate.source.redact import Secrets

FORMAT = 1
GOOD = 200


class ReadingRules(NamedTuple):
    """What a rulebook says of reading."""

    readings: tuple[Reading, ...]
    words: Snapshot
    secrets: Secrets


class SnapshotResult(NamedTuple):
    """A snapshot, and how each section of it was read."""

    document: dict[str, Json]
    sections: tuple[Section, ...]

    def facts(self) -> dict[str, str]:
        """What is known of the program itself, by name."""
        return {section.reading.id: section.content for section in self.sections if isinstance(section.content, str)}

    def rows(self) -> dict[str, int]:
        """How many rows each section has."""
        facts = self.facts()
        return {section.reading.id: section.rows for section in self.sections if section.reading.id not in facts}

    def missing(self) -> list[str]:
        """A line for each section that was not read as a whole."""
        return [
            f"{section.reading.id}: {status_text(section)}{section.because} ({section.call})"
            for section in self.sections
            if section.because and not section.nothing
        ]


def snapshot_of(rules: ReadingRules, answers: AnswerSource, now: str, only: Collection[str] = ()) -> SnapshotResult:
    """What is read; raises Problems where a section that is needed does not answer, unless `only` leaves it out."""
    facts = [reading for reading in rules.readings if is_fact(reading, rules.words)]
    chosen = [reading for reading in rules.readings if reading not in facts and (not only or reading.id in only)]
    check_names(only, rules.readings)
    reader = SectionReader(answers, rules.words)
    sections = answers.each(reader.section, facts)
    known = {section.reading.section: section.content for section in sections}
    sections += answers.each(SectionReader(answers, rules.words, known).section, chosen)
    problems = [unanswered(section) for section in sections if section.content is None and is_fatal(section)]
    if problems:
        raise Problems(problems)
    place = answers.place
    document: dict[str, Json] = {rules.words.section: {"format": FORMAT, "taken_at": now, "from": place, "calls": []}}
    calls: list[Json] = []
    for section in sections:
        shaper = Shaper(section.reading, rules.words, rules.secrets)
        if section.content is not None:
            put(document, section.reading.section.split("."), shaper.content(section.content))
        calls.append(call_of(section, shaper.omitted))
    put(document, [rules.words.section, "calls"], calls)
    return SnapshotResult(document, tuple(sections))


def is_fact(reading: Reading, words: Snapshot) -> bool:
    """Whether a reading is about reader or program, and so decides what the answers to all others mean."""
    return reading.section in {words.role, words.version}


def is_fatal(section: Section) -> bool:
    """Whether nothing is converted without this section."""
    return section.reading.needed and not section.nothing


def unanswered(section: Section) -> Problem:
    """Why a snapshot cannot be taken."""
    advice = f"Correct that, or name the sections that you want with --only, without {section.reading.id}"
    return Problem(
        section.call, 0, 0, f"expected {section.reading.id}, found {status_text(section)}{section.because}. {advice}."
    )


def check_names(only: Collection[str], readings: Iterable[Reading]) -> None:
    """Raises Problems for names that are no section."""
    known = [reading.id for reading in readings]
    wrong = sorted(set(only) - set(known))
    if wrong:
        message = f"expected sections ({', '.join(known)}), found {', '.join(wrong)}. Correct the names."
        raise Problems([Problem("--only", 0, 0, message)], 2)


def call_of(section: Section, omitted: int) -> dict[str, Json]:
    """What the document says of a section: where it is from, what it leaves out and, if it is not whole, why."""
    entry: dict[str, Json] = {"section": section.reading.id, "call": section.call, "status": section.status}
    entry |= {"rows": section.rows, "pages": section.pages}
    if omitted:
        entry["omitted"] = omitted
    if section.because:
        entry["nothing" if section.nothing else "because"] = section.because
    return entry


def put(document: dict[str, Json], path: list[str], value: Json) -> None:
    """Puts a value at a path of a document, beside what is there."""
    *above, last = path
    for step in above:
        inner = document.setdefault(step, {})
        if not isinstance(inner, dict):
            return
        document = inner
    present = document.get(last)
    document[last] = {**present, **value} if isinstance(present, dict) and isinstance(value, dict) else value


def text_of(document: dict[str, Json]) -> str:
    """The document with one value on each line, so that every setting has a line of its own."""
    return json.dumps(document, indent=1, ensure_ascii=False) + "\n"


def status_text(section: Section) -> str:
    """The status of a refusal as the beginning of a sentence."""
    return f"HTTP {section.status}: " if section.status not in {0, GOOD} else ""
