"""Prints the table of seeded mistakes as Markdown: the mistake, the check that catches it, and what it says."""

from __future__ import annotations

import tempfile
from pathlib import Path

from seeded_mistakes import STAGES, planted


def table(folder: Path) -> list[str]:
    """The lines of the table."""
    lines = ["| Mistake | Caught by | Message |", "|---|---|---|"]
    for stage, seeds in STAGES.items():
        rules, found = planted(stage, folder)
        for seed in seeds:
            caught = seed.caught(found, rules)
            said = str(caught.problem).replace(f"{rules}/", "").replace("|", "\\|") if caught else "**not caught**"
            lines.append(f"| {seed.kind} | `{seed.check}` | {said} |")
    return lines


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as scratch:
        print("\n".join(table(Path(scratch))))
