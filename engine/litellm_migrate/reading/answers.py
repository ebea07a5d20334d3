"""Where answers come from: the running program, which is only ever asked with GET, or a folder of exported ones."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path as File
from typing import NamedTuple, Protocol
from urllib.parse import parse_qsl, urlsplit

from litellm_migrate.convert.calls import Auth
from litellm_migrate.convert.calls import Protocol as Words
from litellm_migrate.gateway.access import Access
from litellm_migrate.gateway.client import Client, Product, Subject
from litellm_migrate.gateway.journal import MISSING
from litellm_migrate.gateway.retry import Response
from litellm_migrate.reading.records import DetailCall, Read
from litellm_migrate.source.files import file_text, json_value
from litellm_migrate.source.model import Json, Problem, Problems

ENDINGS = (".json",)


class AnswerSource(Protocol):
    """Whoever is asked."""

    place: str
    """The address or the folder, as the snapshot names it."""
    exported: bool
    """What is not there may have been left out by whoever exported it."""

    def ask(self, call: Read | DetailCall, query: Mapping[str, str]) -> Response:
        """The answer to a call; raises Problems if none came."""

    def each(self, work: Callable[[Subject], Product], items: Iterable[Subject]) -> list[Product]:
        """What becomes of each item, in their order."""

    def redact(self, text: str) -> str:
        """A text of an answer as messages may show it."""


class LiveAnswers:
    """The answers of a running program."""

    exported = False

    def __init__(self, client: Client) -> None:
        self.client = client
        self.place = client.access.url

    def ask(self, call: Read | DetailCall, query: Mapping[str, str]) -> Response:
        """The answer to a call."""
        return self.client.request("GET", call.path, query=query)

    def each(self, work: Callable[[Subject], Product], items: Iterable[Subject]) -> list[Product]:
        """What becomes of each item, as many side by side as there are connections."""
        return self.client.side_by_side(work, items)

    def redact(self, text: str) -> str:
        """The text without the key, on one line."""
        return self.client.redact(text)


def reader_of(access: Access) -> Client:
    """A client that exchanges its key for nothing: whatever it sends is a GET."""
    return Client(access, Words(Auth("", "", ""), "", "", "", "", "", ""))


class Exported(NamedTuple):
    """One exported answer: the query it was asked with (None where nobody says), its status and the value."""

    query: Mapping[str, str] | None
    status: int
    answer: Json


class FolderAnswers:
    """AnswerSource that somebody exported: one file each, as `{"call", "status", "answer"}` or named after the call."""

    exported = True

    def __init__(self, folder: File) -> None:
        self.place = str(folder)
        self._by_path: dict[str, list[Exported]] = {}
        problems: list[Problem] = []
        for file in sorted(folder.iterdir()):
            if file.suffix in ENDINGS and file.is_file():
                try:
                    self._add(file, json_value(file_text(file)))
                except (OSError, ValueError):
                    problems.append(Problem(str(file), 0, 0, "expected JSON, found none. Export the answer again."))
        if not self._by_path and not problems:
            problems = [
                Problem(
                    str(folder),
                    0,
                    0,
                    "expected a file or exported answers (*.json), found a folder without. Name a file in it.",
                )
            ]
        if problems:
            raise Problems(problems)

    def _add(self, file: File, content: Json) -> None:
        """Keeps one file under the path of its call."""
        call = content.get("call") if isinstance(content, dict) and "answer" in content else None
        if isinstance(content, dict) and isinstance(call, str):
            url = urlsplit(call.rpartition(" ")[2])
            status = content.get("status", 200)
            exported = Exported(dict(parse_qsl(url.query)), status if isinstance(status, int) else 0, content["answer"])
            self._by_path.setdefault(url.path, []).append(exported)
        else:
            self._by_path.setdefault(plain(file.stem), []).append(Exported(None, 200, content))

    def ask(self, call: Read | DetailCall, query: Mapping[str, str]) -> Response:
        """The first answer to this call; one that was asked with other words is another one."""
        for exported in (*self._by_path.get(call.path, ()), *self._by_path.get(plain(call.path), ())):
            if fits(exported, call, query):
                answer = exported.answer
                if (
                    isinstance(call, DetailCall)
                    and isinstance(answer, dict)
                    and (subject := asked_for(query)) in answer
                ):
                    answer = answer[subject]  # several details in one file
                return Response(exported.status, answer)
        return Response(MISSING, f"no exported answer to GET {call.path}")

    def each(self, work: Callable[[Subject], Product], items: Iterable[Subject]) -> list[Product]:
        """What becomes of each item."""
        return list(map(work, items))

    def redact(self, text: str) -> str:
        """The text: the folder's owner has it already."""
        return text


def fits(exported: Exported, call: Read | DetailCall, query: Mapping[str, str]) -> bool:
    """Whether an exported answer is one to this query; an export may hold all pages at once, so sizes do not count."""
    given = exported.query
    if given is None or (not given and isinstance(call, DetailCall)):
        return True
    pages = call.pages if isinstance(call, Read) else None
    words = {pages.page, pages.size} if pages else set()
    same = {key: text for key, text in query.items() if key not in words} == {
        key: text for key, text in given.items() if key not in words
    }
    return same and (pages is None or given.get(pages.page, "1") == query.get(pages.page, "1"))


def asked_for(query: Mapping[str, str]) -> str:
    """What a query asks for."""
    return next(iter(query.values()), "")


def plain(name: str) -> str:
    """A path or the name of a file without the signs in which the two differ."""
    return "".join(sign if sign.isalnum() else "_" for sign in name.lower()).strip("_")
