"""`check-rules` on what is sent: what an endpoint lacks is named, and examples are rehearsed on a gateway in memory."""

from __future__ import annotations

from pathlib import Path

import pytest

from litellm_migrate import shipped
from litellm_migrate.cli.convert import rehearsed
from litellm_migrate.cli.main import main
from litellm_migrate.lint.check import audit
from test_overlays import OWN, overlay

ENDPOINT = OWN.index("kind: endpoint")
DOCUMENT = """\
kind: endpoint
id: sign
write: PUT /api/v1/sign
read: GET /api/v1/sign
file: sign.json
from: gateway
optional: true
initial: {}
schema: {type: object, properties: {label: {type: string}}}
body: {label: text('open')}
examples:
- config: {router_settings: {num_retries: 1}}
  bodies: [{label: open}]
"""


def line(text: str, part: str) -> int:
    return text[: text.index(part)].count("\n") + 1


def problems_of(folder: Path, text: str, rehearse: bool = False) -> list[tuple[int, str]]:
    """Line and message of everything that is wrong with an overlay, but for what is said of other files."""
    own = overlay(folder / "o", text)
    violations = audit(own, shipped("schemas"), rehearsed if rehearse else None)
    assert all(violation.problem.file == str(own / "own.yaml") for violation in violations), violations
    return [(violation.problem.line, str(violation)) for violation in violations]


@pytest.mark.full
@pytest.mark.parametrize("text", [DOCUMENT, OWN], ids=["document", "entities"])
def test_a_right_overlay_passes_its_rehearsal(tmp_path: Path, text: str) -> None:
    assert problems_of(tmp_path, text, rehearse=True) == []


@pytest.mark.full
@pytest.mark.parametrize(
    ("text", "change", "at", "says"),
    [
        (OWN, ("container: badges\n", ""), "kind: endpoint", "`badges` creates entities and needs `container`"),
        (OWN, ("delete: DELETE /api/v1/badges/{id}\n", ""), "kind: endpoint", "needs `delete`"),
        (OWN, ("read: GET /api/v1/badges\n", ""), "kind: endpoint", "needs `read`"),
        (OWN, ("unique_key: [label]\n", ""), "kind: endpoint", "needs `unique_key`"),
        (OWN, ("s/{id}\ncontainer", "s\ncontainer"), "delete: DELETE", "does not say which entity is meant"),
        (DOCUMENT, ("initial: {}\n", ""), "kind: endpoint", "`sign` writes one document and needs `initial`"),
        (DOCUMENT, ("read: GET /api/v1/sign\n", ""), "kind: endpoint", "needs `read`"),
        (
            DOCUMENT,
            ("optional: true\n", "optional: true\ncontainer: signs\n"),
            "container:",
            "`container` is for entities",
        ),
    ],
)
def test_what_an_endpoint_lacks_is_named(
    tmp_path: Path, text: str, change: tuple[str, str], at: str, says: str
) -> None:
    assert change[0] in text
    changed = text.replace(*change)
    endpoint = changed.index("kind: endpoint")
    place = line(changed[endpoint:], at) + changed[:endpoint].count("\n")
    problems = problems_of(tmp_path, changed)
    assert any(number == place and says in message and "[call]" in message for number, message in problems), problems


@pytest.mark.full
def test_entities_that_are_there_twice_are_named(tmp_path: Path) -> None:
    twice = OWN.replace("size: 3, note: shiny}", "size: 3, note: shiny}, {label: gold, size: 4}").replace(
        "bodies: [{label: gold, size: 3}]", "bodies: [{label: gold, size: 3}, {label: gold, size: 4}]"
    )
    assert any("`badges` have the same label, 'gold'" in message for _, message in problems_of(tmp_path, twice))


@pytest.mark.full
def test_a_document_that_would_not_be_sent_is_named(tmp_path: Path) -> None:
    each = DOCUMENT.replace("from: gateway", "from: deployment").replace(
        "router_settings: {num_retries: 1}",
        "model_list: [{model_name: a, litellm_params: {model: gpt-4o}}, {model_name: b, litellm_params: {model: o1}}]",
    )
    assert any("`sign` writes one document, and has " in message for _, message in problems_of(tmp_path, each))


@pytest.mark.full
def test_what_only_a_rehearsal_shows_is_told_at_the_endpoint(tmp_path: Path) -> None:
    text = OWN.replace("write_only: []\n", "").replace(
        "delete: DELETE /api/v1/badges/{id}", "delete: POST /api/v1/badges/{id}/x"
    )
    text = text.replace("read: GET /api/v1/badges\n", "read: GET /api/v1/models-of-badges?x\n")
    found = problems_of(tmp_path, text, rehearse=True)
    assert len(found) == 1
    number, message = found[0]
    assert number == line(text, "kind: endpoint")
    assert "in a rehearsal of the example at " in message
    assert "[rehearsal]" in message


def test_the_command_rehearses_unless_it_is_told_not_to(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[object] = []

    def audit_nothing(_rules: Path, _schemas: Path, rehearse: object) -> list[object]:
        asked.append(rehearse)
        return []

    monkeypatch.setattr("litellm_migrate.lint.check.audit", audit_nothing)
    assert main(["check-rules"]) == main(["check-rules", "--no-rehearsal"]) == 0
    assert asked == [rehearsed, None]


@pytest.mark.full
def test_what_the_command_says_of_a_rehearsal(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    own = overlay(tmp_path / "o", OWN.replace("read: GET /api/v1/badges\n", "read: GET /api/v1/badges?x\n"))
    assert main(["check-rules", str(own)]) == 1
    assert "`apply` fails" in capsys.readouterr().out
    assert main(["check-rules", "--no-rehearsal", str(own)]) == 0
