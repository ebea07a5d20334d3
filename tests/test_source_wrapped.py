"""A configuration that stands inside something else is unwrapped: same payloads, and every line still right."""

from __future__ import annotations

import io
import json
import re
from pathlib import Path
from textwrap import dedent, indent
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings

from conversion import of_text, rulebook
from litellm_migrate.source.model import Mark, Position, Problems, Source, leaves
from litellm_migrate.source.read import read_source
from properties import configurations

BARE = """\
# models first
model_list:
- model_name: chat
  litellm_params: {model: openai/gpt-4o, api_key: os.environ/KEY}

router_settings:
  num_retries: 2
"""
MAP = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: litellm}\ndata:\n  config.yaml: |\n"
SECRET = "kind: Secret\nstringData:\n  any.name: |-  # a comment\n"
COMPOSE = "include: [other.yaml]\nservices: {}\nconfigs:\n  litellm:\n    content: |\n"
RELEASE = "kind: HelmRelease\nspec:\n  values:\n    litellm:\n      proxy_config:\n"
SCRIPT = "services:\n  litellm:\n    command:\n    - |\n      cat > c.yaml <<"
BLOCKS = {
    "ConfigMap": (MAP, 4, "", "data.config.yaml"),
    "Secret": (SECRET, 4, "", "stringData.any.name"),
    "explicit indent": ("data:\n  x: |2+\n", 4, "\n\n", "data.x"),
    "header on its own line": ("data:\n  x:\n    &a\n    |\n", 4, "", "data.x"),
    "compose": (COMPOSE, 8, "", "configs.litellm.content"),
    "List": ("kind: List\nitems:\n- kind: Secret\n- kind: ConfigMap\n  data:\n    x: |\n", 6, "", "items.1.data.x"),
    "values": ("image: {}\nproxy_config:\n", 2, "", "proxy_config"),
    "other values": ("litellm:\n  master:\n    settings:\n", 6, "", "litellm.master.settings"),
    "release": (RELEASE, 8, "", "spec.values.litellm.proxy_config"),
    "text in a text": ("spec:\n  values: |\n    proxy_config: |\n", 6, "", "spec.values.proxy_config"),
    "stream": ("kind: Namespace\n---\nkind: Service\n---\n" + MAP, 4, "---\nkind: Pod\n...\n---\n", "data.config.yaml"),
    "heredoc": (SCRIPT + "'EOF'\n", 6, "      EOF\n", "services.litellm.command.0"),
    "document": ("kind: Namespace\n---\n", 0, "---\nkind: Pod\n", "a document of its own"),
}  # fmt: skip


def read(text: str, name: str = "-") -> Source:
    """The configuration in a text."""
    return read_source(name, rulebook().grammar, io.BytesIO(text.encode()))


def refusal(text: str) -> str:
    """Why a text is refused."""
    with pytest.raises(Problems) as refused:
        read(text)
    (found,) = refused.value.problems
    return str(found).removeprefix("<stdin>:")


def wrapped(text: str, before: str = MAP, columns: int = 4, after: str = "") -> str:
    """A text in a wrapper."""
    return before + indent(text, " " * columns) + after


def check_positions(source: Source, bare: Source, text: str, lines: int, columns: int) -> None:
    """Each node stands as far down and to the right as its text, and each setting where its key is written."""
    for path, mark in bare.marks.items():
        if path:
            assert source.marks[path].at == (mark.at.file, mark.at.line + lines, mark.at.column + columns)
    written = text.split("\n")
    for path, _ in leaves(source.value):
        at, key = source.marks[path].at, path[-1]
        if isinstance(key, str) and re.fullmatch(r"[ -~]+", key) and not set(key) & {"'", '"', "\\"}:
            assert written[at.line - 1][at.column - 1 :].lstrip("?'\" ").startswith(key.strip()), path


@pytest.mark.parametrize("name", BLOCKS)
def test_it_reads_as_the_bare_configuration_and_says_where_it_was(name: str) -> None:
    before, columns, after, holder = BLOCKS[name]
    text = wrapped(BARE, before, columns, after)
    source, bare = read(text), read(BARE)
    assert source.value == bare.value
    lines = before.count("\n")
    check_positions(source, bare, text, lines, columns)
    (notice,) = source.notices
    assert notice.code == "unwrapped"
    assert holder in notice.because
    assert notice.at is not None
    assert lines - 2 <= notice.at.line <= lines + 2


@given(config=configurations(messy=False))
@settings(derandomize=True, deadline=None, max_examples=15, suppress_health_check=[HealthCheck.too_slow])
def test_any_configuration_converts_to_the_same_payloads(config: Any) -> None:
    text = yaml.safe_dump(config, sort_keys=False)
    inside = wrapped(text)
    bare, result = of_text(text), of_text(inside)
    check_positions(result.done.source, bare.done.source, inside, 5, 4)
    for name, written in bare.output.texts.items():
        assert result.output.texts[name] == written or "report" in name or name == "apply.sh", name
    assert [one.outcome for one in bare.done.verdicts] == [one.outcome for one in result.done.verdicts]


def test_the_path_leads_through_a_mapping_and_begins_anew_in_a_text() -> None:
    path = ("model_list", 0, "model_name")
    mapping, text = read(wrapped(BARE, "a:\n  proxy_config:\n")), read(wrapped(BARE))
    assert mapping.marks[path] == Mark(Position("<stdin>", 5, 7), ("a", "proxy_config", *path))
    assert text.marks[path] == Mark(Position("<stdin>", 8, 7), path)


@pytest.mark.parametrize(
    "text",
    [
        json.dumps({"data": {"config.yaml": BARE}}),
        "kind: ConfigMap\ndata:\n  x: " + json.dumps(BARE),
        "kind: ConfigMap\ndata:\n  x: >\n" + indent(BARE.replace("\n", "\n\n"), "    "),
    ],
    ids=["json", "quoted", "folded"],
)
def test_where_lines_cannot_be_told_the_place_of_the_text_is(text: str) -> None:
    source = read(text)
    assert source.value == read(BARE).value
    assert {source.marks[path].at for path, _ in leaves(source.value)} == {source.notices[0].at}
    assert "not written line by line" in source.notices[0].because


def test_a_copy_in_an_annotation_is_no_second_configuration() -> None:
    note = json.dumps({"data": {"config.yaml": BARE}})
    text = wrapped(BARE) + f"metadata:\n  annotations:\n    last-applied-configuration: |\n      {note}\n"
    assert read(text.replace("metadata: {name: litellm}\n", "")).notices[0].at == ("<stdin>", 4, 3)


def test_a_repeated_key_inside_is_told_with_the_lines_of_the_file() -> None:
    first, second = read(wrapped("model_list: []\nrouter_settings: {}\nmodel_list: []\n")).notices
    assert (first.code, second.code) == ("unwrapped", "duplicate-key")
    assert second.at == ("<stdin>", 6, 5)
    assert "line 8 counts" in second.because


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (wrapped(BARE) + wrapped(BARE, "  b: |\n"), "13:3: expected one LiteLLM configuration, found a second one"),
        (wrapped(BARE) + wrapped(BARE, "  b: |\n"), "`data.config.yaml` (line 5) and `data.b` (line 13)"),
        (BARE + "---\n" + BARE, "(line 2) and a document of its own (line 10)"),
        ("a: {model_list: []}\nb: {model_list: []}", "`a` (line 1) and `b` (line 2)"),
        ("a: 1\n---\nb: 1\n", "2:1: expected one YAML document, found a second one"),
        (wrapped("model_list:\n- {{ name }}\n  b: s3cret\n"), "7:5: expected YAML, found a template"),
        (wrapped("model_list: []\nx: 's3cret\n"), "7:8: expected YAML, found quotes that are never closed"),
        ("a: 1\n---\n" + wrapped("model_list: @s3cret\n"), "8:17: expected YAML, found a value that begins"),
        (SCRIPT + "EOF\n      model_list: [$X]\n      EOF\n", "`services.litellm.command.0` holds"),
        (wrapped("model_list:\n- !!set s3cret: 1\n"), "7:7: expected YAML, found a list or a mapping used as a key"),
        ("kind: ConfigMap\ndata: {notes: no model_list here}", "expected a section of a LiteLLM configuration"),
    ],
)
def test_several_or_none_or_a_broken_one_is_refused_at_its_place(text: str, said: str) -> None:
    message = refusal(text)
    assert said in message
    assert "s3cret" not in message


def test_what_it_includes_stands_beside_the_file(tmp_path: Path) -> None:
    (tmp_path / "more.yaml").write_text("model_list: [{model_name: more}]\n")
    main = tmp_path / "map.yaml"
    main.write_text(wrapped("include: [more.yaml]\nmodel_list: []\n"))
    source = read("", str(main))
    assert source.value == {"model_list": [{"model_name": "more"}]}
    assert source.at(("model_list", 0, "model_name")) == (str(tmp_path / "more.yaml"), 1, 15)


def test_a_bare_configuration_is_not_said_to_be_unwrapped() -> None:
    assert read(BARE).notices == read("---\n" + BARE).notices == ()
    assert read(dedent(BARE) + "data: {x: 'model_list: []'}").value["data"]
