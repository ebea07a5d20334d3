"""Every setting that LiteLLM knows has an answer."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from conversion import of_file
from known_settings import every, known, universe
from litellm_migrate.source.model import Problems
from sampling import spread

CORPUS = sorted((Path(__file__).resolve().parents[2] / "shared" / "corpus").glob("*.yaml"))
BATCHES = 12
NO_ANSWER = {"words.unknown", "words.unused"}
"""The rules of settings of which no other rule says anything."""


def without_answer(file: Path) -> list[Any]:
    """The settings of a file of which no rule says anything."""
    return [verdict for verdict in of_file(file).done.verdicts if verdict.rule in NO_ANSWER]


@pytest.mark.parametrize("free", ["text", 7, False, ["text"], {"some_key": "text"}], ids=repr)
def test_every_known_setting_has_an_answer(tmp_path: Path, free: Any) -> None:
    (tmp_path / "more.yaml").write_text("model_list: []\n")
    config = every(universe(), free) | {"include": ["more.yaml"]}
    assert len(config) == len(universe()["properties"])
    (tmp_path / "config.yaml").write_text(yaml.safe_dump(config))
    assert [".".join(map(str, verdict.path)) for verdict in without_answer(tmp_path / "config.yaml")] == []


def test_a_setting_of_an_entry_that_yields_no_model_has_an_answer(tmp_path: Path) -> None:
    entry = every(universe()["properties"]["model_list"]["items"], "text")
    entry["litellm_params"] |= {"model": "no-such/model", "custom_llm_provider": "no-such"}
    (tmp_path / "config.yaml").write_text(yaml.safe_dump({"model_list": [entry]}))
    assert [".".join(map(str, verdict.path)) for verdict in without_answer(tmp_path / "config.yaml")] == []


@pytest.mark.skipif(not CORPUS, reason="the published configurations are not here")
@pytest.mark.parametrize("batch", spread(range(BATCHES), BATCHES))
def test_published_configurations_leave_only_keys_open_that_litellm_does_not_know(batch: int) -> None:
    files, seen = CORPUS[batch::BATCHES], 0
    for file in files:
        try:
            found = without_answer(file)
        except Problems:
            continue
        seen += 1
        assert [(file.name, verdict.path) for verdict in found if known(verdict.path)] == []
    assert seen > len(files) * 0.8


def verdict_of(tmp_path: Path, text: str, *path: str | int) -> Any:
    """What becomes of one setting of a configuration."""
    (tmp_path / "config.yaml").write_text(text)
    (found,) = [verdict for verdict in of_file(tmp_path / "config.yaml").done.verdicts if verdict.path == path]
    return found


def test_a_misspelt_setting_is_told_its_name(tmp_path: Path) -> None:
    found = verdict_of(tmp_path, "router_settings: {num_retrys: 3}", "router_settings", "num_retrys")
    assert (found.outcome, found.code) == ("manual", "LM901")
    assert "Did you mean num_retries?" in found.because


def test_a_misspelt_setting_in_a_list_is_told_its_name(tmp_path: Path) -> None:
    text = "model_list: [{model_name: a, litellm_params: {model: openai/gpt-4o, api_verison: x}}]"
    found = verdict_of(tmp_path, text, "model_list", 0, "litellm_params", "api_verison")
    assert (found.outcome, found.code) == ("manual", "LM901")
    assert "Did you mean api_version?" in found.because


def test_a_misspelt_setting_is_not_taken_for_what_its_section_says(tmp_path: Path) -> None:
    text = "litellm_settings: {cache: true, cache_params: {similarity_treshold: 0.9}}"
    found = verdict_of(tmp_path, text, "litellm_settings", "cache_params", "similarity_treshold")
    assert (found.outcome, found.code) == ("manual", "LM901")
    assert "Did you mean similarity_threshold?" in found.because


def test_a_name_that_resembles_nothing_gets_no_suggestion(tmp_path: Path) -> None:
    found = verdict_of(tmp_path, "router_settings: {zebra: 3}", "router_settings", "zebra")
    assert (found.code, "Did you mean" in found.because) == ("LM901", False)
