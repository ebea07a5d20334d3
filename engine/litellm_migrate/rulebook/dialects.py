"""Lays a dialect's fields over the endpoints."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from litellm_migrate.rulebook.files import Spec
from litellm_migrate.rulebook.shapes import suggestion
from litellm_migrate.source.model import Path, Position, Problem


def overlay(endpoints: Mapping[str, Spec], changes: Spec, problems: list[Problem]) -> dict[str, Spec]:
    """The endpoints with the fields of a dialect in the place of theirs, or beside them."""
    made = dict(endpoints)
    for name, fields in changes.items():
        if name not in made:
            problems.append(fields.problem(f"`{name}` is no endpoint{suggestion(name, made)}"))
            continue
        made[name] = laid_over(made[name], fields)
    return made


def laid_over(base: Spec, fields: Spec) -> Spec:
    """One endpoint whose body has other fields; positions still lead to the file that states them."""
    body: dict[Any, Any] = {**base.value["body"], **fields.value}
    marks: dict[Path, Position] = dict(base.marks)
    depth = len(fields.path)
    for path, position in fields.marks.items():
        if path[:depth] == fields.path:
            marks[("body", *path[depth:])] = position
    return Spec({**base.value, "body": body}, base.file, marks)
