"""Every shipped rule file is laid out so that ruamel.yaml writes back, byte for byte, what it read."""

from __future__ import annotations

import pytest

from litellm_migrate import shipped
from litellm_migrate.authoring.round_trip import YamlFile

FILES = sorted(file.relative_to(shipped("rules")).as_posix() for file in shipped("rules").rglob("*.yaml"))
WRAPPED = {"endpoints/catalog.yaml"}
"""Files in which braces go over several lines, which ruamel.yaml puts on one."""


@pytest.mark.parametrize("name", FILES)
def test_a_rule_file_is_written_back_as_it_was(name: str, request: pytest.FixtureRequest) -> None:
    if name in WRAPPED:
        request.node.add_marker(pytest.mark.xfail(strict=True))
    text = (shipped("rules") / name).read_text(encoding="utf-8")
    assert YamlFile(text).text() == text


@pytest.mark.parametrize(
    "text",
    [
        "---\nkind: t\nrows:\n    a: {x: 1}\n",
        "kind: t\nrows: {a: null, b: 'yes', c: on}  # why\n---\nlist:\n  - a\n  - {b: [{c: 1}]}\n\n# at the end\n",
        "a: &x {b: 1.50}\nc: *x\nd: |\n  text\n\n  more\ne: 1.0e-06\n",
    ],
    ids=["start", "lists set in", "anchors"],
)
def test_files_of_other_layouts_too(text: str) -> None:
    assert YamlFile(text).text() == text.replace("    a:", "  a:")
