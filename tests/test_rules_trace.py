"""`litellm-migrate rules trace`: one setting of a configuration, from its line to the payloads or to its outcome."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from command import Ran, run_inside

KEY = "gsk_Zx7f3a9c2e41b8d60Zx7f3a9c2e41b8d60"
CONFIG = f"""\
model_list:
- model_name: fast
  litellm_params: {{model: groq/llama-3.1-8b-instant, rpm: 70}}
- model_name: fast
  litellm_params:
    model: groq/llama-3.1-8b-instant
    api_key: {KEY}
    rpm: 30
    ttl: 5
- model_name: agent
  litellm_params: {{model: nlp_cloud/x}}
- model_name: clerk
  litellm_params: {{model: a-name-that-nobody-knows}}
router_settings: {{routing_strategy: least-busy}}
litellm_settings: {{drop_params: true, fooo: 1}}
"""


@pytest.fixture
def config(tmp_path: Path) -> Path:
    file = tmp_path / "config.yaml"
    file.write_text(CONFIG, encoding="utf-8")
    return file


def trace(config: Path, name: str, *words: str) -> Ran:
    ran = run_inside("rules", "trace", config, name, *words)
    assert KEY[4:] not in ran.out + ran.err
    return ran


def data(config: Path, name: str) -> Any:
    ran = trace(config, name, "--json")
    assert ran.code == 0, ran.err
    return json.loads(ran.out)


def line_at(place: dict[str, Any]) -> str:
    """The line of a rule file that an answer names."""
    lines = Path(place["file"]).read_text(encoding="utf-8").splitlines()
    return lines[int(place["line"]) - 1]


def pattern_of(line: str) -> str:
    """What a line of a rule file, which states a sentence, makes of it: its columns hold any text."""
    sentence = line.rpartition("differs: ")[2].partition(", do: ")[0].rstrip("}").strip('"')
    return ".+".join(map(re.escape, re.split(r"\{[a-z_.]+\}", sentence)))


def test_a_carried_setting_to_its_fields(config: Path) -> None:
    way = data(config, "model_list[0].litellm_params.rpm")
    assert (way["value"], way["file"], way["line"]) == (70, str(config), 3)
    assert all("rpm" in line_at(use) for use in way["read_by"])
    columns = {(column["column"], column["row"]): column for column in way["columns"]}
    assert ("deployment.with_requests", 1) in columns
    assert ("deployment.with_requests", 2) not in columns
    assert (columns["group_limits.rpm", 1]["value"], columns["group_limits.rpm", 1]["effect"]) == (100, "carried")
    assert columns["deployment.with_requests", 1]["effect"] == "decided"
    assert all(column["column"].partition(".")[2] in line_at(column) for column in way["columns"])
    fields = {f"{field['file']}{field['pointer']}": field for field in way["fields"]}
    assert fields["providers.json/0/rateLimits/rpm"]["value"] == 70
    assert fields["rate_limits.json/models/0/rpm"]["effect"] == "carried"
    (outcome,) = way["outcomes"]
    assert outcome["outcome"] == "mapped"
    for sentence, place in zip(outcome["differs"], outcome["stated"], strict=True):
        assert re.search(pattern_of(line_at(place)), sentence)


@pytest.mark.parametrize(
    ("name", "outcome", "line"),
    [
        (
            "model_list[2].litellm_params.model",
            "manual",
            'nlp_cloud: {manual: "Requests for this model fail. NLP Cloud',
        ),
        ("model_list[3].litellm_params.model", "manual", 'manual: "LiteLLM drops this entry when it starts: no prefix'),
        ("model_list.1.litellm_params.ttl", "manual", "ttl:"),
        ("/router_settings/routing_strategy", "mapped", 'differs: "Groups of several models'),
        ("litellm_settings.fooo", "manual", "unknown:"),
        ("model_list[1].litellm_params.api_key", "manual", "Anyone who read this file has this key"),
    ],
    ids=["row of a table", "step", "disposition", "what differs", "unknown setting", "warning"],
)
def test_the_rule_that_decided_the_outcome(config: Path, name: str, outcome: str, line: str) -> None:
    (result,) = data(config, name)["outcomes"]
    assert result["outcome"] == outcome
    stated = [line_at(place).strip() for place in result["stated"]]
    assert any(line in text for text in stated), stated


def test_the_answer_for_people(config: Path) -> None:
    ran = trace(config, "model_list[1].litellm_params.api_key")
    assert ran.out.startswith(f'model_list[1].litellm_params.api_key = "***"  ({config}:7)\n')
    assert '  written to  integrations.json/1/apiKey = "${GROQ_API_KEY_' in ran.out
    assert "  decides     providers.json/1/slug = " in ran.out
    assert '  carried     deployment.secret = "***" in row 2  (' in ran.out
    assert "  Manual by integrations.apiKey  (" in ran.out


def test_a_section_with_all_that_is_in_it(config: Path) -> None:
    way = data(config, "litellm_settings")
    assert [outcome["setting"] for outcome in way["outcomes"]] == [
        "litellm_settings.drop_params",
        "litellm_settings.fooo",
    ]


def test_a_configuration_inside_another_file_is_named_as_the_report_does(tmp_path: Path) -> None:
    file = tmp_path / "values.yaml"
    file.write_text("proxy_config:\n  " + CONFIG.replace("\n", "\n  ").rstrip() + "\n", encoding="utf-8")
    assert data(file, "proxy_config.model_list[0].litellm_params.rpm")["line"] == 4
    assert data(file, "model_list[0].litellm_params.rpm")["value"] == 70


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("model_list[0].litellm_params.rmp", "did you mean `model_list[0].litellm_params.rpm`"),
        ("model_list[7]", "is not in"),
        ("", "is not in"),
    ],
)
def test_what_the_configuration_does_not_hold(config: Path, name: str, says: str) -> None:
    ran = trace(config, name)
    assert ran.code == 2
    assert says in ran.err


def test_a_configuration_that_cannot_be_read(tmp_path: Path) -> None:
    assert trace(tmp_path / "none.yaml", "model_list").code == 1
