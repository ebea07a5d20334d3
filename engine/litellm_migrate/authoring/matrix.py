"""The conversion matrix: every setting with its outcome, rule and reason, as Markdown made from the rules."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from litellm_migrate.authoring.atlas import Atlas, Reach
from litellm_migrate.authoring.reads import Place
from litellm_migrate.convert.outcomes import Outcome
from litellm_migrate.convert.verdicts import MAPPED
from litellm_migrate.output.markdown import code, prose, table

MOST = 6
"""How many fields a row names."""
Answer = tuple[str, str, str]
"""Outcome, what is said of it, and the rule."""


def matrix(atlas: Atlas) -> str:
    """The whole matrix."""
    sections: dict[str, dict[Answer, list[str]]] = {}
    settings = list(atlas.all())
    for path in settings:
        rows = sections.setdefault(path[0], {})
        rows.setdefault(answer(atlas, path), []).append(".".join(path[1:]) or path[0])
    lines = [
        "# Conversion matrix",
        "",
        f"Every setting that {atlas.book.program} knows ({len(settings):,}), and what becomes of it in the dialect "
        f"{code(atlas.book.dialect)}. `*` is an item of a list, or any key.",
        "",
        "Made from the rules by `litellm-migrate rules matrix`; do not edit. A setting that payloads carry may still",
        "be Manual or Skipped where its value cannot be carried: that is what stands behind the fields.",
        "",
    ]
    for section, rows in sections.items():
        lines += [f"## {code(section)}", ""]
        lines += table(
            ["Setting", "Outcome", "Where to, or why", "Rule"],
            [[", ".join(map(code, names)), *cells] for cells, names in rows.items()],
        )
    return "\n".join(lines).rstrip() + "\n"


def answer(atlas: Atlas, path: tuple[str, ...]) -> Answer:
    """What becomes of a setting."""
    reach, disposed = atlas.reach(path), atlas.book.dispositions.of(path)
    said = told(disposed.outcome) if disposed else ""
    rule = code(disposed.rule) if disposed else ""
    if reach.written or reach.decided:
        where = f"To {fields(atlas, reach.written)}." if reach.written else f"Decides {fields(atlas, reach.decided)}."
        otherwise = f" Otherwise {disposed.outcome.word.capitalize()}: {said}" if disposed else ""
        return MAPPED.capitalize(), where + otherwise, ", ".join(map(code, rules(reach)))
    if disposed:
        return disposed.outcome.word.capitalize(), said, rule
    return "By rule", "", ", ".join(map(code, rules(reach)))


def told(outcome: Outcome) -> str:
    """The reason."""
    return prose(outcome.because)


def fields(atlas: Atlas, places: Iterable[Place]) -> str:
    """Fields of payloads, no more than anybody reads."""
    files = {shape.id: shape.call.file for shape in atlas.book.endpoints if shape.call}
    names = [f"{files[place.id]}: {place.name}" for place in places]
    more = f" and {len(names) - MOST} more" if len(names) > MOST else ""
    return ", ".join(map(code, names[:MOST])) + more


def rules(reach: Reach) -> Iterator[str]:
    """The relations and fields that read a setting themselves, once each."""
    names = (".".join(part for part in (read.place.id, read.place.name) if part) for read in reach.reads)
    yield from list(dict.fromkeys(names))[:MOST]
