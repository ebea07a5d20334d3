"""The version of the rule format: rules of another one are refused with what to change."""

from __future__ import annotations

from collections.abc import Iterator

from litellm_migrate.rulebook.files import Spec
from litellm_migrate.source.model import Problem

FORMAT = 1
CHANGED = {
    0: "add `format: 1` to this document; nothing else changed",
}
"""For each earlier format, what makes its rules those of the next."""
STATES, MAY_STATE = "source", ("source", "settings")
"""The kind of document that states the format, and the kinds that may: an overlay has none of the first."""


def other_formats(specs: list[Spec]) -> Iterator[Problem]:
    """A problem for each document that is of another format."""
    for spec in specs:
        if not isinstance(spec.value, dict) or spec.value.get("kind") not in MAY_STATE:
            continue
        stated = spec.value.get("format", 0 if spec.value["kind"] == STATES else FORMAT)
        place = spec.at("format")
        if isinstance(stated, bool) or not isinstance(stated, int) or stated < 0:
            yield place.problem(f"expected `format: {FORMAT}`, the format that this program reads. Correct it.")
        elif stated > FORMAT:
            text = f"expected rules of format {FORMAT}, found format {stated}. Install a newer litellm-migrate."
            yield place.problem(text)
        elif stated < FORMAT:
            steps = "; then ".join(CHANGED[old] for old in range(stated, FORMAT))
            yield place.problem(f"expected rules of format {FORMAT}, found format {stated}. To bring them up: {steps}.")
