"""The engine is built as it was meant to be: every goal of `house.py` is met, but those that are listed as missed."""

from __future__ import annotations

import pytest

from house import checks, contentless, modules

MISSED = {
    "lines of cli",
    "lines of source",
    "lines of rulebook",
    "lines of convert",
    "lines of output",
    "lines of gateway",
    "lines of sandbox",
    "lines of lint",
    "lines of authoring",
    "lines of all",
}
"""The goals that are not met yet. One that is met now has to go from this list."""


def test_every_goal_is_met_but_those_that_are_listed() -> None:
    missed = {
        check.name: f"{check.figure}, expected at most {check.goal}: {check.places}"
        for check in checks(modules())
        if not check.holds
    }
    assert missed.keys() == MISSED, missed


@pytest.mark.parametrize("name", ["found", "_known", "all_led", "KeptPaths", "MINE", "others"])
def test_names_without_content(name: str) -> None:
    assert contentless(name)


@pytest.mark.parametrize("name", ["deployment", "_origin", "finding", "keptpaths", "otherwise", "HTTPStatus"])
def test_names_with_content(name: str) -> None:
    assert not contentless(name)
