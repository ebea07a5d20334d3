"""The report for people: `migration_report.md`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from litellm_migrate.calls import Variable
from litellm_migrate.classify import MAPPED, Verdict
from litellm_migrate.columns import Spot
from litellm_migrate.convert import Conversion
from litellm_migrate.model import Notice, Path, Source, key_text
from litellm_migrate.outcomes import MANUAL, SKIPPED
from litellm_migrate.render.markdown import code, prose, quoting, table
from litellm_migrate.render.rehearsal import render_rehearsal

FIRST = "Secrets in the configuration itself"
UNWRAPPED = "unwrapped"
"""The code of a notice that says which part of a file was read: the report says it first."""


def render_report(done: Conversion, data: dict[str, Any], program: str) -> str:
    """The whole report as Markdown."""
    lines = [
        *summary(done, data, program),
        *next_steps(done),
        *render_rehearsal(data.get("rehearsal")),
        *manual(done),
        *mapped(done),
        *skipped(done),
        *secrets(done),
        *shares(done),
        *notices(done),
    ]
    for title, text in done.guides:
        lines += [f"## {title}", "", text.rstrip(), ""]
    return "\n".join(lines).rstrip() + "\n"


def summary(done: Conversion, data: dict[str, Any], program: str) -> Iterator[str]:
    """What was read, what was written, and how it went in numbers."""
    exact = sum(verdict.exact for verdict in done.verdicts)
    counts = data["summary"]
    yield "# Migration report"
    yield ""
    yield f"From {code(data['input'])} ({program}) to Synapse, dialect {code(data['dialect'])}."
    if data.get("catalog"):
        yield f"What the configuration does not say of its models comes from {prose(data['catalog'])}."
    yield "Nothing was sent, and the configuration was not changed."
    yield from (said(one) for one in done.notices if one.code == UNWRAPPED)
    yield ""
    yield from table(
        ["Settings", "Mapped exactly", "Mapped, but not identical", "Manual", "Skipped"],
        [[str(n) for n in (counts["settings"], exact, counts["mapped"] - exact, counts["manual"], counts["skipped"])]],
    )
    rows = [[code(f"payloads/{file}"), amount(body)] for file, body in done.payloads.items()]
    rows += [[code(f"payloads/{file}"), prose(why)] for file, why in done.absent.items()]
    yield from table(["File", "Holds"], rows)


def amount(body: Any) -> str:
    """How much a payload file holds."""
    if isinstance(body, list):
        return f"{len(body)} to create or update"
    lists = [count(value, name.removesuffix("s")) for name, value in body.items() if isinstance(value, list)]
    return f"one document{' with ' + ', '.join(lists) if lists else ''}"


def next_steps(done: Conversion) -> Iterator[str]:
    """What the reader does now, in order."""
    by_outcome = {word: [one for one in done.verdicts if one.outcome == word] for word in (MAPPED, MANUAL)}
    close = [one for one in by_outcome[MAPPED] if not one.exact]
    literal = [one for one in done.variables if one.origin == "literal"]
    noticed = to_notice(done)
    steps = [
        (literal, f"Replace the keys that stand in the configuration itself: {len(literal)} (see Secrets)."),
        (by_outcome[MANUAL], f"Work through Manual: {count(by_outcome[MANUAL], 'setting')} that no payload carries."),
        (close, f"Read what will not be identical: {count(close, 'setting')} (see Mapped)."),
        (noticed, f"Read {count(noticed, 'notice')} (see Notices)."),
        (done.variables, f"Set {count(done.variables, 'environment variable')} (see Secrets)."),
        (True, "Look through `payloads/`, then run `./apply.sh`: it creates or updates, and is safe to run twice."),
        (True, "Point one client at Synapse and compare, then move the others (see the chapters at the end)."),
    ]
    yield from ["## What to do next", ""]
    for number, text in enumerate((text for wanted, text in steps if wanted), 1):
        yield f"{number}. {text}"
    yield ""


def count(things: Sequence[Any], word: str) -> str:
    """A number with its word."""
    return f"{len(things)} {word}{'' if len(things) == 1 else 's'}"


def manual(done: Conversion) -> Iterator[str]:
    """Settings that need somebody, by reason."""
    yield from ["## Manual", "", "No payload carries these. Each says why, and what you can do.", ""]
    groups = grouped(done.verdicts, MANUAL, lambda one: (section(one), one.because, one.do))
    last = ""
    for (head, because, do), members in sorted(groups.items(), key=lambda one: one[0][0] != FIRST):
        if head != last:
            yield from [f"### {head}", ""]
        last = head
        yield f"**{prose(because)}**"
        yield ""
        yield f"To do: {prose(do)}"
        yield ""
        yield from bullets(members, done.source)
    if not groups:
        yield from ["Nothing.", ""]


def section(one: Verdict) -> str:
    """The heading under which a Manual setting stands: keys to replace come first, then each section."""
    return FIRST if one.code == "literal-secret" else code(key_text(one.path[0]) if one.path else "")


def skipped(done: Conversion) -> Iterator[str]:
    """Settings that nobody will miss, by reason."""
    yield from ["## Skipped", "", "Nothing is lost by leaving these behind.", ""]
    groups = grouped(done.verdicts, SKIPPED, lambda one: (one.because, ""))
    for (because, _), members in groups.items():
        yield from [f"{prose(because)}", ""]
        yield from bullets(members, done.source)
    if not groups:
        yield from ["Nothing.", ""]


def mapped(done: Conversion) -> Iterator[str]:
    """Settings that payloads carry: exactly, then those of which something differs, then those that decide."""
    yield from ["## Mapped", ""]
    carried = [one for one in done.verdicts if one.outcome == MAPPED and one.code != "decides"]
    decides = [one for one in done.verdicts if one.outcome == MAPPED and one.code == "decides"]
    yield from ["### Exactly", ""]
    yield from table(["Line", "Setting", "Written to"], [row(one, done.source) for one in carried if one.exact])
    yield from ["### But not identical", ""]
    close = [one for one in carried if not one.exact]
    for sentence in dict.fromkeys(text for one in close for text in one.differs):
        yield from [prose(sentence), ""]
        rows = [row(one, done.source) for one in close if sentence in one.differs]
        yield from table(["Line", "Setting", "Written to"], rows)
    if not close:
        yield from ["Nothing.", ""]
    yield from ["### Decides what is written", ""]
    yield from table(["Line", "Setting", "Decides"], [row(one, done.source) for one in decides])


def grouped(verdicts: Iterable[Verdict], word: str, key: Any) -> dict[Any, list[Verdict]]:
    """Verdicts of one outcome by a key, in the order of the document."""
    made: dict[Any, list[Verdict]] = {}
    for one in verdicts:
        if one.outcome == word:
            made.setdefault(key(one), []).append(one)
    return made


def bullets(members: list[Verdict], source: Source) -> Iterator[str]:
    """One line a setting."""
    for one in members:
        yield f"- {spot(one, source)} {name(one, source)}"
    yield ""


def row(one: Verdict, source: Source) -> list[str]:
    """The cells of a mapped setting."""
    targets = [f"{file}{' ' * isinstance(path[0], str) if path else ''}{dotted(path)}" for file, path in one.targets]
    shown = ", ".join(code(target) for target in targets[:4])
    more = f" and {len(targets) - 4} more" if len(targets) > 4 else ""
    return [spot(one, source), name(one, source), shown + more]


def spot(one: Verdict, source: Source) -> str:
    """File and line of a setting."""
    position = source.marks[one.path].at
    return code(f"{position.file}:{position.line}")


def name(one: Verdict, source: Source) -> str:
    """The path of a setting as people write it."""
    return code(dotted(source.marks[one.path].local) or "(the whole document)")


def dotted(path: Path) -> str:
    """A path as people write it."""
    return "".join(f"[{key}]" if isinstance(key, int) else f".{key}" for key in path).lstrip(".")


def secrets(done: Conversion) -> Iterator[str]:
    """Environment variables that payloads refer to, and the keys to rotate."""
    yield from ["## Secrets", "", "Payloads hold references, never keys. Set these where you apply:", ""]
    words = {
        "reference": "the configuration names it",
        "default": "LiteLLM reads it when no key is given",
        "literal": "takes the place of a value that stands in the configuration",
    }
    rows = [[code(one.name), words[one.origin], places(one)] for one in done.variables]
    yield from table(["Variable", "Why", "Asked for at"], rows)
    literal = [one for one in done.variables if one.origin == "literal"]
    if literal:
        yield from ["Rotate, because whoever could read the file has the key:", ""]
        for one in literal:
            yield f"- [ ] new key for {code(one.name)}, old key ({places(one)}) revoked"
        yield ""


def places(one: Variable) -> str:
    """Where a variable is asked for: five places, and how many more there are."""
    more = f" and {len(one.places) - 5} more" if len(one.places) > 5 else ""
    return ", ".join(map(code, one.places[:5])) + more


def shares(done: Conversion) -> Iterator[str]:
    """The tables that the rules add."""
    for view, rows in done.tables:
        yield from [f"## {view.title}", "", prose(view.intro), ""]
        cells = [[text(one.get(field), done.source) for field in view.heads] for body in rows for one in flat(body)]
        yield from table(list(view.heads.values()), cells)


def flat(body: dict[str, Any]) -> list[dict[str, Any]]:
    """A body as rows: one for each item of its list, with its other fields beside."""
    lists = [value for value in body.values() if isinstance(value, list)]
    return [{**body, **item} for item in lists[0]] if lists else [body]


def text(value: Any, source: Source) -> str:
    """A cell: a share as a percentage, a name as a name, a place as a setting's, nothing as nothing."""
    if isinstance(value, Spot):
        return code(dotted(source.marks[value.path].local))
    if isinstance(value, float):
        return f"{value * 100:.4g} %"
    return "" if value is None else code(str(value))


def notices(done: Conversion) -> Iterator[str]:
    """What else the reader should know."""
    others = to_notice(done)
    if others:
        yield from ["## Notices", "", *(f"- {said(one)}" for one in others), ""]


def to_notice(done: Conversion) -> list[Notice]:
    """The notices, without what the summary says."""
    return [one for one in done.notices if one.code != UNWRAPPED]


def said(one: Notice) -> str:
    """A notice with its place, and what it quotes as code."""
    at = f"{code(f'{one.at.file}:{one.at.line}')} " if one.at else ""
    return f"{at}{quoting(one.because)}{' ' + quoting(one.do) if one.do else ''}"
