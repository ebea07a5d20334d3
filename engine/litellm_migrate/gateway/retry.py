"""When a request is sent again, and after how long."""

from __future__ import annotations

import calendar
import os
import random
import time
from collections.abc import Mapping

TRIES = 6
AGAIN = frozenset({429, 502, 503, 504})
"""Answers after which the same request may succeed; all others are final."""
REFUSED = 429
"""The one of them that says for sure that nothing was done."""
LONGEST, LONGEST_ASKED = 60.0, 300.0


def delay(tried: int, asked: float | None, headers: Mapping[str, str]) -> float:
    """The seconds to wait: what the gateway asks for (five minutes at most), else twice as long each time, jittered."""
    wanted = asked if asked is not None else by_header(headers)
    if wanted is not None:
        return min(max(wanted, 0.0), LONGEST_ASKED)
    longest = min(base() * 2.0 ** (tried - 1), LONGEST)
    return longest * random.uniform(0.5, 1.0)  # noqa: S311 - spreads requests, guards nothing


def base() -> float:
    """The first wait in seconds; the script reads the same variable."""
    try:
        return max(0.0, float(os.environ.get("RETRY_BASE_SECONDS", "1")))
    except ValueError:
        return 1.0


def by_header(headers: Mapping[str, str]) -> float | None:
    """The header's seconds, or those until its date; None if it says neither."""
    text = headers.get("retry-after", "").strip()
    if text.isdecimal():
        return float(text)
    try:
        return calendar.timegm(time.strptime(text, "%a, %d %b %Y %H:%M:%S GMT")) - time.time()
    except ValueError:
        return None
