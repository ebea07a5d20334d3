"""Requests to the gateway: authorized, sent again where that can help, answered by a status and a value."""

from __future__ import annotations

import json
import logging
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from math import inf
from typing import TypeVar
from urllib.parse import quote

from litellm_migrate.convert.calls import Protocol, number
from litellm_migrate.gateway import CALLS
from litellm_migrate.gateway.access import (
    Access,
    certificates,
    checked,
    claims,
    is_loopback,
    sendable,
    unusable_environment,
)
from litellm_migrate.gateway.names import Entity, field_at, listed
from litellm_migrate.gateway.retry import ATTEMPTS, TRANSIENT, Exchange, Response, delay, header_delay, retried
from litellm_migrate.gateway.wire import exchange
from litellm_migrate.source.model import USAGE, Json, Problem, Problems, printable
from litellm_migrate.source.redact import MASK

Subject = TypeVar("Subject")
Product = TypeVar("Product")

UNAUTHORIZED = 401
FRESH_TOKENS = 2
PAGE, MOST_PAGES = 100, 10_000
LONGEST_REASON = 500
HINTS = {UNAUTHORIZED: " Check the gateway's key.", 404: " Check the gateway's address."}
"""What to look at when lists are refused, by status."""
SHORTEST_SECRET, SHORTEST_LINE = 4, 12
LOG = logging.getLogger(CALLS)


class Client:
    """A gateway; threads may share it. It is closed by leaving it as a context manager.

    Paths may hold `{tenant}`. Nothing that is refused for good is sent again. `stop` ends all waiting at once.
    At most `access.concurrency` requests are under way at once, whoever else waits to send one.
    """

    def __init__(self, access: Access, protocol: Protocol, sleep: Callable[[float], object] | None = None) -> None:
        import httpx  # noqa: PLC0415 - conversions need no network

        self.access = checked(access)
        self.protocol = protocol
        self.stop = threading.Event()
        self._sleep = sleep or self.stop.wait
        self.bearer = access.key
        self.grant: Json = None
        """What came with the token."""
        self.report: Callable[[str], object] = lambda text: None
        """Told what is waited for before a request is sent again."""
        self._no_token = False
        self._lock = threading.Lock()
        self._secrets = frozenset(forms(access.key))
        self._free = threading.Semaphore(access.concurrency)
        try:
            _ = httpx.URL(access.url).host
        except (ValueError, httpx.InvalidURL) as error:
            message = "expected the name of a machine in the address, found one that cannot be. Correct it."
            raise Problems([Problem("--gateway-url", 0, 0, message)], USAGE) from error
        try:
            self._http = httpx.Client(
                timeout=httpx.Timeout(access.timeout, connect=min(10.0, access.timeout)),
                limits=httpx.Limits(max_keepalive_connections=access.concurrency),
                verify=certificates(access),
                trust_env=not is_loopback(access.url),  # no proxy stands between a machine and itself
            )
        except (ImportError, OSError, ValueError, httpx.InvalidURL) as error:
            raise Problems([unusable_environment(error)], USAGE) from error

    def __enter__(self) -> Client:
        return self

    def __exit__(self, *_: object) -> None:
        self._http.close()

    def hide(self, secrets: Iterable[str]) -> None:
        """Texts that no message shows, even if the gateway repeats them."""
        self._secrets |= {form for text in secrets for form in forms(text) if len(form) >= SHORTEST_SECRET}

    def request(
        self,
        method: str,
        path: str,
        body: Json = None,
        query: Mapping[str, str] | None = None,
        arrived: Callable[[], Response | None] | None = None,
    ) -> Response:
        """The response to a request, sent again as `retried` says; raises Problems if none came."""
        send = partial(self._send, method, self.target(path), body, query)
        last = retried(lambda: self._authorized(send), partial(self._wait, f"{method} {path}"), arrived)
        if last.response is None:
            message = f"expected an answer of {self.access.url}, {last.reason}."
            raise Problems([Problem(f"{method} {path}", 0, 0, message)])
        return last.response

    def glance(self, method: str, path: str, body: Json = None) -> Response | None:
        """The response to a question that matters little: asked once, None if none came."""
        return self._authorized(partial(self._send, method, self.target(path), body, None)).response

    def listed(self, path: str, container: str, words: Protocol | None = None) -> list[Entity]:
        """Everything on all pages of a list; raises Problems if it cannot be read.

        `words` are those of the list where it spells its pages otherwise.
        """
        words = words or self.protocol
        entities, last = self.page(path, container, 1, words)
        first = 2
        while first <= last:
            if last > MOST_PAGES:
                message = f"expected at most {MOST_PAGES:,} pages, found {last:,}."
                raise Problems([Problem(f"GET {path}", 0, 0, message)])
            numbers = range(first, min(last, first + self.access.concurrency - 1) + 1)
            pages = self.side_by_side(lambda number: self.page(path, container, number, words), numbers)
            if any(page[:1] == entities[:1] for page, _ in pages if page):
                message = f"expected other entities on each page, found the first ones again before page {last:,}."
                raise Problems([Problem(f"GET {path}", 0, 0, message)])
            entities += [entity for page, _ in pages for entity in page]
            last = pages[-1][1] if pages[-1][0] else 0
            first = numbers[-1] + 1
        return entities

    def page(self, path: str, container: str, number: int, words: Protocol) -> tuple[list[Entity], int]:
        """One page of a list, and the number of the last one; raises Problems if it cannot be read."""
        response = self.request("GET", path, query={words.page: str(number), words.size: str(PAGE)})
        if not response.good:
            problem = self.problem("GET", path, response)
            raise Problems([problem._replace(message=problem.message + HINTS.get(response.status, ""))])
        found = field_at(response.body, container)
        entities = [entity for entity in listed(found) if isinstance(entity, dict)]
        if entities != found:
            message = f"expected a list of objects `{container}` in the answer, found something else."
            raise Problems([Problem(f"GET {path}", 0, 0, message)])
        last = finite(field_at(response.body, words.last))
        return entities, number if last is None else int(last)

    def side_by_side(self, work: Callable[[Subject], Product], items: Iterable[Subject]) -> list[Product]:
        """What becomes of each item, in their order; as many are under way at once as there are connections."""
        with ThreadPoolExecutor(self.access.concurrency) as pool:
            try:
                return list(pool.map(work, items))
            except KeyboardInterrupt:
                self.stop.set()
                pool.shutdown(cancel_futures=True)
                raise

    def problem(self, method: str, path: str, response: Response) -> Problem:
        """Why a request failed, in the gateway's own words."""
        return Problem(f"{method} {path}", 0, 0, f"expected success, found {self.reason(response)}.")

    def reason(self, response: Response) -> str:
        """Status and message of a response: printable, short, and without any key that it repeats."""
        message = field_at(response.body, self.protocol.message)
        text = self.redact(message if isinstance(message, str) else "no message")
        return f"HTTP {response.status}: {text}".rstrip(".")

    def redact(self, text: str) -> str:
        """A text of the gateway's: printable, short, and without any key that it repeats."""
        for secret in sorted(self._secrets, key=len, reverse=True):
            text = text.replace(secret, MASK)
        return printable(text, " ")[:LONGEST_REASON]

    def tenant(self) -> str:
        """The tenant of the options, or the one that the token is of; raises Problems (exit 2) if neither names it."""
        if self.access.tenant:
            return self.access.tenant
        claim = self.protocol.claim
        if claim and claim not in claims(self.bearer):
            self._renew_token(self.bearer)
        tenant = claims(self.bearer).get(claim)
        if isinstance(tenant, str) and tenant:
            return tenant
        message = "expected the tenant, which the gateway's token does not name. Add --tenant NAME."
        raise Problems([Problem("--tenant", 0, 0, message)], USAGE)

    def target(self, path: str) -> str:
        """The path with the tenant in it."""
        return path.replace("{tenant}", quote(self.tenant(), safe="")) if "{tenant}" in path else path

    def _wait(self, request: str, attempt: int, last: Exchange) -> bool:
        """Waits before the next attempt, and says so, unless everything is to stop."""
        if self.stop.is_set():
            return False
        requested = number(field_at(last.response.body, self.protocol.wait)) if last.response else None
        seconds = delay(attempt, requested, last.headers)
        asked = requested is not None or header_delay(last.headers) is not None
        reason = (
            f"HTTP {last.status}"
            if last.response
            else last.reason.replace("found none", "no answer").removeprefix("found ")
        )
        waiting = f"retry {attempt} of {ATTEMPTS - 1} in {seconds:.0f} s{', as the gateway asks' if asked else ''}"
        self.report(f"{waiting}: {reason} from {request}")
        self._sleep(seconds)
        return True

    def _authorized(self, send: Callable[[str], Exchange]) -> Exchange:
        """One exchange; where the bearer is not known (any more), another one with a new token, and once more."""
        for _ in range(FRESH_TOKENS):
            bearer = self.bearer
            answer = send(bearer)
            if answer.status != UNAUTHORIZED or not self._renew_token(bearer):
                return answer
        return send(self.bearer)

    def _renew_token(self, refused: str) -> bool:
        """Whether there is another bearer than the refused one; threads that ask at once share the new one."""
        auth = self.protocol.auth
        with self._lock:
            if self.bearer != refused or self._no_token or not auth.path:
                return self.bearer != refused
            send = partial(self._send, "POST", auth.path, {auth.send: self.access.key}, None, None)
            last = retried(send, partial(self._wait, f"POST {auth.path}"))
            token = field_at(last.response.body, auth.receive) if last.response else None
            if not (last.response and last.response.good and isinstance(token, str) and sendable(token)):
                self._no_token = last.response is not None and last.status not in TRANSIENT
                return False
            self.bearer = token
            self.grant = last.response.body
            self.hide([token])
            return True

    def _send(
        self, method: str, target: str, body: Json, query: Mapping[str, str] | None, bearer: str | None
    ) -> Exchange:
        """One request on the wire, noted with its time in the log of calls."""
        start = time.monotonic()
        exchange = self._exchange(method, target, body, query, bearer)
        result = exchange.response.status if exchange.response else exchange.reason
        LOG.debug("%s %s: %s in %.0f ms", method, target, result, 1000 * (time.monotonic() - start))
        return exchange

    def _exchange(
        self, method: str, target: str, body: Json, query: Mapping[str, str] | None, bearer: str | None
    ) -> Exchange:
        """One request on the wire; a success whose text is no JSON is as good as lost."""
        headers = {"Accept": "application/json", **({"Authorization": f"Bearer {bearer}"} if bearer else {})}
        with self._free:
            return exchange(self._http, method, self.access.url.rstrip("/") + target, headers, query, body)


def forms(secret: str) -> Iterator[str]:
    """How an answer may repeat a secret: as it is, as a URL or JSON writes it, as JSON in JSON; each longer line."""
    yield from (secret, quote(secret, safe=""), quote(secret))
    yield from (line for line in secret.splitlines() if len(line) >= SHORTEST_LINE)
    for ascii_only in (True, False):
        once = json.dumps(secret, ensure_ascii=ascii_only)[1:-1]
        yield from (once, json.dumps(once, ensure_ascii=ascii_only)[1:-1])


def finite(value: Json) -> float | None:
    """A value that is a number, and not without end."""
    return most if (most := number(value)) is not None and abs(most) < inf else None
