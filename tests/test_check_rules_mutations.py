"""Every kind of seeded mistake is caught, at its line, by the check that is meant for it."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from litellm_migrate.lint.violation import Violation
from sampling import marked
from seeded_mistakes import STAGES, Seed, planted

Copies = Callable[[str], tuple[Path, list[Violation]]]
ONLY_IN_FULL = {"fields", "words", "settings", "tables"}
"""Stages whose checks take as long as all others together, or are also tested one by one: `-m full` tries them."""


@pytest.fixture(scope="module")
def copies(tmp_path_factory: pytest.TempPathFactory) -> Copies:
    """A copy of the rules for each stage that is asked for, with what is found in it."""
    folder = tmp_path_factory.mktemp("mistakes")
    return cache(lambda stage: planted(stage, folder))


@pytest.mark.parametrize(
    ("stage", "seed"),
    [
        marked((stage, seed)) if stage in ONLY_IN_FULL else (stage, seed)
        for stage, seeds in STAGES.items()
        for seed in seeds
    ],
    ids=lambda one: getattr(one, "kind", ""),
)
def test_a_mistake_is_caught_by_its_check(stage: str, seed: Seed, copies: Copies) -> None:
    rules, found = copies(stage)
    near = [str(one) for one in found if one.problem.file == seed.place(rules)[0]]
    assert seed.caught(found, rules), f"expected line {seed.place(rules)[1]}, found:\n" + "\n".join(near)


def test_there_are_many_kinds() -> None:
    kinds = [seed.kind for seeds in STAGES.values() for seed in seeds]
    assert len(kinds) == len(set(kinds)) >= 30
