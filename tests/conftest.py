"""Fixtures of whole conversions."""

from __future__ import annotations

import pytest

from conversion import DIALECTS


@pytest.fixture(params=DIALECTS)
def dialect(request: pytest.FixtureRequest) -> str:
    """Each dialect in turn."""
    return str(request.param)
