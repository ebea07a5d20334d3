"""Names reach Markdown, JSON, the shell, HTTP headers and URL paths as data, whatever they contain."""

from __future__ import annotations

import json
import re
import subprocess
import threading
from collections.abc import Iterator
from functools import lru_cache
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from conversion import Result, of_text, rulebook
from litellm_migrate.convert.calls import Call, Variable
from litellm_migrate.gateway.access import Access
from litellm_migrate.gateway.change import Change
from litellm_migrate.gateway.client import Client
from litellm_migrate.output.markdown import code, prose, visible
from litellm_migrate.output.scripts import needs, render_script
from litellm_migrate.source.model import Problems

ALPHABET = "ab1 /\\.:;,|&<>()[]{}!#$%*+-=?@^_`~'\"\n\r\t\0\x07\x1b\x7f\x85\u2028\u202e\u200b\ufefféя😀\ud800"
PIECES = [
    "$(id>pwned)",
    "`id>pwned`",
    "';id;'",
    "|",
    "||",
    "](x)",
    "<img>",
    "-->",
    "```",
    "../",
    "%2e%2e",
    "\r\nX-Evil: 1",
    "${HOME}",
    "--",
    "&&",
]
NAMES = st.lists(st.one_of(st.sampled_from(ALPHABET), st.sampled_from(PIECES)), min_size=1, max_size=8).map("".join)
FILLED = NAMES.filter(lambda name: not re.search(r"<.*>|\{\{|\{%|\$\{|\ud800", name))
"""Names that are neither templates nor broken: an entry with one of those yields no model."""
MANY = settings(max_examples=12, deadline=None)
SEGMENTS = NAMES.filter(lambda name: "\ud800" not in name and name not in {".", ".."})
"""What gateways may call an entity: text that can be sent, and no step up."""


def config(name: str) -> str:
    """A configuration in which a name stands wherever names stand."""
    entry = {"model_name": name, "litellm_params": {"model": f"openai/{name}", "weight": 2, "rpm": 5}}
    other = {
        "model_name": name,
        "litellm_params": {"model": "azure/x", "api_base": "https://x.openai.azure.com", "tags": [name]},
    }
    router = {"model_group_alias": {"alias": name}, "fallbacks": [{name: ["x"]}], name: name}
    text = json.dumps(
        {"model_list": [entry, other], "router_settings": router, "litellm_settings": {name: {name: [name]}}}
    )
    return text.replace(r"\ud83d\ude00", r"\U0001f600")  # YAML makes no character of two halves


@lru_cache(maxsize=200)
def made(name: str) -> Result:
    """The conversion of that configuration."""
    return of_text(config(name))


def skeleton(report: str) -> list[tuple[str, int]]:
    """What Markdown makes of each line: its beginning, and the number of its cells."""
    lines = []
    for line in report.splitlines():
        begins = re.match(r"(#+ |- |\d+\. |\| ?|\*\*)?", line)
        lines.append((begins[0] if begins else "", len(re.findall(r"(?<!\\)\|", line))))
    return lines


@MANY
@given(NAMES)
@example("a|b\n# c")
def test_a_report_has_the_same_shape_whatever_the_names(name: str) -> None:
    report = made(f"x{name}").output.texts["migration_report.md"]
    assert report.replace("\n", "").isprintable()
    headings, usual = (
        re.findall(r"^## .*", text, re.M) for text in (report, made("xplain").output.texts["migration_report.md"])
    )
    assert len(headings) == len({*headings} & {*usual})
    tables = [cells for begins, cells in skeleton(report) if begins.startswith("|")]
    assert all(3 <= cells <= 10 for cells in tables)
    assert "<img>" not in re.sub(
        r"(?<!`)(`+)(?!`).*?(?<!`)\1(?!`)", "", re.sub(r"^```.*?^```$", "", report, flags=re.M | re.S)
    )


@MANY
@given(NAMES, NAMES)
def test_a_code_span_ends_where_it_should(one: str, two: str) -> None:
    spans = re.findall(r"(?<!`)(`+)(?!`)(.+?)(?<!`)\1(?!`)", f"{code(one)} and {code(two)}")
    assert [span.strip().replace("\\|", "|") for _, span in spans] == [
        visible(one).strip(),
        visible(two).strip(),
    ] or not (visible(one).strip() and visible(two).strip())


@MANY
@given(NAMES)
def test_a_sentence_holds_no_markup(name: str) -> None:
    assert not re.search(r"(?<!\\)(\\\\)*[<>*\[\]`|~#$&]", prose(name))


@MANY
@given(FILLED.filter(lambda name: "*" not in name))
def test_payloads_hold_the_name_as_it_is(name: str) -> None:
    texts = made(f"x{name}").output.texts
    read = {
        file: json.loads(text.encode("utf-8", "backslashreplace"))
        for file, text in texts.items()
        if file.endswith(".json")
    }
    glob = re.sub(r"[\[?]", lambda sign: f"[{sign[0]}]", f"x{name}")
    assert glob in {rule["modelPattern"] for rule in read["payloads/routing_config.json"]["rules"]}
    assert f"x{name}" in {model["modelId"] for model in read["payloads/models.json"]}
    assert [setting["path"] for setting in read["migration_report.json"]["settings"]]


def without_places(script: str) -> str:
    """A script without the names of variables and files, which are words of their own."""
    return re.sub(r"^need .*$", "need", script, flags=re.MULTILINE)


@MANY
@given(FILLED)
def test_no_name_of_a_model_is_in_the_script(name: str) -> None:
    assert without_places(made(f"x{name}").output.texts["apply.sh"]) == without_places(
        made("xplain").output.texts["apply.sh"]
    )


@settings(max_examples=12, deadline=None)
@given(st.lists(NAMES, min_size=1, max_size=20))
def test_names_of_files_are_words_of_the_shell(tmp_path_factory: pytest.TempPathFactory, names: list[str]) -> None:
    folder = tmp_path_factory.mktemp("shell")
    variables = [Variable(f"V{number}", "reference", (f"{name}:1",)) for number, name in enumerate(names)]
    lines = [line for line in needs([], variables) if re.match(r"need V\d+ ", line)]
    script = 'need() { printf \'%s\\n\' "$#" "$1" "$2"; }\n' + "\n".join(lines) + "\n"
    ran = subprocess.run(["bash", "-eu"], input=script.encode(), cwd=folder, capture_output=True, check=True)
    said = ran.stdout.decode().splitlines()
    assert (said[::3], said[1::3]) == (["2"] * len(names), [variable.name for variable in sorted(variables)])
    for variable, reason in zip(sorted(variables), said[2::3], strict=True):
        shown = "".join(sign if sign.isprintable() else "?" for sign in variable.places[0])
        assert reason == shown
    assert list(folder.iterdir()) == []


@MANY
@given(NAMES)
def test_a_name_that_is_no_variable_is_none_in_the_script(name: str) -> None:
    entry = {"model_name": "a", "litellm_params": {"model": "openai/x", "api_key": f"os.environ/{name}"}}
    script = of_text(json.dumps({"model_list": [entry]})).output.texts["apply.sh"]
    for line in script.splitlines():
        if line.startswith("need "):
            assert re.match(r"need [A-Za-z_][A-Za-z0-9_]* \"", line)
    done = subprocess.run(
        ["bash", "-n"], input=script.encode("utf-8", "backslashreplace"), capture_output=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, b"")


def test_a_variable_whose_name_no_shell_can_hold_is_refused() -> None:
    book = rulebook()
    with pytest.raises(ValueError, match="a name that a shell can hold"):
        render_script([], [], [Variable("X; id", "reference")], book.protocol)


class Ear(BaseHTTPRequestHandler):
    """Answers everything, and keeps what it was asked: the path as it came, and the headers."""

    heard: list[tuple[str, list[tuple[str, str]]]] = []  # noqa: RUF012 - one for all, and emptied

    def do_GET(self) -> None:
        """An empty answer."""
        self.heard.append((self.path, self.headers.items()))
        self.send_response(200)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"{}")

    def log_message(self, format: str, *args: Any) -> None:
        """Silence."""


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    """The address of a server that listens."""
    server = HTTPServer(("127.0.0.1", 0), Ear)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@settings(max_examples=12, deadline=None)
@given(NAMES)
@example("a\r\nX-Evil: 1")
def test_a_key_is_one_header_or_refused(url: str, key: str) -> None:
    Ear.heard.clear()
    if not all("!" <= sign <= "~" for sign in key):
        with pytest.raises(Problems, match="printable characters without blanks"):
            Client(Access(url, key), rulebook().protocol)
        return
    with Client(Access(url, key), rulebook().protocol) as client:
        client.request("GET", "/x")
    ((_, headers),) = Ear.heard
    assert [value for name, value in headers if name.lower() == "authorization"] == [f"Bearer {key}"]
    assert "x-evil" not in {name.lower() for name, _ in headers}


@settings(max_examples=12, deadline=None)
@given(SEGMENTS, SEGMENTS)
@example("../../admin", "?x=1#y")
def test_ids_and_tenants_are_one_segment_of_the_path(url: str, id: str, tenant: str) -> None:
    Ear.heard.clear()
    with Client(Access(url, "key", tenant), rulebook().protocol) as client:
        client.request(*Change(Call("x", "x.json", "GET", "/a/{tenant}/b/{id}"), "", "update", id).request)
    ((path, _),) = Ear.heard
    parts = path.split("/")
    assert [unquote(part) for part in parts] == ["", "a", tenant, "b", id]


def test_the_alphabet_is_nasty_enough() -> None:
    assert not Path("pwned").exists()
    assert set("|`$\"'\\\n\r\0<>*_[]#&;\u202e") <= set(ALPHABET)
