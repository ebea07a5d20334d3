"""The built-in patterns of LiteLLM's content filter, held against the table of the rules."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from conversion import rulebook
from installed import litellm

HOOKS = Path(litellm().__file__).parent / "proxy" / "guardrails" / "guardrail_hooks"
PATTERNS = json.loads((HOOKS / "litellm_content_filter" / "patterns.json").read_text("utf-8"))["patterns"]
ROWS: Any = rulebook().tables["prebuilt_patterns"].rows


@pytest.mark.parametrize("pattern", PATTERNS, ids=lambda pattern: pattern["name"])
def test_a_built_in_pattern_finds_what_it_finds_there(pattern: dict[str, Any]) -> None:
    row = ROWS[pattern["name"]]
    if "keyword_pattern" in pattern:
        assert row == {"near_words": True}
    else:
        assert row["pattern"].removeprefix("(?i)") == pattern["pattern"]
        letters = re.sub(r"\\[A-Za-z]|\(\?[<!:=]+", "", pattern["pattern"])
        assert row["pattern"].startswith("(?i)") == bool(re.search("[A-Za-z]", letters))


def test_the_table_has_no_other_row() -> None:
    assert set(ROWS) == {pattern["name"] for pattern in PATTERNS}
