"""Loads a rulebook: a folder of rule files, compiled and checked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path as File

from litellm_migrate import shipped
from litellm_migrate.convert.bodies import Shape
from litellm_migrate.convert.dispositions import Dispositions
from litellm_migrate.rulebook.bodies import BodyParser
from litellm_migrate.rulebook.cells import TableColumns
from litellm_migrate.rulebook.codes import classes_of, codes_of
from litellm_migrate.rulebook.columns import ColumnParser
from litellm_migrate.rulebook.dialects import dialect_of, folders_of, in_its_words
from litellm_migrate.rulebook.endpoint_records import protocol_of, readings_of, snapshot_of
from litellm_migrate.rulebook.endpoint_schemas import schema_file
from litellm_migrate.rulebook.index import Parsed
from litellm_migrate.rulebook.layers import Layers
from litellm_migrate.rulebook.nodes import RuleNode, read_rules
from litellm_migrate.rulebook.overlay import Overlay, is_overlay, with_examples
from litellm_migrate.rulebook.relations import RelationParser
from litellm_migrate.rulebook.schema import check, nameless, unsound, wrong_formats
from litellm_migrate.rulebook.source_rules import dispositions_of, grammar_of, secrets_of, words_of
from litellm_migrate.rulebook.static_types import UNKNOWN, suggestion
from litellm_migrate.rulebook.tables import catalog_date, no_patterns, table, unasked, with_catalog
from litellm_migrate.rulebook.templates import wrong_examples
from litellm_migrate.rulebook.types import Flow, Guide, HandOut, Membership, Question, Rulebook, View
from litellm_migrate.rulebook.universe import KnownSettings, universe_of
from litellm_migrate.source.model import Notice, Problem, Problems


def load(rules: File, schemas: File, dialect: str | None = None, catalog: File | None = None) -> Rulebook:
    """The rulebook of a folder in a dialect; raises Problems that name file and line of everything wrong.

    Without a name it is the default dialect. The rows of the file `catalog` take the place of the generated facts that
    the rules let users replace.
    """
    notices: dict[str, list[Notice]] = {}
    nodes = documents_of(rules, schemas, notices)
    parsed = parse(with_catalog(nodes, catalog) if catalog else nodes, schemas, dialect)
    return parsed.book._replace(notices=(*notices.get("", ()), *notices.get(parsed.book.dialect, ())))


def documents_of(rules: File, schemas: File, notices: dict[str, list[Notice]] | None = None) -> list[RuleNode]:
    """Every rule document of a folder, each of which fits its kind; raises Problems.

    An overlay's are laid over the shipped ones; `notices` takes what they replace, by the dialect where that counts.
    """
    nodes, base = read_rules(rules), shipped("rules")
    partial = bool(nodes) and is_overlay(nodes) and rules.resolve() != base.resolve()
    first = nameless if partial else check
    problems = list(wrong_formats(nodes)) or [wrong for node in nodes for wrong in first(node, schemas / "rules")]
    if not nodes:
        problems = [Problem(str(rules), 0, 0, "expected rule files, found none. Name another folder.")]
    if partial and not problems:
        overlay = Overlay(read_rules(base), base)
        nodes = overlay.lay(nodes)
        (notices if notices is not None else {}).update(overlay.notices)
        problems = [wrong for node in nodes for wrong in check(node, schemas / "rules")]
    if problems:
        raise Problems(problems)
    return with_examples(nodes)


def parse(nodes: list[RuleNode], schemas: File, dialect: str | None = None) -> Parsed:
    """The rulebook that documents state in a dialect, with the index of its declarations; raises Problems."""
    problems: list[Problem] = []
    by_kind = sorted_by_kind(nodes, problems)
    dialects = by_kind.get("dialect", {})
    overlay = dialect_of(dialects, dialect)
    dialect = str(overlay.value["id"])
    nodes = in_its_words(nodes, overlay)
    by_kind = sorted_by_kind(nodes, [])
    source = only(by_kind, "source")
    added = by_kind.get("settings", {})
    universe = universe_of(source, added, schemas / "source", problems)
    settings = KnownSettings(universe)
    layers = Layers(problems)
    endpoints = layers.in_dialect(by_kind.get("endpoint", {}), overlay, "endpoint")
    table_nodes = layers.in_dialect(by_kind.get("table", {}), overlay, "table")
    for node in table_nodes.values():
        problems.extend(TableColumns(node, endpoints, dialects, dialect, schemas).problems())
    tables = {name: table(node, problems) for name, node in table_nodes.items()}
    columns = ColumnParser(tables, problems)
    relations = RelationParser(layers.in_dialect(by_kind.get("relation", {}), overlay, "relation"), columns, universe)
    bodies = BodyParser(relations, columns, list(endpoints))
    ordered = [bodies.shape(endpoints[name]) for name in in_order(endpoints, problems)]
    views = {name: view_of(node, bodies) for name, node in by_kind.get("view", {}).items()}
    book = Rulebook(
        catalog=catalog_date(source, by_kind.get("table", {}), problems),
        program="{program} {version}".format(**source.value),
        grammar=grammar_of(source, settings, problems, added),
        universe=universe,
        tables=tables,
        relations=relations.all(),
        endpoints=referring(ordered, views.values()),
        views=views,
        guides=tuple(guides_of(by_kind.get("guide", {}), relations, columns)),
        questions=tuple(questions_of(by_kind.get("glance", {}), relations, columns)),
        dispositions=Dispositions(dispositions_of(nodes, settings, problems)),
        secrets=secrets_of(by_kind.get("secrets", {}), settings, problems),
        words=words_of(source, problems),
        codes=dict(codes_of(by_kind.get("codes", {}), problems)),
        classes=classes_of(by_kind.get("codes", {}).values()),
        entry_names=dict(source.value.get("entry_names", {})),
        protocol=protocol_of(only(by_kind, "auth")),
        readings=tuple(readings_of(by_kind.get("reading", {}), settings, problems)),
        snapshot=snapshot_of(source),
        dialect=dialect,
        schemas=folders_of(dialects, dialect),
    )
    problems.extend(wrong_examples(table_nodes, relations.shapes))
    problems.extend(no_patterns(table_nodes))
    problems.extend(without_schema(endpoints, schemas, book.schemas))
    problems.extend(() if problems else unasked(table_nodes, columns.lookups.cells_read))
    if problems:
        raise Problems(problems)
    return Parsed(book, columns.sites, relations.shapes, overlay, endpoints, table_nodes)


def sorted_by_kind(nodes: list[RuleNode], problems: list[Problem]) -> dict[str, dict[str, RuleNode]]:
    """Documents by kind and id; an id is taken once."""
    by_kind: dict[str, dict[str, RuleNode]] = {}
    for node in nodes:
        kind = node.value["kind"]
        if kind == "dispositions":
            continue
        documents, name = by_kind.setdefault(kind, {}), str(node.value["id"])
        if name in documents:
            first = documents[name].position()
            problems.append(node.problem(f"the {kind} `{name}` is also in {first}. Keep one of the two."))
        documents[name] = node
    return by_kind


def only(by_kind: Mapping[str, Mapping[str, RuleNode]], kind: str) -> RuleNode:
    """The one document of a kind."""
    nodes = list(by_kind.get(kind, {}).values())
    if len(nodes) != 1:
        message = f"expected one document of kind {kind}, found {len(nodes)}. Keep one."
        raise Problems([Problem("rules", 0, 0, message)])
    return nodes[0]


def guides_of(nodes: Mapping[str, RuleNode], relations: RelationParser, columns: ColumnParser) -> Iterator[Guide]:
    """The chapters that the rules add to the report, in their order."""
    for node in sorted(nodes.values(), key=lambda guide: int(guide.value["order"])):
        source = str(node.value["from"])
        row = relations.shape_of(source, node.at("from")) or UNKNOWN
        yield Guide(str(node.value["title"]), source, columns.text(node.at("text"), row))


def referring(endpoints: Iterable[Shape], views: Iterable[View]) -> tuple[Shape, ...]:
    """The endpoints, whose bodies may have a field for what they belong into, although no rule writes it."""
    fields: dict[str, dict[str, str]] = {}
    for words in [view.puts_into for view in views if view.puts_into]:
        fields.setdefault(words.endpoint, {})[words.field] = words.into
    return tuple(
        shape._replace(call=shape.call._replace(references={**shape.call.references, **fields[shape.id]}))
        if shape.call and shape.id in fields
        else shape
        for shape in endpoints
    )


def questions_of(nodes: Mapping[str, RuleNode], relations: RelationParser, columns: ColumnParser) -> Iterator[Question]:
    """The questions that the report answers at a glance."""
    for part in [part for node in nodes.values() for _, part in node.at("rows").items()]:
        source = str(part.value["from"])
        row = relations.shape_of(source, part.at("from")) or UNKNOWN
        see = tuple(map(str, part.value.get("see", ())))
        yield Question(str(part.value["question"]), source, columns.text(part.at("answer"), row), see)


def view_of(node: RuleNode, bodies: BodyParser) -> View:
    """A table of the report."""
    value = node.value
    flow = value.get("flow")
    picture = Flow(tuple(flow["steps"]), tuple(flow["widths"])) if flow else None
    heads = dict(value.get("heads", {}))
    sort = value.get("sort")
    hands_out = HandOut(**value["hands_out"]) if "hands_out" in value else None
    words = str(value["title"]), str(value.get("intro", "")), heads, picture, sort, str(value.get("file", ""))
    puts_into = Membership(**value["puts_into"]) if "puts_into" in value else None
    return View(bodies.shape(node), *words, hands_out, puts_into)


def without_schema(endpoints: Mapping[str, RuleNode], schemas: File, folders: Sequence[str]) -> Iterator[Problem]:
    """A problem for each endpoint whose file has no schema and that states none, or none that is one."""
    files = sorted({file.name for folder in folders for file in (schemas / folder).glob("*.json")})
    for node in endpoints.values():
        name = str(node.value["file"])
        if node.has("schema"):
            yield from unsound(node.at("schema"))
        elif schema_file(schemas, folders, name) is None:
            yield node.at("file").problem(f"`{name}` has no schema in {', '.join(folders)}{suggestion(name, files)}")


def in_order(endpoints: Mapping[str, RuleNode], problems: list[Problem]) -> list[str]:
    """Endpoints with those first that others come after; the rest in the order of the documents."""
    ordered: list[str] = []

    def visit(name: str, chain: tuple[str, ...]) -> None:
        if name in chain:
            message = f"endpoints in a circle: {' depends on '.join([*chain, name])}."
            problems.append(endpoints[name].at("depends_on").problem(message))
        elif name not in ordered:
            for target in endpoints[name].value.get("depends_on", ()):
                if target in endpoints:
                    visit(target, (*chain, name))
                else:
                    text = f"`{target}` is no endpoint{suggestion(str(target), endpoints)}"
                    problems.append(endpoints[name].at("depends_on").problem(text))
            ordered.append(name)

    for name in endpoints:
        visit(name, ())
    return ordered
