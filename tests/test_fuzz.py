"""Mutated configurations end as they should: a few hundred here, and by the thousand with `tests/fuzz_run.py`."""

from __future__ import annotations

from pathlib import Path

import pytest

import fuzz_run
from fuzz_cases import Mutator
from fuzz_run import fuzz, wrong
from sampling import spread

CASES = 60


@pytest.mark.parametrize("seed", spread([1, 2, 3], 3))
def test_mutated_configurations_end_as_they_should(seed: int) -> None:
    figures = fuzz(seed, range(CASES))
    assert figures.failures == []
    assert figures.codes.keys() <= {0, 1, 3}
    assert figures.codes[3] > CASES / 4  # most are still configurations
    assert figures.codes[1] > CASES / 10  # and many are none any more


def test_the_same_number_is_the_same_case() -> None:
    first, second = Mutator(7), Mutator(7)
    assert [first.case(number) for number in range(20)] == [second.case(number) for number in range(20)]
    assert first.case(3) != Mutator(8).case(3)


def test_what_goes_wrong_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise KeyError("x")

    def endless(*_: object) -> None:
        while True:
            pass

    monkeypatch.setattr(fuzz_run, "SECONDS", 1)
    for fault, said in ((broken, "KeyError"), (endless, "longer than 1 s")):
        monkeypatch.setattr("litellm_migrate.cli.convert.convert", fault)
        _, trouble = fuzz_run.run_case(b"model_list: []\n", tmp_path)
        assert said in trouble


def test_a_bad_end_is_found(tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert "exit 2" in wrong(2, out, "", "wrong usage\n")
    assert "told" in wrong(1, out, "", "a\x1b[2J\n")
    assert "told" in wrong(1, out, "", "")
    assert wrong(1, out, "", "config.yaml: expected text.\n") == ""
    out.mkdir()
    assert wrong(1, out, "", "config.yaml: expected text.\n") == "a partial output"
    (tmp_path / ".fresh.x").mkdir()
    assert "left behind" in wrong(1, out, "", "config.yaml: expected text.\n")
