"""The tables of the README, made from the rules. `litellm-migrate rules regenerate` writes them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from litellm_migrate import shipped
from litellm_migrate.convert.outcomes import Outcome
from litellm_migrate.rulebook.load import load
from litellm_migrate.rulebook.types import Rulebook

README = Path(__file__).parents[1] / "README.md"
DIALECTS = ("synapse", "openapi-0.2")


def books() -> dict[str, Rulebook]:
    """The rulebook in each dialect."""
    return {name: load(shipped("rules"), shipped("schemas"), name) for name in DIALECTS}


def tables(rules: dict[str, Rulebook]) -> dict[str, list[str]]:
    """The lines of each generated part of the README."""
    return {
        "providers": list(providers(rules)),
        "strategies": list(strategies(rules)),
        "files": list(files(rules["synapse"])),
        "tiers": list(tiers(rules["synapse"])),
    }


def cell(answers: object, column: str) -> str:
    """An answer of a table's row, or that the row is an outcome."""
    if isinstance(answers, Outcome):
        return "Manual"
    return f"`{answers[column]}`" if isinstance(answers, dict) and column in answers else ""


def providers(rules: dict[str, Rulebook]) -> Iterator[str]:
    """Prefixes by their type in each dialect."""
    first, *others = (rules[name].tables["providers"].rows for name in DIALECTS)
    groups: dict[tuple[str, ...], list[str]] = {}
    for prefix, answers in first.items():
        types = (cell(answers, "type"), *(cell(other[prefix], "type") for other in others))
        groups.setdefault(types, []).append(prefix)
    yield "| LiteLLM prefix | `synapse` | `openapi-0.2` |"
    yield "|---|---|---|"
    for types, prefixes in groups.items():
        yield f"| {', '.join(f'`{prefix}`' for prefix in prefixes)} | {' | '.join(types)} |"


def strategies(rules: dict[str, Rulebook]) -> Iterator[str]:
    """LiteLLM's strategies, Synapse's, and what differs."""
    first, second = (rules[name].tables["strategies"].rows for name in DIALECTS)
    yield "| LiteLLM | `synapse` | `openapi-0.2` | What differs |"
    yield "|---|---|---|---|"
    for name, answers in first.items():
        said = " ".join(dict.fromkeys(filter(None, map(remark, (answers, second[name])))))
        yield f"| `{name}` | {cell(answers, 'strategy')} | {cell(second[name], 'strategy')} | {said} |"


def remark(answers: object) -> str:
    """What a row says of the difference, or why it is an outcome."""
    if isinstance(answers, Outcome):
        return answers.because
    return str(answers.get("differs", "")) if isinstance(answers, dict) else ""


def files(book: Rulebook) -> Iterator[str]:
    """Payload files and the calls that they are for, in the order in which they are applied."""
    yield "| File | Call | Found again by |"
    yield "|---|---|---|"
    for shape in book.endpoints:
        call = shape.call
        assert call
        again = ", ".join(f"`{name}`" for name in call.unique_key) or "there is one"
        yield f"| `payloads/{call.file}` | `{call.method} {call.path}` | {again} |"


def tiers(book: Rulebook) -> Iterator[str]:
    """The limits that choose a tier."""
    yield "| Tier | Requests a minute | Tokens a minute |"
    yield "|---|---|---|"
    for name, limits in book.tables["tiers"].rows.items():
        assert isinstance(limits, dict)
        yield f"| `{name}` | {limits['rpm']:,} | {limits['tpm']:,} |"


def updated(text: str, parts: dict[str, list[str]]) -> str:
    """The README with every generated part replaced."""
    for name, lines in parts.items():
        mark = re.compile(rf"(<!-- generated: {name} -->\n).*?(<!-- end -->)", re.DOTALL)
        text = mark.sub(lambda found, made=lines: f"{found[1]}\n" + "\n".join(made) + f"\n\n{found[2]}", text)  # type: ignore[misc]
    return text
