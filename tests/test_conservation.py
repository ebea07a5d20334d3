"""Whatever the configuration: every setting has one outcome, every field a reason, and nothing invalid is written."""

from __future__ import annotations

import io
import json
import shutil
from collections import Counter
from collections.abc import Iterator
from pathlib import Path as File
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from conversion import DIALECTS, rulebook
from litellm_migrate import shipped
from litellm_migrate.cli.convert import convert_checked, output_of
from litellm_migrate.cli.main import main
from litellm_migrate.convert import run as conversion
from litellm_migrate.convert.bodies import Body, FieldOrigin
from litellm_migrate.convert.document import Document
from litellm_migrate.convert.origins import resolve
from litellm_migrate.convert.run import Conversion, Run
from litellm_migrate.rulebook.endpoint_schemas import body_schema
from litellm_migrate.source.model import Problems, Source, leaves, pointer
from litellm_migrate.source.model import value_at as at
from properties import Config, configurations, mappings, replaced, source_of

SCHEMAS = shipped("schemas")
SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example]
many = settings(max_examples=8, deadline=None, suppress_health_check=SLOW)
few = settings(max_examples=8, deadline=None, suppress_health_check=SLOW)

MISSION = [
    f"{name}.json" for name in ("integrations", "providers", "models", "routing_config", "rate_limits", "virtual_keys")
]

CONSTANT = {
    "providers.tags",  # one of its two tags says who wrote it
    "virtual_keys.name",
    "virtual_keys.description",
    "routing_config.strategy",  # the strategy that LiteLLM uses when none is set
    "integrations.isActive",  # what is written is switched on
    "providers.isEnabled",
    "models.isActive",  # unless LiteLLM's entry is paused
    "rate_limits.tier",  # the largest tier, where the sum of the limits is above all of them
}
"""Fields whose rule may state a value of its own, which no setting decides."""


def converted(config: Config, dialect: str) -> Conversion:
    return convert_checked(rulebook(dialect), source_of(config), SCHEMAS)


@many
@given(configurations(), st.sampled_from(DIALECTS))
def test_every_setting_has_exactly_one_outcome(config: Config, dialect: str) -> None:
    done = converted(config, dialect)
    assert Counter(one.path for one in done.verdicts) == Counter(path for path, _ in leaves(done.source.value))
    data = json.loads(output_of(done, "-", "0").texts["migration_report.json"])
    counts = data["summary"]
    assert counts["settings"] == counts["mapped"] + counts["manual"] + counts["skipped"] == len(data["settings"])
    for one in done.verdicts:
        assert one.rule
        if one.outcome == "manual":
            assert one.because
            assert one.do
        elif one.outcome == "skipped":
            assert one.because
        else:
            assert one.targets


@many
@given(configurations(), st.sampled_from(DIALECTS))
def test_what_is_mapped_is_there_and_what_is_there_is_valid(config: Config, dialect: str) -> None:
    from jsonschema import Draft202012Validator  # noqa: PLC0415

    done = converted(config, dialect)
    for one in done.verdicts:
        for file, path in one.targets:
            assert missing(done.payloads, file, path) is False, f"{one.path} {file}{pointer(path)}"
    for file, payload in done.payloads.items():
        validator = Draft202012Validator(body_schema(file, None, rulebook(dialect).schemas, SCHEMAS))
        for body in payload if isinstance(payload, list) else [payload]:
            validator.validate(body)
            assert None not in [value for _, value in leaves(body)]


def missing(payloads: Any, file: str, path: tuple[Any, ...]) -> bool:
    return file not in payloads or (bool(path) and at(payloads[file], path) is None)


def bodies_of(source: Source, dialect: str) -> Iterator[Body]:
    book = rulebook(dialect)
    run = Run(conversion.CompiledRules(book), Document(source.value))  # compiled once: `shared_rules`
    for shape in book.endpoints:
        yield from run.bodies(shape)


def unexplained(body: Body) -> list[str]:
    """The values of a body that neither a setting nor a constant of a rule explains; an empty list holds none."""
    found = []
    for path in [path for path, value in leaves(body.value) if value != []]:
        fields = [field for field in body.fields if field.pointer == path[: len(field.pointer)]]
        nearest = max(fields, key=lambda field: len(field.pointer), default=None)
        origins = [resolve(field.origin) for field in fields]
        settings = any(
            carried or decided or any(fact.place is not None for fact in facts) for carried, decided, facts in origins
        )
        if nearest is None or not nearest.rule or not (settings or nearest.rule in CONSTANT):
            found.append(pointer(path))
    return found


@many
@given(configurations(), st.sampled_from(DIALECTS))
def test_every_field_of_a_payload_has_an_origin(config: Config, dialect: str) -> None:
    for body in bodies_of(source_of(config), dialect):
        assert unexplained(body) == []


def test_a_field_without_an_origin_would_be_found() -> None:
    body = next(
        bodies_of(source_of({"model_list": [{"model_name": "a", "litellm_params": {"model": "groq/x"}}]}), "synapse")
    )
    assert body.value["name"] == "groq"
    assert "/name" in unexplained(body._replace(fields=body.fields[1:]))
    emptied = FieldOrigin(("name",), "integrations.name", None)
    assert "/name" in unexplained(body._replace(fields=[emptied, *body.fields[1:]]))


@few
@given(configurations(), st.sampled_from(DIALECTS))
def test_the_same_configuration_gives_the_same_bytes(config: Config, dialect: str) -> None:
    book = rulebook(dialect)
    text = yaml.safe_dump(config, allow_unicode=True, sort_keys=False).encode()
    runs = [convert_checked(book, read(text, dialect), SCHEMAS) for _ in range(2)]
    first, second = (output_of(done, "-", "0").texts for done in runs)
    assert dict(first) == dict(second)


def read(text: bytes, dialect: str) -> Source:
    from litellm_migrate.source.read import read_source  # noqa: PLC0415

    return read_source("-", rulebook(dialect).grammar, io.BytesIO(text))


@many
@given(configurations(messy=False), st.data())
def test_a_key_that_nobody_knows_is_never_called_harmless(config: Config, data: st.DataObject) -> None:
    spot = data.draw(st.sampled_from([path for path in mappings(config) if known_place(path)]))
    value = data.draw(st.sampled_from(["text", 7, True, None, [], {}, {"a": {"b": [1]}}, ["x"]]))
    done = converted(replaced(config, (*spot, "zz_invented"), value), "synapse")
    found = [one for one in done.verdicts if one.path[: len(spot) + 1] == (*spot, "zz_invented")]
    assert found
    assert {one.outcome for one in found} == {"manual"}


def known_place(path: tuple[Any, ...]) -> bool:
    """Whether all keys at a place are known: not in a mapping whose keys people choose."""
    return path in [(), ("router_settings",), ("litellm_settings",), ("general_settings",)] or (
        path[:1] == ("model_list",) and len(path) in (2, 3)
    )


@pytest.fixture
def impossible(tmp_path: File) -> File:
    """Rules that write something invalid for one model of several."""
    rules = shutil.copytree(shipped("rules"), tmp_path / "rules")
    file = rules / "endpoints" / "catalog.yaml"
    text = file.read_text("utf-8")
    wrong = "  displayName: upstream\n  providerType: [\"if(upstream == 'two', 'NO_SUCH_TYPE')\", type]\n"
    assert text.count("  displayName: upstream\n  providerType: type\n") == 1
    file.write_text(text.replace("  displayName: upstream\n  providerType: type\n", wrong), "utf-8")
    return rules


def test_one_invalid_payload_means_that_nothing_is_written(
    impossible: File, tmp_path: File, capsys: pytest.CaptureFixture[str]
) -> None:
    config, output = tmp_path / "config.yaml", tmp_path / "output"
    entries = [{"model_name": name, "litellm_params": {"model": f"groq/{name}"}} for name in ("one", "two", "three")]
    config.write_text(yaml.safe_dump({"model_list": entries}), "utf-8")
    before = sorted(tmp_path.iterdir())
    assert main(["--input", str(config), "--output", str(output), "--rules", str(impossible)]) == 1
    assert sorted(tmp_path.iterdir()) == before
    said = capsys.readouterr()
    assert said.out == ""
    assert "models.json/1/providerType" in said.err
    assert "models.providerType" in said.err
    assert main(["--input", str(config), "--output", str(output)]) == 0


@pytest.mark.parametrize("file", MISSION)
def test_a_schema_that_demands_the_impossible_is_not_ignored(file: str, tmp_path: File) -> None:
    schemas = shutil.copytree(SCHEMAS, tmp_path / "schemas")
    schema = json.loads((schemas / "synapse" / file).read_text("utf-8"))
    schema["required"] = [*schema["required"], "impossible"]
    (schemas / "synapse" / file).write_text(json.dumps(schema), "utf-8")
    config = {
        "model_list": [{"model_name": "a", "litellm_params": {"model": "groq/x", "rpm": 5}}],
        "general_settings": {"master_key": "os.environ/KEY"},
    }
    with pytest.raises(Problems, match=f"(?s){file}.*impossible"):
        convert_checked(rulebook(), source_of(config), schemas)
