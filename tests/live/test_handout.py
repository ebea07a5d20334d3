"""Who gets which new key: files without secrets, and one private file for each receiver once there are some."""

from __future__ import annotations

import csv
import json
import stat
from pathlib import Path
from typing import Any

import pytest

from command import run_inside
from live.double import KEY, Double, served
from live.world import key, small


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A conversion of the small world, one of whose keys has a name that a spreadsheet would compute."""
    monkeypatch.setenv("LITELLM_API_KEY", KEY)
    world = small()
    world["keys"].append(key("odd", "=cmd()", models=["chat"]))
    with served(Double(world)) as address:
        ran = run_inside("--from-url", address, "--output", tmp_path / "out")
    assert ran.code == 0, ran.err
    return tmp_path / "out"


def content(file: Path) -> Any:
    """What a file of JSON holds."""
    return json.loads(file.read_text())


def test_the_hand_out_names_keys_and_holds_no_secret(folder: Path) -> None:
    rows = {row["virtual_key"]: row for row in content(folder / "handout.json")}
    made = [body["name"] for body in content(folder / "payloads" / "virtual_keys.json")[1:]]
    assert set(rows) == set(made)
    assert rows["red-app"] == {
        "virtual_key": "red-app",
        "replaces": rows["red-app"]["replaces"],
        "token": rows["red-app"]["token"],
        "team": "red",
        "last_used": "2026-11-29T00:00:00Z",
    }
    assert len(rows["red-app"]["token"]) == 12
    assert rows["ann"]["owner"] == "ann@acme.example"


def test_a_spreadsheet_computes_nothing(folder: Path) -> None:
    with (folder / "handout.csv").open() as stream:
        rows = list(csv.reader(stream))
    assert rows[0][:2] == ["Virtual key", "LiteLLM key"]
    assert "'=cmd()" in [row[0] for row in rows]


def test_keys_that_are_not_made_are_listed_with_reason_and_step(folder: Path) -> None:
    rows = {row["key"]: row for row in content(folder / "withheld.json")}
    assert rows["blocked"]["because"] == "it is blocked"
    assert all(row["advice"] for row in rows.values())
    assert not set(rows) & {row["virtual_key"] for row in content(folder / "handout.json")}


def test_the_keys_of_each_team_are_listed(folder: Path) -> None:
    rows = {row["team"]: row["keys"] for row in content(folder / "team_keys.json")}
    assert rows["red"] == ["red-app", "red-ben"]


def test_each_receiver_gets_a_private_file(folder: Path) -> None:
    names = [row["virtual_key"] for row in content(folder / "handout.json")]
    secrets = {name: f"sk-syn-{number}" for number, name in enumerate(names) if name != "org"}
    (folder / "virtual_key_secrets.json").write_text(json.dumps(secrets))
    ran = run_inside("handout", "--output", folder)
    assert ran.code == 1  # one has no secret
    assert "org" in ran.err
    assert not any(secret in ran.out + ran.err for secret in secrets.values())
    red = folder / "handout" / "red.json"
    assert stat.S_IMODE(red.stat().st_mode) == 0o600
    assert {row["virtual_key"]: row["secret"] for row in content(red)} == {
        name: secrets[name] for name in ("red-app", "red-ben")
    }
    (folder / "virtual_key_secrets.json").write_text(json.dumps({**secrets, "org": "sk-syn-o"}))
    ran = run_inside("handout", "--output", folder, "--split-by", "owner")
    assert ran.code == 0, ran.err
    assert (folder / "handout" / "ann-acme-example.json").exists()


def test_a_field_that_no_row_has_is_refused(folder: Path) -> None:
    (folder / "virtual_key_secrets.json").write_text(json.dumps({"ann": "sk-syn-1"}))
    ran = run_inside("handout", "--output", folder, "--split-by", "colour")
    assert (ran.code, "virtual_key" in ran.err) == (2, True)
