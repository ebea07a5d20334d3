"""`apply.sh` when something is wrong: with its environment, the gateway, or the network."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from apply_run import PROVIDER_KEY, SCRIPT, Folder, asked, everything, model
from gateway_catalog import HttpAnswer, HttpRequest, refusal
from gateway_double import GatewayDouble
from litellm_migrate.convert.calls import Variable

pytestmark = SCRIPT


@pytest.fixture
def double() -> Iterator[GatewayDouble]:
    with GatewayDouble() as running:
        yield running


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path / "out")


class Twisted(GatewayDouble):
    """A gateway that does the first POST, or refuses it, and answers `twist` instead."""

    twist: HttpAnswer = refusal(502, "bad gateway")
    done: bool = True
    left: int = 1

    def serve(self, request: HttpRequest, bearer: str) -> HttpAnswer:
        if request.method != "POST" or self.left == 0:
            return super().serve(request, bearer)
        self.left -= 1
        if self.done:
            super().serve(request, bearer)
        return self.twist


def test_all_missing_variables_are_named_and_nothing_is_sent(double: GatewayDouble, folder: Folder) -> None:
    folder.variables += (Variable("SECOND_KEY", "default", ("config.yaml:20",)),)
    done = folder.write(everything()).run(double, SYNAPSE_API_KEY="", SYNAPSE_TENANT="", PROVIDER_KEY="")
    assert done.returncode == 2
    for name in ("SYNAPSE_API_KEY", "SYNAPSE_TENANT", "PROVIDER_KEY", "SECOND_KEY"):
        assert f"  {name}: " in done.stderr
    assert "config.yaml:12" in done.stderr
    assert "GATEWAY_URL:" not in done.stderr
    assert double.requests == []


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SYNAPSE_API_KEY", 'k"\noutput = "x'),
        ("SYNAPSE_API_KEY", "k\r\nX-Other: 1"),
        ("GATEWAY_URL", 'http://127.0.0.1/"\noutput = "x'),
        ("GATEWAY_URL", "file:///etc/passwd"),
    ],
)
def test_odd_values_are_refused_without_being_shown(
    double: GatewayDouble, folder: Folder, name: str, value: str
) -> None:
    done = folder.write(everything()).run(double, **{name: value})
    assert done.returncode == 1
    assert f"apply.sh: {name}: it " in done.stderr
    assert value not in done.stderr
    assert double.requests == []


def test_it_says_when_a_tool_is_missing(double: GatewayDouble, folder: Folder, tmp_path: Path) -> None:
    tools = tmp_path / "tools"
    tools.mkdir()
    for tool in ("bash", "curl"):
        (tools / tool).symlink_to(str(shutil.which(tool)))
    done = folder.write(everything()).run(double, PATH=str(tools))
    assert (done.returncode, double.requests) == (2, [])
    assert "jq 1.6" in done.stderr


@pytest.mark.parametrize("statuses", [(429, 502, 503, 504, 0), (0, 503, 429, 502, 504)])
def test_passing_trouble_does_no_harm(double: GatewayDouble, folder: Folder, statuses: tuple[int, ...]) -> None:
    for status, after in zip(statuses, (0, 3, 6, 11, 15), strict=True):
        double.fail_next(status, times=1, after=after)
    done = folder.write(everything()).run(double)
    assert done.returncode == 0, done.stderr
    assert double.faults == []
    assert {name: len(held) for name, held in double.store.items()} == {
        "integrations": 1,
        "providers": 1,
        "models": 2,
        "keys": 1,
    }


@pytest.mark.parametrize("how", ["body", "header"])
def test_the_gateway_says_how_long_to_wait(double: GatewayDouble, folder: Folder, how: str) -> None:
    if how == "body":
        double.fail_next(429, retry_after_secs=1)
    else:
        double.fail_next(503, headers={"Retry-After": "1"})
    start = time.monotonic()
    done = folder.write({"models": [model("main")]}).run(double, RETRY_BASE_SECONDS="60")
    assert done.returncode == 0
    assert 1 <= time.monotonic() - start < 30


def test_it_gives_up_after_six_tries(double: GatewayDouble, folder: Folder) -> None:
    double.fail_next(503, times=50)
    done = folder.write({"integrations": everything()["integrations"]}).run(double)
    assert done.returncode == 1
    assert "apply.sh: integrations: HTTP 503: programmed failure" in done.stderr
    assert len(double.requests) == 6


def test_no_gateway_is_an_error_that_says_so(double: GatewayDouble, folder: Folder) -> None:
    done = folder.write(everything()).run(double, GATEWAY_URL="http://127.0.0.1:9")
    assert done.returncode == 1
    assert "apply.sh: integrations: no answer: curl: (7)" in done.stderr


def test_another_machine_is_reached_by_https_unless_http_is_allowed(double: GatewayDouble, folder: Folder) -> None:
    address = double.url.replace("127.0.0.1", "0.0.0.0")
    refused = folder.write({"models": [model("main")]}).run(double, GATEWAY_URL=address)
    assert (refused.returncode, "not https" in refused.stderr, double.requests) == (1, True, [])
    assert folder.run(double, GATEWAY_URL=address, INSECURE_HTTP="1").returncode == 0


@pytest.mark.parametrize(
    "address", ["http://localhost:80@{0}", "http://user:word@{0}", "http://{0}?key=word", "http://{0}#x"]
)
def test_an_address_is_no_place_for_a_login(address: str, double: GatewayDouble, folder: Folder) -> None:
    host = double.url.removeprefix("http://")
    done = folder.write({"models": [model("main")]}).run(double, GATEWAY_URL=address.format(host))
    assert (done.returncode, "a login or a query" in done.stderr, double.requests) == (1, True, [])
    assert not (folder.path / "journal.jsonl").exists()


def test_no_proxy_stands_between_a_machine_and_itself(double: GatewayDouble, folder: Folder) -> None:
    done = folder.write({"models": [model("main")]}).run(double, http_proxy="http://127.0.0.1:9")
    assert done.returncode == 0, done.stderr


def test_secrets_that_could_not_be_kept_are_not_made(double: GatewayDouble, folder: Folder) -> None:
    folder.write({"virtual_keys": [{"name": "main"}]})
    (folder.path / "virtual_key_secrets.json").write_text("[1]", "utf-8")
    done = folder.run(double)
    assert done.returncode == 1
    assert "virtual_key_secrets.json is no object" in done.stderr
    assert asked(double, "POST") == []


def test_what_was_created_without_an_answer_is_not_created_twice(folder: Folder) -> None:
    with Twisted() as double:
        done = folder.write({"models": [model("main")]}).run(double)
        assert done.returncode == 0, done.stderr
        assert [entry["modelId"] for entry in double.store["models"]] == ["main"]
    assert "1 created" in done.stdout


def test_a_lost_secret_is_told(folder: Folder) -> None:
    with Twisted() as double:
        done = folder.write({"virtual_keys": [{"name": "main"}]}).run(double)
        assert len(double.store["keys"]) == 1
    assert "its secret did not arrive" in done.stderr
    assert not (folder.path / "virtual_key_secrets.json").exists()


def test_a_key_is_exchanged_once(folder: Folder) -> None:
    with GatewayDouble(only_tokens=True) as double:
        sent = {"models": [model("main"), model("other")], "routing_config": everything()["routing_config"]}
        done = folder.write(sent).run(double)
        assert done.returncode == 0, done.stderr
        assert asked(double, "POST").count(("POST", "/api/v1/auth/token")) == 1
        assert len(double.store["models"]) == 2


def test_a_key_that_is_no_good_is_an_error(double: GatewayDouble, folder: Folder) -> None:
    done = folder.write(everything()).run(double, SYNAPSE_API_KEY="sk-wrong-key")
    assert done.returncode == 1
    assert "integrations: HTTP 401: the bearer is not known" in done.stderr
    assert "sk-wrong-key" not in done.stdout + done.stderr
    assert len(double.requests) == 2


def test_a_refused_entry_is_named_and_nothing_after_it_is_sent(double: GatewayDouble, folder: Folder) -> None:
    refused = {**model("bad$(touch pwned)\n"), "status": "NO SUCH STATUS"}
    payloads = {"models": [model("main"), refused, model("other")], "routing_config": everything()["routing_config"]}
    done = folder.write(payloads).run(double)
    assert done.returncode == 1
    assert r'apply.sh: models "OPEN_AI" "bad$(touch pwned)\n": HTTP 422: /status: enum' in done.stderr
    assert [entry["modelId"] for entry in double.store["models"]] == ["main"]
    assert asked(double, "PUT") == []
    assert len([path for method, path in asked(double, "POST") if path.endswith("/models")]) == 2


def test_a_message_that_repeats_a_key_is_masked(folder: Folder) -> None:
    twisted = Twisted()
    twisted.twist, twisted.done = refusal(400, f"no such key: {PROVIDER_KEY}\x1b[2J"), False
    with twisted as double:
        done = folder.write({"integrations": everything()["integrations"]}).run(double)
    assert "HTTP 400: no such key: *** [2J" in done.stderr
    assert PROVIDER_KEY not in done.stderr


def test_a_list_that_cannot_be_read_is_not_taken_for_empty(folder: Folder) -> None:
    class Odd(GatewayDouble):
        def serve(self, request: HttpRequest, bearer: str) -> HttpAnswer:
            super().serve(request, bearer)
            return HttpAnswer(200, {"things": []})

    with Odd() as double:
        done = folder.write({"models": [model("main")]}).run(double)
        assert asked(double, "POST") == []
    assert "models: what is there is not as expected" in done.stderr


@pytest.mark.parametrize("found", [[1], 7, "<html>", {"rules": 1}])
def test_a_document_of_another_shape_is_not_overwritten(folder: Folder, found: object) -> None:
    class Odd(GatewayDouble):
        def serve(self, request: HttpRequest, bearer: str) -> HttpAnswer:
            answer = super().serve(request, bearer)
            return HttpAnswer(200, found) if request.method == "GET" else answer

    with Odd() as double:
        done = folder.write({"routing_config": everything()["routing_config"]}).run(double)
        assert asked(double, "PUT") == []
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    assert "routing_config: what is there is not as expected" in done.stderr


def test_an_id_that_no_answer_gives_is_looked_up(folder: Folder) -> None:
    twisted = Twisted()
    twisted.twist = HttpAnswer(201, {})
    wanted = ("integrations", "providers")
    with twisted as double:
        done = folder.write({name: everything()[name] for name in wanted}).run(double)
        assert (done.returncode, done.stderr) == (0, "")
        assert double.store["providers"][0]["integrationId"] == double.store["integrations"][0]["id"]


def test_no_key_is_ever_on_a_command_line(folder: Folder, tmp_path: Path) -> None:
    log = tmp_path / "log"
    shims = tmp_path / "shims"
    shims.mkdir()
    for tool in ("curl", "jq", "cp", "mv", "rm", "head", "tail", "sleep", "cat", "mktemp", "mkdir", "dirname", "date"):
        shim = shims / tool
        shim.write_text(f'#!/bin/sh\nprintf "%s\\n" "{tool} $*" >>"{log}"\nexec "{shutil.which(tool)}" "$@"\n', "utf-8")
        shim.chmod(0o755)
    with GatewayDouble(only_tokens=True) as double:
        double.fail_next(503, after=4)
        done = folder.write(everything()).run(double, PATH=f"{shims}{os.pathsep}{os.environ['PATH']}")
        assert done.returncode == 0, done.stderr
        lines = log.read_text("utf-8")
        assert "curl --disable" in lines
        assert not [key for key in (double.api_key, PROVIDER_KEY, *double.tokens) if key in lines]
