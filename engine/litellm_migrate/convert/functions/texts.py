"""Conversions of texts: their parts, the names of variables made of them, and web addresses."""

from __future__ import annotations

import hashlib
import json
import os
import re
import time
from datetime import date, datetime, timezone
from typing import Any
from urllib.parse import urlsplit

from litellm_migrate.convert.functions.values import Refused, text, words

FRACTION = re.compile(r"(?<=:[0-9]{2})\.[0-9]+")
"""The fraction of a second."""
SECOND = "%Y-%m-%dT%H:%M:%SZ"
"""How a moment of UTC is written."""


def slug(value: Any) -> str | None:
    """Lower-case letters and digits joined by hyphens; null if there are none.

    Example: slug('East (EU) 2') == 'east-eu-2'
    """
    return re.sub(r"[^a-z0-9]+", "-", words(value).lower()).strip("-") or None


def prefix(model: Any) -> str | None:
    """What stands before the first slash; null if nothing stands behind it.

    Example: prefix('east/large') == 'east'
    """
    head, _, rest = model.partition("/") if isinstance(model, str) else ("", "", "")
    return head if rest else None


def before(value: Any, separator: str) -> str | None:
    """The text before the first separator; null without one.

    Example: before('east/large', '/') == 'east'
    """
    head, between, _ = parted(value, separator)
    return head if between else None


def after(value: Any, separator: str) -> str | None:
    """The text after the first separator; null without one.

    Example: after('east/large', '/') == 'large'
    """
    return parted(value, separator)[2] or None


def parted(value: Any, separator: Any) -> tuple[str, str, str]:
    """The text before the first separator, the separator if it is there, and the text after it."""
    if not text(separator):
        raise Refused("a separator")
    return text(value).partition(separator)


def starts_with(value: Any, head: str) -> bool:
    """Whether a text starts with another.

    Example: starts_with('east/large', 'east/') == true
    """
    return isinstance(value, str) and value.startswith(text(head))


def ends_with(value: Any, tail: str) -> bool:
    """Whether a text ends with another.

    Example: ends_with('https://host/v1', '/v1') == true
    """
    return isinstance(value, str) and value.endswith(text(tail))


def quoted(value: Any) -> str:
    r"""A text as JSON, Python and JavaScript source all write it.

    Example: quoted('a"b') == '"a\"b"'
    """
    return json.dumps(words(value)).replace("`", "\\u0060")


def today() -> str:
    """The day of the run (of SOURCE_DATE_EPOCH, where that is set), in UTC.

    Example: today() >= '2026-01-01'
    """
    return start_of_run()[:10]


def start_of_run() -> str:
    """The moment of the run (SOURCE_DATE_EPOCH, where that is set), in UTC, to the second."""
    seconds = os.environ.get("SOURCE_DATE_EPOCH", "")
    return time.strftime(SECOND, time.gmtime(int(seconds) if seconds.isdecimal() else None))


def date_time(value: Any) -> str:
    """A day such as 2026-12-31 as the moment at which it begins, in UTC.

    Example: date_time('2026-12-31') == '2026-12-31T00:00:00Z'
    """
    try:
        return f"{date.fromisoformat(text(value)).isoformat()}T00:00:00Z"
    except ValueError as error:
        raise Refused("a day such as 2026-12-31") from error


def moment(value: Any) -> str:
    """A moment as UTC writes it to the second, so that two can be compared; one without a zone is in UTC.

    Example: moment('2026-12-31T01:00:00.5+01:00') == '2026-12-31T00:00:00Z'
    """
    try:
        when = datetime.fromisoformat(FRACTION.sub("", text(value)).replace("Z", "+00:00"))
        when = when.replace(tzinfo=when.tzinfo or timezone.utc).astimezone(timezone.utc)
    except (ValueError, OverflowError):
        raise Refused("a date and a time") from None
    return when.strftime(SECOND)


def lowered(value: Any) -> str:
    """A text in lower case.

    Example: lowered('Ann@A.example') == 'ann@a.example'
    """
    return text(value).lower()


def shortened(value: Any, most: Any) -> str:
    """The first signs of a text.

    Example: shortened('0123456789', 8) == '01234567'
    """
    if not isinstance(most, int):
        raise Refused("a whole number")
    return text(value)[:most]


def env_name(value: Any) -> str:
    """An environment variable's name made of a text.

    Example: env_name('my key 2') == 'MY_KEY_2'
    """
    name = re.sub(r"[^A-Z0-9]+", "_", words(value).upper()).strip("_") or "VALUE"
    return f"_{name}" if name[0].isdigit() else name


def variable(name: Any) -> str:
    """An environment variable's name as it is, or made valid for a shell.

    Example: variable('MY-KEY') == 'MY_KEY'
    """
    return name if isinstance(name, str) and name.isascii() and name.isidentifier() else env_name(name)


def fingerprint(value: Any) -> str:
    """Four hexadecimal digits that tell two values apart and are far too few to find one.

    Example: length(fingerprint('sk-1234')) == 4
    """
    return hashlib.sha256(words(value).encode("utf-8", "surrogatepass")).hexdigest()[:4]


def reference(name: Any) -> str:
    """The reference to an environment variable, as payloads write it.

    Example: reference('MY_KEY') == '${MY_KEY}'
    """
    return f"${{{text(name)}}}"


def renamed(value: Any, pattern: Any, wanted: Any) -> str | None:
    """A text that fits one pattern, with what its stars stand for put into another; null if it does not fit.

    Example: renamed('east-large', 'east-*', 'west/*') == 'west/large'
    """
    starred = behind_stars(text(value), text(pattern))
    head, *tails = text(wanted).split("*")
    if starred is None or len(tails) != len(starred):
        return None
    return head + "".join(f"{part}{tail}" for part, tail in zip(starred, tails, strict=True))


def behind_stars(value: str, pattern: str) -> list[str] | None:
    """What each star of a pattern stands for in a text, the first as much as it can; None if the text does not fit."""
    head, *middle = pattern.split("*")
    tail = middle.pop() if middle else ""
    end = len(value) - len(tail)
    if "*" not in pattern:
        return [] if value == pattern else None
    if not value.startswith(head) or not value.endswith(tail) or end < len(head):
        return None
    parts: list[str] = []
    for part in reversed(middle):
        place = value.rfind(part, len(head), end)
        if place < 0:
            return None
        parts.insert(0, value[place + len(part) : end])
        end = place
    return [value[len(head) : end], *parts]


def specificity(pattern: Any) -> int:
    """How long a text with stars is as a regular expression: of two that fit a name, the longer says more of it.

    Example: specificity('east*') == 8
    """
    return len(re.escape(text(pattern))) + 2 * text(pattern).count("*")


def glob(value: Any, signs: Any) -> str:
    """A text as a glob in which some signs stand for themselves.

    Example: glob('large[1]*', '[?') == 'large[[]1]*'
    """
    return "".join(f"[{sign}]" if sign in text(signs) else sign for sign in text(value))


def clean_url(url: Any) -> str:
    """The web address without user, password, parameters (`;name=value`), query and fragment.

    Example: clean_url('https://me:word@host/v1/?key=x') == 'https://host/v1'
    """
    parts = split_url(url)
    if parts.scheme not in ("http", "https") or re.search(r"\s", f"{parts.netloc}{parts.path}"):
        raise Refused("a URL with http or https, a host and no spaces")
    path = re.sub(r";[^/]*", "", parts.path)
    return f"{parts.scheme}://{host(url)}{path.rstrip('/')}"


def split_url(url: Any) -> Any:
    """The parts of an absolute URL."""
    try:
        parts = urlsplit(url) if isinstance(url, str) else None
        if parts is None or not parts.scheme or not parts.hostname or (parts.port or 1) < 1:
            raise Refused("a URL with scheme and host")
    except ValueError as error:
        raise Refused("a URL with scheme and host") from error
    return parts


def host(url: Any) -> str | None:
    """The host of a URL in lower case, with its port if it names one; null if it is no URL.

    Example: host('https://Host.example:8080/v1') == 'host.example:8080'
    """
    try:
        return str(split_url(url).netloc.rsplit("@", 1)[-1].lower())
    except Refused:
        return None


def url_path(url: Any) -> str | None:
    """The path of a URL without slashes at its ends; null if it has none.

    Example: url_path('https://host/v1/') == 'v1'
    """
    return urlsplit(url).path.strip("/") or None if host(url) else None


def url_secret(url: Any) -> bool:
    """Whether a URL holds more than scheme, host and path: a user, a password, a parameter or a query.

    Example: url_secret('https://host/v1?key=x') == true
    """
    try:
        parts = split_url(url)
    except Refused:
        return False
    return bool(parts.username or parts.password or ";" in parts.path or parts.query or parts.fragment)
