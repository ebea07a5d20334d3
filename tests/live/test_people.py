"""Teams, people and keys of a snapshot: what is made of them, what is not, and that no new key may do more."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from command import run_inside
from conversion import Result, of_file
from live.double import KEY, Double, served
from live.world import key, small, team, user


def converted(folder: Path, world: dict[str, Any], dialect: str = "synapse", **how: Any) -> Result:
    """The conversion of a snapshot of a made-up LiteLLM."""
    file = folder / "snapshot.json"
    with pytest.MonkeyPatch.context() as patch, served(Double(world, **how)) as address:
        patch.setenv("LITELLM_API_KEY", KEY)
        patch.setenv("SOURCE_DATE_EPOCH", "1796000000")
        ran = run_inside("snapshot", "--from-url", address, "-o", file)
    assert ran.code == 0, ran.err
    return of_file(file, dialect)


def made(result: Result) -> dict[str, dict[str, Any]]:
    """The new keys by name, but for the one in the place of the master key."""
    return {body["name"]: body for body in result.done.payloads["virtual_keys.json"][1:]}


def of_key(folder: Path, **values: Any) -> dict[str, Any] | None:
    """The new key for one of a world that has only this one."""
    return made(converted(folder, {**small(), "keys": [key("asked", "asked", **values)]})).get("asked")


def withheld(result: Result) -> dict[str, str]:
    """Why keys are not made, by name."""
    settings = {row["path"]: row for row in result.data["settings"]}
    snapshot = result.done.source.value["litellm_snapshot"]
    reasons = {}
    for number, row in enumerate(snapshot["keys"]):
        field = "key_alias" if "key_alias" in row else "token"
        setting = settings[f"/litellm_snapshot/keys/{number}/{field}"]
        if setting["code"] == "LM323":
            reasons[row.get("key_alias", row["token"][:8])] = setting["because"]
    return reasons


def test_each_key_is_made_or_named_with_the_reason(tmp_path: Path) -> None:
    result = converted(tmp_path, small())
    reasons = withheld(result)
    assert set(reasons) == {
        "red-odd",
        "blue-star",
        "ben",
        "blocked",
        "old",
        "zero",
        "slow",
        "admin",
        "closed",
        "lost",
        "nothing",
    }
    assert len(made(result)) + len(reasons) == len(small()["keys"])
    assert all(text.startswith("This key is not made: ") for text in reasons.values())


@pytest.mark.parametrize("dialect", ["synapse", "openapi-0.2", "guides"])
def test_every_dialect_makes_the_same_people_and_keys(dialect: str, tmp_path: Path) -> None:
    payloads = converted(tmp_path, small(), dialect).done.payloads
    assert [body["name"] for body in payloads["teams.json"]] == ["red", "blue (blue)", "blue (blue-too)", "closed"]
    assert payloads["teams.json"][0] == {
        "name": "red",
        "description": "LiteLLM team red",
        "parentTeamId": "${ref:organizations/acme}",
        "maxBudgetCents": 10000,
        "budgetPeriod": "monthly",
    }
    assert "maxBudgetCents" not in payloads["teams.json"][1]  # 90 days are no period
    assert payloads["organizations.json"][0]["maxBudgetCents"] == 50000
    assert [body["email"] for body in payloads["users.json"]] == [
        "root@acme.example",
        "ann@acme.example",
        "ben@acme.example",
    ]
    assert payloads["users.json"][1]["metadata"]["litellm_teams"] == ["red"]


def test_a_new_key_always_lists_models_and_never_a_pattern(tmp_path: Path) -> None:
    for body in made(converted(tmp_path, small())).values():
        assert body["allowedModels"]
        assert not any("*" in name for name in body["allowedModels"])


def test_rates_are_the_smallest_of_all_levels(tmp_path: Path) -> None:
    keys = made(converted(tmp_path, small()))
    assert keys["red-app"]["rateLimitRpm"] == 60
    assert keys["red-ben"]["rateLimitRpm"] == 6
    assert keys["org"]["rateLimitRpm"] == 900
    assert keys["ann"]["expiresAt"] == "2027-05-31T22:00:00Z"


def test_names_of_one_team_are_in_no_other_key(tmp_path: Path) -> None:
    keys = made(converted(tmp_path, small()))
    assert [name for name, body in keys.items() if "inside" in body["allowedModels"]] == ["red-app"]


def test_without_organizations_their_keys_are_not_made(tmp_path: Path) -> None:
    result = converted(tmp_path, small(), licence=False)
    for name in ("red-app", "red-ben", "org"):
        assert "its organization was not read" in withheld(result)[name]


def test_every_setting_has_an_outcome_and_none_is_unknown(tmp_path: Path) -> None:
    result = converted(tmp_path, small())
    assert {row["outcome"] for row in result.data["settings"]} == {"mapped", "manual", "skipped"}
    assert not [row["path"] for row in result.data["settings"] if row["code"] in {"LM106", "LM901"}]


def test_nobody_becomes_an_administrator(tmp_path: Path) -> None:
    payloads = converted(tmp_path, small()).done.payloads
    assert not any("role" in field for body in payloads["users.json"] for field in body)


# What another migration tool gets wrong, one test each.
def test_disjoint_lists_are_nothing_and_not_everything(tmp_path: Path) -> None:
    assert of_key(tmp_path, team_id="red", models=["large"]) is None


def test_a_key_for_one_model_may_call_no_other(tmp_path: Path) -> None:
    body = of_key(tmp_path, models=["small"])
    assert body is not None
    assert body["allowedModels"] == ["small"]


@pytest.mark.parametrize("limit", ["max_budget", "rpm_limit", "tpm_limit"])
def test_0_is_not_unlimited(limit: str, tmp_path: Path) -> None:
    assert of_key(tmp_path, **{limit: 0}) is None


def test_an_expired_key_stays_dead(tmp_path: Path) -> None:
    assert of_key(tmp_path, expires="2026-01-01T00:00:00Z") is None


def test_the_list_of_a_person_counts_for_keys_of_its_own(tmp_path: Path) -> None:
    body = of_key(tmp_path, user_id="u-ann")
    assert body is not None
    assert body["allowedModels"] == ["small"]
    assert of_key(tmp_path, user_id="u-ben") is None  # no-default-models


def test_all_keys_are_read_and_not_ten(tmp_path: Path) -> None:
    keys = [key(f"many-{number}", f"many-{number}") for number in range(230)]
    assert len(made(converted(tmp_path, {**small(), "keys": keys}))) == 230


def test_keys_and_teams_without_an_alias_are_not_skipped(tmp_path: Path) -> None:
    world = {**small(), "keys": [key("one"), key("two", team_id="t")], "teams": [team("t")]}
    result = converted(tmp_path, world)
    assert len(made(result)) == 2
    assert result.done.payloads["teams.json"][0]["name"] == "t"


def test_two_teams_of_one_alias_stay_two(tmp_path: Path) -> None:
    names = [body["name"] for body in converted(tmp_path, small()).done.payloads["teams.json"]]
    assert len(names) == len(set(names)) == 4


def test_a_wildcard_is_one_deployment(tmp_path: Path) -> None:
    rows = [
        {"model_name": f"openai/m-{number}", "litellm_params": {"model": "openai/*"}, "model_info": {"id": "star"}}
        for number in range(50)
    ]
    double = Double(small())
    double.broken = {
        "/v2/model/info": (500, {"detail": {"error": "DB not connected"}}),
        "/v1/model/info": (200, {"data": rows}),
    }
    with pytest.MonkeyPatch.context() as patch, served(double) as address:
        patch.setenv("LITELLM_API_KEY", KEY)
        ran = run_inside("snapshot", "--from-url", address, "-o", tmp_path / "s.json")
    assert ran.code == 0, ran.err
    assert "50 rows that share an id are left out" in ran.err
    assert json.loads((tmp_path / "s.json").read_text())["model_list"] == []


def test_monthly_is_a_period_and_a_lost_organization_is_said(tmp_path: Path) -> None:
    teams = [team("t", "t", max_budget=7.0, budget_duration="monthly", organization_id="lost")]
    result = converted(tmp_path, {**small(), "keys": [], "teams": teams})
    assert result.done.payloads["teams.json"][0]["budgetPeriod"] == "monthly"
    assert result.setting("/litellm_snapshot/teams/0/organization_id")["code"] == "LM110"


def test_one_address_in_two_spellings_is_one_person(tmp_path: Path) -> None:
    world = {**small(), "users": [user("u-1", "Ann@a.example"), user("u-2", "ann@A.example")]}
    assert len(converted(tmp_path, world).done.payloads["users.json"]) == 1
