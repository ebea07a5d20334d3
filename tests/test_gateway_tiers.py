"""On a live gateway the tier is the smallest of its own that holds the sum."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from conversion import rulebook
from faulty_gateway import FaultyGateway
from gateway_run import applied, folder_of, planned, reached, sandbox_of
from litellm_migrate.gateway.plan_text import plan_text
from litellm_migrate.sandbox.operations import HttpAnswer, HttpRequest

LIMITED = """
model_list:
- {model_name: a, litellm_params: {model: openai/gpt-4o, api_key: os.environ/OPENAI, rpm: 300, tpm: 50000}}
- {model_name: b, litellm_params: {model: openai/gpt-4o-mini, api_key: os.environ/OPENAI, rpm: 200}}
"""
NESTED = [{"name": name, "limits": {"rpm": rpm, "tpm": rpm * 100}} for name, rpm in (("pro", 6000), ("starter", 600))]
FLAT = [{"name": one["name"], "requestsPerMinute": 600, "tokensPerMinute": 90_000} for one in NESTED[1:]]
SMALL = [{"name": "starter", "limits": {"rpm": 1, "tpm": 1}}]


class Tiered(FaultyGateway):
    """A gateway that shows tiers of its own."""

    tiers: Any = None

    def answer(self, request: HttpRequest, bearer: str) -> HttpAnswer:
        if request.path.endswith("/tiers"):
            return HttpAnswer(200, {"tiers": self.tiers}) if self.tiers else HttpAnswer(404)
        return super().answer(request, bearer)


def tiered(tiers: Any) -> Tiered:
    plain = sandbox_of()
    made = Tiered(rulebook(), plain.schemas, tenant="acme")
    made.tiers = tiers
    return made


def chosen(folder: Path, sandbox: FaultyGateway) -> tuple[str, str]:
    with reached(sandbox) as client:
        steps = planned(folder, client, sandbox)
    (step,) = [step for step in steps if step.call.id == "rate_limits"]
    body: Any = step.body
    return body["tier"], plan_text([step])


@pytest.mark.parametrize(
    ("tiers", "tier"), [(NESTED, "starter"), (FLAT, "starter"), (NESTED[:1], "pro"), (SMALL, "pro"), (None, "pro")]
)
def test_the_smallest_that_holds_the_sum(tmp_path: Path, tiers: Any, tier: str) -> None:
    found, said = chosen(folder_of(tmp_path / "out", LIMITED), tiered(tiers))
    assert found == tier
    assert ("the gateway's own levels" in said) == (tier != "pro")


def test_a_tier_that_somebody_chose_stays(tmp_path: Path) -> None:
    folder = folder_of(tmp_path / "out", LIMITED)
    file = folder / "payloads/rate_limits.json"
    file.write_text(json.dumps({**json.loads(file.read_text("utf-8")), "tier": "enterprise"}), "utf-8")
    assert chosen(folder, tiered(NESTED))[0] == "enterprise"


def test_it_is_written_and_stays(tmp_path: Path) -> None:
    folder, sandbox = folder_of(tmp_path / "out", LIMITED), tiered(NESTED)
    assert applied(folder, sandbox).complete
    assert sandbox.documents["rate_limits"].stored["acme"]["tier"] == "starter"
    assert applied(folder, sandbox).counts()["updated"] == 0
