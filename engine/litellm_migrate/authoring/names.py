"""Every name that rules state or use: tables, relations, endpoints and their parts, codes, forms and functions.

Each with where it stands, what it is made of or means, and what reads it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from litellm_migrate.authoring.reference import calls
from litellm_migrate.convert.expressions import Expression
from litellm_migrate.convert.functions import FUNCTIONS
from litellm_migrate.convert.lookups import TableLookup, TableRows
from litellm_migrate.convert.outcomes import CODE, DO, Outcome
from litellm_migrate.convert.rows import MEMBERS
from litellm_migrate.rulebook.codes import codes_in, declarations, outcomes_in, shared_code
from litellm_migrate.rulebook.index import Site
from litellm_migrate.rulebook.nodes import RuleNode, by_id, of_kind
from litellm_migrate.rulebook.static_types import RowList, RowShape, suggestion
from litellm_migrate.rulebook.syntax import FORMS, nodes
from litellm_migrate.rulebook.usage import RulePlace, Usage
from litellm_migrate.source.model import USAGE, Position, Problem, Problems

Explanation = dict[str, Any]  # JSON, as `--json` prints it
NAMING = ("as",)
"""The words of a step whose value is the name of a column."""


def meanings(usage: Usage, name: str) -> tuple[list[Explanation], list[Problem]]:
    """What a name stands for: a table, a relation, an endpoint or a part of one, a code, a form or a function.

    Beside that, a problem for each document that has no such part.
    """
    owner, _, part = name.partition(".")
    results: list[Explanation] = [*of_call(usage, name), *of_code(usage, name)]
    problems: list[Problem] = []
    for kind, of_part in (("table", of_row), ("relation", of_column), ("endpoint", of_target)):
        node = by_id(usage.nodes, kind).get(owner)
        try:
            results += [of_part(usage, node, part) if part else of_document(usage, node)] if node else []
        except Problems as error:
            problems += error.problems
    return results, problems


def names(usage: Usage) -> list[str]:
    """The names of all documents, codes, forms and functions, for suggestions."""
    return [
        *FORMS,
        *FUNCTIONS,
        *dict(declarations(of_kind(usage.nodes, "codes"))),
        *(name for kind in ("table", "relation", "endpoint") for name in by_id(usage.nodes, kind)),
    ]


def meaning(kind: str, name: str, position: Position, **more: object) -> Explanation:
    """One meaning of a name, and where it is stated; what there is none of is left out."""
    return {"name": name, "kind": kind, **site(position), **{word: value for word, value in more.items() if value}}


def site(position: Position) -> Explanation:
    """A place in a rule file."""
    return {"file": position.file, "line": position.line}


def reader(place: RulePlace, at: Position) -> Explanation:
    """A rule that reads something, and where it does."""
    return {"rule": ".".join(filter(None, place[1:])), **site(at)}


def of_document(usage: Usage, node: RuleNode) -> Explanation:
    """A table, relation or endpoint as a whole."""
    kind, name = str(node.value["kind"]), str(node.value["id"])
    if kind == "table":
        table = usage.book.tables[name]
        cells = sorted(table.columns)
        return meaning(kind, name, node.position(), rows=len(table.rows), cells=cells, read_by=askers(usage, name))
    if kind == "relation":
        columns = list(usage.rows[name].columns)
        return meaning(kind, name, node.position(), columns=columns, read_by=readers_of_relation(usage, name))
    fields = list(usage.endpoints[name].value["body"])
    call, file = node.value.get("create") or node.value["write"], usage.files[name]
    return meaning(kind, name, node.position(), call=call, payloads=file, fields=fields)


def of_row(usage: Usage, node: RuleNode, key: str) -> Explanation:
    """A row of a table, and what it answers."""
    name = str(node.value["id"])
    rows = usage.book.tables[name].rows
    if key not in rows:
        raise unknown(f"`{key}` is no row of table `{name}`{suggestion(key, rows)}")
    row = rows[key]
    listed = [part for _, group in node.at("listed").items() for _, part in group.items() if part.value == key]
    position = listed[0].position() if listed else node.at("rows", key).position()
    answers = row._asdict() if isinstance(row, Outcome) else dict(row)
    return meaning("row", f"{name}.{key}", position, answers=answers, read_by=askers(usage, name))


def of_column(usage: Usage, node: RuleNode, column: str) -> Explanation:
    """A column of a relation."""
    name = str(node.value["id"])
    if not any(column in shape.names() for shape in with_members(usage.rows[name])):
        raise unknown(f"`{column}` is no column of relation `{name}`{suggestion(column, usage.rows[name].names())}")
    place = RulePlace("relation", name, column)
    part = column_node(node, column)
    uses = [reader(use.place, use.at) for use in usage.readers(place)]
    return meaning("column", f"{name}.{column}", part.position(), made_of=usage.sources(place), read_by=uses)


def with_members(shape: RowShape) -> Iterator[RowShape]:
    """The shape of a relation's rows, and those that they had before they were grouped."""
    yield shape
    members = shape.columns.get(MEMBERS)
    if isinstance(members, RowList) and isinstance(members.row, RowShape):
        yield from with_members(members.row)


def column_node(relation: RuleNode, column: str) -> RuleNode:
    """The part of a relation that states a column."""
    return next(parts_named(relation.at("steps"), column), relation.at("from"))


def of_target(usage: Usage, node: RuleNode, field: str) -> Explanation:
    """A field of the bodies of an endpoint."""
    name = str(node.value["id"])
    fields = dict(fields_of(usage.endpoints[name].at("body"), ""))
    if field not in fields:
        raise unknown(f"`{field}` is no field of endpoint `{name}`{suggestion(field, fields)}")
    sources = usage.sources(RulePlace("endpoint", name, field))
    place = f"{usage.files[name]}: {field}"
    return meaning("field", f"{name}.{field}", fields[field].position(), writes=place, made_of=sources)


def fields_of(body: RuleNode, lead: str) -> Iterator[tuple[str, RuleNode]]:
    """Every field of a body by its dotted name, those of a list's items after the list's."""
    for name, part in body.items():
        yield lead + name, part
        yield from fields_of(part.at("body"), f"{lead}{name}.") if part.has("body") else ()


def of_call(usage: Usage, name: str) -> Iterator[Explanation]:
    """A form or a function, as the reference explains it, and the values that call it."""
    for entry in calls(usage.nodes):
        if entry.name == name:
            sites = [call for call in (*usage.sites.columns, *usage.sites.conditions) if is_call(call, name)]
            uses = [{"rule": call.node.value, **site(call.node.position())} for call in sites]
            yield {"kind": "form" if name in FORMS else "function", **entry._asdict(), "called_by": uses}


def of_code(usage: Usage, name: str) -> Iterator[Explanation]:
    """A code of outcomes: what it means, what rules say to do about it, and each place that gives it."""
    declared = dict(declarations(of_kind(usage.nodes, "codes")))
    if name in declared:
        given = [
            {"rule": f"{node.value['kind']} {node.value.get('id', node.value.get('under'))}", **site(part.position())}
            for node in usage.nodes
            for part in codes_in(node)
            if part.value == name
        ]
        value = declared[name].value
        heading, _, needs_reason = usage.book.classes[value["class"]]
        group = f"{value['class']} ({heading}{'; accepted with a reason only' if needs_reason else ''})"
        texts = {"title": value["title"], "class": group, "called": value["name"], "means": value["about"]}
        steps = dict.fromkeys(step for node in usage.nodes for step in steps_of(node, name))
        yield meaning("code", name, declared[name].position(), **texts, to_do=list(steps), given_by=given)


def steps_of(document: RuleNode, code: str) -> Iterator[str]:
    """What a document says to do in outcomes of a code; holes stay holes."""
    shared = shared_code(document)
    for part in outcomes_in(document):
        if part.value.get(CODE, shared and shared.value) == code and isinstance(part.value.get(DO), str):
            yield part.value[DO]


def is_call(call: Site, name: str) -> bool:
    """Whether a value calls a form or a function itself."""
    if isinstance(call.declaration, Expression) and name in functions_called(call.declaration):
        return True
    return isinstance(call.node.value, str) and name in FORMS and call.node.value.startswith(f"{name}(")


def functions_called(expression: Expression) -> set[str]:
    """The names of the functions that an expression calls."""
    return {node["value"] for node in nodes(expression.tree) if node["type"] == "function_expression"}


def askers(usage: Usage, table: str) -> list[Explanation]:
    """What asks a table: columns, steps, fields."""
    looks = [(look.node, look.declaration) for look in usage.sites.columns]
    places = [node for node, look in looks if isinstance(look, (TableLookup, TableRows)) and look.table.id == table]
    return [reader(usage.place(node), node.position()) for node in places]


def readers_of_relation(usage: Usage, name: str) -> list[dict[str, object]]:
    """The relations that need a relation, and the documents that are projections of it."""
    documents = by_id(usage.nodes, "relation")
    needing = [documents[other] for other, relation in usage.book.relations.items() if name in relation.needs]
    projections = [node for node in usage.nodes if node.value["kind"] != "relation" and node.value.get("from") == name]
    return [reader(RulePlace("", str(node.value["id"]), ""), node.position()) for node in (*needing, *projections)]


def parts_named(node: RuleNode, name: str) -> Iterator[RuleNode]:
    """The parts of steps that state a column of that name, first things first."""
    for key, part in node.items():
        if key == name or (key in NAMING and part.value == name):
            yield part
        elif isinstance(part.value, (dict, list)):
            yield from parts_named(part, name)


def unknown(text: str) -> Problems:
    """A problem of whoever asked for a name."""
    return Problems([Problem("rules explain", 0, 0, text)], USAGE)
