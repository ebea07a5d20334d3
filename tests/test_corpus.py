"""Published configurations as people wrote them: each converts with every setting accounted for, or is refused once."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid5

import pytest
import yaml
from jsonschema import Draft202012Validator, FormatChecker

import published_spec
from conversion import DIALECTS, Result, of_file, rulebook
from litellm_migrate import shipped
from litellm_migrate.rulebook.endpoint_schemas import body_schema
from litellm_migrate.source.model import Problems, leaves
from sampling import spread

CORPUS = Path(__file__).resolve().parents[2] / "shared" / "corpus"
FILES = sorted(CORPUS.glob("*.yaml"))
BATCHES = 16
REFERENCE = re.compile(r"\$\{ref:(\w+)/(.+)\}", re.DOTALL)
VARIABLE = re.compile(r"\$\{([A-Za-z_]\w*)\}")
NO_CONFIGURATION = ("a section of a", "a template", "a second one", "the included file", "a backslash sequence")

pytestmark = pytest.mark.skipif(not FILES, reason="the published configurations are not here")
batches = pytest.mark.parametrize("batch", spread(range(BATCHES), BATCHES), scope="module")
"""One batch after the other for all tests, so that each of its files is converted once."""


@cache
def outcome(file: Path, dialect: str) -> Result | Problems:
    """What became of a file, converted once for all tests."""
    try:
        return of_file(file, dialect)
    except Problems as refused:
        return refused


def converted(batch: int, dialect: str) -> Iterator[tuple[str, Result]]:
    """The files of a batch that convert."""
    for file in FILES[batch::BATCHES]:
        result = outcome(file, dialect)
        if isinstance(result, Result):
            yield file.name, result


@cache
def ours(dialect: str, file: str) -> Draft202012Validator:
    """Our schema of one body of a payload file."""
    return Draft202012Validator(body_schema(file, None, rulebook(dialect).schemas, shipped("schemas")))


@cache
def published(path: str, method: str) -> Draft202012Validator:
    """The published schema of one body of a call."""
    return Draft202012Validator(published_spec.request_schema(path, method), format_checker=FormatChecker())


def bodies(result: Result) -> Iterator[tuple[str, Any]]:
    """Every request body with its file."""
    for file, content in result.done.payloads.items():
        for body in content if isinstance(content, list) else [content]:
            yield file, body


def resolved(body: Any) -> Any:
    """The same body with an id in the place of each reference to one."""
    if isinstance(body, dict):
        return {name: resolved(below) for name, below in body.items()}
    if isinstance(body, list):
        return [resolved(below) for below in body]
    found = REFERENCE.fullmatch(body) if isinstance(body, str) else None
    return str(uuid5(NAMESPACE_URL, body)) if found else body


@pytest.mark.full
@pytest.mark.parametrize("dialect", DIALECTS)
def test_nearly_all_convert_and_the_others_give_one_clear_error(dialect: str) -> None:
    refused = {file.name: found for file in FILES if isinstance(found := outcome(file, dialect), Problems)}
    assert len(refused) <= 20
    for name, found in refused.items():
        assert len(found.problems) == 1, name
        assert found.exit_code == 1
        assert any(said in str(found) for said in NO_CONFIGURATION), str(found)
        assert found.problems[0].line > 0


@batches
@pytest.mark.parametrize("dialect", DIALECTS)
def test_every_setting_is_in_the_report_once(batch: int, dialect: str) -> None:
    for name, result in converted(batch, dialect):
        settings = result.data["settings"]
        assert [verdict.path for verdict in result.done.verdicts] == [
            path for path, _ in leaves(result.done.source.value)
        ]
        assert len({(one["file"], one["path"]) for one in settings}) == len(settings), name
        summary = result.data["summary"]
        counted = {word: sum(one["outcome"] == word for one in settings) for word in ("mapped", "manual", "skipped")}
        assert summary == {**counted, "settings": len(settings)}, name


@batches
def test_the_settings_are_those_that_yaml_reads(batch: int) -> None:
    checked = 0
    for name, result in converted(batch, "synapse"):
        plain, *more = yaml.safe_load_all((CORPUS / name).read_text("utf-8"))
        wrapped = more or plain.keys() != result.done.source.value.keys()  # in another program's file
        if not wrapped and "include" not in plain:
            assert result.data["summary"]["settings"] == len(list(leaves(plain))), name
            checked += 1
    assert checked > len(FILES) / BATCHES / 2


@batches
@pytest.mark.parametrize("dialect", DIALECTS)
def test_reports_and_payloads_are_valid(batch: int, dialect: str) -> None:
    report = Draft202012Validator(
        json.loads((shipped("schemas") / "report" / "migration_report.json").read_text("utf-8"))
    )
    for name, result in converted(batch, dialect):
        written = json.loads(result.output.texts["migration_report.json"])
        assert not list(report.iter_errors(written)), name
        for file, body in bodies(result):
            assert not list(ours(dialect, file).iter_errors(body)), (name, file)


@pytest.mark.skipif(not published_spec.available(), reason="the published specification is not here")
@batches
def test_the_published_dialect_is_legal_by_the_published_specification(batch: int) -> None:
    for name, result in converted(batch, "openapi-0.2"):
        calls = {call.file: call for call in result.done.calls}
        for file, body in bodies(result):
            check = published(calls[file].path, calls[file].method)
            assert not [error.message for error in check.iter_errors(resolved(body))], (name, file)


@batches
@pytest.mark.parametrize("dialect", DIALECTS)
def test_payloads_refer_to_what_is_there(batch: int, dialect: str) -> None:
    for name, result in converted(batch, dialect):
        integrations = {body["name"] for body in result.many("integrations")}
        models = {body["modelId"] for body in result.many("models")}
        providers = {body["name"] for body in result.many("providers")}
        links = [body["integrationId"] for body in result.many("providers")]
        references = [("integrations", text, integrations) for text in links]
        links = [body["providerId"] for body in result.many("models") if "providerId" in body]
        references += [("providers", text, providers) for text in links]
        for endpoint, text, names in references:
            found = REFERENCE.fullmatch(text)
            assert found, name
            assert (found[1], found[2] in names) == (endpoint, True), name
        assert {rule["routeTo"] for rule in result.routing["rules"]} <= models, name
        texts = {text for _, body in bodies(result) for _, text in leaves(body) if isinstance(text, str)}
        named = {found[1] for text in texts if (found := VARIABLE.fullmatch(text))}
        assert named <= {one["variable"] for one in result.data["secrets"]}, name
        for file in ("integrations", "providers"):
            assert len({body["name"] for body in result.many(file)}) == len(result.many(file)), (name, file)
