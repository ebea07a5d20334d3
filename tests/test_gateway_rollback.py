"""`rollback` takes back what the journal says we did, and nothing that is somebody else's."""

from __future__ import annotations

import json
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from apply_run import asked
from gateway_double import GatewayDouble
from gateway_folder import MARK, Output, state

CATALOG = "/api/v1/model-catalog"
EMPTY: dict[str, Any] = {
    **{"integrations": [], "providers": [], "models": [], "keys": []},
    "routing": {"strategy": "balanced", "rules": []},
    "limits": {"acme": {"tier": "starter"}},
}


@pytest.fixture
def output(tmp_path: Path) -> Iterator[Output]:
    with GatewayDouble() as double:
        yield Output(tmp_path / "out", double)


def stayed(capsys: pytest.CaptureFixture[str], word: str = "refused") -> list[str]:
    return [line.split(None, 1)[1] for line in capsys.readouterr().err.splitlines() if line.startswith(word)]


def test_everything_that_was_created_is_gone_afterwards(output: Output) -> None:
    output.apply()
    output.double.requests.clear()
    assert output.rollback() == 0
    assert state(output.double) == EMPTY
    deleted = [path.split("/")[-2] for _, path in asked(output.double, "DELETE")]
    assert list(dict.fromkeys(deleted)) == ["virtual-keys", "models", "providers", "integrations"]
    assert json.loads((output.path / "virtual_key_secrets.json").read_text("utf-8")) == {}


def test_a_second_rollback_does_nothing_and_applying_again_works(output: Output) -> None:
    output.apply()
    output.rollback()
    output.double.requests.clear()
    assert output.rollback() == 0
    assert asked(output.double, "PUT", "POST", "DELETE") == []
    output.apply()
    assert output.validate()[0] == 0
    assert output.rollback() == 0
    assert state(output.double) == EMPTY


def test_what_was_there_before_is_there_again(output: Output) -> None:
    double = output.double
    double.catalog.routing = {"strategy": "quality_first", "rules": [{"modelPattern": "theirs", "routeTo": "x"}]}
    double.catalog.limits["acme"] = {"tier": "enterprise", "models": [{"model": "theirs", "rpm": 5}]}
    double.store["integrations"].append({"id": "1", "name": "theirs", "providerType": "OPEN_AI"})
    double.store["models"].append(
        {"id": "2", "modelId": "big", "displayName": "Big", "providerType": "OPEN_AI", "modelType": "CHAT"}
    )
    old = state(double)
    output.apply(adopt=True)
    assert double.store["models"][0]["displayName"] == "big"
    output.rollback()
    assert double.catalog.routing == old["routing"]
    assert double.catalog.limits == old["limits"]
    assert double.store["integrations"] == old["integrations"]
    (kept,) = double.store["models"]
    assert kept == {**old["models"][0], "pricing": {"inputCostPer1kTokens": 0.0025}}


def test_what_a_backup_does_not_have_is_said_to_stay(output: Output, capsys: pytest.CaptureFixture[str]) -> None:
    output.double.store["models"].append(
        {"id": "2", "modelId": "big", "displayName": "Big", "providerType": "OPEN_AI", "modelType": "CHAT"}
    )
    output.apply(adopt=True)
    output.rollback()
    (line,) = stayed(capsys, "restored   models")
    assert line.endswith("as written by us stays what its backup does not have: pricing")


def test_what_was_updated_twice_goes_back_to_the_beginning(output: Output) -> None:
    before = output.double.catalog.routing = {"strategy": "quality_first", "rules": []}
    output.apply()
    output.held["routing_config"]["strategy"] = "cost_optimized"
    output.held["models"][0]["displayName"] = "other"
    output.apply()
    assert output.rollback() == 0
    assert state(output.double) == {**EMPTY, "routing": before}


def test_what_others_changed_stays_and_is_named(output: Output, capsys: pytest.CaptureFixture[str]) -> None:
    output.apply()
    output.double.store["models"][0]["pricing"]["inputCostPer1kTokens"] = 0.009
    output.double.catalog.routing["rules"].append({"modelPattern": "theirs", "routeTo": "x"})
    routing = deepcopy(output.double.catalog.routing)
    assert output.rollback() == 1
    assert output.double.catalog.routing == routing
    assert [one["modelId"] for one in output.double.store["models"]] == ["big"]
    assert output.double.store["providers"] == []
    assert stayed(capsys) == [
        "routing_config: somebody changed it since: rules",
        "models OPEN_AI/big: somebody changed it since: pricing.inputCostPer1kTokens",
    ]


def test_what_others_refer_to_stays(output: Output, capsys: pytest.CaptureFixture[str]) -> None:
    output.apply()
    main = output.double.store["integrations"][0]["id"]
    output.double.store["providers"].append({"id": "1", "slug": "theirs", "integrationId": main})
    assert output.rollback() == 1
    assert [one["name"] for one in output.double.store["integrations"]] == ["main"]
    assert stayed(capsys) == ["integrations main: providers theirs still refers to it"]


def test_entities_of_the_same_name_that_others_made_stay(output: Output) -> None:
    output.apply()
    deleted = output.double.store["models"].pop(0)
    output.double.store["models"].append({**deleted, "id": "theirs"})
    assert output.rollback() == 0
    assert [one["id"] for one in output.double.store["models"]] == ["theirs"]


def test_a_dry_run_changes_nothing(output: Output, capsys: pytest.CaptureFixture[str]) -> None:
    output.apply()
    there, journal = state(output.double), (output.path / "journal.jsonl").read_text("utf-8")
    assert output.rollback("--dry-run") == 0
    assert state(output.double) == there
    assert (output.path / "journal.jsonl").read_text("utf-8") == journal
    text = capsys.readouterr().err
    assert "would be deleted    models OPEN_AI/big\n" in text
    assert "would be: 8 deleted, 2 restored (" in text


def test_a_creation_whose_answer_nobody_heard_is_taken_back(output: Output) -> None:
    output.apply()
    journal = output.path / "journal.jsonl"
    lines = [json.loads(line) for line in journal.read_text("utf-8").splitlines()]
    heard = [line for line in lines if line["event"] == "before" or line["name"] != "OPEN_AI/big"]
    journal.write_text("".join(json.dumps(line) + "\n" for line in heard), "utf-8")
    assert output.rollback() == 0
    assert output.double.store["models"] == []


def test_what_failed_is_tried_again_by_the_next_run(output: Output) -> None:
    output.apply()
    output.double.fail_next(500, after=14)
    assert output.rollback() == 1
    assert sum(map(len, output.double.store.values())) not in {0, 8}
    assert output.rollback() == 0
    assert state(output.double) == EMPTY


@pytest.mark.parametrize("status", [0, 429, 503])
@pytest.mark.parametrize("after", [0, 9, 17])
def test_a_gateway_in_trouble_for_a_moment_is_no_trouble(
    output: Output, monkeypatch: pytest.MonkeyPatch, status: int, after: int
) -> None:
    monkeypatch.setenv("RETRY_BASE_SECONDS", "0.01")
    output.apply()
    output.double.fail_next(status, times=2, after=after)
    assert output.rollback() == 0
    assert state(output.double) == EMPTY


def test_a_missing_backup_is_no_reason_to_invent_one(output: Output, capsys: pytest.CaptureFixture[str]) -> None:
    output.apply()
    for file in (output.path / "backup").glob("routing_config.*"):
        file.unlink()
    assert output.rollback() == 1
    assert stayed(capsys) == ["routing_config: there is no backup of what was there before"]
    assert output.double.catalog.routing["rules"]


def test_without_a_journal_there_is_nothing_to_take_back(output: Output, capsys: pytest.CaptureFixture[str]) -> None:
    output.path.mkdir()
    assert output.rollback() == 1
    assert "expected a journal" in capsys.readouterr().err
    output.write()
    assert output.rollback() == 0
    assert "there is nothing to take back" in capsys.readouterr().err


def test_the_journal_of_another_gateway_is_no_reason_to_delete_here(output: Output, tmp_path: Path) -> None:
    output.apply()
    with GatewayDouble() as other:
        other.store["providers"].append({"id": "1", "slug": "main", "tags": [MARK]})
        Output(tmp_path / "out", other).rollback()
        assert len(other.store["providers"]) == 1
    assert len(output.double.store["providers"]) == 2
