"""The page without a browser: its bytes, its data, and what is shown of the configuration's text."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from pathlib import Path
from typing import Any

import pytest

from command import SMALL, run_inside, tree
from conversion import EXAMPLES, Result, of_file, of_text
from litellm_migrate.output.json_text import render_json
from litellm_migrate.output.page import field_lines
from litellm_migrate.source.model import leaves

SVG = "http://www.w3.org/2000/svg"
"""A name, not an address."""
PAGE = "migration_report.html"
HOSTILE = ("<img src=x onerror=alert(1)>", "</script><script>alert(2)</script>", "<!--", "a & b", "\u202eevil", "'\"`")


def page(result: Result) -> str:
    return result.output.texts[PAGE]


def data(text: str) -> Any:
    (found,) = re.findall(r'<script type="application/json" id="data">(.*?)</script>', text, re.DOTALL)
    return json.loads(found)


def picture(shown: Any) -> Any:
    """The first table that is drawn as a picture."""
    return next(view for view in shown["views"] if view[4])


def lines(text: str) -> list[str]:
    """What the page shows of a configuration."""
    (_, shown) = data(page(of_text(text)))["files"][0]
    assert isinstance(shown, list)
    return shown


def test_the_page_allows_its_own_script_and_style_only() -> None:
    text = page(of_file(EXAMPLES / "quickstart.yaml"))
    (policy,) = re.findall(r'Content-Security-Policy" content="([^"]*)"', text)
    assert policy.startswith("default-src 'none'; ")
    assert "unsafe" not in policy
    for tag in ("script", "style"):
        (content,) = re.findall(rf"<{tag}>(.*?)</{tag}>", text, re.DOTALL)
        allowed = base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()
        assert f"{tag}-src 'sha256-{allowed}';" in policy
    assert not re.search(r"\b(?:src|href)=\"(?!data:|#)", text)
    assert set(re.findall(r"https?://[^\s\"']*", re.sub(r"id=\"data\">.*?</script>", "", text))) == {SVG}


def test_the_same_input_gives_the_same_page() -> None:
    first, second = (page(of_file(EXAMPLES / "messy.yaml")) for _ in range(2))
    assert first == second


def test_names_that_look_like_markup_are_data() -> None:
    entries = [{"model_name": name, "litellm_params": {"model": f"groq/{name}", "x_odd": name}} for name in HOSTILE]
    text = page(of_text(json.dumps({"model_list": entries})))
    assert text.count("<script") == 2
    assert text.count("</script") == 2
    assert "<img" not in text
    shown = {name for name, *_ in picture(data(text))[3]}
    assert {name.replace("\u202e", r"\u202e") for name in HOSTILE} <= shown


def test_half_a_surrogate_pair_is_no_obstacle(tmp_path: Path) -> None:
    config = tmp_path / "config.yaml"
    config.write_text('{"model_list": [{"model_name": "a\\ud800", "litellm_params": {"model": "openai/gpt-4o"}}]}')
    assert run_inside("--input", config, "--output", tmp_path / "out").code == 0
    assert '"a\\\\ud800"' in json.dumps(data((tmp_path / "out" / PAGE).read_text("utf-8")))


@pytest.mark.parametrize("example", ["quickstart", "messy"])
def test_every_setting_leads_to_its_line_and_to_the_lines_of_its_fields(example: str) -> None:
    result = of_file(EXAMPLES / f"{example}.yaml")
    shown, settings = data(page(result)), result.data["settings"]
    assert len(shown["settings"]) == len(settings)
    payloads = {name: (number, text) for number, (name, text) in enumerate(shown["payloads"])}
    outcomes = {"mapped": ("differs", "exact")}
    for (file, line, path, indexes, outcome, rule, _, said, targets), setting in zip(
        shown["settings"], settings, strict=True
    ):
        assert (shown["files"][file][0], line, shown["words"][rule]) == tuple(
            setting[name] for name in ("file", "line", "rule")
        )
        assert outcome == outcomes.get(setting["outcome"], [setting["outcome"]])[setting["exact"]]
        assert shown["words"][path].count("[]") == len(indexes)
        assert len(said) == len(setting["differs"]) + bool(setting["because"])
        lines_by_file = {number: set(at) for number, *at in targets}
        for target in setting["targets"]:
            number, text = payloads[target["file"]]
            field = target["pointer"].rpartition("/")[2]
            texts = [text.splitlines()[at - 1] for at in lines_by_file[number]]
            assert not field or field.isdigit() or any(f'"{field}": ' in candidate for candidate in texts), target


def test_fields_stand_on_the_lines_where_they_are_written() -> None:
    value: Any = {"a": [1, {"b": [], "c": {}}, "x\ny"], "d": {"e": {"f": None}}, "g": []}
    written, at = render_json(value).splitlines(), field_lines(value)
    for path, leaf in leaves(value):
        assert json.dumps(leaf) in written[at[path] - 1]
    assert (at[()], at["a",], at["d",], at["d", "e"]) == (1, 2, 10, 11)


def test_findings_verdict_and_glance_are_those_of_the_report() -> None:
    result = of_file(EXAMPLES / "quickstart.yaml")
    shown, report = data(page(result)), result.data
    assert [finding[0] for finding in shown["findings"]] == [finding["code"] for finding in report["findings"]]
    assert shown["verdict"] == [report["verdict"], False]
    assert shown["glance"] == [[row["question"], row["answer"], row["see"]] for row in report["glance"]]
    assert sum(shown["summary"][name] for name in ("exact", "differing")) == report["summary"]["mapped"]
    assert f"**{report['verdict']}**" in result.output.texts["migration_report.md"]


def test_a_file_that_stops_the_program_is_said_to_be_one() -> None:
    shown = data(page(of_text("model_list: []\nrouter_settings: {routing_strategy: no-such}\n")))
    assert "refuses to start" in shown["verdict"][0]


def test_included_files_are_shown_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("more.yaml").write_text("# more\n" + SMALL)
    Path("config.yaml").write_text("include: [more.yaml]\nlitellm_settings: {drop_params: true}\n")
    shown = data(page(of_file(Path("config.yaml"))))
    assert [name for name, _ in shown["files"]] == ["config.yaml", "more.yaml"]
    assert shown["files"][1][1] == ["# more", *SMALL.splitlines()]
    assert {setting[0] for setting in shown["settings"]} == {0, 1}


SAFE = """\
# Two accounts; see the runbook, chapter 12.
model_list:  # all of them
- model_name: "a b"   # in quotes
  litellm_params: {model: openai/gpt-4o, api_key: os.environ/KEY, rpm: 5}
  model_info: {id: 'x', mode: chat}

router_settings:
    routing_strategy: simple-shuffle
    fallbacks: [{"a b": [a]}]
litellm_settings:
  cache_params: {type: redis, ttl: 1.5e+3, namespace: "x"}
  success_callback:
    - langfuse
    - prometheus
general_settings: {master_key: os.environ/MASTER}
"""


def test_what_holds_no_secret_stays_as_it_is() -> None:
    assert lines(SAFE) == SAFE.splitlines()


MODEL = "model_list:\n- model_name: a\n  litellm_params:\n    model: openai/gpt-4o\n"
MASKED = {
    "a key": (f"{MODEL}    api_key: letmein-please\n", "    api_key: •••"),
    "a key with a comment": (f"{MODEL}    api_key: letmein-please  # mine\n", "    api_key: •••  # mine"),
    "a quoted key": (f'{MODEL}    api_key: "letmein # please"  # mine\n', "    api_key: •••  # mine"),
    "a key of a flow mapping": (
        f"{MODEL}    extra: {{api_key: letmein, rpm: 5}}\n",
        "    extra: {api_key: •••, rpm: 5}",
    ),
    "a key of JSON": (
        f'{MODEL}    extra: {{"api_key": "letmein", "rpm": 5}}\n',
        '    extra: {"api_key": •••, "rpm": 5}',
    ),
    "a key of a list": (f"{MODEL}    api_key:\n    - letmein\n", "    - •••"),
    "a block": (f"{MODEL}    api_key: |\n      first letmein\n      second\n", "      •••"),
    "a key that is lost": (f"{MODEL}    api_key: letmein\n    api_key: os.environ/X\n", "    api_key: •••"),
    "a key in another document": (f"{MODEL}---\npassword: letmein\n", "password: •••"),
    "a key in a comment": (f"{MODEL}# api_key: letmein\n", "# api_key: •••"),
    "a password in a comment": (f"{MODEL}#  password = letmein  now\n", "#  password = •••"),
    "a key's shape in a comment": (f"{MODEL}# was sk-abcdefgh12345678 once\n", "# was ••• once"),
    "random letters in a comment": (f"{MODEL}# was q8x7f3a9c2e41b8 once\n", "# was ••• once"),
    "a secret that a comment repeats": (
        f"{MODEL}    api_key: letmein-x # not letmein-x\n",
        "    api_key: ••• # not •••",
    ),
    "an address": (f"{MODEL}    api_base: https://me:letmein@llm.example/v1\n", "    api_base: •••"),
    "an address in a comment": (f"{MODEL}# https://me:letmein@llm.example/v1\n", "# •••"),
    "a value that nobody knows": (f"{MODEL}    my_setting: q8x7f3a9c2e41\n", "    my_setting: •••"),
    "an anchor": (f"x-base: &base {{api_key: letmein}}\n{MODEL}    <<: *base\n", "x-base: &base {api_key: •••}"),
    "an unquoted text of many words": (f"{MODEL}    my_setting: a=b;password=letmein\n", "    my_setting: •••"),
    "a text that does not end on its line": (f'{MODEL}    api_key: "letmein\n      please"\n', "    api_key: •••"),
}


@pytest.mark.parametrize("case", MASKED)
def test_what_may_be_a_secret_is_masked(case: str) -> None:
    text, expected = MASKED[case]
    shown = lines(text)
    assert expected in shown
    assert "letmein" not in page(of_text(text))
    assert len(shown) == len(text.splitlines())


def test_a_long_line_is_masked_in_no_time() -> None:
    for long in (
        '"' + '\\"' * 50_000,
        "a" * 100_000,
        "]" * 100_000,
        "# " + "#" * 100_000,
        "? " * 50_000,
        "{" + "a:" * 50_000,
    ):
        assert lines(f"{MODEL}---\nx: {json.dumps(long)}\n# {long}\n")


def test_no_html_leaves_the_page_out_and_removes_an_old_one(tmp_path: Path) -> None:
    (tmp_path / "config.yaml").write_text(SMALL)
    words = ("--input", tmp_path / "config.yaml", "--output", tmp_path / "out")
    assert PAGE in json.loads(run_inside(*words, "--json").out)["files"]
    assert PAGE in tree(tmp_path / "out")
    assert PAGE in json.loads(tree(tmp_path / "out")[".litellm-migrate.json"])["files"]
    assert PAGE not in json.loads(run_inside(*words, "--json", "--no-html").out)["files"]
    assert PAGE not in tree(tmp_path / "out")


def test_a_page_that_was_edited_is_not_overwritten(tmp_path: Path) -> None:
    (tmp_path / "config.yaml").write_text(SMALL)
    words = ("--input", tmp_path / "config.yaml", "--output", tmp_path / "out")
    run_inside(*words)
    (tmp_path / "out" / PAGE).write_text("mine")
    for more in ((), ("--no-html",)):
        ran = run_inside(*words, *more)
        assert (ran.code, f"{PAGE}: expected the file as an earlier run wrote it" in ran.err) == (1, True)
