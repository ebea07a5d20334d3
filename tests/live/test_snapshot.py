"""`snapshot` against a double of LiteLLM: what is asked, what is kept, what is said of what did not answer."""

from __future__ import annotations

import json
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from command import Ran, run_inside
from live.double import KEY, Double, served
from live.world import SECRET, large, small

Reader = Callable[..., Ran]


@pytest.fixture
def read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Reader:
    """Takes a snapshot of a double into `snapshot.json` of the test's folder."""
    monkeypatch.setenv("LITELLM_API_KEY", KEY)
    monkeypatch.setenv("RETRY_BASE_SECONDS", "0")

    def taken(double: Double, *more: object) -> Ran:
        with served(double) as address:
            return run_inside("snapshot", "--from-url", address, "-o", tmp_path / "snapshot.json", *more)

    return taken


def document(folder: Path) -> dict[str, Any]:
    """The snapshot of a folder."""
    content: dict[str, Any] = json.loads((folder / "snapshot.json").read_text())
    return content


def calls(folder: Path) -> dict[str, dict[str, Any]]:
    """What the snapshot says of each section."""
    return {entry["section"]: entry for entry in document(folder)["litellm_snapshot"]["calls"]}


def test_everything_is_read_with_get_alone_and_each_page_once(read: Reader, tmp_path: Path) -> None:
    double = Double(large(keys=450, users=150, teams=20))
    ran = read(double)
    assert ran.code == 0, ran.err
    assert {method for method, _ in double.asked} == {"GET"}
    assert set(double.asked.values()) == {1}
    head = document(tmp_path)["litellm_snapshot"]
    assert [len(head[part]) for part in ("keys", "users", "teams")] == [450, 150, 20]
    assert len({row["token"] for row in head["keys"]}) == 450
    assert calls(tmp_path)["keys"]["pages"] == 5


def test_role_version_and_licence_are_said(read: Reader, tmp_path: Path) -> None:
    assert read(Double(small())).code == 0
    head = document(tmp_path)["litellm_snapshot"]
    assert (head["version"], head["licence"], head["reader_role"]) == ("1.106.2", "enterprise", "proxy_admin")


def test_the_snapshot_is_private_and_holds_no_secret(read: Reader, tmp_path: Path) -> None:
    ran = read(Double(small()), "--verbose")
    file = tmp_path / "snapshot.json"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    for text in (file.read_text(), ran.out, ran.err):
        assert SECRET not in text
        assert KEY not in text
    servers = document(tmp_path)["mcp_servers"]
    assert servers["tickets"]["auth_value"] == "os.environ/TICKETS_AUTH_VALUE"
    assert servers["tickets"]["env"] == {"TOKEN": "os.environ/TICKETS_TOKEN"}
    assert "auth_value" not in servers["open"]
    assert document(tmp_path)["credential_list"][0]["credential_values"]["api_key"] == "os.environ/EU_AZURE_API_KEY"


def test_what_says_nothing_is_left_out_but_an_empty_list_of_models_stays(read: Reader, tmp_path: Path) -> None:
    assert read(Double(small())).code == 0
    read_document = document(tmp_path)
    plain = next(
        row
        for row in read_document["litellm_snapshot"]["keys"]
        if row["key_name"].endswith("ab9f") or "key_alias" not in row
    )
    assert set(plain) == {"token", "key_name", "models"}
    assert plain["models"] == []
    assert read_document["model_list"][1]["model_info"].keys() == {"id", "db_model"}
    assert read_document["router_settings"] == {"num_retries": 3, "model_group_alias": {"talk": "chat"}}
    assert "teams" not in read_document["litellm_snapshot"]["organizations"][0]


def test_faults_on_the_way_change_nothing(read: Reader, tmp_path: Path) -> None:
    assert read(Double(small())).code == 0
    good = document(tmp_path)
    double = Double(small())
    double.fail_each = 7
    assert read(double).code == 0
    again = document(tmp_path)
    for snapshot in (good, again):
        for name in ("taken_at", "from"):
            del snapshot["litellm_snapshot"][name]
    assert good == again


def test_a_key_that_is_made_meanwhile_is_read_or_the_list_is_read_again(read: Reader, tmp_path: Path) -> None:
    double = Double(large(keys=250, users=10, teams=5))
    double.grows = True
    assert read(double).code == 0
    tokens = [row["token"] for row in document(tmp_path)["litellm_snapshot"]["keys"]]
    assert len(tokens) == len(set(tokens)) == 251


def test_an_old_version_is_asked_key_by_key(read: Reader, tmp_path: Path) -> None:
    assert read(Double(small(), version=160)).code == 0
    keys = document(tmp_path)["litellm_snapshot"]["keys"]
    assert {row.get("key_alias") for row in keys} >= {"red-app", "twin", "org"}
    assert len({row["token"] for row in keys}) == len(small()["keys"])
    assert calls(tmp_path)["mcp_servers"]["nothing"] == "Not Found"
    ran = run_inside("convert", tmp_path / "snapshot.json", "--output", tmp_path / "out")
    assert ran.code == 0, ran.err
    report = json.loads((tmp_path / "out" / "migration_report.json").read_text())
    said = {row["because"] for row in report["settings"] if row["path"].endswith("/nothing")}
    assert any(sentence.startswith("This LiteLLM has no mcp_servers") for sentence in said)


def test_a_version_that_has_a_section_does_not_lack_it_where_somebody_hides_its_call(read: Reader) -> None:
    double = Double(small())
    double.broken = {"/v1/agents": (404, {"detail": "Not Found"}), "/tag/list": (200, {"tags": []})}
    ran = read(double, "--strict")
    assert ran.code == 3
    assert "not read: agents: HTTP 404: Not Found" in ran.err
    assert "not read: tags: its answer has no list of rows" in ran.err


def test_a_version_that_nobody_tells_lacks_nothing_for_certain(read: Reader) -> None:
    double = Double(small(), version=160)
    double.broken = dict.fromkeys(("/openapi.json", "/health/readiness"), (404, {"detail": "Not Found"}))
    assert "not read: mcp_servers: HTTP 404: Not Found" in read(double).err


def test_without_a_licence_organizations_are_not_read_which_is_not_none(read: Reader, tmp_path: Path) -> None:
    ran = read(Double(small(), licence=False), "--strict")
    assert ran.code == 3
    assert "organizations: HTTP 403: Organizations are only available for LiteLLM Enterprise users." in ran.err
    assert "organizations" not in document(tmp_path)["litellm_snapshot"]
    assert calls(tmp_path)["organizations"]["because"]


HIDDEN = {"mcp_servers", "vector_stores", "agents", "pass_through"}
"""What a viewer is not shown, or not as it is."""


@pytest.mark.parametrize("version", [180, 206])
def test_an_empty_list_that_a_viewer_is_shown_is_not_none(version: int, read: Reader, tmp_path: Path) -> None:
    assert read(Double(small(), version=version, role="proxy_admin_viewer")).code == 0
    entries = calls(tmp_path)
    assert {name for name, entry in entries.items() if "because" in entry} == HIDDEN
    assert entries["agents"]["because"] == "a reader of the role proxy_admin_viewer may be shown less than there is"
    ran = run_inside("convert", tmp_path / "snapshot.json", "--output", tmp_path / "out")
    assert ran.code == 0, ran.err
    assert "There may be more of agents than was read" in (tmp_path / "out" / "migration_report.md").read_text()


@pytest.mark.parametrize(("role", "hidden"), [("proxy_admin", False), ("org_admin", True)])
def test_other_roles_are_shown_all_or_nothing_is_taken_for_all(
    role: str, hidden: bool, read: Reader, tmp_path: Path
) -> None:
    assert read(Double(small(), role=role)).code == 0
    assert ("because" in calls(tmp_path)["keys"]) is hidden


def test_the_master_key_sees_all_whatever_role_its_row_has(read: Reader, tmp_path: Path) -> None:
    double = Double(small())
    double.reader_has_row = False
    assert read(double).code == 0
    assert document(tmp_path)["litellm_snapshot"]["reader_role"] == "proxy_admin"
    assert not [name for name, entry in calls(tmp_path).items() if "because" in entry]


def test_where_the_role_is_not_known_the_lists_of_some_may_be_short(read: Reader, tmp_path: Path) -> None:
    double = Double(small(), version=180)
    double.reader_has_row = False
    assert read(double).code == 0
    assert {name for name, entry in calls(tmp_path).items() if "because" in entry} == {*HIDDEN, "reader_role"}


def test_what_is_left_out_is_counted(read: Reader, tmp_path: Path) -> None:
    world = small()
    world["mcp"] = [{**world["mcp"][1], "allow_all_keys": False, "oauth_passthrough": False, "created_at": "2026"}]
    world["mcp"].append(
        {**world["mcp"][0], "server_id": "m-3", "alias": "asked for", "approval_status": "pending_review"}
    )
    assert read(Double(world)).code == 0
    assert list(document(tmp_path)["mcp_servers"]) == ["open"]
    assert calls(tmp_path)["mcp_servers"]["omitted"] == 7  # a server that LiteLLM does not serve, and 6 fields


@pytest.mark.parametrize("path", ["/key/list", "/team/list", "/user/list"])
def test_nothing_is_written_where_what_is_needed_does_not_answer(path: str, read: Reader, tmp_path: Path) -> None:
    double = Double(small())
    double.broken = {path: (500, {"error": {"message": "no"}}), "/v2/team/list": (500, {})}
    ran = read(double)
    assert ran.code == 1
    assert path in ran.err
    assert not (tmp_path / "snapshot.json").exists()
    assert read(double, "--only", "tags,budgets").code == 0


def test_lists_that_never_add_up_are_not_read(read: Reader, tmp_path: Path) -> None:
    double = Double(small())
    double.broken = {"/key/list": (200, {"keys": small()["keys"], "total_count": 99, "total_pages": 1})}
    ran = read(double)
    assert ran.code == 1
    assert "19 rows came where 99 were announced, twice" in ran.err


def test_no_address_but_the_named_one_is_asked(read: Reader, tmp_path: Path) -> None:
    elsewhere, double = Double(small()), Double(small())
    with served(elsewhere) as address:
        double.moves_to = address
        ran = read(double)
    assert ran.code == 1
    assert not elsewhere.requests
    assert not (tmp_path / "snapshot.json").exists()


def test_a_refused_key_is_not_shown(read: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LITELLM_API_KEY", "sk-wrong-key-5678")
    ran = read(Double(small()))
    assert ran.code == 1
    assert "HTTP 401" in ran.err
    assert "sk-wrong-key-5678" not in ran.err


def test_usage_that_would_show_the_key_or_reach_others_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("LITELLM_API_KEY", raising=False)
    ran = run_inside("snapshot", "--from-url", "https://litellm.example", "-o", tmp_path / "s.json")
    assert (ran.code, "LITELLM_API_KEY" in ran.err) == (2, True)
    monkeypatch.setenv("LITELLM_API_KEY", KEY)
    ran = run_inside("snapshot", "--from-url", "http://litellm.example", "-o", tmp_path / "s.json")
    assert (ran.code, "--insecure-http" in ran.err) == (2, True)


def test_exported_answers_are_read_like_a_running_proxy(tmp_path: Path) -> None:
    double, folder = Double(small()), tmp_path / "answers"
    folder.mkdir()
    for target in (
        "/key/list?size=100&page=1&return_full_object=true",
        "/user/list?page_size=100",
        "/v2/model/info?size=100",
    ):
        status, answer = double.answer("GET", target, KEY)
        name = target.partition("?")[0].strip("/").replace("/", "_")
        (folder / f"{name}.json").write_text(json.dumps({"call": f"GET {target}", "status": status, "answer": answer}))
    (folder / "team_list.json").write_text(json.dumps(double.answer("GET", "/team/list", KEY)[1]))  # the answer alone
    ran = run_inside("--input", folder, "--output", tmp_path / "out")
    assert ran.code == 0, ran.err
    kept = json.loads((tmp_path / "out" / "snapshot.json").read_text())
    assert len(kept["litellm_snapshot"]["keys"]) == len(small()["keys"])
    assert "organizations: HTTP 404" in ran.err


def test_what_nobody_exported_is_not_none(tmp_path: Path) -> None:
    folder = tmp_path / "answers"
    folder.mkdir()
    hashes = [row["token"] for row in small()["keys"]]
    double = Double(small(), version=160)
    refused = {"call": "GET /key/list?size=100&return_full_object=true", "status": 400, "answer": {"error": "no"}}
    answers = {
        "openapi": {"call": "GET /openapi.json", "status": 200, "answer": {"info": {"version": "1.60.8"}}},
        "key_list": refused,
        "key_hashes": {"call": "GET /key/list", "answer": {"keys": hashes[:10], "total_count": 19, "total_pages": 2}},
        **{
            path: {"call": f"GET {path}", "answer": double.answer("GET", path, KEY)[1]}
            for path in ("/team/list", "/user/list", "/v2/model/info", "/organization/list")
        },
    }
    for name, answer in answers.items():
        (folder / f"{name.strip('/').replace('/', '_')}.json").write_text(json.dumps(answer))
    ran = run_inside("--input", folder, "--output", tmp_path / "out")
    assert ran.code == 0, ran.err
    assert "keys: 19 rows are announced, and 10 are exported; the details of 10 rows were not answered" in ran.err
    withheld = json.loads((tmp_path / "out" / "withheld.json").read_text())
    assert {row["because"] for row in withheld} == {"LiteLLM did not answer what it may do"}
    assert len(withheld) == 10


def test_a_file_and_a_snapshot_are_one_configuration(read: Reader, tmp_path: Path) -> None:
    assert read(Double(small())).code == 0
    file = tmp_path / "config.yaml"
    file.write_text(
        "model_list:\n"
        "- {model_name: chat, litellm_params: {model: openai/gpt-4o, api_key: os.environ/FILE_KEY}}\n"
        "router_settings: {num_retries: 2, timeout: 30}\n"
    )
    ran = run_inside("--input", file, "--input", tmp_path / "snapshot.json", "--output", tmp_path / "out")
    assert ran.code == 0, ran.err
    integrations = json.loads((tmp_path / "out" / "payloads" / "integrations.json").read_text())
    assert "${FILE_KEY}" in [body["apiKey"] for body in integrations]
    report = json.loads((tmp_path / "out" / "migration_report.json").read_text())
    entries = [row for row in report["settings"] if row["path"].endswith("/model_name")]
    assert [Path(row["file"]).name for row in entries] == ["config.yaml", *["snapshot.json"] * 3]
    assert entries[0]["line"] == 2
    retries = next(row for row in report["settings"] if row["path"] == "/router_settings/num_retries")
    assert Path(retries["file"]).name == "snapshot.json"
    assert any(notice["code"] == "in-force" for notice in report["notices"])


def test_a_conversion_reads_the_address_itself_and_keeps_what_it_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LITELLM_API_KEY", KEY)
    double = Double(small())
    with served(double) as address:
        ran = run_inside("--from-url", address, "--output", tmp_path / "out")
    assert ran.code == 0, ran.err
    assert set(double.asked.values()) == {1}
    assert stat.S_IMODE((tmp_path / "out" / "snapshot.json").stat().st_mode) == 0o600
    for file in (tmp_path / "out").rglob("*"):
        assert file.is_dir() or SECRET not in file.read_text(), file
