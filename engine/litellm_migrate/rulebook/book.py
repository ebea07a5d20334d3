"""Loads a rulebook: a folder of rule files, compiled and checked."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path as File

from litellm_migrate.convert.dispositions import Dispositions
from litellm_migrate.convert.tables import Table
from litellm_migrate.rulebook.bodies import Bodies
from litellm_migrate.rulebook.calls import protocol_of
from litellm_migrate.rulebook.catalog import origin_of, with_catalog
from litellm_migrate.rulebook.columns import Columns
from litellm_migrate.rulebook.dialects import overlay
from litellm_migrate.rulebook.dispositions import Known, dispositions_of
from litellm_migrate.rulebook.documents import documents_of
from litellm_migrate.rulebook.endpoint_schemas import schema_file
from litellm_migrate.rulebook.files import Spec
from litellm_migrate.rulebook.recipes import misnamed
from litellm_migrate.rulebook.relations import RelationParser
from litellm_migrate.rulebook.rules import Guide, Rulebook, View
from litellm_migrate.rulebook.schemas import unsound
from litellm_migrate.rulebook.settings import universe_with
from litellm_migrate.rulebook.shapes import UNKNOWN, suggestion
from litellm_migrate.rulebook.source import grammar_of, secrets_of, universe_of, words_of
from litellm_migrate.rulebook.tables import compile_tables, no_patterns, unasked
from litellm_migrate.source.model import Notice, Problem, Problems
from litellm_migrate.source.records import replace


def load(rules: File, schemas: File, dialect: str, catalog: File | None = None) -> Rulebook:
    """The rulebook of a folder in a dialect; raises Problems that name file and line of everything wrong.

    The rows of the file `catalog` take the place of the generated facts that the rules let users replace.
    """
    notices: list[Notice] = []
    specs = documents_of(rules, schemas, notices)
    book = compiled(with_catalog(specs, catalog) if catalog else specs, schemas, dialect)
    return replace(book, notices=tuple(notices))


def compiled(
    specs: list[Spec],
    schemas: File,
    dialect: str,
    columns_of: Callable[[Mapping[str, Table], list[Problem]], Columns] = Columns,
) -> Rulebook:
    """The rulebook that documents state in a dialect; an audit has its own way to compile columns."""
    problems: list[Problem] = []
    by_kind = sorted_by_kind(specs, problems)
    chosen = dialect_of(by_kind, dialect)
    told = only(by_kind, "source")
    added = by_kind.get("settings", {})
    universe = universe_with(universe_of(told, schemas / "source"), added, problems)
    known = Known(universe)
    endpoints = overlay(by_kind.get("endpoint", {}), chosen.at("endpoints"), problems)
    tables = compile_tables(by_kind.get("table", {}), [chosen.at("tables")], problems)
    columns = columns_of(tables, problems)
    compiler = RelationParser(by_kind.get("relation", {}), columns, universe)
    bodies = Bodies(compiler, columns, list(endpoints))
    ordered = in_order(endpoints, problems)
    book = Rulebook(
        catalog=origin_of(told, by_kind.get("table", {}), problems),
        program="{program} {version}".format(**told.value),
        grammar=grammar_of(told, known, problems, added),
        universe=universe,
        tables=tables,
        relations=compiler.all(),
        endpoints=tuple(bodies.shape(endpoints[name]) for name in ordered),
        views={name: view_of(spec, bodies) for name, spec in by_kind.get("view", {}).items()},
        guides=tuple(guides_of(by_kind.get("guide", {}), compiler, columns)),
        dispositions=Dispositions(dispositions_of(specs, known, problems)),
        secrets=secrets_of(by_kind.get("secrets", {}), known, problems),
        words=words_of(told, problems),
        protocol=protocol_of(only(by_kind, "auth")),
        dialect=dialect,
        schemas=chosen.value.get("schemas"),
    )
    problems.extend(misnamed(by_kind))
    problems.extend(no_patterns(by_kind.get("table", {}), columns.patterns))
    problems.extend(without_schema(endpoints, schemas / "synapse", book.schemas))
    problems.extend(() if problems else unasked(by_kind.get("table", {}), columns.cells_read))
    if problems:
        raise Problems(problems)
    return book


def sorted_by_kind(specs: list[Spec], problems: list[Problem]) -> dict[str, dict[str, Spec]]:
    """Documents by kind and id; an id is taken once."""
    made: dict[str, dict[str, Spec]] = {}
    for spec in specs:
        if spec.value["kind"] == "dispositions":
            continue
        of_kind = made.setdefault(spec.value["kind"], {})
        name = str(spec.value["id"])
        if name in of_kind:
            other = of_kind[name].position()
            problems.append(spec.problem(f"the {spec.value['kind']} `{name}` is also in {other}. Keep one of the two."))
        of_kind[name] = spec
    return made


def only(by_kind: Mapping[str, Mapping[str, Spec]], kind: str) -> Spec:
    """The one document of a kind."""
    found = list(by_kind.get(kind, {}).values())
    if len(found) != 1:
        message = f"expected one document of kind {kind}, found {len(found)}. Keep one."
        raise Problems([Problem("rules", 0, 0, message)])
    return found[0]


def dialect_of(by_kind: Mapping[str, Mapping[str, Spec]], name: str) -> Spec:
    """The dialect of that name."""
    known = by_kind.get("dialect", {})
    if name not in known:
        message = f"expected one of {', '.join(known)}, found `{name}`{suggestion(name, known)}"
        raise Problems([Problem("--dialect", 0, 0, message)], 2)
    return known[name]


def guides_of(specs: Mapping[str, Spec], compiler: RelationParser, columns: Columns) -> Iterator[Guide]:
    """The chapters that the rules add to the report, in their order."""
    for spec in sorted(specs.values(), key=lambda one: int(one.value["order"])):
        each = str(spec.value["each"])
        row = compiler.shape_of(each, spec.at("each")) or UNKNOWN
        yield Guide(str(spec.value["title"]), each, columns.text(spec.at("text"), row))


def view_of(spec: Spec, bodies: Bodies) -> View:
    """A table of the report."""
    value = spec.value
    return View(bodies.shape(spec), str(value["title"]), str(value["intro"]), dict(value["heads"]))


def without_schema(endpoints: Mapping[str, Spec], folder: File, dialect: str | None) -> Iterator[Problem]:
    """A problem for each endpoint whose file has no schema and that states none, or none that is one."""
    known = sorted(file.name for file in folder.glob("*.json"))
    for spec in endpoints.values():
        name = str(spec.value["file"])
        if spec.has("schema"):
            yield from unsound(spec.at("schema"))
        elif not schema_file(folder, dialect, name).is_file():
            yield spec.at("file").problem(f"`{name}` has no schema in {folder.name}{suggestion(name, known)}")


def in_order(endpoints: Mapping[str, Spec], problems: list[Problem]) -> list[str]:
    """Endpoints with those first that others come after; the rest in the order of their names' files."""
    made: list[str] = []

    def visit(name: str, chain: tuple[str, ...]) -> None:
        if name in chain:
            message = f"endpoints in a circle: {' after '.join([*chain, name])}."
            problems.append(endpoints[name].at("after").problem(message))
        elif name not in made:
            for other in endpoints[name].value.get("after", ()):
                if other in endpoints:
                    visit(other, (*chain, name))
                else:
                    text = f"`{other}` is no endpoint{suggestion(str(other), endpoints)}"
                    problems.append(endpoints[name].at("after").problem(text))
            made.append(name)

    for name in endpoints:
        visit(name, ())
    return made
