"""The reference of the rule language: nothing is missing, nothing is stale, and its examples are true."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest

from litellm_migrate import shipped
from litellm_migrate.authoring.reference import ReferenceEntry, document, entries
from litellm_migrate.cli.main import main
from litellm_migrate.convert.functions import FUNCTIONS, KIND_FUNCTIONS
from litellm_migrate.convert.tables import WAYS
from litellm_migrate.output import markdown
from litellm_migrate.rulebook.load import documents_of
from litellm_migrate.rulebook.syntax import FORMS
from tiny.bookshop import entry

SCHEMAS = sorted((shipped("schemas") / "rules").glob("*.json"))
OF_OVERLAYS = {"examples", "settings"}
"""Kinds that the shipped rules do not need."""


@cache
def reference() -> list[ReferenceEntry]:
    return list(entries(documents_of(shipped("rules"), shipped("schemas")), shipped("schemas")))


def undescribed(schema: Any, path: str = "") -> Iterator[str]:
    """The words of a schema without a description; JSON Schema's own words need none."""
    for name, below in schema.get("properties", {}).items():
        if not below.get("description"):
            yield f"{path}.{name}"
        yield from undescribed(below, f"{path}.{name}")
    for below in (schema.get("items"), schema.get("additionalProperties"), *schema.get("anyOf", ())):
        if isinstance(below, dict):
            yield from undescribed(below, path)


@pytest.mark.parametrize("file", SCHEMAS, ids=lambda file: file.stem)
def test_every_word_is_described(file: Any) -> None:
    schema = json.loads(file.read_text(encoding="utf-8"))
    parts = {name: part for name, part in schema.get("$defs", {}).items() if name != "schema"} or {"": schema}
    missing = [path for name, part in parts.items() for path in undescribed(part, name)]
    ours = [path for path in missing if not (file.stem == "table" and path.startswith(".columns."))]
    assert ours == []
    assert all(part.get("description") for part in parts.values())


def test_every_function_form_match_and_step_is_there() -> None:
    names = {entry.name for entry in reference()}
    steps = json.loads((shipped("schemas") / "rules" / "relation.json").read_text("utf-8"))["properties"]["steps"]
    assert names >= {*FUNCTIONS, *KIND_FUNCTIONS, *FORMS, *WAYS, *steps["items"]["properties"]}


@pytest.mark.parametrize("name", [*FUNCTIONS, *KIND_FUNCTIONS])
def test_the_example_of_a_function_is_true(name: str) -> None:
    (example,) = [entry.example for entry in reference() if (entry.section, entry.name) == ("Functions", name)]
    assert f"{name}(" in example
    assert entry({}).value(example, condition=True) is True


def test_everything_that_the_rules_use_has_an_example() -> None:
    bare = [entry for entry in reference() if not entry.example and entry.section != "Codes of outcomes"]
    kinds = {
        entry.section.removeprefix("Words of `").removesuffix("`") for entry in bare if "Words of" in entry.section
    }
    assert kinds <= {*OF_OVERLAYS, "endpoint"}
    assert {entry.name for entry in bare if "Words of" not in entry.section} <= {"item", "optional"}


def test_the_reference_is_that_of_the_rules() -> None:
    written = (shipped("rules") / "REFERENCE.md").read_text(encoding="utf-8")
    expected = f"{document(reference(), markdown)}\n"
    assert written == expected, "run `litellm-migrate rules regenerate`"


def test_no_place_is_that_of_one_machine() -> None:
    assert [entry.name for entry in reference() if "/" in entry.place] == []


def test_a_word_is_explained(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rules", "reference", "unless"]) == 0
    shown = capsys.readouterr().out
    assert "unless(VALUE, USUAL): the value, where it departs from what is usual." in shown
    assert main(["rules", "reference", "disagree", "--json"]) == 0
    (found,) = json.loads(capsys.readouterr().out)
    assert found["name"] == "group.disagree"
    assert found["place"].startswith("models.yaml:")


def test_an_unknown_word_is_wrong_usage(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rules", "reference", "lookpu"]) == 2
    assert "`lookpu` is no word of the rule language; did you mean `lookup`" in capsys.readouterr().err
