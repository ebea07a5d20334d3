"""Published configurations: each is read as `yaml.safe_load` reads it, or refused with one line."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from litellm_migrate.source.model import Grammar, Problems, Source, leaves
from litellm_migrate.source.read import read_source

CORPUS = Path(__file__).resolve().parents[2] / "shared" / "corpus"
FILES = sorted(CORPUS.glob("*.yaml")) if CORPUS.is_dir() else []
SECTIONS = ("model_list", "litellm_settings", "router_settings", "general_settings", "credential_list", "guardrails")
GRAMMAR = Grammar(SECTIONS, "include", "Gateway")

pytestmark = pytest.mark.skipif(not FILES, reason="the published configurations are not here")


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name[:3])
def test_a_published_configuration_is_read_exactly_or_refused_once(file: Path) -> None:
    try:
        source = read_source(str(file), GRAMMAR)
    except Problems as refused:
        refusals = refused.problems
    else:
        refusals = ()
        check(file, source)
    assert len(refusals) <= 1


def check(file: Path, source: Source) -> None:
    text = file.read_text(encoding="utf-8")
    expected = yaml.safe_load(text)
    assert "include" in expected or repr(source.value) == repr(expected)
    for path, _ in leaves(source.value):
        at, local = source.marks[path]
        if at.file == str(file) and isinstance(local[-1], str):
            written = text.split("\n")[at.line - 1][at.column - 1 :]
            assert written.lstrip("'\"").startswith(local[-1])


def test_most_of_them_are_read() -> None:
    read = 0
    for file in FILES:
        try:
            read_source(str(file), GRAMMAR)
        except Problems:
            continue
        read += 1
    assert read >= 0.9 * len(FILES)
