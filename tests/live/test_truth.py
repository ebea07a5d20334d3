"""Change a leaf of a snapshot: where it is Mapped a payload changes, and where it is Manual or Skipped none does."""

from __future__ import annotations

import random
from pathlib import Path

from live.test_people import converted
from live.world import small
from test_truth import lies

SAMPLE = 40
DECIDES = {
    "LM214": "of a list that is cut, the names that are left are carried",
    "LM305": "who gets no account would get one with another address",
    "LM323": "a blocked team has no keys, and another one has",
    "LM324": "a key is in no team, and held to what the team may do all the same",
}
"""Findings about what decides something: by code, and why."""
UNTRIED = {
    "new_key.1": "what is said of a key that is not made stands at its name, whatever of it is the reason",
    "virtual_keys.rateLimitRpm": "of several limits the smallest counts",
    "litellm_snapshot.teams.*.team_memberships.*.user_id": "it names a person, and says whose keys are held to a limit",
}
"""Rules whose answer need not change with a leaf, or may, and why."""


def test_the_outcome_of_a_leaf_is_what_a_change_of_it_does(tmp_path: Path) -> None:
    done = converted(tmp_path, small()).done
    leaves = [
        verdict
        for verdict in done.verdicts
        if verdict.path[0] == "litellm_snapshot" and verdict.path[1] != "calls" and verdict.rule not in UNTRIED
    ]
    wrong = {
        verdict.path: lies(done, verdict, "synapse", DECIDES)
        for verdict in random.Random("snapshot").sample(leaves, SAMPLE)
        if verdict.path[-1] != "token"  # of a hash the first letters are in a name
    }
    assert not [path for path, lie in wrong.items() if lie]
    assert sum(lie is not None for lie in wrong.values()) > SAMPLE / 2
