"""Small configurations with what LiteLLM does and what must therefore be written: the files of tests/cases.

Each file is about one kind of mistake and has several inputs of that kind. A case has:

    name           what must hold, as a sentence
    source         how it is known: a symbol of LiteLLM's source, or what it sent to a recording server
    configuration  LiteLLM's configuration, as YAML or, where lines or spelling matter, as its text
    dialects       which dialects to convert to; without it, those whose bodies have the fields that the rules name
    payloads       JMESPath over all payloads by file name without .json to its value (null: not written)
    settings       JSON pointer of a setting to "exact", "approximate", "manual", "skipped", or one of them with a code
    codes          codes that the report has somewhere
    reads          texts that the Markdown report has
    lacks          texts that the Markdown report has nowhere

`deployment_names` among the payloads is [modelPattern, routeTo] of each rule of the lowest priority, which leads
litellm_params.model to its deployment; in no case do the rules and the allowed models beside it have these names.

Example: `payloads: {"models[].modelId": [gpt-4o]}`, `settings: {/model_list/0/model_info/blocked: manual LM212}`.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import jmespath
import pytest
import yaml

from conversion import NESTED, Result, of_text
from fuzz_cases import DUMPER, LOADER

FILES = sorted((Path(__file__).parent / "cases").glob("*.yaml"))
LOWEST = 100
"""The priority of rules for names of single deployments."""
WORDS = {"name", "source", "configuration", "dialects", "payloads", "settings", "codes", "reads", "lacks"}


def outcome(setting: dict[str, Any]) -> str:
    """What became of a setting, as a case writes it."""
    return setting["outcome"] if setting["outcome"] != "mapped" else "exact" if setting["exact"] else "approximate"


def cases() -> list[Any]:
    """Every case in every dialect that it asks for; one that asks for none is tried in one, with -m full in all."""
    read = [(file, case) for file in FILES for case in yaml.load(file.read_text("utf-8"), LOADER)["cases"]]
    return [
        pytest.param(
            case,
            dialect,
            id=f"{file.stem}: {case['name']} ({dialect})",
            marks=[pytest.mark.full] if "dialects" not in case and dialect != NESTED[number % len(NESTED)] else [],
        )
        for number, (file, case) in enumerate(read)
        for dialect in case.get("dialects", NESTED)
    ]


def converted(case: dict[str, Any], dialect: str) -> Result:
    """The conversion of a case."""
    given = case["configuration"]
    return of_text(given if isinstance(given, str) else yaml.dump(given, Dumper=DUMPER, sort_keys=False), dialect)


def apart(payloads: dict[str, Any]) -> dict[str, Any]:
    """The payloads, with the names of single deployments, which most configurations have, apart from all others."""
    routing = payloads["routing_config"]
    names = {rule["modelPattern"]: rule["routeTo"] for rule in routing["rules"] if rule["priority"] == LOWEST}
    rules = [rule for rule in routing["rules"] if rule["priority"] != LOWEST]
    keys = [
        {**key, "allowedModels": [name for name in key["allowedModels"] if name not in names]}
        for key in payloads["virtual_keys"]
    ]
    names_apart = {"deployment_names": [[*pair] for pair in names.items()]}
    return {**payloads, "routing_config": {**routing, "rules": rules}, "virtual_keys": keys, **names_apart}


@pytest.mark.parametrize(("case", "dialect"), cases())
def test_case(case: dict[str, Any], dialect: str) -> None:
    assert case.keys() <= WORDS
    assert case.keys() & {"payloads", "settings", "codes", "reads", "lacks"}
    result = converted(case, dialect)
    payloads = apart({name.removesuffix(".json"): body for name, body in result.done.payloads.items()})
    for expression, expected in case.get("payloads", {}).items():
        assert jmespath.search(expression, payloads) == expected, expression
    for path, expected in case.get("settings", {}).items():
        setting = result.setting(path)
        word, _, code = expected.partition(" ")
        assert (outcome(setting), setting["code"] if code else "") == (word, code), path
    report = result.output.texts["migration_report.md"]
    assert not set(case.get("codes", ())) - result.data["codes"].keys()
    for text in case.get("reads", ()):
        assert text in report
    for text in case.get("lacks", ()):
        assert text not in report
