"""Traffic shares in report and routing rules, held against LiteLLM's own router under simple-shuffle."""

from __future__ import annotations

import json
import random
from collections import Counter
from collections.abc import Mapping, Sequence
from math import sqrt
from typing import Any
from unittest.mock import patch

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conversion import Result, of_text
from installed import litellm

LITELLM = litellm()
PICKS = 2000
SIGMAS = 4

Entry = Mapping[str, Any]
"""The settings of an entry's litellm_params; under `beside` those beside them, under `info` those of model_info."""

GROUPS: dict[str, Sequence[Entry]] = {
    "alone": [{}],
    "even": [{}, {}, {}],
    "weight": [{"weight": 3}, {"weight": 1}],
    "fractions": [{"weight": 0.7}, {"weight": 0.2}, {"weight": 0.1}],
    "weight beats rpm": [{"weight": 1, "rpm": 900}, {"weight": 3, "rpm": 100}],
    "partial weight": [{"weight": 1}, {"rpm": 1000}],
    "zero weight": [{"weight": 0}, {"weight": 2}, {"weight": 2}],
    "all weights zero": [{"weight": 0}, {"weight": 0}],
    "zero weights, then rpm": [{"weight": 0, "rpm": 1}, {"weight": 0, "rpm": 3}],
    "rpm": [{"rpm": 600}, {"rpm": 200}],
    "partial rpm": [{}, {"rpm": 5}, {"rpm": 15}],
    "rpm as text": [{"rpm": "30"}, {"rpm": 10}],
    "zero rpm, then tpm": [{"rpm": 0, "tpm": 1000}, {"rpm": 0, "tpm": 4000}],
    "tpm": [{"tpm": 10000}, {"tpm": 30000}, {"tpm": 60000}],
    "rpm beats tpm": [{"rpm": 10, "tpm": 1}, {"tpm": 100000}],
    "beside": [{"beside": {"rpm": 30}}, {"beside": {"rpm": 10}}],
    "inside beats beside": [{"rpm": 1, "beside": {"rpm": 99}}, {"rpm": 4}],
    "weight beside says nothing": [{"beside": {"weight": 9}}, {"beside": {"weight": 1}}],
    "order": [{"order": 1}, {"order": 2}, {"order": 1}],
    "order of one": [{"order": 2}, {}],
    "order and weight": [{"order": 1, "weight": 1}, {"order": 1, "weight": 3}, {"order": 2, "weight": 90}],
    "order in model_info": [{"info": {"order": 2}}, {"order": 1}, {"order": 2, "info": {"order": 1}}],
    "duplicates": [{"model": "openai/gpt-4o"}, {"model": "openai/gpt-4o"}, {"model": "groq/llama3"}],
    "dropped": [{"model": "who-knows", "weight": 8}, {"weight": 1}, {"weight": 1}],
    "dropped for its rpm": [{"rpm": "many"}, {"rpm": 2}, {"rpm": 6}],
    "dropped with the only weight": [{"model": "who-knows", "weight": 8}, {}, {"rpm": 3}],
    "star*": [{"model": "openai/gpt-4o", "rpm": 1}, {"model": "groq/llama3", "rpm": 4}],
}


def document(groups: Mapping[str, Sequence[Entry]]) -> dict[str, Any]:
    """A configuration with these groups; each entry has its place as id."""
    entries: list[dict[str, Any]] = []
    for name, members in groups.items():
        for number, member in enumerate(members):
            inside = {key: value for key, value in member.items() if key not in ("beside", "info")}
            info = {"id": f"/model_list/{len(entries)}", **member.get("info", {})}
            params = {"model": f"openai/m{number}", "api_key": "os.environ/K", **inside}
            beside = {"model_name": name, **member.get("beside", {})}
            entries.append({**beside, "litellm_params": params, "model_info": info})
    return {"model_list": entries}


def router(groups: Mapping[str, Sequence[Entry]]) -> Any:
    """LiteLLM's router over the same configuration, as the proxy makes it."""
    return LITELLM.Router(model_list=document(groups)["model_list"], ignore_invalid_deployments=True)


def groups_of(result: Result) -> list[Any]:
    """What the report shows of each group."""
    return next(rows for view, rows in result.done.tables if view.shape.id == "groups")


def reported(result: Result, name: str) -> dict[str, float]:
    """The share that the report gives to each entry of a group that gets any, by the entry's path."""
    (group,) = [group for group in groups_of(result) if group["model_name"] == name]
    return {str(one["path"]): one["share_litellm"] for one in group["deployments"] if one["share_litellm"]}


def routed(result: Result, name: str) -> dict[str, float]:
    """The share that the routing rules give to each model."""
    return {rule["routeTo"]: rule.get("weight", 100) / 100 for rule in result.rules(name)}


def by_model(result: Result, name: str, shares: Mapping[str, float]) -> dict[str, float]:
    """Shares of entries, added up by model."""
    (group,) = [group for group in groups_of(result) if group["model_name"] == name]
    total: Counter[str] = Counter()
    for one in group["deployments"]:
        if str(one["path"]) in shares:
            total[one["modelId"]] += shares[str(one["path"])]  # type: ignore[assignment]
    return dict(total)


@pytest.fixture(scope="module")
def converted() -> Result:
    """The conversion of all named groups."""
    return of_text(json.dumps(document(GROUPS)))


@pytest.fixture(scope="module")
def loaded() -> Any:
    """LiteLLM's router over all named groups."""
    return router(GROUPS)


@pytest.mark.parametrize("name", GROUPS)
def test_the_router_picks_as_often_as_the_report_and_the_rules_say(name: str, converted: Result, loaded: Any) -> None:
    random.seed(name)
    message = [{"role": "user", "content": "hello"}]
    asked = name.replace("*", "-anything")
    picks = Counter(
        loaded.get_available_deployment(model=asked, messages=message)["model_info"]["id"] for _ in range(PICKS)
    )
    shares = reported(converted, name)
    assert set(picks) == set(shares)
    for place, share in shares.items():
        assert abs(picks[place] / PICKS - share) <= SIGMAS * sqrt(share * (1 - share) / PICKS)
    assert routed(converted, name) == pytest.approx(by_model(converted, name, shares))


def exact(loaded: Any, name: str) -> dict[str, float]:
    """The probabilities that the router hands to its die, without throwing it."""
    seen: dict[str, float] = {}

    def note(population: Sequence[Mapping[str, Any]], weights: Sequence[float] | None = None) -> list[Any]:
        for one, weight in zip(population, weights or [1.0] * len(population), strict=True):
            seen[one["model_info"]["id"]] = weight
        return [population[0]]

    with patch("litellm.router_strategy.simple_shuffle.random") as die:
        die.choices.side_effect = note
        die.choice.side_effect = lambda population: note(population)[0]
        only = loaded.get_available_deployment(model=name, messages=[{"role": "user", "content": "hello"}])
    seen = seen or {only["model_info"]["id"]: 1.0}
    return {place: weight / sum(seen.values()) for place, weight in seen.items() if weight}


AMOUNTS = st.one_of(st.integers(0, 3), st.integers(1, 100_000))
MEMBERS = st.fixed_dictionaries(
    {"model": st.sampled_from(["openai/a", "openai/b", "groq/a", "azure/c", "who-knows"])},
    optional={
        "weight": st.one_of(AMOUNTS, st.floats(0, 10, allow_subnormal=False).map(lambda x: round(x, 3))),
        "rpm": AMOUNTS,
        "tpm": AMOUNTS,
        "order": st.integers(1, 3),
        "beside": st.fixed_dictionaries({}, optional={"rpm": AMOUNTS, "tpm": AMOUNTS}),
        "info": st.fixed_dictionaries({}, optional={"order": st.integers(1, 3)}),
    },
)


@settings(max_examples=60, deadline=None)
@given(st.lists(MEMBERS, min_size=1, max_size=5))
def test_shares_are_exactly_those_of_the_router(members: list[Entry]) -> None:
    loaded = router({"g": members})
    result = of_text(json.dumps(document({"g": members})))
    if not loaded.model_list:
        assert groups_of(result) == []
        return
    shares = exact(loaded, "g")
    assert reported(result, "g") == pytest.approx(shares)
    assert routed(result, "g") == pytest.approx(by_model(result, "g", shares), abs=1e-8)


@pytest.mark.parametrize("measure", [{}, {"rpm": 2}, {"weight": 3}])
def test_each_organization_of_a_list_gets_the_share_of_a_deployment(measure: Entry) -> None:
    members = [{"organization": ["org-1", "org-2", 3], **measure}, {"model": "groq/y", **measure}]
    random.seed(str(measure))
    message = [{"role": "user", "content": "hello"}]
    loaded, result = router({"g": members}), of_text(json.dumps(document({"g": members})))
    found = [loaded.get_available_deployment(model="g", messages=message)["litellm_params"] for _ in range(PICKS)]
    picks = Counter(one.get("organization") for one in found)
    shares = dict(zip(["org-1", "org-2", None], routed(result, "g").values(), strict=True))
    assert picks.keys() == shares.keys()
    for organization, share in shares.items():
        assert abs(picks[organization] / PICKS - share) <= SIGMAS * sqrt(share * (1 - share) / PICKS)
