"""The closed set of named conversions that rule expressions may call.

Null in, null out. A conversion that cannot use what it was given raises `Refused` with what it expects, so that the
setting becomes a finding instead of a wrong or missing value.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, NamedTuple

from litellm_migrate.convert.functions import numbers, texts, values
from litellm_migrate.convert.functions.numbers import Number, decimal, plain
from litellm_migrate.convert.functions.values import Refused, kind_of

__all__ = ["FUNCTIONS", "KIND_FUNCTIONS", "Number", "Refused", "decimal", "kind_of", "plain"]

OF_NUMBERS = (numbers.decimals, numbers.percent, numbers.per_1k, numbers.smallest, numbers.days, numbers.cents)
OF_VALUES = (
    *(values.words, values.texts, values.present),
    *(values.length, values.keys, values.only),
)
OF_TEXTS = (
    *(texts.slug, texts.prefix, texts.quoted, texts.date_time, texts.moment, texts.lowered),
    *(texts.env_name, texts.variable, texts.fingerprint, texts.reference, texts.specificity),
    *(texts.clean_url, texts.host, texts.url_path, texts.url_secret),
)
OF_TWO = (
    *(numbers.cents_per_month, numbers.plus, values.contains, values.dig, values.join, values.abridged),
    *(values.intersection, values.merged, values.without),
    *(texts.before, texts.after, texts.starts_with, texts.ends_with, texts.glob, texts.shortened),
)

FUNCTIONS: dict[str, tuple[Callable[..., Any], int]] = {
    **{function.__name__: (function, 1) for function in (*OF_NUMBERS, *OF_VALUES, *OF_TEXTS)},
    **{function.__name__: (function, 2) for function in OF_TWO},
    "type": (values.kind_of, 1),
    **{function.__name__: (function, 3) for function in (numbers.scaled, texts.renamed)},
    texts.today.__name__: (texts.today, 0),
}
"""Every function of the rule language by name, with how many arguments it takes."""


class KindFunction(NamedTuple):
    """A function whose second argument is a word: what it gives, and by word the function of its first argument."""

    meaning: str
    by_kind: Mapping[str, Callable[[Any], Any]]


KIND_FUNCTIONS = {
    "as": KindFunction(
        "The value; one of another kind becomes a finding",
        {
            "text": values.text,
            "number": numbers.number,
            "whole number": numbers.whole,
            "flag": values.flag,
        },
    ),
    "is": KindFunction(
        "Whether a value is of a kind", {word: partial(values.is_kind, word) for _, word in values.KINDS}
    ),
}
"""The functions that ask for a kind, by name."""
