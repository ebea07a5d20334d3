"""A selection of the attacks; `python tests/attacks.py` runs all of them and prints their figures."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from attack import Attack
from attacks import ATTACKS, possible, selection

CASES = [
    pytest.param(attack, case, id=f"{attack.name}-{number}", marks=[pytest.mark.script] if attack.tools else [])
    for attack in ATTACKS
    if possible(attack)
    for number, case in enumerate(selection(attack))
]


@pytest.mark.parametrize(("attack", "case"), CASES)
def test_it_is_resisted(attack: Attack, case: Any, tmp_path: Path) -> None:
    assert attack.run(case, tmp_path)
