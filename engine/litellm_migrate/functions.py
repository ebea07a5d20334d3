"""The closed set of named conversions that rule expressions may call.

Null in, null out. A conversion that cannot use what it was given raises `Refused` with what it expects, so that the
setting becomes a finding instead of a wrong or missing value.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any
from urllib.parse import urlsplit

from litellm_migrate.model import key_text

NUMERIC = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?\Z")
PERIOD = re.compile(r"(\d+)(s|mo|m|h|d|w)\Z")
VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\Z")
DAYS = {"s": Decimal(1) / 86400, "m": Decimal(1) / 1440, "h": Decimal(1) / 24, "d": Decimal(1), "w": Decimal(7)}
NAMED_DAYS = {"hourly": Decimal(1) / 24, "daily": Decimal(1), "weekly": Decimal(7), "monthly": Decimal(30)}
DAYS_PER_MONTH = 30
MOST_DIGITS = 18
"""Numbers with more digits before the point, or noughts after it, are no prices or limits."""


class Refused(Exception):  # noqa: N818 - an answer, not an error
    """A conversion cannot use the value; the text says what it expects."""


def decimal(value: Any) -> Decimal:
    """`value` as an exact decimal; numeric texts count, since YAML 1.1 reads `1e-06` as a text."""
    if isinstance(value, bool) or not isinstance(value, (int, float, str, Decimal)):
        raise Refused("a number")
    if isinstance(value, str) and not NUMERIC.match(value.strip()):
        raise Refused("a number")
    try:
        number = Decimal(value if isinstance(value, int) else str(value).strip())
    except InvalidOperation as error:
        raise Refused("a number") from error
    if not number.is_finite():
        raise Refused("a finite number")
    if number and abs(number.adjusted()) > MOST_DIGITS:
        raise Refused("a number of a sensible size")
    return number


Number = int | float | Decimal
"""A number of a payload; a decimal only where no double has its digits."""


def plain(number: Decimal) -> Number:
    """`number` as JSON writes it: an integer if it is one, else with just these digits."""
    if number == number.to_integral_value():
        return int(number)
    nearest = float(number)
    return nearest if Decimal(repr(nearest)) == number else number


def number(value: Any) -> Number:
    """A number, also from a numeric text."""
    return plain(decimal(value))


def strict_number(value: Any) -> Number:
    """A number that is written as a number."""
    if isinstance(value, str):
        raise Refused("a number, not a text")
    return number(value)


def whole(value: Any) -> int:
    """A whole number that is not negative."""
    result = decimal(value)
    if result < 0 or result != result.to_integral_value():
        raise Refused("a whole number")
    return int(result)


def text(value: Any) -> str:
    """A text."""
    if not isinstance(value, str):
        raise Refused("a text")
    return value


def words(value: Any) -> str:
    """Any scalar as the text that a program would make of it."""
    if isinstance(value, (dict, list)):
        raise Refused("a single value")
    return str(value)


def texts(value: Any) -> list[str]:
    """A list of texts, none of them empty."""
    if not isinstance(value, list) or not all(isinstance(item, str) and item for item in value):
        raise Refused("a list of texts")
    return value


def flag(value: Any) -> bool:
    """True or false."""
    if not isinstance(value, bool):
        raise Refused("true or false")
    return value


def per_1k(cost: Any) -> Number:
    """A cost of a thousand, from the cost of one; exact in decimal."""
    result = decimal(cost) * 1000
    if result < 0:
        raise Refused("a cost that is not negative")
    return plain(result)


def decimals(value: Any) -> str:
    """A number as people write it: all its decimals, and no exponent."""
    return f"{decimal(value):f}"


def days(period: Any) -> Decimal:
    """The length of a period such as `12h`, `7d`, `1mo` or `weekly`, in days; a month has 30."""
    found = PERIOD.match(period) if isinstance(period, str) else None
    if isinstance(period, str) and period in NAMED_DAYS:
        return NAMED_DAYS[period]
    if not found or not decimal(found[1]):
        raise Refused("a period such as 24h, 7d or 1mo")
    return decimal(found[1]) * (DAYS_PER_MONTH if found[2] == "mo" else DAYS[found[2]])


def cents_per_month(amount: Any, period: Any) -> int:
    """An amount of money per period, in hundredths per month of 30 days, rounded half to even."""
    cents = decimal(amount) * 100 * DAYS_PER_MONTH / days(period)
    if cents < 0:
        raise Refused("an amount that is not negative")
    return int(cents.to_integral_value())


def percent(share: Any) -> Number:
    """A share of one as a percentage, to six decimal places."""
    return plain(round(decimal(share) * 100, 6))


def scaled(share: Any, part: Any, portion: Any) -> float:
    """A share of a part, of which a portion is taken: `share / part * portion`, to nine decimal places."""
    whole_part = decimal(part)
    return round(float(decimal(share) * decimal(portion) / whole_part), 9) if whole_part else 0.0


def present(value: Any) -> Any:
    """The value, unless it is an empty text."""
    return None if value == "" else value


def clean_url(url: Any) -> str:
    """The web address without user, password, parameters (`;name=value`), query and fragment."""
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
    """The host of a URL in lower case, with its port if it names one; null if it is no URL."""
    try:
        return str(split_url(url).netloc.rsplit("@", 1)[-1].lower())
    except Refused:
        return None


def url_path(url: Any) -> str | None:
    """The path of a URL without slashes at its ends; null if it has none."""
    return urlsplit(url).path.strip("/") or None if host(url) else None


def url_secret(url: Any) -> bool:
    """Whether a URL holds more than scheme, host and path: a user, a password, a parameter or a query."""
    try:
        parts = split_url(url)
    except Refused:
        return False
    return bool(parts.username or parts.password or ";" in parts.path or parts.query or parts.fragment)


def slug(value: Any) -> str | None:
    """Lower-case letters and digits joined by hyphens; null if there are none."""
    return re.sub(r"[^a-z0-9]+", "-", words(value).lower()).strip("-") or None


def env_name(value: Any) -> str:
    """An environment variable's name made of a text."""
    name = re.sub(r"[^A-Z0-9]+", "_", words(value).upper()).strip("_") or "VALUE"
    return f"_{name}" if name[0].isdigit() else name


def variable(name: Any) -> str:
    """An environment variable's name as it is, or made valid for a shell."""
    return name if isinstance(name, str) and VARIABLE.match(name) else env_name(name)


def fingerprint(value: Any) -> str:
    """Four hexadecimal digits that tell two values apart and are far too few to find one."""
    return hashlib.sha256(words(value).encode("utf-8", "surrogatepass")).hexdigest()[:4]


def reference(name: Any) -> str:
    """The reference to an environment variable, as payloads write it."""
    return f"${{{text(name)}}}"


def before(value: Any, separator: str) -> str | None:
    """The text before the first separator; null without one."""
    head, found, _ = parted(value, separator)
    return head if found else None


def after(value: Any, separator: str) -> str | None:
    """The text after the first separator; null without one."""
    return parted(value, separator)[2] or None


def parted(value: Any, separator: Any) -> tuple[str, str, str]:
    """The text before the first separator, the separator if it is there, and the text after it."""
    if not text(separator):
        raise Refused("a separator")
    return text(value).partition(separator)


def has(value: Any, part: Any) -> bool:
    """Whether a text or list holds a part."""
    return part in value if isinstance(value, list) else isinstance(value, str) and text(part) in value


def starts(value: Any, head: str) -> bool:
    """Whether a text starts with another."""
    return isinstance(value, str) and value.startswith(text(head))


def ends(value: Any, tail: str) -> bool:
    """Whether a text ends with another."""
    return isinstance(value, str) and value.endswith(text(tail))


def keys(value: Any) -> list[str] | None:
    """The keys of a mapping as texts; null for anything else."""
    return [key_text(key) for key in value] if isinstance(value, dict) else None


def only(value: Any) -> Any:
    """The single value of a mapping or a list; null if there is not exactly one."""
    values = list(value.values()) if isinstance(value, dict) else value if isinstance(value, list) else []
    return values[0] if len(values) == 1 else None


def size(value: Any) -> int:
    """How long a text, list or mapping is."""
    if not isinstance(value, (str, list, dict)):
        raise Refused("a text or a list")
    return len(value)


def joined(value: Any, separator: str) -> str:
    """The items of a list, or one text, as one text; of lists and mappings, which may hold secrets, only the type."""
    items = value if isinstance(value, list) else [value]
    return text(separator).join(item_text(item) for item in items)


def item_text(value: Any) -> str:
    """A single value as text, anything else by its type."""
    simple = value is None or isinstance(value, (str, int, float, date))
    return key_text(value) if simple else f"a {kind_of(value)}"


def quoted(value: Any) -> str:
    """A text as JSON, Python and JavaScript source all write it."""
    return json.dumps(words(value)).replace("`", "\\u0060")


def dig(value: Any, place: str) -> Any:
    """What lies at a dotted place inside a value, the items of lists by number; null if nothing does."""
    for step in text(place).split("."):
        inside = value if isinstance(value, dict) else dict(enumerate(value)) if isinstance(value, list) else {}
        value = inside.get(int(step) if isinstance(value, list) and step.isdecimal() else step)
    return value


def date_time(value: Any) -> str:
    """A day such as 2026-12-31 as the moment at which it begins, in UTC."""
    try:
        return f"{date.fromisoformat(text(value)).isoformat()}T00:00:00Z"
    except ValueError as error:
        raise Refused("a day such as 2026-12-31") from error


def sort(value: Any) -> str:
    """What sort of value it is: text, number, flag, list or mapping."""
    return kind_of(value)


def kind_of(value: Any) -> str:
    """The plain word for a value's type."""
    for types, word in KINDS:
        if isinstance(value, types):
            return word
    return "nothing" if value is None else type(value).__name__


KINDS: tuple[tuple[Any, str], ...] = (
    (bool, "flag"),
    (str, "text"),
    ((int, float, Decimal), "number"),
    (list, "list"),
    (dict, "mapping"),
)

NUMBERS = (number, strict_number, whole, per_1k, decimals, days, percent)
TEXTS = (texts, text, words, flag, present, slug, quoted, size, sort, keys, only, date_time)
PLACES = (clean_url, host, url_path, url_secret, env_name, variable, fingerprint, reference)
OF_TWO = (cents_per_month, before, after, has, starts, ends, joined, dig)

FUNCTIONS: dict[str, tuple[Callable[..., Any], int]] = {
    **{made.__name__: (made, 1) for made in (*NUMBERS, *TEXTS, *PLACES)},
    **{made.__name__: (made, 2) for made in OF_TWO},
    scaled.__name__: (scaled, 3),
}
"""Every function of the rule language by name, with how many arguments it takes."""
