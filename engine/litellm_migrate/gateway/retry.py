"""When a request is sent again, and after how long."""

from __future__ import annotations

import calendar
import os
import random
import time
from collections.abc import Callable, Mapping
from typing import NamedTuple

from litellm_migrate.source.model import Json

ATTEMPTS = 6
TOO_MANY = 429
"""The one refusal that may pass and says for sure that nothing was done."""
TRANSIENT = frozenset({TOO_MANY, 502, 503, 504})
"""Statuses after which the same request may succeed; all others are final."""
LONGEST, LONGEST_REQUESTED = 60.0, 300.0


class Response(NamedTuple):
    """A status and the value that came with it (a text where it is no JSON, None where there is none)."""

    status: int
    body: Json = None
    headers: Mapping[str, str] = {}

    @property
    def good(self) -> bool:
        """Whether the request was done."""
        return 200 <= self.status < 300


class Exchange(NamedTuple):
    """One request on the wire: its response, or the reason why none came that could be used."""

    response: Response | None
    reason: str = ""
    headers: Mapping[str, str] = {}
    timed_out: bool = False
    """The gateway may still be at it."""
    final: bool = False
    """It would be the same again."""

    @property
    def status(self) -> int:
        """The response's status; 0 where none came."""
        return self.response.status if self.response else 0


def retried(
    send: Callable[[], Exchange],
    wait: Callable[[int, Exchange], bool],
    arrived: Callable[[], Response | None] | None = None,
) -> Exchange:
    """The last exchange of a request that is sent until its response is final, or ATTEMPTS are used up.

    `wait` waits before the next attempt (its number from 1) and says whether there may be one. Where a request may have
    been done although its response was lost, `arrived` is asked before it is sent again: if it has a response, that is
    the one. After a time-out it is only asked, for the gateway may still be at it.
    """
    exchange = send()
    for attempt in range(1, ATTEMPTS):
        final = exchange.final or (exchange.response and exchange.status not in TRANSIENT)
        if final or not wait(attempt, exchange):
            break
        if arrived and exchange.status != TOO_MANY and (response := arrived()):
            return Exchange(response)
        if not (arrived and exchange.timed_out):
            exchange = send()
    return exchange


def delay(attempt: int, requested: float | None, headers: Mapping[str, str]) -> float:
    """The seconds to wait: what the gateway asks for (five minutes at most), else twice as long each time, jittered."""
    seconds = requested if requested is not None else header_delay(headers)
    if seconds is not None:
        return min(max(seconds, 0.0), LONGEST_REQUESTED)
    try:
        first = max(0.0, float(os.environ.get("RETRY_BASE_SECONDS", "1")))  # apply.sh reads the same variable
    except ValueError:
        first = 1.0
    return min(first * 2.0 ** (attempt - 1), LONGEST) * random.uniform(0.5, 1.0)  # noqa: S311 - spreads requests


def header_delay(headers: Mapping[str, str]) -> float | None:
    """The seconds of a Retry-After header, or those until its date; None if it says neither."""
    text = headers.get("retry-after", "").strip()
    if text.isdecimal():
        return float(text)
    try:
        return calendar.timegm(time.strptime(text, "%a, %d %b %Y %H:%M:%S GMT")) - time.time()
    except ValueError:
        return None
