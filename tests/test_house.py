"""The engine is built as it was meant to be: every goal of `house.py` is met, but those that are listed as missed."""

from __future__ import annotations

import pytest

from house import Check, checks, contentless, modules

RESULTS = {check.name: check for check in checks(modules())}

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


@pytest.mark.parametrize("check", RESULTS.values(), ids=RESULTS)
def test_a_goal_is_met_unless_it_is_listed(check: Check) -> None:
    explained = "\n".join((f"{check.name}: {check.figure}, expected at most {check.goal}", *check.places))
    if check.name in MISSED:
        assert not check.holds, f"{check.name} is met now: remove it from MISSED in {__file__}"
    else:
        assert check.holds, explained


def test_the_list_names_goals_only() -> None:
    assert RESULTS.keys() >= MISSED


@pytest.mark.parametrize("name", ["found", "_known", "all_led", "KeptPaths", "MINE", "others"])
def test_names_without_content(name: str) -> None:
    assert contentless(name)


@pytest.mark.parametrize("name", ["deployment", "_origin", "finding", "keptpaths", "otherwise", "HTTPStatus"])
def test_names_with_content(name: str) -> None:
    assert not contentless(name)
