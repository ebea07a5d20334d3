"""The tables of the README, made from the rules. `litellm-migrate rules regenerate` writes them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from litellm_migrate import shipped
from litellm_migrate.cli.parser import parser_of, usage_of
from litellm_migrate.cli.verbs import MISSION, VERBS
from litellm_migrate.convert.outcomes import Outcome
from litellm_migrate.rulebook.load import documents_of, load
from litellm_migrate.rulebook.nodes import by_id
from litellm_migrate.rulebook.types import Rulebook

README = Path(__file__).parents[1] / "README.md"
DEFAULT = "synapse"
REPORT = Path(__file__).parent / "golden" / "quickstart" / DEFAULT / "migration_report.md"


def books() -> dict[str, Rulebook]:
    """The rulebook in each dialect."""
    rules, schemas = shipped("rules"), shipped("schemas")
    return {name: load(rules, schemas, name) for name in by_id(documents_of(rules, schemas), "dialect")}


def tables(rules: dict[str, Rulebook]) -> dict[str, list[str]]:
    """The lines of each generated part of the README."""
    return {
        "glance": list(glance()),
        "verbs": list(verbs()),
        "options": list(options()),
        "providers": list(providers(rules)),
        "strategies": list(strategies(rules)),
        "files": list(files(rules[DEFAULT])),
        "tiers": list(tiers(rules)),
    }


def glance() -> Iterator[str]:
    """The table that the report of a shipped example begins with, without its links."""
    lines = REPORT.read_text(encoding="utf-8").split("## At a glance", 1)[1].split("\n## ", 1)[0].strip().splitlines()
    yield from (re.sub(r"\[([^\]]*)\]\(#[^)]*\)", r"\1", line) for line in lines)


def verbs() -> Iterator[str]:
    """The verbs, as the overview has them, and the exit codes that are each one's own."""
    yield from head("Verb", "What it does", "Exit codes")
    for name, verb in VERBS.items():
        if " " not in name:
            codes = ", ".join(map(str, verb.exit_codes))
            yield f"| `{usage_of(name, verb).partition(' ')[2].replace(' [options]', '')}` | {verb.does} | {codes} |"


def options() -> Iterator[str]:
    """The options of a conversion, and of what may follow it, as its help has them."""
    yield from head("Option", "Meaning")
    for action in parser_of("", MISSION)._actions:
        *short, long = action.option_strings
        value = str(action.metavar or "") if action.nargs is None else ""
        yield f"| {codes([*short, f'{long} {value}'.strip()])} | {action.help} |"


def cell(answers: object, column: str) -> str:
    """An answer of a table's row, or that the row is an outcome."""
    if isinstance(answers, Outcome):
        return "Manual"
    return f"`{answers[column]}`" if isinstance(answers, dict) and column in answers else ""


def columns(rules: dict[str, Rulebook], table: str, column: str) -> dict[tuple[str, ...], tuple[str, ...]]:
    """The cells of a column of a table, with the dialects that have the same; those of the default one come first."""
    found: dict[tuple[str, ...], tuple[str, ...]] = {}
    for name in sorted(rules, key=lambda name: name != DEFAULT):
        cells = tuple(cell(answers, column) for answers in rules[name].tables[table].rows.values())
        found[cells] = (*found.get(cells, ()), name)
    return found


def head(*titles: str) -> Iterator[str]:
    """The head of a table."""
    yield f"| {' | '.join(titles)} |"
    yield "|---" * len(titles) + "|"


def codes(names: Iterable[str]) -> str:
    """Names as code."""
    return ", ".join(f"`{name}`" for name in names)


def providers(rules: dict[str, Rulebook]) -> Iterator[str]:
    """Prefixes by their type in each dialect."""
    types = columns(rules, "providers", "type")
    groups: dict[tuple[str, ...], list[str]] = {}
    for prefix, *cells in zip(rules[DEFAULT].tables["providers"].rows, *types, strict=True):
        groups.setdefault(tuple(cells), []).append(prefix)
    yield from head("LiteLLM prefix", *map(codes, types.values()))
    for types_of_group, prefixes in groups.items():
        yield f"| {codes(prefixes)} | {' | '.join(types_of_group)} |"


def strategies(rules: dict[str, Rulebook]) -> Iterator[str]:
    """LiteLLM's strategies, Synapse's, and what LiteLLM picks by each."""
    found = columns(rules, "strategies", "strategy")
    yield from head("LiteLLM", *map(codes, found.values()), "In LiteLLM")
    for name, *cells in zip(rules[DEFAULT].tables["strategies"].rows, *found, strict=True):
        answers = [rules[first].tables["strategies"].rows[name] for first, *_ in found.values()]
        said = " ".join(dict.fromkeys(filter(None, map(remark, answers))))
        yield f"| `{name}` | {' | '.join(cells)} | {said} |"


def remark(answers: object) -> str:
    """What LiteLLM picks by a strategy, or why its row is an outcome."""
    if isinstance(answers, Outcome):
        return answers.because
    return f"Picks {answers['picks']}." if isinstance(answers, dict) and "picks" in answers else ""


def files(book: Rulebook) -> Iterator[str]:
    """Payload files and the calls that they are for, in the order in which they are applied."""
    yield "| File | Call | Found again by |"
    yield "|---|---|---|"
    for shape in book.endpoints:
        call = shape.call
        assert call
        again = ", ".join(f"`{name}`" for name in call.unique_key) or "there is one"
        yield f"| `payloads/{call.file}` | `{call.method} {call.path}` | {again} |"


def tiers(rules: dict[str, Rulebook]) -> Iterator[str]:
    """The limits that choose a tier, in each dialect."""
    titles: list[str] = ["Tier"]
    limits: list[tuple[str, ...]] = []
    for title, name in (("Requests a minute", "rpm"), ("Tokens a minute", "tpm")):
        found = columns(rules, "tiers", name)
        titles += [f"{title} ({codes(names)})" if len(found) > 1 else title for names in found.values()]
        limits += found
    yield from head(*titles)
    for name, *cells in zip(rules[DEFAULT].tables["tiers"].rows, *limits, strict=True):
        numbers = [f"{int(number.strip('`')):,}" for number in cells]
        yield f"| `{name}` | {' | '.join(numbers)} |"


def updated(text: str, parts: dict[str, list[str]]) -> str:
    """The README with every generated part replaced."""
    for name, lines in parts.items():
        mark = re.compile(rf"(<!-- generated: {name} -->\n).*?(<!-- end -->)", re.DOTALL)
        text = mark.sub(lambda found, made=lines: f"{found[1]}\n" + "\n".join(made) + f"\n\n{found[2]}", text)  # type: ignore[misc]
    return text
