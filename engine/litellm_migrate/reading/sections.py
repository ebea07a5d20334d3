"""One section of a snapshot: its calls, page by page, and why it cannot be read where it cannot."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from litellm_migrate.convert.calls import number
from litellm_migrate.gateway.journal import MISSING
from litellm_migrate.gateway.names import field_at as inner_at
from litellm_migrate.gateway.retry import Response
from litellm_migrate.reading.answers import AnswerSource
from litellm_migrate.reading.records import DetailCall, Pages, Read, Reading, Snapshot
from litellm_migrate.source.model import Json, Problems

SUBJECT = "@"
"""The row itself, in the query of a detail."""
TRIES = 2
"""Rows come and go while they are read: what does not add up is read once more."""
LONGEST_REASON = 200
MOST_PAGES = 10_000


class Section(NamedTuple):
    """What was read, and how that went."""

    reading: Reading
    call: str
    status: int
    content: Json = None
    """Rows, or the value; None if it cannot be read."""
    pages: int = 1
    because: str = ""
    """Why it cannot be read, or not all of it."""
    nothing: bool = False
    """The refusal says that there is nothing to read."""

    @property
    def rows(self) -> int:
        """How many rows, or settings, there are."""
        return len(self.content) if isinstance(self.content, (list, dict)) else int(self.content is not None)


class Unreadable(Exception):  # noqa: N818 - an answer, not an error
    """Why a section cannot be read."""

    def __init__(self, because: str, status: int = 0, nothing: bool = False) -> None:
        super().__init__(because)
        self.because, self.status, self.nothing = because, status, nothing


class SectionReader:
    """Reads sections by their rules."""

    def __init__(self, answers: AnswerSource, words: Snapshot, facts: Mapping[str, Json] | None = None) -> None:
        self.answers = answers
        self.words = words
        self.role, self.version = (text_of(facts, place) for place in (words.role, words.version))
        """The role of the reader, and the version of what is read."""
        self.is_fact = facts is None

    def section(self, reading: Reading) -> Section:
        """A section, by the first of its calls that is answered."""
        refusals: list[tuple[Read, Unreadable]] = []
        for read in reading.read:
            try:
                content, pages, because = self._content(reading, read)
            except Unreadable as refusal:
                refusals.append((read, refusal))
                continue
            if lacking := misfit(reading, content):
                refusals.append((read, Unreadable(f"its answer has no {lacking}")))
                continue
            return Section(reading, f"GET {read.path}", 200, content, pages, because or self._hidden(read))
        counted = [pair for pair in refusals if pair[1].status != MISSING] or refusals
        read, first = counted[0]
        nothing = all(reason.nothing for _, reason in counted) or self._is_older(reading, refusals)
        return Section(reading, f"GET {read.path}", first.status, None, 0, first.because, nothing)

    def _hidden(self, read: Read) -> str:
        """Why an answer may show less than there is; with no role known, of answers that few see as a whole."""
        if self.is_fact or self.role in (read.whole_for or self.words.whole_for):
            return ""
        if self.role:
            return f"a reader of the role {self.role} may be shown less than there is"
        allowed = " or ".join(read.whole_for)
        return f"the role of the reader is not known, and only {allowed} is shown all" if allowed else ""

    def _is_older(self, reading: Reading, refusals: Sequence[tuple[Read, Unreadable]]) -> bool:
        """Whether a version that came before the section has not heard of its calls."""
        unheard = all(refusal.status == MISSING for _, refusal in refusals)
        return unheard and bool(reading.since and self.version) and numbers(self.version) < numbers(reading.since)

    def _content(self, reading: Reading, read: Read) -> tuple[Json, int, str]:
        """The rows or the value, how many pages were read, and what is missing of them."""
        missing = ""
        for _ in range(TRIES):
            rows, total, pages = self._rows(reading, read)
            if read.pages is None or not isinstance(rows, list):
                break
            rows = distinct(rows, reading.identity)
            count = len(rows)
            if total is None or count == total:
                break
            if self.answers.exported:
                missing = f"{total} rows are announced, and {count} are exported"
                break
        else:
            raise Unreadable(f"{count} rows came where {total} were announced, twice")
        if read.repeats and isinstance(rows, list):
            rows, missing = without_repeats(rows, reading.identity)
        if read.each and isinstance(rows, list):
            rows, lacking = self._detailed(reading, read.each, rows)
            missing = "; ".join(filter(None, (missing, lacking)))
        elif read.each and isinstance(rows, str):
            query = dict.fromkeys(read.each.query, rows)
            rows = field_at(self._answer(reading, read.each, query), read.each.row)
        return rows, pages, missing

    def _rows(self, reading: Reading, read: Read) -> tuple[Json, int | None, int]:
        """What all pages hold, how many rows the last one announces, and the number of pages."""
        body = self._answer(reading, read, {**read.query, **page_words(read.pages, 1)})
        rows = part_of(body, read)
        if read.pages is None:
            return rows, None, 1
        if not isinstance(rows, list):
            raise Unreadable(f"its answer has no list at {read.rows}")
        last, pages, total = whole(field_at(body, read.pages.last)) or 1, 1, whole(field_at(body, read.pages.total))
        if last > MOST_PAGES:
            raise Unreadable(f"{last} pages are announced")
        if total is None or len(rows) < total:
            for body in self.answers.each(lambda page: self._page(reading, read, page), range(2, last + 1)):
                if body is None:
                    continue
                more = part_of(body, read)
                if not isinstance(more, list):
                    raise Unreadable(f"one of its pages has no list at {read.rows}")
                rows = [*rows, *more]
                total, pages = whole(field_at(body, read.pages.total)), pages + 1
        return rows, total, pages

    def _page(self, reading: Reading, read: Read, page: int) -> Json:
        """A further page; None where nobody exported it."""
        try:
            return self._answer(reading, read, {**read.query, **page_words(read.pages, page)})
        except Unreadable as refusal:
            if self.answers.exported and refusal.status == MISSING:
                return None
            raise

    def _answer(self, reading: Reading, call: Read | DetailCall, query: Mapping[str, str]) -> Json:
        """The value of a good answer; raises Unreadable for any other."""
        try:
            response = self.answers.ask(call, query)
        except Problems as problems:
            raise Unreadable(self.answers.redact(problems.problems[0].message)) from None
        if response.good:
            return response.body
        because = self._reason(response)
        raise Unreadable(because, response.status, any(text in because for text in self.words.nothing))

    def _reason(self, response: Response) -> str:
        """Why a call is refused, in the program's words."""
        body = response.body
        texts = [body, *(field_at(body, field) for field in self.words.message)] if body is not None else []
        text = next((text for text in texts if isinstance(text, str) and text), "no reason given")
        text = " ".join(self.answers.redact(text).split())
        return text if len(text) <= LONGEST_REASON else f"{text[:LONGEST_REASON]}..."

    def _detailed(self, reading: Reading, detail: DetailCall, rows: list[Json]) -> tuple[list[Json], str]:
        """The rows, completed by a call for each; of one that is nothing without, its identity stays."""

        def completed(row: Json) -> tuple[bool, Json]:
            if not wants(row, detail):
                return True, row
            words = {word: row if field == SUBJECT else field_at(row, field) for word, field in detail.query.items()}
            query = {word: str(value) for word, value in words.items()}
            try:
                inner = field_at(self._answer(reading, detail, query), detail.row)
            except Unreadable as refusal:
                if refusal.status != MISSING:
                    raise
                known = field_at(row, reading.identity) if isinstance(row, dict) else row
                return False, row if detail.needs else {reading.identity: known}
            fields = inner if isinstance(inner, dict) else {}
            chosen = {name.rpartition(".")[2]: field_at(fields, name) for name in detail.take} or fields
            known = row if isinstance(row, dict) else {reading.identity: row}
            return True, {**known, **{name: value for name, value in chosen.items() if value is not None}}

        results = self.answers.each(completed, rows)
        lacking = sum(not done for done, _ in results)
        missing = f"the details of {lacking} rows were not answered" if lacking else ""
        return [row for _, row in results], missing


def misfit(reading: Reading, content: Json) -> str:
    """What an answer lacks that a section is made of; empty where it has it."""
    if not (reading.identity or reading.by):
        return "value" if content is None else ""
    rows = isinstance(content, list) and all(isinstance(row, dict) for row in content)
    return "" if rows else "list of rows"


def text_of(facts: Mapping[str, Json] | None, place: str) -> str:
    """A fact that is a text, by the place it has in the document."""
    fact = facts.get(place) if facts else None
    return fact if isinstance(fact, str) else ""


def numbers(version: str) -> tuple[int, ...]:
    """The numbers of a version, which tell an earlier one."""
    return tuple(map(int, re.findall(r"\d+", version)))


def wants(row: Json, detail: DetailCall) -> bool:
    """Whether a row has to be completed."""
    if not isinstance(row, dict):
        return True
    return not detail.needs or any(row.get(field) is not None for field in detail.needs)


def part_of(body: Json, read: Read) -> Json:
    """What stands where the rows do, without settings that do not count."""
    rows = field_at(body, read.rows)
    if read.means:
        return read.means.get(rows) if isinstance(rows, str) else None
    return settled(rows, field_at(body, read.kept.by), read.kept.values) if read.kept else rows


def settled(rows: Json, sources: Json, counting: tuple[str, ...]) -> Json:
    """The settings of a mapping whose source is one that counts; all of them where the answer has no sources."""
    if not isinstance(rows, dict) or not isinstance(sources, dict):
        return rows
    return {name: value for name, value in rows.items() if sources.get(name, counting[0]) in counting}


def page_words(pages: Pages | None, page: int) -> dict[str, str]:
    """The words of a query that ask for a page."""
    return {pages.page: str(page), pages.size: str(pages.most)} if pages else {}


def distinct(rows: list[Json], identity: str) -> list[Json]:
    """The rows, each once: a row that moved to the next page while it was read comes twice."""
    by_identity = {repr(field_at(row, identity) if isinstance(row, dict) and identity else row): row for row in rows}
    return list(by_identity.values())


def without_repeats(rows: list[Json], identity: str) -> tuple[list[Json], str]:
    """The rows whose identity no other one has, and what is said of the others."""
    counts = Counter(repr(field_at(row, identity)) for row in rows)
    single = [row for row in rows if counts[repr(field_at(row, identity))] == 1]
    left_out = len(rows) - len(single)
    return (
        single,
        f"{left_out} rows that share an id are left out: convert the file that names them" if left_out else "",
    )


def whole(value: Json) -> int | None:
    """A whole number of an answer."""
    return int(count) if (count := number(value)) is not None and 0 <= count < 10**9 else None


def field_at(value: Json, field: str) -> Json:
    """The value of a dotted field; the whole for no field."""
    return inner_at(value, field) if field else value
