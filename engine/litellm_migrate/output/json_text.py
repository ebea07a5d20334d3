"""Values as JSON text: payload files, which are exactly the request bodies, and the reports for programs."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import TYPE_CHECKING

import orjson

if TYPE_CHECKING:
    from litellm_migrate.output.setting_outcomes import SettingOutcome


def render_json(value: object) -> str:
    """A value as JSON with two spaces of indent and a newline at the end; decimals with all their digits."""
    try:
        return orjson.dumps(value, exact, orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE).decode()
    except TypeError:  # numbers of more than 64 bits, keys that are no texts, half a surrogate pair
        return json.dumps(value, indent=2, ensure_ascii=False, default=rounded) + "\n"


def compact_json(value: object) -> str:
    """A value as JSON on one line."""
    try:
        return orjson.dumps(value).decode()
    except TypeError:
        return json.dumps(value, separators=(",", ":"), ensure_ascii=False)


def exact(value: Decimal | SettingOutcome) -> orjson.Fragment | dict[str, object]:
    """A decimal with the digits that it has, which a double may not hold; an outcome as the report has it."""
    return orjson.Fragment(f"{value:f}") if isinstance(value, Decimal) else value.plain()


def rounded(value: Decimal | SettingOutcome) -> float | dict[str, object]:
    """A decimal as a double; an outcome as the report has it."""
    return float(value) if isinstance(value, Decimal) else value.plain()
