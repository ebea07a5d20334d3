"""Every attack that the program has to resist, and its figures: `python tests/attacks.py [--quick] [WORD ...]`.

Kills, interrupts, runs that meet, gateways that lie, edited files, hostile environments and wrong usage; beside each
figure stands what it was when the program was first attacked. `--quick` runs the selection that is among the tests,
words choose attacks by their name. The exit code is 1 if there is a fault.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import attack_answers
import attack_canaries
import attack_inputs
import attack_kills
from attack import Attack
from shared_rules import rules_prepared_once

ATTACKS = (*attack_kills.ATTACKS, *attack_answers.ATTACKS, *attack_inputs.ATTACKS, *attack_canaries.ATTACKS)


def possible(attack: Attack) -> bool:
    """Whether the tools of an attack are installed."""
    return all(map(shutil.which, attack.tools))


def selection(attack: Attack) -> list[Any]:
    """The cases that are among the tests."""
    return list(attack.cases())[:: attack.step] if attack.step else []


def figures(attack: Attack, cases: list[Any]) -> tuple[Counter[str], list[str], float]:
    """How often cases ended in each way, the faults, and the seconds of the slowest case."""
    ends, faults, slowest = Counter[str](), list[str](), 0.0
    for case in cases:
        began = time.monotonic()
        with TemporaryDirectory() as name:
            try:
                ends[attack.run(case, Path(name))] += 1
            except AssertionError as error:
                faults.append(f"{case}: {error}")
                print(f"    {faults[-1]:.600}", file=sys.stderr, flush=True)
        slowest = max(slowest, time.monotonic() - began)
    return ends, faults, slowest


def lines(attacks: list[Attack], quick: bool) -> Iterator[tuple[str, list[str]]]:
    """A row of the table for each attack, and its faults."""
    for attack in attacks:
        began = time.monotonic()
        cases = selection(attack) if quick else list(attack.cases())
        ends, faults, slowest = figures(attack, cases)
        said = ", ".join(f"{many} {end}" for end, many in ends.most_common())
        now = f"{len(cases)}: {said or 'none ended well'}; **{len(faults)} faults**"
        took = f"{time.monotonic() - began:.0f} s; the slowest case {slowest:.1f} s"
        yield f"| {attack.name} | {attack.before} | {now} | {took} |", faults


def main() -> int:
    """The command."""
    made = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    made.add_argument("words", nargs="*", metavar="WORD")
    made.add_argument("--quick", action="store_true")
    given = made.parse_args()
    attacks = [one for one in ATTACKS if all(word in one.name for word in given.words) and possible(one)]
    print("| attack | first | now | took |\n|---|---|---|---|")
    everything: list[str] = []
    with rules_prepared_once():
        for row, faults in lines(attacks, given.quick):
            print(row, flush=True)
            everything += faults
    return 1 if everything else 0


if __name__ == "__main__":
    sys.exit(main())
