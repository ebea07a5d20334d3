"""How a rehearsal went: as data, and as a section of the report."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from litellm_migrate.output.markdown import prose, table

TRIAL_WORDS = {True: "good", False: "bad", None: "not tried"}
"""Words for how a trial went."""
INTRO = (
    "The migration was tried in a gateway in memory, built from the same rules, with made-up values. Good "
    "stages show that the calls fit, not what Synapse and the providers answer."
)


class StageResult(NamedTuple):
    """How one part of a rehearsal went."""

    name: str
    good: bool | None
    """None if it was not tried."""
    counts: Mapping[str, int]
    because: tuple[str, ...] = ()
    """What went wrong."""


def is_good(stages: Sequence[StageResult]) -> bool:
    """Whether every stage was tried and went well."""
    return all(stage.good for stage in stages)


def rehearsal_data(stages: Sequence[StageResult]) -> dict[str, object]:
    """Each stage with its numbers, and what went wrong, for programs."""
    return {
        "good": is_good(stages),
        "stages": [
            {
                "stage": stage.name,
                "state": TRIAL_WORDS[stage.good],
                "counts": {word.replace(" ", "_"): count for word, count in stage.counts.items()},
                "because": list(stage.because),
            }
            for stage in stages
        ],
    }


def render_rehearsal(stages: Sequence[StageResult]) -> Iterator[str]:
    """The section of the report for people; numbers of what did not occur are left out."""
    yield from ["## Rehearsal", "", INTRO, ""]
    numbers = [", ".join(f"{count} {word}" for word, count in stage.counts.items() if count) for stage in stages]
    rows = [[stage.name, TRIAL_WORDS[stage.good], text] for stage, text in zip(stages, numbers, strict=True)]
    yield from table(["Stage", "Went", "Numbers"], rows)
    for stage in stages:
        yield from (f"- {stage.name}: {prose(text)}" for text in stage.because)
    if not is_good(stages):
        yield ""
