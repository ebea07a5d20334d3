"""`--annotate`: the configuration with comments, which reads as the configuration does."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from command import run_inside
from conversion import EXAMPLES, Result, of_file, of_text
from litellm_migrate.cli.convert import output_of
from litellm_migrate.output.files import Choices
from litellm_migrate.source.model import Problems
from sampling import spread

CORPUS = Path(__file__).resolve().parents[2] / "shared" / "corpus"
FILES = sorted(CORPUS.glob("*.yaml"))
BATCHES = 20
MAIN = "annotated.yaml"
KEY = "sk-q8x7f3a9c2e4" + "b1c2d3e4f5a6" * 3
MODEL = "model_list:\n- model_name: a\n  litellm_params:\n    model: openai/gpt-4o\n"


def copies(result: Result, name: str = "-") -> dict[str, str]:
    """The annotated copies of a conversion."""
    texts = output_of(result.done, name, "0", (), Choices(html=False, annotated=True)).texts
    return {name: text for name, text in texts.items() if name.startswith("annotated")}


def copy_of(text: str) -> str:
    return copies(of_text(text))[MAIN]


def check_same(value: Any, copied: Any) -> None:
    """Two values are the same, but for what is masked in the second."""
    if isinstance(copied, str) and ("•••" in copied or copied.startswith("masked-")):
        return
    assert type(value) is type(copied)
    if isinstance(value, dict):
        assert len(value) == len(copied)
        check_same([*value.items()], [*copied.items()])
    elif isinstance(value, (list, tuple)):
        assert len(value) == len(copied)
        for one, other in zip(value, copied, strict=True):
            check_same(one, other)
    else:
        assert value == copied


def check_copies(file: Path) -> None:
    """Each copy of a file and of what it includes reads as the original."""
    try:
        result = of_file(file)
    except Problems:
        return
    source = result.done.source
    originals = [source.inside or text for text in source.texts.values()]
    for text, copied in zip(originals, copies(result, str(file)).values(), strict=True):
        check_same(list(yaml.safe_load_all(text.removeprefix("\ufeff"))), list(yaml.safe_load_all(copied)))


@pytest.mark.parametrize("example", ["quickstart", "messy", "mission"])
def test_a_copy_reads_as_its_original(example: str) -> None:
    check_copies(EXAMPLES / f"{example}.yaml")


@pytest.mark.skipif(not FILES, reason="the published configurations are not here")
@pytest.mark.parametrize("batch", spread(range(BATCHES), BATCHES))
def test_copies_of_published_configurations_read_as_their_originals(batch: int) -> None:
    for file in FILES[batch::BATCHES]:
        check_copies(file)


LAYOUTS = {
    "a block": f"{MODEL}    extra: |  # a poem\n      roses\n      # are no comment\n\n  model_info: {{mode: chat}}\n",
    "a block that is kept whole": f"{MODEL}    extra: |+\n      roses\n\n\n  model_info:\n    mode: chat\n",
    "a folded block": f"{MODEL}    extra: >-\n      roses are\n      red\n\nlitellm_settings: {{drop_params: true}}\n",
    "a masked block": f"{MODEL}    api_key: |\n      q8x7f3a9c2e41\n      x\n  model_info: {{mode: chat}}\n",
    "a masked block with a comment": f"{MODEL}    api_key: |-  # mine\n      q8x7f3a9c2e41\n",
    "plain text on lines": f"{MODEL}    extra: roses\n      are red\n      and blue\n    rpm: 5\n",
    "quoted text on lines": f'{MODEL}    extra: "roses\n\n      are # red"\n    rpm: 5\n',
    "flow on lines": "model_list: [{model_name: a,\n litellm_params: {\n  model: o1, a: roses\n  are, rpm: 5}}\n]\n",
    "JSON": json.dumps({"model_list": [{"model_name": "a", "litellm_params": {"model": "openai/gpt-4o"}}]}, indent=1),
    "JSON on a line": json.dumps({"model_list": [{"model_name": "a", "litellm_params": {"model": "openai/gpt-4o"}}]}),
    "a value below its key": f"{MODEL}    api_base:\n      # where\n      https://x.example/v1\n    rpm:\n      5\n",
    "anchors": f"x: &q8x7f3a9c2e41 {{rpm: 5}}\n{MODEL}    <<: *q8x7f3a9c2e41\n",
    "tags": f"%YAML 1.1\n---\n{MODEL}    rpm: !!int '5'\n    extra: !!str 5\n",
    "documents": f"a: [1, 2]\n---\n{MODEL}...\n",
    "no line end": MODEL.rstrip(),
    "a mark of byte order": f"\ufeff{MODEL}",
    "line ends of others": MODEL.replace("\n", "\r\n") + "    extra: [a\u2028, b]\r\n",
    "keys that look like keys": f"{MODEL}    extra: {{{KEY}1: 1, {KEY}2: 2, 5: x, null: y}}\n",
    "an explicit key": f"{MODEL}    extra:\n      ? a\n      : b\n      ? |\n        c\n      : d\n",
    "signs of YAML": f"{MODEL}    extra: {{a: 'it''s', b: \"\\\"x\\\"\\u00e9\", c: '#no', d: a#b, e: ~, f: }}\n",
    "other languages": f"# Größe 大小 🎈\n{MODEL}    größe: 大小 🎈  # 🎈\n    rpm: 5\n",
    "a tag of what is masked": f"{MODEL}    extra: !!int 1234567890123456789\n    rpm: 5\n",
    "a sign of comments as a value": f"# \n{MODEL}    organization: '#'  # '#'\n",
    "inside a mapping": "spec:\n  config:\n" + re.sub("(?m)^", "    ", MODEL).rstrip(" "),
}


@pytest.mark.parametrize("name", LAYOUTS)
def test_any_layout_stays_readable(name: str) -> None:
    text = LAYOUTS[name]
    copied = copy_of(text)
    check_same(list(yaml.safe_load_all(text.removeprefix("\ufeff"))), list(yaml.safe_load_all(copied)))
    assert "# mapped → " in copied or ": mapped → " in copied
    assert "q8x7f3a9c2e4" not in copied


def test_what_stands_inside_another_file_is_copied_alone() -> None:
    copied = copy_of(
        "kind: ConfigMap\ndata:\n  config.yaml: |\n" + re.sub("(?m)^(?=.)", "    ", MODEL + "    rpm: 5\n")
    )
    assert yaml.safe_load(copied) == yaml.safe_load(MODEL + "    rpm: 5\n")
    assert re.search(r"^    rpm: 5  # mapped, differs ", copied, re.MULTILINE)


def test_a_line_says_what_became_of_it_and_a_finding_stands_above() -> None:
    copied = copy_of(
        f"{MODEL}    timeout: 5   # seconds\nlitellm_settings:\n  drop_params: true\n  no_such: {{x: 1, y: 2}}\n"
    )
    lines = copied.splitlines()
    model, timeout, unknown = (
        next(line for line in lines if line.lstrip().startswith(f"{word}: "))
        for word in ("model", "timeout", "no_such")
    )
    assert "# mapped" in model
    assert "→ integrations.json[0].name, integrations.json[0].providerType and" in model
    assert timeout == "    timeout: 5   # seconds  # manual LM604: No timeout applies"
    assert re.search(r"# x: manual LM901: .*; y: manual LM901: ", unknown)
    assert lines[lines.index(timeout) - 2].startswith("    # LM604 No timeout applies. ")
    assert copied.count("# LM604 ") == 1
    assert lines[0].startswith("# <stdin> for Synapse")
    assert any(line.startswith("# LM601 ") for line in lines[:8])


def test_the_command_writes_a_copy_beside_the_reports_and_never_the_configuration(tmp_path: Path) -> None:
    main, more = tmp_path / "annotated.yaml", tmp_path / "parts" / "more.yaml"
    more.parent.mkdir()
    more.write_text(MODEL)
    main.write_text("include: [parts/more.yaml]\nlitellm_settings: {drop_params: true}\n")
    words = ("--input", main, "--output", tmp_path / "out", "--no-html")
    assert run_inside(*words, "--annotate", "--ignore", "LM605=fine").code == 0
    assert "manual LM605, accepted: " in (tmp_path / "out" / MAIN).read_text()
    assert "# mapped" in (tmp_path / "out" / "annotated" / "parts" / "more.yaml").read_text()
    assert run_inside(*words).code == 0
    assert not (tmp_path / "out" / MAIN).exists()
    before = main.read_text()
    done = run_inside("--input", main, "--output", tmp_path, "--no-html", "--annotate", "--force")
    assert (done.code, main.read_text()) == (1, before)
    assert "found the configuration itself" in done.err
