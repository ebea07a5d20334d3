"""Chooses among the endpoints of a rulebook."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from litellm_migrate.rulebook.rules import Rulebook
from litellm_migrate.rulebook.shapes import suggestion
from litellm_migrate.source.model import Problem, Problems
from litellm_migrate.source.records import replace


def select(book: Rulebook, only: Collection[str], skip: Collection[str]) -> Rulebook:
    """The rulebook with some endpoints only; raises Problems (exit 2) for unknown names and for lost references."""
    known = [shape.id for shape in book.endpoints]
    wanted = [name for name in known if (not only or name in only) and name not in skip]
    problems = [*unknown("--only", only, known), *unknown("--skip", skip, known), *lost(book, wanted)]
    if problems:
        raise Problems(problems, 2)
    return replace(book, endpoints=tuple(shape for shape in book.endpoints if shape.id in wanted))


def unknown(option: str, names: Collection[str], known: list[str]) -> Iterator[Problem]:
    """A problem for each name that is no endpoint."""
    for name in sorted(set(names) - set(known)):
        text = f"expected one of {', '.join(known)}, found `{name}`{suggestion(name, known)}"
        yield Problem(option, 0, 0, text)


def lost(book: Rulebook, wanted: list[str]) -> Iterator[Problem]:
    """A problem for each endpoint whose bodies refer to one that is left out."""
    for shape in book.endpoints:
        for other in sorted(set(shape.call.references.values() if shape.call else ())):
            if shape.id in wanted and other not in wanted:
                text = f"`{shape.id}` refers to `{other}`, which is left out. Take both or neither."
                yield Problem("--only, --skip", 0, 0, text)
