"""Many cases of one test: an evenly spread part by default, the others with `python -m pytest -m full`."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest


def spread(cases: Iterable[Any], step: int) -> list[Any]:
    """The same cases; only every `step`-th is not marked `full`.

    In a product of lists, a `step` that divides the length of none of them leaves every value in some case.
    """
    return [case if number % step == 0 else marked(case) for number, case in enumerate(cases)]


def marked(case: Any) -> Any:
    """A case that is marked `full`."""
    return pytest.param(*(case if isinstance(case, tuple) else (case,)), marks=pytest.mark.full)
