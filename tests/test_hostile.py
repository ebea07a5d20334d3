"""Inputs that mean harm, or look as if they did: each ends in a documented exit code, soon, with all files or none."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from command import SMALL, tree
from limits import Ended, run_limited
from sampling import spread

HEAD = SMALL.encode()
TEN = ",".join(["*a{0}"] * 10)
BILLION = b"a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n" + b"".join(
    f"a{level}: &a{level} [{TEN.format(level - 1)}]\n".encode() for level in range(1, 10)
)
MERGES = b"a0: &a0 {x: 1}\n" + b"".join(
    f"a{level}: &a{level} {{<<: [{TEN.format(level - 1)}]}}\n".encode() for level in range(1, 10)
)
CHAIN = b"a0: &a0 {x: 1}\n" + b"".join(f"a{n}: &a{n} {{y: *a{n - 1}}}\n".encode() for n in range(1, 10_000))

REFUSED: dict[str, tuple[bytes, str]] = {
    "an alias bomb": (BILLION + HEAD, "aliases written out, found more. Use fewer aliases"),
    "an alias bomb of merge keys": (MERGES + HEAD, "aliases written out, found more. Use fewer aliases"),
    "a chain of 10,000 aliases": (CHAIN + HEAD, "at most 100 levels of nesting"),
    "10,000 brackets": (b"x: " + b"[" * 10_000 + b"]" * 10_000 + b"\n" + HEAD, "at most 100 levels of nesting"),
    "10,000 braces": (b"x: " + b"{a: " * 10_000 + b"}" * 10_000 + b"\n" + HEAD, "at most 100 levels of nesting"),
    "10,000 dashes": (b"x:\n" + b"- " * 10_000 + b"a\n" + HEAD, "at most 100 levels of nesting"),
    "brackets that never close": (b"[" * 900_000, "at most 100 levels of nesting"),
    "200,000 items": (HEAD + b"x: [" + b"a," * 200_000 + b"]\n", "values in a text of this length"),
    "a recursive anchor": (HEAD + b"x: &a [*a]\n", "found an alias of the node that it stands in"),
    "a recursive anchor in a mapping": (HEAD + b"x: &a {y: {z: *a}}\n", "found an alias of the node"),
    "a recursive merge": (HEAD + b"x: &a {<<: *a}\n", "found an alias of the node that it stands in"),
    "a zero byte": (HEAD + b"x: a\x00b\n", "found the control character U+0000"),
    "an escape sequence": (HEAD + b"x: \x1b[2J\n", "found the control character U+001B"),
    "only zero bytes": (b"\x00" * 900_000, "found the control character U+0000"),
    "a lone surrogate": (HEAD + b"x: \xed\xa0\x80\n", "expected UTF-8, found a byte that cannot be"),
    "an escape beyond 32 bits": (HEAD + b'x: "\\UFFFFFFFF"\n', "a backslash sequence that double quotes do not know"),
    "an escape beyond Unicode": (HEAD + b'x: "\\U00110000"\n', "a backslash sequence that double quotes do not know"),
    "bytes that are no text": (bytes(range(256)) * 1000, "expected UTF-8, found a byte that cannot be"),
    "half a character of UTF-16": ("model_list: []".encode("utf-16")[:-1], "expected UTF-16, found a byte"),
    "UTF-16 without its mark": ("model_list: []".encode("utf-16-le"), "found the control character U+0000"),
    "UTF-32": ("model_list: []".encode("utf-32"), "found the control character U+0000"),
    "a list as a key": (HEAD + b"? [a, b]\n: 1\n", "found a list or a mapping used as a key"),
    "a mapping as a key": (HEAD + b"? {a: b}\n: 1\n", "found a list or a mapping used as a key"),
    "a set as a key": (HEAD + b"? !!set {a}\n: 1\n", "expected YAML"),
    "a merge of a number": (HEAD + b"x: {<<: 5}\n", "a merge key (`<<`) that names no mapping"),
    "a merge of texts": (HEAD + b"x: {<<: [a, b]}\n", "a merge key (`<<`) that names no mapping"),
    "a merge of nothing": (HEAD + b"x: {<<: }\n", "a merge key (`<<`) that names no mapping"),
    "a merge of an unknown anchor": (HEAD + b"x: {<<: *a}\n", "an alias (`*name`) without its anchor"),
    "a merge key as a value": (HEAD + b"x: [<<]\n", "without a meaning"),
    "a million digits": (HEAD + b"x: " + b"9" * 900_000 + b"\n", "found a value that its type does not allow"),
    "a million hexadecimal digits": (HEAD + b"x: 0x" + b"f" * 900_000 + b"\n", "its type does not allow"),
    "a number to the base of 60": (HEAD + b"x: 1" + b":59" * 300_000 + b"\n", "its type does not allow"),
    "a fraction to the base of 60": (HEAD + b"x: 1" + b":59" * 2000 + b":59.5\n", "its type does not allow"),
    "the 31st of February": (HEAD + b"x: 2024-02-31\n", "found a value that its type does not allow"),
    "code": (HEAD + b"x: !!python/object/apply:os.system [id]\n", "found a tag"),
    "a million line ends": (b"x: |\n" + b"\n" * 900_000 + b"  a\n", "expected a section of a LiteLLM configuration"),
    "beginnings of files": (b'x: "' + b"<<a " * 200_000 + b'model_list: "\n', "expected a section"),
    "texts that might be configurations": (b"x:\n" + b'- "model_list: ["\n' * 50_000, "expected a section"),
    "40,000 configurations": (b"---\nmodel_list: [1]\n" * 40_000, "found a second one"),
    "nothing": (b"", "expected a mapping"),
    "a number": (b"5", "expected a mapping"),
    "an include that is no list": (HEAD + b"include: /etc/passwd\n", "expected a list of file names"),
}

NAME = "a\\x00\\x07\\x1b[2J\\u202e\\u200b\\u2028end"
KEYS = (
    b"x:\n  ~: 1\n  true: 1\n  7: 1\n  1.5: 1\n  .nan: 1\n  .inf: 1\n  2024-01-01: 1\n"
    b"  2024-01-01 01:02:03: 1\n  !!binary QQ==: 1\n"
)
LONG = 900_000

CONVERTED: dict[str, bytes] = {
    "control characters in a name": SMALL.replace("model_name: a", f'model_name: "{NAME}"').encode(),
    "control characters in keys": f'{SMALL}"{NAME}": 1\nlitellm_settings: {{"{NAME}": 1}}\n'.encode(),
    "carriage returns": HEAD.replace(b"\n", b"\r\n"),
    "carriage returns alone": HEAD.replace(b"\n", b"\r"),
    "a byte order mark": b"\xef\xbb\xbf" + HEAD,
    "UTF-16, little end first": b"\xff\xfe" + SMALL.encode("utf-16-le"),
    "UTF-16, big end first": b"\xfe\xff" + SMALL.encode("utf-16-be"),
    "keys of every type": HEAD + KEYS,
    "keys of every type in an entry": HEAD + KEYS.replace(b"x:\n", b"litellm_settings:\n"),
    "dates as keys and values": HEAD
    + b"2024-01-01: 2024-02-29\nrouter_settings: {2024-01-01: {2024-01-01 00:00:00: 1}}\n",
    "a merge of a list twice": HEAD + b"x: &a {k: 1}\ny: {<<: [*a, *a], <<: *a, k: 2}\n",
    "numbers beyond a float": (
        b"model_list:\n- model_name: a\n  litellm_params: {model: openai/gpt-4o, rpm: 1.0e+999, tpm: -1.0e+999, "
        b"weight: .nan, order: .inf, input_cost_per_token: 1.0e-999, output_cost_per_token: "
        + b"9" * 400
        + b", max_budget: 1e999}\n"
    ),
    "an alias of an alias": HEAD + b"a0: &a0 [x]\na1: &a1 [*a0, *a0]\na2: [*a1, *a1]\n",
    "a name of a megabyte": b"model_list:\n- {model_name: "
    + b"a" * LONG
    + b", litellm_params: {model: openai/gpt-4o}}\n",
    "a value of a megabyte": HEAD + b"x: " + b"a-" * (LONG // 2) + b"\n",
    "a key of a megabyte": HEAD + b"? " + b"k" * LONG + b"\n: 1\n",
    "brackets in comments": HEAD + (b"#" + b"[#" * 50 + b"\n") * 9000 + b"# ?\n",
    "the beginnings of keys": HEAD + b"x: " + b"sk-" * (LONG // 3) + b"\n",
}


def sound(folder: Path, ran: Ended) -> dict[str, bytes]:
    """The files of a run that came to its end: all that it names, in which nothing is hidden."""
    files = tree(folder)
    summary = json.loads(ran.out)
    assert files.keys() >= {*summary["files"], "apply.sh", "migration_report.md", "migration_report.json"}
    for name, content in files.items():
        text = content.decode()
        if name.endswith(".json"):
            json.loads(text)
        else:
            assert text.replace("\n", "").replace("\t", "").isprintable(), name
    return files


def convert(data: bytes, folder: Path, *more: object) -> Ended:
    """Converts a text that lies in a folder of its own."""
    config = folder / "in" / "config.yaml"
    config.parent.mkdir(exist_ok=True)
    config.write_bytes(data)
    return run_limited("--input", config, "--output", folder / "out", "--json", *more)


@pytest.mark.parametrize("name", spread(REFUSED, 4))
def test_it_is_refused_in_one_line_and_nothing_is_written(name: str, tmp_path: Path) -> None:
    data, said = REFUSED[name]
    ran = convert(data, tmp_path)
    assert (ran.code, len(json.loads(ran.out)["problems"]), len(ran.err.splitlines())) == (1, 1, 1), ran.err
    assert said in ran.err
    assert len(ran.err) < 600
    assert [entry.name for entry in tmp_path.iterdir()] == ["in"]


@pytest.mark.parametrize("name", spread(CONVERTED, 3))
def test_it_is_converted_and_every_file_is_sound(name: str, tmp_path: Path) -> None:
    ran = convert(CONVERTED[name], tmp_path)
    assert (ran.code, len(ran.err.splitlines())) == (0, 2), ran.err
    sound(tmp_path / "out", ran)


def test_a_scalar_of_100_megabytes_is_refused(tmp_path: Path) -> None:
    config = tmp_path / "config.yaml"
    with config.open("wb") as stream:
        stream.write(HEAD + b"x: ")
        for _ in range(100):
            stream.write(b"a" * 1_000_000)
    for source in (config, "-"):
        stdin = config.read_bytes() if source == "-" else b""
        ran = run_limited("--input", source, "--output", tmp_path / "out", stdin=stdin)
        assert (ran.code, ran.out) == (1, "")
        assert "at most 64 MiB, found more. Check that this is the configuration." in ran.err
    assert not (tmp_path / "out").exists()


def test_line_ends_and_encodings_change_nothing_but_the_bytes(tmp_path: Path) -> None:
    def payloads(data: bytes, name: str) -> dict[str, bytes]:
        (tmp_path / name).mkdir()
        convert(data, tmp_path / name)
        return {file: text for file, text in tree(tmp_path / name / "out").items() if file.startswith("payloads/")}

    plain = payloads(HEAD, "plain")
    names = ("carriage returns", "carriage returns alone", "a byte order mark", "UTF-16, little end first")
    for name in (*names, "UTF-16, big end first"):
        assert payloads(CONVERTED[name], name.replace(" ", "-")) == plain, name


SHOWN = {
    "right to left": ("abc\u202egpj.exe", "abc\\u202egpj.exe"),
    "no width": ("gpt\u200b-4", "gpt\\u200b-4"),
    "letters that look alike": ("gрt-4о", "g\\u0440t-4\\u043e"),  # noqa: RUF001 - that is the point
    "a word of such letters": ("аре", "\\u0430\\u0440\\u0435"),  # noqa: RUF001
    "wide letters": ("ｇｐｔ", "\\uff47\\uff50\\uff54"),  # noqa: RUF001
    "tags": ("gpt\U000e0041", "gpt\\U000e0041"),
}


@pytest.mark.parametrize("case", SHOWN)
def test_a_name_that_deceives_is_shown_escaped_and_sent_as_it_is(case: str, tmp_path: Path) -> None:
    name, shown = SHOWN[case]
    entry: dict[str, Any] = {"model_name": name, "litellm_params": {"model": "openai/gpt-4o"}}
    data = json.dumps({"model_list": [entry], name: 1}, ensure_ascii=False).encode()
    ran = convert(data, tmp_path)
    files = sound(tmp_path / "out", ran)
    report = files["migration_report.md"].decode()
    assert name not in report
    assert f"`{shown}`" in report
    rule = json.loads(files["payloads/routing_config.json"])["rules"][0]
    assert rule["modelPattern"] == name


def test_words_of_other_scripts_stay_readable(tmp_path: Path) -> None:
    ran = convert("{model_list: [], модель Grüße 日本語 😀: 1}".encode(), tmp_path)
    assert ran.code == 0
    assert "модель Grüße 日本語 😀" in (tmp_path / "out" / "migration_report.md").read_text(encoding="utf-8")


INCLUDES: dict[str, tuple[list[str], str]] = {
    "a file of the system": (["../../../../../../../../etc/passwd"], "found one outside"),
    "an absolute name": (["/etc/passwd"], "found one outside"),
    "a device": (["/dev/zero"], "found one outside"),
    "a link to the outside": (["link.yaml"], "found one outside"),
    "a file above": (["../above.yaml"], "found one outside"),
    "a folder that begins alike": (["../in2/more.yaml"], "found one outside"),
    "a name with a zero byte": (["a\0b.yaml"], "found a name that no file can have"),
    "a name with a lone surrogate": (["a\ud800.yaml"], "found a name that no file can have"),
    "a name of a megabyte": (["a" * 900_000], "File name too long"),
    "a pipe": (["pipe"], "found a pipe or a device"),
    "a folder": (["."], "found a folder. Name a file in it."),
    "a file that is not there": (["nowhere.yaml"], "found nothing there"),
}


@pytest.mark.parametrize("case", INCLUDES)
def test_an_include_stays_in_its_folder(case: str, tmp_path: Path) -> None:
    names, said = INCLUDES[case]
    (tmp_path / "in").mkdir()
    (tmp_path / "in2").mkdir()
    for place in ("above.yaml", "in2/more.yaml"):
        (tmp_path / place).write_text("litellm_settings: {drop_params: true}\n")
    (tmp_path / "in" / "link.yaml").symlink_to("/etc/passwd")
    os.mkfifo(tmp_path / "in" / "pipe")
    ran = convert(json.dumps({"model_list": [], "include": names}).encode(), tmp_path)
    assert (ran.code, len(json.loads(ran.out)["problems"]), len(ran.err.splitlines())) == (1, 1, 1)
    assert said in ran.err
    assert "root:" not in ran.err
    assert not (tmp_path / "out").exists()


def test_an_include_from_outside_can_be_allowed(tmp_path: Path) -> None:
    (tmp_path / "above.yaml").write_text("litellm_settings: {drop_params: true}\n")
    data = b"include: [../above.yaml]\n" + HEAD
    assert "Move it there, or add --allow-outside." in convert(data, tmp_path).err
    assert convert(data, tmp_path, "--allow-outside").code == 0


def test_includes_that_lead_back_are_read_once(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.yaml").write_text(
        "include: [b.yaml, a.yaml, config.yaml]\nlitellm_settings: {drop_params: true}\n"
    )
    (tmp_path / "in" / "b.yaml").write_text("include: [a.yaml, ./a.yaml, ../in/a.yaml]\n")
    ran = convert(b"include: [a.yaml, config.yaml]\n" + HEAD, tmp_path)
    assert ran.code == 0
    assert json.loads(ran.out)["summary"]["settings"] == 4


def test_a_thousand_includes_are_too_many(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    for number in range(1001):
        (tmp_path / "in" / f"{number}.yaml").write_text(f"include: [{number + 1}.yaml]\n")
    ran = convert(b"include: [0.yaml]\n" + HEAD, tmp_path)
    assert (ran.code, "at most 500 included files" in ran.err) == (1, True)
