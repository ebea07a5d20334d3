"""`litellm-migrate rules`: list, explain and matrix."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

import pytest

from litellm_migrate import shipped
from litellm_migrate.authoring.explain import explained, lines
from litellm_migrate.authoring.matrix import matrix
from litellm_migrate.cli.main import main
from litellm_migrate.output import markdown
from litellm_migrate.rulebook.usage import Usage, usage_of


@cache
def usage() -> Usage:
    """The shipped rules, read once."""
    return usage_of(shipped("rules"), shipped("schemas"), "synapse")


def told(name: str) -> str:
    """What the command prints of a setting or a name."""
    return "\n".join(lines(explained(usage(), name)))


def test_the_matrix_equals_the_rules() -> None:
    written = (shipped("rules") / "MATRIX.md").read_text(encoding="utf-8")
    assert matrix(usage(), markdown) == written, "run `litellm-migrate rules regenerate`"


def test_the_matrix_has_every_setting_and_no_row_without_an_answer() -> None:
    text = matrix(usage(), markdown)
    rows = [line for line in text.splitlines() if line.startswith("| `")]
    cells = [[cell.strip() for cell in row.replace("\\|", "").strip("|").split(" | ")] for row in rows]
    assert all(len(row) == 4 and row[1] in ("Mapped", "Manual", "Skipped") and row[2] and row[3] for row in cells)
    assert sum(len(row[0].split(", ")) for row in cells) == len(list(usage().settings()))


def test_a_setting_that_is_carried() -> None:
    text = told("model_list.*.litellm_params.input_cost_per_token")
    assert "models.json: pricing.inputCostPer1kTokens" in text
    assert "models.yaml:" in text
    assert "otherwise: model_list.*.litellm_params.input_cost_per_token" in text


def test_an_index_stands_for_every_item() -> None:
    assert told("model_list[3].litellm_params.rpm") == told("model_list.*.litellm_params.rpm")
    assert "routing_config.json: rules.weight" in told("model_list.0.litellm_params.weight")


def test_a_setting_that_is_not_carried() -> None:
    text = told("litellm_settings.drop_params")
    assert "manual: litellm_settings.drop_params" in text
    assert "litellm_settings/requests.yaml:" in text
    assert "To do: " in text
    assert "written to" not in text


def test_a_setting_that_only_others_know() -> None:
    found = explained(usage(), "model_list.*.litellm_params.aws_region")
    assert found["otherwise"]


def test_a_name_and_what_comes_of_it() -> None:
    found = explained(usage(), "groq/llama-3.1-8b-instant")
    fields = {(one["file"], one["pointer"]): one for one in found["fields"]}
    assert fields[("integrations.json", "/0/providerType")]["value"] == "GROQ"
    model = fields[("models.json", "/0/modelId")]
    assert (model["value"], model["rule"]) == ("llama-3.1-8b-instant", "models.modelId")
    line = Path(model["at"]["file"]).read_text(encoding="utf-8").splitlines()[model["at"]["line"] - 1]
    assert line.strip().startswith("modelId:")


def test_a_name_that_nothing_serves_says_why() -> None:
    assert "manual by" in told("nobody/no-such-model")


def test_a_name_that_is_neither_of_the_rules_nor_of_a_model_is_unknown(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rules", "explain", "nonexistent_setting"]) == 2
    assert "no setting, code or rule has this name" in capsys.readouterr().err


def test_a_misspelt_setting_names_the_nearest(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rules", "explain", "litellm_settings.drop_parms"]) == 2
    assert "did you mean `drop_params`" in capsys.readouterr().err


def test_explain_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rules", "explain", "router_settings.routing_strategy", "--json", "--dialect", "openapi-0.2"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert {"setting", "known", "read_by", "written_to", "decides", "otherwise"} == set(found)
    assert any(one["rule"] == "routing_config.strategy" for one in found["written_to"])


def test_list_and_list_of_a_kind(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rules", "list"]) == 0
    assert len(capsys.readouterr().out.splitlines()) > 50
    assert main(["rules", "list", "dialect", "--json"]) == 0
    assert [one["id"] for one in json.loads(capsys.readouterr().out)] == ["guides", "openapi-0.2", "synapse"]
    assert main(["rules", "list", "dialects"]) == 2
    assert "expected one of auth, codes, dialect" in capsys.readouterr().err


@pytest.mark.parametrize(
    "words", [[], ["explain"], ["nothing"], ["matrix", "--dialect", "none"], ["list", "--rules", "/no"]]
)
def test_wrong_usage_is_exit_2(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    try:
        code: object = main(["rules", *words])
    except SystemExit as end:
        code = end.code
    assert code == 2
    assert capsys.readouterr().err
