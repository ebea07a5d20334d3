"""Compiles what is said of the source as a whole: how it is read, what it knows, and where it may hold a secret."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path as File
from typing import Any

from litellm_migrate.convert.classify import Words
from litellm_migrate.convert.outcomes import MANUAL, Outcome
from litellm_migrate.rulebook.columns import outcome
from litellm_migrate.rulebook.dispositions import Known, segments
from litellm_migrate.rulebook.files import Spec
from litellm_migrate.rulebook.settings import distinct, new_sections
from litellm_migrate.rulebook.shapes import suggestion
from litellm_migrate.source.model import Grammar, Problem, Problems
from litellm_migrate.source.redact import KeyPatterns, Mask, Secrets


def universe_of(spec: Spec, folder: File) -> Any:
    """The schema of every setting that the source's program knows."""
    name = str(spec.value["universe"])
    try:
        return json.loads((folder / name).read_text(encoding="utf-8"), object_hook=distinct)
    except OSError as error:
        known = sorted(file.name for file in folder.glob("*.json"))
        raise Problems([spec.at("universe").problem(f"`{name}` is no schema{suggestion(name, known)}")]) from error


def grammar_of(spec: Spec, known: Known, problems: list[Problem], added: Mapping[str, Spec]) -> Grammar:
    """How the source is read."""
    for part in [*(part for _, part in spec.at("sections").items()), spec.at("include")]:
        if part.value is not None:
            problems.extend(known.problems(part, (str(part.value),)))
    wrappers = tuple(segments(pattern) for pattern in spec.value.get("wrappers", ()))
    sections = (*spec.value["sections"], *new_sections(added))
    program = str(spec.value["program"])
    return Grammar(sections, spec.value.get("include"), program, wrappers, int(spec.value.get("search", 0)))


def words_of(spec: Spec, problems: list[Problem]) -> Words:
    """The sentences that hold of any setting."""
    said = spec.value["words"]
    names = ("refused", "unused", "unknown", "wrong_type")
    made = {name: outcome(spec.at("words", name)) or Outcome(MANUAL, "") for name in names}
    problems.extend(misfit(spec.at("words", "lost"), said["lost"], ("lines",)))
    problems.extend(misfit(spec.at("words", "near"), said.get("near", ""), ("near",)))
    for name, found in made.items():
        holes = ("expected", "found") if name == "refused" else ("found",)
        problems.extend(misfit(spec.at("words", name), found.because, holes))
    return Words(said["empty"], said["lost"], said["decides"], said.get("near", ""), **made)


def misfit(spec: Spec, text: str, holes: tuple[str, ...]) -> Iterator[Problem]:
    """A problem if a sentence has a hole that nothing fills."""
    try:
        text.format(**dict.fromkeys(holes, ""))
    except (AttributeError, LookupError, ValueError):
        yield spec.problem(f"expected no holes but {' and '.join(f'`{{{name}}}`' for name in holes)}.")


def secrets_of(specs: Mapping[str, Spec], known: Known, problems: list[Problem]) -> Secrets:
    """Where the source may hold secrets, and what they look like."""
    patterns = []
    looks = [part for spec in specs.values() if spec.has("looks") for _, part in spec.at("looks").items()]
    problems.extend(part.problem("expected a pattern, found a text that is none.") for part in looks if not sound(part))
    for spec in specs.values():
        for _, part in spec.at("paths").items():
            patterns.append(segments(part.value))
            problems.extend(known.problems(part, patterns[-1]))
    harmless = [text for spec in specs.values() for text in spec.value.get("harmless", ())]
    keys = KeyPatterns(part.value for part in looks if sound(part))
    return Secrets(patterns, harmless, keys, mask_of(specs, keys, problems))


def mask_of(specs: Mapping[str, Spec], looks: KeyPatterns, problems: list[Problem]) -> Mask | None:
    """What stands in the place of a key; stated once wherever it is said what keys look like."""
    stated = [spec.at("mask") for spec in specs.values() if spec.has("mask")]
    if not stated:
        told = [spec.at("looks") for spec in specs.values() if spec.has("looks")]
        problems.extend(
            part.problem("expected `mask` beside `looks`, found none. State what is shown for a key.")
            for part in told[:1]
        )
        return None
    first, *others = stated
    problems.extend(
        part.problem(f"`mask` is also stated in {first.position()}. Keep one; an overlay states it under that id.")
        for part in others
    )
    problems.extend(misfit(first.at("because"), first.value["because"], ("name",)))
    mask = Mask(first.value["name"], first.value["because"], first.value["do"])
    if looks.match(mask.numbered(1)):
        problems.append(first.at("name").problem("expected a name that looks like no key, found one that does."))
    return mask


def sound(part: Spec) -> bool:
    """Whether a text is a pattern."""
    try:
        re.compile(str(part.value))
    except re.error:
        return False
    return True
