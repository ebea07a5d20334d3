"""Every kind of seeded mistake is caught, at its line, by the check that is meant for it."""

from __future__ import annotations

from pathlib import Path

import pytest

from litellm_migrate.lint.violation import Violation
from seeded_mistakes import STAGES, Seed, planted

Copy = tuple[Path, list[Violation]]


@pytest.fixture(scope="module")
def copies(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Copy]:
    """One copy of the rules for each stage, with what is found in it."""
    folder = tmp_path_factory.mktemp("mistakes")
    return {stage: planted(stage, folder) for stage in STAGES}


@pytest.mark.parametrize(
    ("stage", "seed"),
    [(stage, seed) for stage, seeds in STAGES.items() for seed in seeds],
    ids=lambda one: getattr(one, "kind", ""),
)
def test_a_mistake_is_caught_by_its_check(stage: str, seed: Seed, copies: dict[str, Copy]) -> None:
    rules, found = copies[stage]
    near = [str(one) for one in found if one.problem.file == seed.place(rules)[0]]
    assert seed.caught(found, rules), f"expected line {seed.place(rules)[1]}, found:\n" + "\n".join(near)


def test_there_are_many_kinds() -> None:
    kinds = [seed.kind for seeds in STAGES.values() for seed in seeds]
    assert len(kinds) == len(set(kinds)) >= 30
