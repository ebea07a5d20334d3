"""A sandbox that fails as it is told, or takes tokens alone; and the server that sends failures."""

from __future__ import annotations

import json
import re
import time
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from litellm_migrate.rulebook.types import Rulebook
from litellm_migrate.sandbox.entities import Entities
from litellm_migrate.sandbox.gateway import Sandbox
from litellm_migrate.sandbox.operations import HttpAnswer, HttpRequest, refusal
from litellm_migrate.sandbox.server import Handler
from litellm_migrate.sandbox.server import Server as SandboxServer

HTML = b"<!doctype html><title>Bad gateway</title><h1>Something in between answered</h1>"
WHOLE, HALF, PAGE = "whole", "half", "page"
"""How an answer goes over the wire: as it is, broken off in the middle, or a page of HTML in its place."""
KINDS = ("reset", "lost", "slow", "truncated", "page", EXPIRED := "expired")
"""Hang up before the work is done, or after it; answer late; break off; answer HTML; forget all tokens."""
WRITTEN = re.compile(rf"(?P<kind>[1-5]\d\d|{'|'.join(KINDS)})(?:@(?P<first>[1-9]\d*))?(?:x(?P<times>\d+))?\Z", re.A)
WIRES = {"truncated": HALF, "page": PAGE}
SLOW = 5.0


class FaultyAnswer(HttpAnswer):
    """An answer that comes late, in pieces, or with more headers; the status 0 hangs up instead."""

    wire: str = WHOLE
    wait: float = 0.0
    headers: Mapping[str, str] = {}


def faulty(
    answer: HttpAnswer, wire: str = WHOLE, wait: float = 0.0, headers: Mapping[str, str] | None = None
) -> FaultyAnswer:
    """The answer, sent as it is said."""
    made = FaultyAnswer(*answer)
    made.wire, made.wait, made.headers = wire, wait, headers or {}
    return made


@dataclass
class Fault:
    """A programmed failure: `after` requests pass, then `times` fail; `kind` is a status or a word of KINDS."""

    kind: str
    after: int = 0
    times: int = 1
    headers: Mapping[str, str] = field(default_factory=dict)
    wait: float | None = None
    """When to try again, as the answer says; how late a slow answer is."""


@dataclass
class Faults:
    """Those that are still to come."""

    waiting: list[Fault] = field(default_factory=list)

    def due(self) -> Fault | None:
        """The failure of the request that has just arrived."""
        found = next((fault for fault in self.waiting if fault.after == 0), None)
        for fault in self.waiting:
            fault.after = max(0, fault.after - 1)
        if found:
            found.times -= 1
        self.waiting = [fault for fault in self.waiting if fault.times > 0]
        return found


def fault_of(text: str) -> Fault:
    """A failure as it is written: `503@4x2` fails the 4th and 5th request."""
    written = WRITTEN.match(text)
    assert written, text
    return Fault(written["kind"], int(written["first"] or 1) - 1, int(written["times"] or 1))


class ApartEntities(Entities):
    """Entities whose new secret comes beside them (both under words of `once`), and not inside."""

    def with_secret(self, entity: dict[str, Any]) -> dict[str, Any]:
        """The answer to a creation."""
        words = (self.call.shown_once or "").split()
        if len(words) < 2:
            return super().with_secret(entity)
        return {words[-1]: self.visible(entity), words[0]: f"sk-syn-{uuid.uuid4().hex}"}


class FaultyGateway(Sandbox):
    """A sandbox with what tests ask of it.

    With `only_tokens` the key is no bearer: it has to be exchanged first. With `reads_only` it may not write. `latency`
    are the seconds before each answer; `unwell` the ids of entities that do not pass when they are tried.
    """

    def __init__(
        self,
        book: Rulebook,
        schemas: Path,
        *faults: str,
        longest_page: int = 100,
        only_tokens: bool = False,
        apart: bool = False,
        latency: float = 0.0,
        reads_only: bool = False,
        spec: Any = None,
        **more: Any,
    ) -> None:
        if apart:
            self.entities_class = ApartEntities
        super().__init__(book, schemas, **more)
        self.requests: list[HttpRequest] = []
        """Everything that was asked, refused or not, in order."""
        self.faults = Faults([fault_of(text) for text in faults])
        self.only_tokens = only_tokens
        self.latency = latency
        self.reads_only = reads_only
        self.unwell: set[str] = set()
        self.spec: Any = self.spec if spec is None else spec
        for entities in self.entities.values():
            entities.longest_page = longest_page

    def serve(self, request: HttpRequest, bearer: str) -> HttpAnswer:
        """The answer to one request, which may fail."""
        with self._lock:
            self.requests.append(request)
            fault = self.faults.due()
            if fault is None:
                answer = self.answer(request, bearer)
                wire, wait = getattr(answer, "wire", WHOLE), getattr(answer, "wait", 0.0)
                return faulty(answer, wire, wait + self.latency)
            answer = self._failed(fault, lambda: self.answer(request, bearer))
            return faulty(answer, answer.wire, answer.wait + self.latency, fault.headers)

    def answer(self, request: HttpRequest, bearer: str) -> HttpAnswer:
        """What a healthy gateway answers, to whom it lets in."""
        protocol, path = self.book.protocol, urlsplit(request.path).path
        if path == protocol.auth.path:
            role: Any = {protocol.role.claim: protocol.role.reads[0]} if protocol.role and self.reads_only else None
            return self.token(request.body, role) if request.method == "POST" else super().answer(request, bearer)
        if path == protocol.spec or not (bearer in self.tokens or bearer == self.key):
            return super().answer(request, bearer)
        if self.only_tokens and bearer not in self.tokens:
            return refusal(protocol, 401, "the bearer is not known")
        if self.reads_only and request.method != "GET":
            return refusal(protocol, 403, "this key may not write")
        for entities in self.entities.values():
            verify = entities.call.verify
            if verify and any(path == verify.path.replace("{id}", ident) for ident in self.unwell):
                return HttpAnswer(200, {verify.good: False, verify.why: "the sandbox was told so"})
        return super().answer(request, bearer)

    def _failed(self, fault: Fault, work: Callable[[], HttpAnswer]) -> FaultyAnswer:
        """The answer to a request that fails, whose work may be done all the same."""
        if fault.kind == "reset":
            return faulty(HttpAnswer(0))
        if fault.kind == EXPIRED:
            self.tokens.clear()
            return faulty(refusal(self.book.protocol, 401, "the token has expired"))
        if fault.kind.isdecimal():
            answer = refusal(self.book.protocol, int(fault.kind), "programmed failure")
            if fault.wait is not None:
                assert isinstance(answer.body, dict)
                *way, last = self.book.protocol.wait.split(".")
                body: Any = answer.body
                for name in way:
                    body = body.setdefault(name, {})
                body[last] = fault.wait
            return faulty(answer)
        done = work()
        if fault.kind == "lost":
            return faulty(HttpAnswer(0))
        if fault.kind == "slow":
            return faulty(done, wait=SLOW if fault.wait is None else fault.wait)
        return faulty(done, WIRES[fault.kind])


class FaultyHandler(Handler):
    """Sends failures, too."""

    def parse_request(self) -> bool:
        """Whether the request can be read; its answer is as late as it is told from here on."""
        self.came = time.monotonic()
        return super().parse_request()

    def send(self, answer: HttpAnswer) -> None:
        """Sends an answer as its `wire` says."""
        wire, wait = getattr(answer, "wire", WHOLE), getattr(answer, "wait", 0.0)
        headers = getattr(answer, "headers", {})
        time.sleep(max(0.0, self.came + wait - time.monotonic()))
        self.close_connection = self.close_connection or answer.status == 0 or wire == HALF
        if not answer.status:
            return
        whole = b"" if answer.body is None else json.dumps(answer.body).encode()
        content = HTML if wire == PAGE else whole
        kind = "text/html" if wire == PAGE else "application/json"
        self.send_response(answer.status)
        for name, value in {"Content-Type": kind, "Content-Length": str(len(content)), **headers}.items():
            if answer.status != 204 or not name.startswith("Content-"):
                self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content[: len(content) // 2] if wire == HALF else content)


class Server(SandboxServer):
    """Serves what may fail."""

    handler = FaultyHandler
