"""Exported answers of real proxies: nothing secret is written, and every leaf has an outcome that is known."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from command import run_inside

RECORDED = sorted(Path("/tmp/shared/live/fixtures").glob("real-*"))
CANARY = "canary"
"""In every secret of these proxies."""
UNKNOWN = {"LM105", "LM106", "LM901"}
"""Codes of values that no rule has an answer to."""


@pytest.mark.skipif(not RECORDED, reason="no recorded answers here")
@pytest.mark.parametrize("folder", RECORDED, ids=lambda folder: folder.name)
def test_real_answers_become_payloads_without_secrets(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    ran = run_inside("--input", folder, "--output", out)
    assert ran.code == 0, ran.err
    assert CANARY not in (ran.out + ran.err).lower()
    for file in out.rglob("*"):
        assert file.is_dir() or CANARY not in file.read_text().lower(), file
    report = json.loads((out / "migration_report.json").read_text())
    assert {row["outcome"] for row in report["settings"]} == {"mapped", "manual", "skipped"}
    assert not [row["path"] for row in report["settings"] if row["code"] in UNKNOWN]
    assert len(list(leaves(json.loads((out / "snapshot.json").read_text())))) == len(report["settings"])


def leaves(value: Any) -> Iterator[Any]:
    """Every value that has none below it."""
    below = list(value.values()) if isinstance(value, dict) else value if isinstance(value, list) else []
    if not below:
        yield value
    for inner in below:
        yield from leaves(inner)
