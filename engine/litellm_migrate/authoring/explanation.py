"""Which rule applies to a setting or to a model's name, where it stands, why, and what comes out."""

from __future__ import annotations

import json
from io import BytesIO
from pathlib import Path as File
from typing import Any

from litellm_migrate.authoring.atlas import Atlas
from litellm_migrate.authoring.reads import Place
from litellm_migrate.authoring.recipes import filled
from litellm_migrate.convert.builder import Builder
from litellm_migrate.convert.relations import Relations
from litellm_migrate.convert.run import convert
from litellm_migrate.rulebook.nodes import RuleNode
from litellm_migrate.rulebook.static_types import suggestion
from litellm_migrate.source.model import Position, Problem, Problems, pointer
from litellm_migrate.source.read import read_source

Answer = dict[str, Any]


def explained(atlas: Atlas, name: str, schemas: File) -> Answer:
    """What the rules say of a setting, or make of a name; raises Problems (exit 2) for a setting that is not known.

    What is no setting, but the end of some, is explained as the only one, or answered with all of them.
    """
    path = tuple("*" if part.isdigit() else part for part in name.replace("[", ".").replace("]", "").split("."))
    if path[0] in atlas.book.universe.get("properties", {}):
        return of_setting(atlas, path)
    ends = ending(atlas, path)
    if len(ends) > 1:
        return {"name": name, "ends": [".".join(one) for one in ends]}
    if ends or atlas.book.dispositions.of(path):
        return of_setting(atlas, ends[0] if ends else path)
    return of_name(atlas, name, schemas)


def ending(atlas: Atlas, path: tuple[str, ...]) -> list[tuple[str, ...]]:
    """Every setting that ends with a path: those that are known, then those that only dispositions name."""
    known = {leaf[:length] for leaf in atlas.all() for length in range(1, len(leaf) + 1)}
    found = sorted(one for one in known if one[-len(path) :] == path)
    return found + sorted(one for one in atlas.dispositions if one[-len(path) :] == path and one not in known)


def of_setting(atlas: Atlas, path: tuple[str, ...]) -> Answer:
    """The rules that read a setting, the fields it reaches, and the disposition that speaks of it otherwise."""
    known = list(atlas.schemas(path))
    disposed = atlas.book.dispositions.of(path)
    name = ".".join(path)
    if len(known) < len(path) and disposed is None:
        below: Any = known[-1] if known else atlas.book.universe
        names = below.get("properties", {})
        text = f"`{path[len(known)]}` in `{name}` is no known setting, and no rule speaks of it"
        raise Problems([Problem(name, 0, 0, text + suggestion(path[len(known)], names))], 2)
    reach = atlas.reach(path)
    spec = atlas.dispositions.get(disposed.pattern) if disposed else None
    said = (
        [
            {
                "rule": disposed.rule,
                **spot(spec.position() if spec else None),
                "outcome": disposed.outcome.word,
                "because": disposed.outcome.because,
                "do": disposed.outcome.do,
            }
        ]
        if disposed
        else []
    )
    return {
        "setting": name,
        "known": len(known) == len(path),
        "read_by": [{"rule": ".".join(filter(None, read.place[1:])), **spot(read.at)} for read in reach.reads],
        "written_to": [field(atlas, place) for place in reach.written],
        "decides": [field(atlas, place) for place in reach.decided],
        "otherwise": said,
    }


def of_name(atlas: Atlas, name: str, schemas: File) -> Answer:
    """What comes out of a configuration about one name."""
    book = atlas.book
    asked = next(spec for spec in atlas.specs if spec.value["kind"] == "source").value.get("ask")
    if asked is None:
        raise Problems(
            [Problem("rules", 0, 0, "these rules do not say what to ask about a name. Add `ask` to the source.")]
        )
    config = filled(asked, {"name": name})
    done = convert(book, read_source("-", book.grammar, BytesIO(json.dumps(config).encode())))
    relations = Relations(book.relations, config)
    builder = Builder(relations)
    found = []
    for shape in book.endpoints:
        for number, row in enumerate(relations.rows_of(shape.each) if shape.call else ()):
            item = builder.item(shape, row)
            for one in item.fields:
                value = at(item.body, one.pointer)
                if not isinstance(value, dict) and value is not None and shape.call:
                    place = pointer((number, *one.pointer) if shape.call.identity else one.pointer)
                    position = rule_at(atlas.endpoints[shape.id], one.rule)
                    found.append(
                        {
                            "file": shape.call.file,
                            "pointer": place,
                            "value": value,
                            "rule": one.rule,
                            "at": spot(position),
                        }
                    )
    settings = [
        {"setting": ".".join(map(str, one.path)), "outcome": one.outcome, "rule": one.rule, "because": one.because,
         "do": one.do, "differs": list(one.differs)}
        for one in done.verdicts
    ]  # fmt: skip
    return {"name": name, "settings": settings, "fields": found}


def at(body: Any, path: tuple[Any, ...]) -> Any:
    """What stands at a path of a body."""
    for key in path:
        body = body[key] if isinstance(body, list) else body.get(key) if isinstance(body, dict) else None
    return body


def field(atlas: Atlas, place: Place) -> Answer:
    """A field of a payload, and the rule that writes it."""
    rule = f"{place.id}.{place.name}"
    file = next((shape.call.file for shape in atlas.book.endpoints if shape.id == place.id and shape.call), place.id)
    return {"field": f"{file}: {place.name}", "rule": rule, **spot(rule_at(atlas.endpoints[place.id], rule))}


def rule_at(endpoint: RuleNode, rule: str) -> Position:
    """Where the rule of a field stands: its name is that of the endpoint and of the fields that lead to it."""
    spec, rest = endpoint, rule.partition(".")[2]
    while rest:
        body = spec.at("body")
        name = max(
            (key for key in body.value or () if rest == key or rest.startswith(f"{key}.")), key=len, default=None
        )
        if name is None:
            break
        spec, rest = body.at(name), rest[len(name) + 1 :]
    return spec.position()


def spot(position: Position | None) -> Answer:
    """A place in a rule file."""
    return {"file": position.file, "line": position.line} if position else {}
