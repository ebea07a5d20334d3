"""Fixtures of whole conversions, and what all tests of a process share because it is the same each time."""

from __future__ import annotations

import gc
import os
import signal
from collections.abc import Iterator

import pytest
from hypothesis import settings

from conversion import DIALECTS, NESTED
from sampling import marked
from shared_rules import rules_prepared_once

settings.register_profile("explore", derandomize=False)
settings.register_profile("repeat", derandomize=True)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "repeat"))  # HYPOTHESIS_PROFILE=explore tries other inputs

gc.set_threshold(
    100_000, 50, 1_000
)  # the rules are many objects that stay: to search them often takes half of the time

os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # tests start the program often, which would be compiled each time

if signal.getsignal(signal.SIGINT) == signal.SIG_IGN:  # a shell starts what runs in the background so
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(params=[name if name in NESTED else marked(name) for name in DIALECTS])
def dialect(request: pytest.FixtureRequest) -> str:
    """Each dialect in turn; by default those two whose bodies are most alike, and rules differ most."""
    return str(request.param)


@pytest.fixture(scope="session", autouse=True)
def prepared_rules() -> Iterator[None]:
    """The rules are prepared once for all tests of a process."""
    with rules_prepared_once():
        yield
