"""One request on the wire, and what came back."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from litellm_migrate.gateway.access import Access, loopback, trust

if TYPE_CHECKING:
    import httpx


@dataclass(frozen=True, slots=True)
class Answer:
    """A status and the value that came with it (a text where it is no JSON, None where there is none)."""

    status: int
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def good(self) -> bool:
        """Whether it was done."""
        return 200 <= self.status < 300


@dataclass(frozen=True, slots=True)
class Tried:
    """One exchange: the answer, or why none came that could be used; and how long to wait before the next."""

    answer: Answer | None
    reason: str
    headers: Mapping[str, str]
    slow: bool = False
    """The gateway may still be at it."""


class Wire:
    """A pool of connections to a gateway: so many requests are under way at once, whoever else waits to send one."""

    def __init__(self, access: Access) -> None:
        import httpx  # noqa: PLC0415 - conversions need no network

        self.url = access.url.rstrip("/")
        self._free = threading.Semaphore(access.concurrency)
        limits = httpx.Limits(max_connections=access.concurrency, max_keepalive_connections=access.concurrency)
        timeout = httpx.Timeout(access.timeout, connect=min(10.0, access.timeout))
        proxied = not loopback(urlsplit(access.url).hostname or "")  # nothing stands between a machine and itself
        self._http = httpx.Client(timeout=timeout, limits=limits, verify=trust(access), trust_env=proxied)

    def close(self) -> None:
        """Ends all connections."""
        self._http.close()

    def send(self, method: str, target: str, body: Any, query: Mapping[str, str] | None, bearer: str | None) -> Tried:
        """What one request brings."""
        import httpx  # noqa: PLC0415

        headers = {"Accept": "application/json", **({"Authorization": f"Bearer {bearer}"} if bearer else {})}
        more = {} if body is None else {"json": body}
        try:
            with self._free:
                response = self._http.request(method, self.url + target, params=query, headers=headers, **more)
        except (httpx.TransportError, httpx.DecodingError) as error:
            slow = isinstance(error, httpx.ReadTimeout)
            return Tried(None, f"found none ({type(error).__name__})", {}, slow)
        return tried(response)


def tried(response: httpx.Response) -> Tried:
    """What a response says; a success whose text is no JSON is as good as lost."""
    value: Any = None
    if response.content:
        try:
            value = response.json()
        except ValueError:
            if response.is_success:
                return Tried(None, "found a page that is no JSON", response.headers)
            value = response.text
    return Tried(Answer(response.status_code, value, response.headers), "", response.headers)
