"""The oldest versions that pyproject.toml allows, as constraints for pip: `python tests/lower_bounds.py > oldest.txt`.

To try them: `pip install -c oldest.txt -e . pytest pytest-xdist hypothesis`, and then
`python -m pytest $(python tests/lower_bounds.py --tests)`.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[1] / "pyproject.toml"
QUICK = (
    "cli",
    "closures",
    "expressions",
    "fuzz",
    "golden",
    "round_trip",
    "report_schema",
    "secrets",
    "source",
    "synapse_schemas",
    "gateway_client",
)
"""Tests that together use every dependency."""


def oldest(text: str) -> Iterator[str]:
    """A constraint for each dependency; the file is read as text, for Python 3.10 reads no TOML."""
    stated = re.search(r"^dependencies = \[\n(.*?)^\]", text, re.MULTILINE | re.DOTALL)
    for line in (stated[1] if stated else "").splitlines():
        found = re.match(r'\s*"([A-Za-z0-9_.-]+)>=([0-9.]+)"', line)
        if not found:
            raise ValueError(f"expected a name and a lower bound: {line.strip()}")
        yield f"{found[1]}=={found[2]}"


if __name__ == "__main__":
    if "--tests" in sys.argv:
        print(" ".join(f"tests/test_{name}.py" for name in QUICK))
    else:
        print("\n".join(oldest(PROJECT.read_text(encoding="utf-8"))))
