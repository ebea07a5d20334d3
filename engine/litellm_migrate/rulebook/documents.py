"""The documents of a rulebook: those of a folder, or of an overlay laid over the shipped ones."""

from __future__ import annotations

from pathlib import Path as File

from litellm_migrate import shipped
from litellm_migrate.rulebook.files import Spec, read_rules
from litellm_migrate.rulebook.formats import other_formats
from litellm_migrate.rulebook.layers import ADDS, Layer
from litellm_migrate.rulebook.overlays import EXAMPLES, Overlay, is_overlay
from litellm_migrate.rulebook.schemas import check
from litellm_migrate.rulebook.shapes import suggestion
from litellm_migrate.source.model import Notice, Problem, Problems
from litellm_migrate.source.records import replace


def documents_of(rules: File, schemas: File, notices: list[Notice] | None = None) -> list[Spec]:
    """Every rule document of a folder, each of which fits its kind; raises Problems.

    An overlay's are laid over the shipped ones; `notices` takes what they replace.
    """
    specs = stated_in(rules, schemas)
    base = shipped("rules")
    if is_overlay(specs) and rules.resolve() != base.resolve():
        overlay = Overlay(stated_in(base, schemas), base)
        specs = overlay.lay(specs)
        (notices if notices is not None else []).extend(overlay.notices)
    return with_examples(specs)


def stated_in(rules: File, schemas: File) -> list[Spec]:
    """Every document that stands in a folder."""
    specs = read_rules(rules)
    problems = list(other_formats(specs)) or [found for spec in specs for found in check(spec, schemas / "rules")]
    if not specs:
        problems = [Problem(str(rules), 0, 0, "expected rule files, found none. Name another folder.")]
    if problems:
        raise Problems(problems)
    return specs


def with_examples(specs: list[Spec]) -> list[Spec]:
    """The documents with the examples that stand in documents of their own; raises Problems for those of nothing."""
    made = [spec for spec in specs if spec.value["kind"] != EXAMPLES]
    problems: list[Problem] = []
    for spec in specs:
        if spec.value["kind"] == EXAMPLES:
            kind = next(word for word in spec.value if word not in ("kind", "examples"))
            known = {one.value["id"]: place for place, one in enumerate(made) if one.value["kind"] == kind}
            name = spec.value[kind]
            if name not in known:
                problems.append(spec.at(kind).problem(f"`{name}` is no {kind}{suggestion(name, known)}"))
                continue
            base = made[known[name]]
            stated = replace(base, value={"examples": [], **base.value})
            made[known[name]] = Layer(stated, lambda _base, _over: None, ADDS).under(replace(spec, value=only(spec)))
    if problems:
        raise Problems(problems)
    return made


def only(spec: Spec) -> dict[str, object]:
    """The examples alone."""
    return {"examples": spec.value["examples"]}
