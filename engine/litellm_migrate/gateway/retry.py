"""When a request is sent again, and after how long."""

from __future__ import annotations

import os
import random
from collections.abc import Mapping
from datetime import datetime, timezone
from email.utils import parsedate_to_datetime

TRIES = 6
AGAIN = frozenset({429, 502, 503, 504})
"""Answers after which the same request may succeed; all others are final."""
REFUSED = 429
"""The one of them that says for sure that nothing was done."""
LONGEST, LONGEST_ASKED = 60.0, 300.0


def delay(tried: int, asked: float | None, headers: Mapping[str, str]) -> float:
    """The seconds to wait: what the gateway asks for (five minutes at most), else twice as long each time, jittered."""
    wanted = asked if asked is not None else retry_after(headers)
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


def retry_after(headers: Mapping[str, str]) -> float | None:
    """The header's seconds, or those until its date; None if it says neither."""
    text = headers.get("retry-after", "").strip()
    if text.isdecimal():
        return float(text)
    try:
        moment = parsedate_to_datetime(text)
    except (TypeError, ValueError):
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=timezone.utc)
    return (moment - datetime.now(timezone.utc)).total_seconds()
