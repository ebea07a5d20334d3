"""What a name means: which rule applies to a setting or a model's name, or what the rules state under it, and where."""

from __future__ import annotations

import json
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path as File

from litellm_migrate.authoring.names import Explanation, fields_of, meanings, names, site
from litellm_migrate.authoring.reference import ReferenceEntry, text_of
from litellm_migrate.convert.bodies import FieldOrigin
from litellm_migrate.convert.document import Document
from litellm_migrate.convert.run import CompiledRules, Run, convert
from litellm_migrate.convert.verdicts import MAPPED
from litellm_migrate.rulebook.nodes import of_kind
from litellm_migrate.rulebook.static_types import Setting, suggestion
from litellm_migrate.rulebook.templates import filled
from litellm_migrate.rulebook.usage import RulePlace, Usage
from litellm_migrate.source.model import USAGE, Problem, Problems, pointer, value_at
from litellm_migrate.source.read import read_source

MOST_OF_CODE = 5
"""So many steps of a code, and places that give it, are listed for people."""


def explained(usage: Usage, name: str) -> Explanation:
    """What the rules say of a setting, state under a name, or make of a model's name.

    What is no setting, but the end of one, is explained as that; of several, all are listed. A name that is both comes
    with its meaning in the rules, too. Raises Problems (exit 2) for what is part of something and not known there.
    """
    name = name.upper() if name.upper() in usage.book.codes else name
    path = tuple("*" if part.isdigit() else part for part in name.replace("[", ".").replace("]", "").split("."))
    results, problems = meanings(usage, name)
    also: Explanation = {"meanings": results} if results else {}
    ends = [path] if path[0] in usage.book.universe.get("properties", {}) else ending(usage, path)
    if len(ends) > 1:
        return {"name": name, "ends": [".".join(end) for end in ends], **also}
    if ends or (not results and usage.book.dispositions.of(path)):
        return {**of_setting(usage, ends[0] if ends else path), **also}
    if problems and not results:
        raise Problems(problems, USAGE)
    return {"name": name, **also} if results else of_name(usage, name)


def ending(usage: Usage, end: tuple[str, ...]) -> list[tuple[str, ...]]:
    """Every setting that ends with a path: those that are known, then those that only dispositions name."""
    settings = {leaf[:length] for leaf in usage.settings() for length in range(1, len(leaf) + 1)}
    named = usage.dispositions.keys() - settings
    return [path for paths in (settings, named) for path in sorted(paths) if path[-len(end) :] == end]


def of_setting(usage: Usage, path: tuple[str, ...]) -> Explanation:
    """The rules that read a setting, the fields it reaches, and the disposition that speaks of it otherwise."""
    settings, name = list(usage.settings_to(path)), ".".join(path)
    disposition = usage.book.dispositions.of(path)
    if len(settings) < len(path) and disposition is None:
        key, above = path[len(settings)], settings[-1] if settings else Setting(usage.book.universe)
        text = f"`{key}` in `{name}` is no known setting, and no rule speaks of it"
        raise Problems([Problem(name, 0, 0, text + suggestion(key, above.names()))], USAGE)
    otherwise: list[Explanation] = []
    if disposition:
        word, because, do, _ = disposition.outcome
        place = site(usage.dispositions[disposition.pattern].position())
        otherwise = [{"rule": disposition.rule, **place, "outcome": word, "because": because, "do": do}]
    reach = usage.reach(path)
    return {
        "setting": name,
        "known": len(settings) == len(path),
        "read_by": [{"rule": ".".join(filter(None, use.place[1:])), **site(use.at)} for use in reach.uses],
        "written_to": [of_field(usage, place) for place in reach.written],
        "decides": [of_field(usage, place) for place in reach.decided],
        "otherwise": otherwise,
    }


def of_field(usage: Usage, place: RulePlace) -> Explanation:
    """A field of a payload, and the rule that writes it."""
    file, fields = usage.files.get(place.id, place.id), dict(fields_of(usage.endpoints[place.id].at("body"), ""))
    rule = f"{place.id}.{place.name}"
    return {"field": f"{file}: {place.name}", "rule": rule, **site(fields[place.name].position())}


def of_name(usage: Usage, name: str) -> Explanation:
    """What comes out of a configuration about one name."""
    question = of_kind(usage.nodes, "source")[0].value.get("ask")
    if question is None:
        text = "these rules do not say what to ask about a name. Add `ask` to the source."
        raise Problems([Problem("rules", 0, 0, text)])
    config = filled(question, {"name": name})
    source = read_source("-", usage.book.grammar, BytesIO(json.dumps(config).encode()))
    settings = [
        {
            "setting": ".".join(map(str, verdict.path)),
            "outcome": verdict.outcome,
            "rule": verdict.rule,
            "because": verdict.because,
            "do": verdict.do,
            "differs": [outcome.text for outcome in verdict.differs],
        }
        for verdict in convert(usage.book, source).verdicts
    ]
    run = Run(CompiledRules(usage.book), Document(config))
    written = [field for _, field in payload_fields(usage, run)]
    fields = [field for field in written if field["value"] is not None and not isinstance(field["value"], dict)]
    explanation = {"name": name, "settings": settings, "fields": fields}
    if settings[-1]["outcome"] == MAPPED:
        return explanation
    if "/" not in name:
        near = suggestion(name, names(usage))
        text = f"no setting, code or rule has this name, and no model that the cost map knows{near}"
        raise Problems([Problem(name, 0, 0, text)], USAGE)
    near = suggestion(name, names(usage), "did you mean ").removeprefix(".")
    return {**explanation, "near": near} if near else explanation


def payload_fields(usage: Usage, run: Run) -> Iterator[tuple[FieldOrigin, Explanation]]:
    """The fields of all payloads with their origins: file, pointer and value of each, and the rule that writes it."""
    for shape in usage.book.endpoints:
        if call := shape.call:
            nodes = dict(fields_of(usage.endpoints[shape.id].at("body"), f"{shape.id}."))
            for number, body in enumerate(run.bodies(shape)):
                for field in body.fields:
                    place = pointer((number, *field.pointer) if call.unique_key else field.pointer)
                    value, at = value_at(body.value, field.pointer), site(nodes[field.rule].position())
                    yield field, {"file": call.file, "pointer": place, "value": value, "rule": field.rule, "at": at}


def lines(explanation: Explanation) -> Iterator[str]:
    """An explanation for people."""
    if "ends" in explanation:
        yield f"{explanation['name']} is the end of {len(explanation['ends'])} settings. Ask for one of them:"
        yield from (f"  {end}" for end in explanation["ends"])
    elif "setting" in explanation:
        yield from lines_of_setting(explanation)
    elif "fields" in explanation:
        yield from lines_of_name(explanation)
    for part in explanation.get("meanings", ()):
        yield from lines_of_meaning(part)


def lines_of_setting(explanation: Explanation) -> Iterator[str]:
    """What reads a setting, where it leads, and what is said of it otherwise."""
    yield explanation["setting"]
    for word in ("read_by", "written_to", "decides"):
        for part in explanation[word]:
            yield f"  {word.replace('_', ' '):<12}{part.get('field', part['rule'])}  ({place_text(part)})"
    for part in explanation["otherwise"]:
        head = "otherwise" if explanation["written_to"] or explanation["decides"] else part["outcome"]
        yield f"  {head}: {part['rule']}  ({place_text(part)})"
        yield f"    {part['outcome'].capitalize()}. {part['because']}{' To do: ' + part['do'] if part['do'] else ''}"


def lines_of_name(explanation: Explanation) -> Iterator[str]:
    """What becomes of each setting of the configuration about a name, and which fields come out."""
    yield explanation["name"]
    for part in explanation["settings"]:
        because = f". {part['because']}" if part["because"] else ""
        yield f"  {part['setting']}: {part['outcome']} by {part['rule']}{because}"
        yield from (f"    differs: {text}" for text in part["differs"])
        yield from [f"    to do: {part['do']}"] if part["do"] else []
    for part in explanation["fields"]:
        value = json.dumps(part["value"])
        yield f"  {part['file']}{part['pointer']} = {value}  ({part['rule']}, {place_text(part['at'])})"
    yield from [f"  {explanation['near']}"] if "near" in explanation else []


def lines_of_meaning(part: Explanation) -> Iterator[str]:
    """What the rules state under a name, where, and what reads it; forms and functions as the reference has them."""
    if "section" in part:
        yield text_of(ReferenceEntry(*(part[word] for word in ReferenceEntry._fields)))
    else:
        yield f"{part['name']}: {part['kind']}  ({place_text(part)})"
    for word, value in part.items():
        if word == "to_do" and len(value) > MOST_OF_CODE:
            yield f"  {'to do':<12}one of {len(value)} steps: the report has that of each place, --json all"
        elif word == "given_by" and len(value) > MOST_OF_CODE:
            yield f"  {'given by':<12}{len(value)} places of the rules: --json lists them"
        elif word in ("read_by", "given_by", "called_by"):
            yield from (f"  {word.replace('_', ' '):<12}{use['rule']}  ({place_text(use)})" for use in value)
        elif word == "to_do":
            yield from (f"  {'to do':<12}{step}" for step in value)
        elif word not in ("name", "kind", "file", "line", *ReferenceEntry._fields):
            text = ", ".join(map(str, value)) if isinstance(value, list) else value
            text = json.dumps(value, default=str) if isinstance(value, dict) else text
            yield f"  {word.replace('_', ' '):<12}{text}"


def place_text(place: Explanation) -> str:
    """File and line, from where the reader is if it is below."""
    file = File(place["file"])
    return f"{file.relative_to(File.cwd()) if file.is_relative_to(File.cwd()) else file}:{place['line']}"
