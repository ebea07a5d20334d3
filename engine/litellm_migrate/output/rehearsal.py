"""How a rehearsal went: as data, and as a section of the report."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from litellm_migrate.output.markdown import prose, table

if TYPE_CHECKING:
    from litellm_migrate.sandbox.rehearsal import Stage

STATES = {True: "good", False: "bad", None: "not tried"}
INTRO = (
    "The whole migration was tried in a gateway in memory, made from the same rules, with made-up values for every "
    "variable. Where every stage is good, the calls fit, in this order; what Synapse and the providers say to them is "
    "another matter."
)


def rehearsal_data(stages: Sequence[Stage]) -> dict[str, Any]:
    """Each stage with its numbers, and what went wrong."""
    return {
        "good": all(stage.good for stage in stages),
        "stages": [
            {
                "stage": stage.name,
                "state": STATES[stage.good],
                "counts": {word.replace(" ", "_"): count for word, count in stage.counts.items()},
                "because": list(stage.because),
            }
            for stage in stages
        ],
    }


def render_rehearsal(data: Mapping[str, Any]) -> Iterator[str]:
    """The section of the report."""
    yield from ["## Rehearsal", "", INTRO, ""]
    rows = [[stage["stage"], stage["state"], numbers(stage["counts"])] for stage in data["stages"]]
    yield from table(["Stage", "Went", "Numbers"], rows)
    for stage in data["stages"]:
        yield from (f"- {stage['stage']}: {prose(text)}" for text in stage["because"])
    if not data["good"]:
        yield ""


def numbers(counts: Mapping[str, int]) -> str:
    """What a stage counted, without what did not occur."""
    return ", ".join(f"{count} {word.replace('_', ' ')}" for word, count in counts.items() if count)
