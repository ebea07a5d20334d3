"""Requests to the gateway: authorized, sent again where that can help, answered by a status and a value."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar
from urllib.parse import quote

from litellm_migrate.convert.calls import Protocol
from litellm_migrate.gateway.access import USAGE, Access, checked, claims, plain
from litellm_migrate.gateway.retry import AGAIN, REFUSED, TRIES, delay
from litellm_migrate.gateway.wire import Answer, Tried, Wire
from litellm_migrate.source.model import Problem, Problems
from litellm_migrate.source.secrets import at

__all__ = ["Access", "Answer", "Client"]

Given = TypeVar("Given")
Made = TypeVar("Made")

UNAUTHORIZED = 401
FRESH_TOKENS = 2
PAGE = 100
LONGEST_REASON = 500
SHORTEST_SECRET = 4


class Client:
    """A gateway; threads may share it. It is closed by leaving it as a context manager.

    Paths may hold `{tenant}`. Nothing that is refused for good is sent again. `stop` ends all waiting at once.
    """

    def __init__(self, access: Access, protocol: Protocol, sleep: Callable[[float], object] | None = None) -> None:
        self.access = checked(access)
        self.protocol = protocol
        self.stop = threading.Event()
        self._sleep = sleep or self.stop.wait
        self.bearer = access.key
        self.granted: Mapping[str, Any] = {}
        """What came with the token."""
        self._refused = False
        self._lock = threading.Lock()
        self._secrets = frozenset({access.key})
        self._wire = Wire(access)

    def __enter__(self) -> Client:
        return self

    def __exit__(self, *_: object) -> None:
        self._wire.close()

    def hide(self, secrets: Iterable[str]) -> None:
        """Texts that no message shows, even if the gateway repeats them."""
        self._secrets |= {text for text in secrets if len(text) >= SHORTEST_SECRET}

    def request(
        self,
        method: str,
        path: str,
        body: Any = None,
        query: Mapping[str, str] | None = None,
        arrived: Callable[[], Answer | None] | None = None,
    ) -> Answer:
        """The answer to a request, which is sent until one counts; raises Problems if none came.

        Where a request may have been done although its answer was lost, `arrived` is asked before it is sent again:
        if it has an answer, that is the one. After a time-out it is only asked: the gateway may still be at it.
        """
        target = self.target(path)
        seen = self._authorized(method, target, body, query)
        for tried in range(1, TRIES):
            if (seen.answer and seen.answer.status not in AGAIN) or self.stop.is_set():
                break
            self._sleep(delay(tried, self.asked(seen.answer), seen.headers))
            found = arrived() if arrived and not (seen.answer and seen.answer.status == REFUSED) else None
            if found:
                return found
            if not (arrived and seen.slow):
                seen = self._authorized(method, target, body, query)
        if seen.answer:
            return seen.answer
        raise Problems([Problem(f"{method} {path}", 0, 0, f"expected an answer of the gateway, {seen.reason}.")])

    def glance(self, method: str, path: str, body: Any = None) -> Answer | None:
        """The answer to a question that matters little: asked once, None if none came."""
        return self._authorized(method, self.target(path), body, None).answer

    def asked(self, answer: Answer | None) -> float | None:
        """The seconds that an answer asks to wait."""
        said = at(answer.body, tuple(self.protocol.wait.split("."))) if answer else None
        return float(said) if isinstance(said, (int, float)) and not isinstance(said, bool) else None

    def listed(self, path: str, container: str) -> list[dict[str, Any]]:
        """Everything on all pages of a list; raises Problems if it cannot be read."""
        found, last = self.page(path, container, 1)
        page = 2
        while page <= last:
            ahead = range(page, min(last, page + self.access.concurrency - 1) + 1)
            shown = self.side_by_side(lambda number: self.page(path, container, number), ahead)
            found += [one for entities, _ in shown for one in entities]
            last = shown[-1][1] if shown[-1][0] else 0
            page = ahead[-1] + 1
        return found

    def page(self, path: str, container: str, number: int) -> tuple[list[dict[str, Any]], int]:
        """One page of a list, and the number of the last one; raises Problems if it cannot be read."""
        answer = self.read(path, {self.protocol.page: str(number), self.protocol.size: str(PAGE)})
        shown = at(answer.body, tuple(container.split(".")))
        if not isinstance(shown, list):
            raise Problems([Problem(f"GET {path}", 0, 0, f"expected a list `{container}` in the answer, found none.")])
        said = at(answer.body, tuple(self.protocol.last.split(".")))
        last = int(said) if type(said) in {int, float} else number
        return [one for one in shown if isinstance(one, dict)], last

    def side_by_side(self, work: Callable[[Given], Made], each: Iterable[Given]) -> list[Made]:
        """What becomes of each, in their order; as many are under way at once as there are connections."""
        with ThreadPoolExecutor(self.access.concurrency) as pool:
            try:
                return list(pool.map(work, each))
            except KeyboardInterrupt:
                self.stop.set()
                pool.shutdown(cancel_futures=True)
                raise

    def read(self, path: str, query: Mapping[str, str] | None = None) -> Answer:
        """The good answer to a GET; raises Problems for any other."""
        answer = self.request("GET", path, query=query)
        if not answer.good:
            raise Problems([self.problem("GET", path, answer)])
        return answer

    def problem(self, method: str, path: str, answer: Answer) -> Problem:
        """Why a request failed, in the gateway's own words."""
        return Problem(f"{method} {path}", 0, 0, f"expected success, found {self.reason(answer)}.")

    def reason(self, answer: Answer) -> str:
        """Status and message of an answer: printable, short, and without any key that it repeats."""
        said = at(answer.body, tuple(self.protocol.message.split(".")))
        return f"HTTP {answer.status}: {self.shown(said if isinstance(said, str) else 'no message')}".rstrip(".")

    def shown(self, text: str) -> str:
        """A text of the gateway's: printable, short, and without any key that it repeats."""
        for secret in sorted(self._secrets, key=len, reverse=True):
            text = text.replace(secret, "***")
        return "".join(sign if sign.isprintable() else " " for sign in text)[:LONGEST_REASON]

    def tenant(self) -> str:
        """The tenant that was named, or the one that the token is of; raises Problems (exit 2) if neither says it."""
        if self.access.tenant:
            return self.access.tenant
        claim = self.protocol.claim
        if claim and claim not in claims(self.bearer):
            self._exchange(self.bearer)
        said = claims(self.bearer).get(claim)
        if isinstance(said, str) and said:
            return said
        message = "expected the tenant, which the gateway's token does not name. Add --tenant NAME."
        raise Problems([Problem("--tenant", 0, 0, message)], USAGE)

    def target(self, path: str) -> str:
        """The path with the tenant in it."""
        return path.replace("{tenant}", quote(self.tenant(), safe="")) if "{tenant}" in path else path

    def _authorized(self, method: str, target: str, body: Any, query: Mapping[str, str] | None) -> Tried:
        """One exchange; where the bearer is not known (any more), another one with a new token, and once more."""
        for _ in range(FRESH_TOKENS):
            bearer = self.bearer
            seen = self._wire.send(method, target, body, query, bearer)
            if not (seen.answer and seen.answer.status == UNAUTHORIZED and self._exchange(bearer)):
                return seen
        return self._wire.send(method, target, body, query, self.bearer)

    def _exchange(self, refused: str) -> bool:
        """Whether there is another bearer than the refused one; threads that ask at once share the new one."""
        with self._lock:
            if self.bearer != refused:
                return True
            if self._refused:
                return False
            seen = self._token()
            token = at(seen.answer.body, tuple(self.protocol.auth.receive.split("."))) if seen.answer else None
            if not (seen.answer and seen.answer.good and isinstance(token, str) and plain(token)):
                self._refused = seen.answer is not None and seen.answer.status not in AGAIN
                return False
            self.bearer = token
            self.granted = seen.answer.body
            self._secrets |= {token}
            return True

    def _token(self) -> Tried:
        """The answer where the key is exchanged."""
        auth = self.protocol.auth
        for tried in range(1, TRIES):
            seen = self._wire.send("POST", auth.path, {auth.send: self.access.key}, None, None)
            if (seen.answer and seen.answer.status not in AGAIN) or self.stop.is_set():
                return seen
            self._sleep(delay(tried, self.asked(seen.answer), seen.headers))
        return self._wire.send("POST", auth.path, {auth.send: self.access.key}, None, None)
