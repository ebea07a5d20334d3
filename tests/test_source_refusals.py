"""What cannot be read is refused with one line that says where, what and what to do, and shows no value."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pytest

from litellm_migrate.source import documents
from litellm_migrate.source.model import Grammar, Problems
from litellm_migrate.source.read import read_source
from sampling import spread

if TYPE_CHECKING:
    from pathlib import Path

GRAMMAR = Grammar(sections=("models", "settings"), include="include", program="Gateway")
LIST_BOMB = "a0: &a0 [x, x]\n" + "".join(f"a{i}: &a{i} [*a{i - 1}, *a{i - 1}]\n" for i in range(1, 40))
MERGE_BOMB = "a0: &a0 {x: 1}\n" + "".join(f"a{i}: &a{i} {{<<: [*a{i - 1}, *a{i - 1}]}}\n" for i in range(1, 40))
TOWER = "a0: &a0 {x: 1}\n" + "".join(f"a{i}: &a{i} {{y: *a{i - 1}}}\n" for i in range(1, 5000))


def refusal(data: str | bytes, name: str = "-") -> str:
    stdin = io.BytesIO(data.encode() if isinstance(data, str) else data)
    with pytest.raises(Problems) as refused:
        read_source(name, GRAMMAR, stdin)
    assert refused.value.exit_code == 1
    (found,) = refused.value.problems
    assert "expected" in found.message
    assert "found" in found.message
    return str(found).removeprefix("<stdin>:")


@pytest.mark.parametrize(
    ("data", "where", "said"),
    [
        ("models: [s3cret, b\nsettings: 1", "2:9:", "not closed"),
        ("models:\n\t- s3cret", "2:1:", "a tab"),
        ("models: s3cret: s3cret", "1:15:", "second `: `"),
        ("models: 's3cret'x", "1:17:", "does not continue"),
        ('models: "s3cret\n\nsettings: 1', "1:9:", "never closed"),
        ('models: "s3cret\\q"', "1:17:", "backslash"),
        ("models: []\ns3cret\nsettings: 1", "2:1:", "neither `key: value`"),
        ("models: *s3cret", "1:9:", "an alias"),
        ("models: !s3cret 1", "1:9:", "a tag"),
        ("models: !!python/name:os.system s3cret", "1:9:", "a tag"),
        ("models: &s3cret a\nsettings: &s3cret b", "2:11:", "defined twice"),
        ("models: @s3cret", "1:9:", "reserved"),
        ("? [s3cret]\n: models", "1:3:", "used as a key"),
        ("models: {<<: s3cret}", "1:14:", "merge key"),
        ("models: 2024-02-31", "1:9:", "its type does not allow"),
        (f"models: 0x{'f' * 5000}", "1:9:", "its type does not allow"),
        (f"a: &a 1{':59' * 3000}\nmodels: *a", "1:4:", "its type does not allow"),
        ("models: []\n---\nsettings: s3cret", "2:1:", "a second one"),
        (b"models: 1\nsettings: s3cret\xff", "2:1:", "offset 26 (line 2)"),
        ("models: s3cret\x07", "1:15:", "U+0007"),
    ],
)
@pytest.mark.parametrize("fast", [documents.FAST, ()])
def test_what_is_not_yaml_is_told_in_plain_words(
    monkeypatch: pytest.MonkeyPatch, fast: tuple[documents.ReadDocument, ...], data: str | bytes, where: str, said: str
) -> None:
    monkeypatch.setattr(documents, "FAST", fast)
    message = refusal(data)
    assert message.startswith(where)
    assert said in message
    assert "s3cret" not in message


@pytest.mark.parametrize(
    ("data", "line"),
    [
        ("models:\n{% for m in models %}\n- name: {{ m }}\n{% endfor %}", 2),
        ("models:\n- name: {{ name }}\n", 2),
        ("{{- if .Values.enabled }}\nmodels: []\n{{- end }}", 1),
        ("{{ toYaml .Values.models | indent 2 }}\nsettings: {}", 1),
        ("models:\n  ${MODELS}\n", 1),
        ("${SECTION}: 1\nmodels: []", 1),
        ("models: []\n${MORE}\n", 2),
        ("${ALL}", 1),
    ],
)
def test_a_template_must_be_rendered_first(data: str, line: int) -> None:
    message = refusal(data)
    assert message.startswith(f"{line}:")
    assert "Render the template first" in message


@pytest.mark.parametrize(
    "data",
    ["models: ${X}", "models:\n- ${X}", "models: |-\n  ${X}", "models: 'say {{ x }} and {% if %}'", "models: a/{{ x }}",
     "models: [\n  '${X}'\n]"],
)  # fmt: skip
def test_placeholders_inside_values_are_values(data: str) -> None:
    assert read_source("-", GRAMMAR, io.BytesIO(data.encode())).value.keys() == {"models"}


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ("", "found nothing"),
        ("# only a comment", "found nothing"),
        ("- models", "found a list"),
        ("s3cret", "found text"),
        ("{}", "found none"),
        ("modelz: []", "Did you mean `models` where `modelz` stands?"),
        ("proxy: {inside: {models: []}}", "`proxy.inside` holds `models`"),
        ("data:\n  config.yaml: |\n    models: []\n", "`data.config.yaml` holds `models`"),
        ("apiVersion: v1", "Gateway configuration (`models`, `settings`), found only `apiVersion`"),
    ],
)
def test_what_is_no_configuration_is_refused(data: str, said: str) -> None:
    message = refusal(data)
    assert said in message
    assert "s3cret" not in message


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (LIST_BOMB, "100,087 values"),
        (MERGE_BOMB, "values in a text of this length"),
        (TOWER, "100 levels"),
        ("models: " + "[" * 5000 + "]" * 5000, "100 levels"),
        ("models: &a " + "[" * 5000 + "]" * 5000, "100 levels"),
        ("- " * 5000, "100 levels"),
        ("models: &a [*a]", "an alias of the node that it stands in"),
        ("models: &a {<<: *a}", "an alias of the node that it stands in"),
    ],
)
@pytest.mark.parametrize("fast", [documents.FAST, ()])
def test_bombs_are_refused_before_they_go_off(
    monkeypatch: pytest.MonkeyPatch, fast: tuple[documents.ReadDocument, ...], data: str, said: str
) -> None:
    monkeypatch.setattr(documents, "FAST", fast)
    assert said in refusal(data)


def test_nesting_up_to_the_bound_is_read() -> None:
    data = "models: " + "[" * 99 + "]" * 99
    assert read_source("-", GRAMMAR, io.BytesIO(data.encode())).value["models"]


def test_files_that_cannot_be_read_are_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    missing = str(tmp_path / "missing.yaml")
    assert refusal("", missing).startswith(f"{missing}: expected a file to read, found nothing there")
    assert "found a folder" in refusal("", str(tmp_path))
    assert "a name that no file can have" in refusal("", "a\0b")
    monkeypatch.setattr(documents, "MAX_BYTES", 5)
    assert "found more" in refusal("models: []")


@pytest.mark.parametrize("count", spread([5_000, 20_000], 2))
def test_many_entries_that_share_an_anchor_are_no_bomb(count: int) -> None:
    shared = "settings: &a {" + ", ".join(f"k{number}: 1" for number in range(10)) + "}\nmodels:\n"
    entries = "".join(f"- {{name: a{number}, params: {{<<: *a, model: openai/gpt-4o}}}}\n" for number in range(count))
    source = read_source("-", GRAMMAR, io.BytesIO(f"{shared}{entries}".encode()))
    assert len(source.value["models"]) == count
