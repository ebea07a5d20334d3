"""Conversions of numbers, amounts and periods of time."""

from __future__ import annotations

import re
from decimal import ROUND_FLOOR, Decimal, InvalidOperation
from typing import Any

from litellm_migrate.convert.functions.values import Refused

NUMERIC = r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?"
PERIOD = r"(\d+)(s|mo|m|h|d|w)"
DAYS = {"s": Decimal(1) / 86400, "m": Decimal(1) / 1440, "h": Decimal(1) / 24, "d": Decimal(1), "w": Decimal(7)}
NAMED_DAYS = {"hourly": Decimal(1) / 24, "daily": Decimal(1), "weekly": Decimal(7), "monthly": Decimal(30)}
DAYS_PER_MONTH = 30
MOST_DIGITS = 18
"""Numbers with more digits before the point, or noughts after it, are no prices or limits."""


def decimal(value: Any) -> Decimal:
    """`value` as an exact decimal; numeric texts count, since YAML 1.1 reads `1e-06` as a text."""
    if isinstance(value, bool) or not isinstance(value, (int, float, str, Decimal)):
        raise Refused("a number")
    if isinstance(value, str) and not re.fullmatch(NUMERIC, value.strip()):
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
    """A number, also one in a text such as '7'."""
    return plain(decimal(value))


def whole(value: Any) -> int:
    """A whole number that is not negative, also 2.0 and one in a text."""
    result = decimal(value)
    if result < 0 or result != result.to_integral_value():
        raise Refused("a whole number")
    return int(result)


def decimals(value: Any) -> str:
    """A number as people write it: all its decimals, and no exponent.

    Example: decimals('1e-07') == '0.0000001'
    """
    return f"{decimal(value):f}"


def percent(share: Any) -> Number:
    """A share of one as a percentage, to six decimal places.

    Example: percent('0.25') == 25
    """
    return plain(round(decimal(share) * 100, 6))


def scaled(share: Any, part: Any, portion: Any) -> float:
    """A share of a part, of which a portion is taken: `share / part * portion`, to nine decimal places.

    Example: scaled('0.5', '0.5', '0.25') == `0.25`
    """
    whole_part = decimal(part)
    return round(float(decimal(share) * decimal(portion) / whole_part), 9) if whole_part else 0.0


def plus(first: Any, second: Any) -> Number:
    """The sum of two numbers.

    Example: plus(2, 3) == 5
    """
    return plain(decimal(first) + decimal(second))


def per_1k(cost: Any) -> Number:
    """A cost of a thousand, from the cost of one; exact in decimal.

    Example: per_1k('0.002') == 2
    """
    result = decimal(cost) * 1000
    if result < 0:
        raise Refused("a cost that is not negative")
    return plain(result)


def days(period: Any) -> Decimal:
    """The length of a period such as `12h`, `7d`, `1mo` or `weekly`, in days; a month has 30.

    Example: days('2w') == 14
    """
    match = re.fullmatch(PERIOD, period) if isinstance(period, str) else None
    if isinstance(period, str) and period in NAMED_DAYS:
        return NAMED_DAYS[period]
    if not match or not decimal(match[1]):
        raise Refused("a period such as 24h, 7d or 1mo")
    return decimal(match[1]) * (DAYS_PER_MONTH if match[2] == "mo" else DAYS[match[2]])


def smallest(values: Any) -> Any:
    """The smallest number of a list, or the only one.

    Example: smallest(`[3, 1, 2]`) == 1
    """
    return min(values if isinstance(values, list) else [values], key=decimal, default=None)


def cents_per_month(amount: Any, period: Any) -> int:
    """An amount of money per period, in hundredths per month of 30 days, rounded half to even.

    Example: cents_per_month(10, '1d') == 30000
    """
    cents = decimal(amount) * 100 * DAYS_PER_MONTH / days(period)
    if cents < 0:
        raise Refused("an amount that is not negative")
    return int(cents.to_integral_value())


def cents(amount: Any) -> int:
    """An amount of money in hundredths; what is less than one of them is left out.

    Example: cents('10.559') == 1055
    """
    return int((decimal(amount) * 100).to_integral_value(ROUND_FLOOR))
