"""Change what is Mapped, and a payload changes; change what is Manual or Skipped, and none does."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Container, Iterable
from itertools import product
from pathlib import Path as File
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from conversion import DIALECTS, EXAMPLES, rulebook
from litellm_migrate import shipped
from litellm_migrate.cli.convert import convert_checked
from litellm_migrate.convert.run import Conversion
from litellm_migrate.convert.verdicts import Verdict
from litellm_migrate.source.model import Problems, Source
from litellm_migrate.source.read import read_source
from properties import Config, configurations, replaced, source_of
from sampling import spread

CORPUS = File(__file__).resolve().parents[2] / "shared" / "corpus"
LARGEST = 60_000
"""Bytes; one published configuration is far larger than the others and takes a second to convert."""
EXAMPLE_FILES = sorted(EXAMPLES.glob("*.yaml"))
FILES = [file for file in sorted(CORPUS.glob("*.yaml")) if file.stat().st_size < LARGEST]
LEAVES_A_FILE = 3
PARTS = 9
"""Of the settings of each example, which are tried together."""
BATCHES = 24

ALSO_CARRIED = {
    "LM304": "in no payload, but different keys are different accounts, told apart by a fingerprint",
    "LM313": "the credential cannot be found, but the variable that stands for it has its name",
    "LM102": "the address is missing; the model it is said of is in the catalogue all the same",
    "LM314": "the address is carried, without the part that may be a secret",
    "LM315": "a server of tools is registered, and what is said is who may use it",
    "LM322": "the guardrail is written, and switched off",
    "LM301": "the key is new, and whether there is one depends on whether LiteLLM has one",
    "LM210": "the entry gets no traffic, but its account and its limits are written all the same",
    "LM507": "entries contradict each other, so the field is left out; as soon as they agree it is written",
    "LM105": "this value cannot be used, another one may",
    "LM106": "no rule has an answer to this value, to another one there may be",
    "LM104": "LiteLLM drops the entry; another value may be one that it loads",
    "LM403": "the sum is above the largest tier, which is said of every limit; the limits themselves are written",
}
"""Findings about settings that payloads hold, or that decide something: by code, and why."""

SAME_ANSWER = {"base_model": "it picks a model of LiteLLM's cost map, and two models may have the same figures"}
"""Settings that are looked up, where two values may have one answer."""

UNTRIED = {
    "rate_limits.models": "in this dialect the limits of model groups have no place; those of providers have",
    "rate_limits.tier": "a tier fits a range of limits",
}
"""Rules whose answer need not change with a setting, and why."""

MODES = {
    "chat": "embedding",
    **dict.fromkeys(("embedding", "completion", "image_generation", "audio_transcription"), "chat"),
}


def another(value: Any) -> Any:
    """Another plausible value of the same type; None if there is none to think of."""
    swaps = {
        "simple-shuffle": "least-busy",
        "cost-based-routing": "least-busy",
        "30d": "7d",
        "1d": "7d",
        "7d": "30d",
        "*": None,
        **MODES,
    }
    if isinstance(value, bool):
        return not value
    if isinstance(value, (int, float)):
        return value + 1 if isinstance(value, int) else value * 2 or 1.0
    if not isinstance(value, str) or not value or value in swaps:
        return swaps.get(value) if isinstance(value, str) else None
    if re.fullmatch(r"[0-9.]+(e-?[0-9]+)?", value):
        return f"{value}1" if "e" not in value else f"2{value}"
    if "://" in value:
        return value.replace("://", "://other-", 1)
    end = value[-1] if value.endswith(("*", "}")) else ""  # a pattern stays one, and so does ${NAME}
    return f"{value.removesuffix(end)}x{end}"


def value_at(source: Source, path: tuple[Any, ...]) -> Any:
    value: Any = source.value
    for key in path:
        value = value[key]
    return value


def payloads(done: Conversion) -> str:
    return json.dumps(done.payloads, default=str)


def lies(done: Conversion, verdict: Verdict, dialect: str, further: Container[str] = ()) -> bool | None:
    """Whether a verdict is wrong about a setting; None if there is nothing to try, or it only decides.

    `further` are codes that are also said of what payloads hold, or of what decides something.
    """
    new = another(value_at(done.source, verdict.path))
    if verdict.path[-1] in SAME_ANSWER:
        return None
    if (
        new is None
        or verdict.code == "decides"
        or verdict.code in ALSO_CARRIED
        or verdict.code in further
        or verdict.rule in UNTRIED
    ):
        return None
    changed = Source(replaced(done.source.value, verdict.path, new), done.source.marks)
    try:
        after = convert_checked(rulebook(dialect), changed, shipped("schemas"))
    except Problems:
        return True
    if any(one.path == verdict.path and one.code == "LM507" for one in after.verdicts):
        return None  # entries that contradict each other lose their values to LiteLLM's own, which may be the same
    differs = payloads(after) != payloads(done)
    return differs != (verdict.outcome == "mapped")


def no_lies(done: Conversion, verdicts: Iterable[Verdict], dialect: str) -> int:
    """How many of these verdicts could be tried; fails where one is wrong."""
    tried = 0
    for verdict in verdicts:
        lie = lies(done, verdict, dialect)
        assert not lie, verdict
        tried += lie is not None
    return tried


def name_of(value: Any) -> str:
    """How a case is called: a file without its folder."""
    return value.stem if isinstance(value, File) else str(value)


@pytest.mark.parametrize(("part", "file"), spread(product(range(PARTS), EXAMPLE_FILES), 11), ids=name_of)
def test_the_outcome_of_a_setting_is_what_a_change_of_it_does(part: int, file: File, dialect: str) -> None:
    book = rulebook(dialect)
    done = convert_checked(book, read_source(str(file), book.grammar), shipped("schemas"))
    no_lies(done, done.verdicts[part::PARTS], dialect)


@pytest.mark.skipif(not FILES, reason="the published configurations are not here")
@pytest.mark.parametrize("batch", spread(range(BATCHES), BATCHES))
def test_it_holds_of_published_configurations(batch: int) -> None:
    tried = 0
    for number, file in enumerate(FILES[batch::BATCHES]):
        dialect = ("synapse", *DIALECTS)[number % 4]
        book = rulebook(dialect)
        try:
            done = convert_checked(book, read_source(str(file), book.grammar), shipped("schemas"))
        except Problems:
            continue
        tried += no_lies(done, random.Random(file.name).choices(done.verdicts, k=LEAVES_A_FILE), dialect)
    assert tried > 5


@settings(max_examples=12, deadline=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
@given(configurations(messy=False), st.sampled_from(DIALECTS), st.data())
def test_it_holds_of_generated_configurations(config: Config, dialect: str, data: st.DataObject) -> None:
    done = convert_checked(rulebook(dialect), source_of(config), shipped("schemas"))
    if done.verdicts:
        verdict = data.draw(st.sampled_from(done.verdicts))
        assert not lies(done, verdict, dialect), verdict


def test_the_exceptions_are_needed() -> None:
    """A literal key is Manual and in no payload, and still tells accounts apart."""
    entry = {"model_name": "a", "litellm_params": {"model": "groq/x", "api_key": "sk-literal-0123"}}
    done = convert_checked(rulebook(), source_of({"model_list": [entry]}), shipped("schemas"))
    (verdict,) = [one for one in done.verdicts if one.path[-1] == "api_key"]
    assert (verdict.outcome, verdict.code) == ("manual", "LM304")
    other = {**entry, "litellm_params": {**entry["litellm_params"], "api_key": "sk-literal-0124"}}  # type: ignore[dict-item]
    changed = convert_checked(rulebook(), source_of({"model_list": [other]}), shipped("schemas"))
    assert payloads(done) != payloads(changed)
    assert "sk-literal" not in payloads(done)
