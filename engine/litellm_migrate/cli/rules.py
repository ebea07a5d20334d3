"""The commands `rules` (list, explain and add rules, print the matrix) and `check-rules`."""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path as File
from typing import Any

from litellm_migrate import shipped
from litellm_migrate.cli.options import add, command_parser, rules_folder
from litellm_migrate.cli.outcomes import print_to
from litellm_migrate.rulebook.load import documents_of, load
from litellm_migrate.rulebook.nodes import by_id, has_rules
from litellm_migrate.rulebook.types import Rulebook
from litellm_migrate.source.model import USAGE, Problem, Problems, Source
from litellm_migrate.source.read import read_source

MATRIX, REFERENCE = "MATRIX.md", "REFERENCE.md"
EXIT_CODES = """exit codes:
  0  done
  1  something is wrong with the rules or with what was to be added; nothing was written
  2  wrong usage, an unknown name, or a folder that cannot be added to"""
CHECK_EXIT_CODES = """exit codes:
  0  nothing is wrong
  1  something is wrong; each line says where, what, and which check found it
  2  wrong usage, or no such folder"""


def rules_command(words: Sequence[str]) -> int:
    """Runs `rules` and returns its exit code; raises Problems."""
    options = rules_parser().parse_args(words)
    folder = rules_folder(options.rules)
    if options.verb == "add":
        return add_row(options, folder)
    if options.verb == "list":
        return list_rules(folder, options)
    if options.verb == "reference":
        return show_reference(folder, options)
    if options.verb == "regenerate":
        return regenerate(folder)
    from litellm_migrate.rulebook.usage import usage_of  # noqa: PLC0415 - only where it is needed

    usage = usage_of(folder, shipped("schemas"), options.dialect)
    if options.verb == "matrix":
        from litellm_migrate.authoring.matrix import matrix  # noqa: PLC0415
        from litellm_migrate.output import markdown  # noqa: PLC0415

        print_to(matrix(usage, markdown).rstrip("\n"), sys.stdout)
        return 0
    if options.verb == "rows":
        from litellm_migrate.authoring.rows import lines_of_rows, rows_data  # noqa: PLC0415

        answer = rows_data(usage, source_of(options.input, usage.book, options.allow_outside), options.relation)
        text_lines = lines_of_rows(answer)
    elif options.verb == "trace":
        from litellm_migrate.authoring.trace import lines_of_trace, trace_data  # noqa: PLC0415

        answer = trace_data(usage, source_of(options.config, usage.book, options.allow_outside), options.path)
        text_lines = lines_of_trace(answer)
    else:
        from litellm_migrate.authoring.explain import explained, lines  # noqa: PLC0415

        answer = explained(usage, options.name)
        text_lines = lines(answer)
    text = json.dumps(answer, indent=2, default=str) if options.json else "\n".join(text_lines)
    print_to(text, sys.stdout)
    return 0


def show_reference(folder: File, options: argparse.Namespace) -> int:
    """Prints the reference of the rule language, or what it says of one word."""
    from litellm_migrate.authoring import reference  # noqa: PLC0415 - only where it is needed
    from litellm_migrate.output import markdown  # noqa: PLC0415

    schemas = shipped("schemas")
    entries = [*reference.entries(documents_of(folder, schemas), schemas)]
    chosen = reference.named(entries, options.word) if options.word else entries
    if options.json:
        print_to(json.dumps([entry._asdict() for entry in chosen], indent=2), sys.stdout)
    elif options.word:
        print_to("\n\n".join(map(reference.text_of, chosen)), sys.stdout)
    else:
        print_to(reference.document(entries, markdown), sys.stdout)
    return 0


def regenerate(folder: File) -> int:
    """Writes what is made from the rules: matrix and reference beside them and, in a checkout, tables of the README."""
    from litellm_migrate.authoring import matrix, reference  # noqa: PLC0415 - only where it is needed
    from litellm_migrate.lint.readme import readme_texts  # noqa: PLC0415
    from litellm_migrate.output import markdown  # noqa: PLC0415
    from litellm_migrate.output.write import write  # noqa: PLC0415
    from litellm_migrate.rulebook.usage import usage_of  # noqa: PLC0415

    schemas = shipped("schemas")
    nodes = documents_of(folder, schemas)
    texts = {
        MATRIX: matrix.matrix(usage_of(folder, schemas), markdown),
        REFERENCE: f"{reference.document([*reference.entries(nodes, schemas)], markdown)}\n",
    }
    write(folder, texts, frozenset(texts))
    readme = readme_texts(folder.parent, {name: load(folder, schemas, name) for name in by_id(nodes, "dialect")})
    if readme:
        (folder.parent / "README.md").write_text(readme[1], encoding="utf-8")
    written = [str(folder / name) for name in texts] + [str(folder.parent / "README.md")] * bool(readme)
    print_to(f"wrote {', '.join(written)}", sys.stderr)
    return 0


def source_of(name: str, book: Rulebook, allow_outside: bool = False) -> Source:
    """The configuration of that name; raises Problems."""
    try:
        return read_source(name, book.grammar, sys.stdin.buffer, allow_outside)
    except Problems as error:
        raise book.secrets.redact_problems(error) from None


def rules_parser() -> argparse.ArgumentParser:
    """The arguments of `rules`."""
    rules = argparse.ArgumentParser(add_help=False, allow_abbrev=False)
    add(rules, "--rules", help="a folder of rules or an overlay; without it, the shipped ones")
    arguments = command_parser("rules", "Look at the rules, and add to them.", EXIT_CODES)
    verbs = arguments.add_subparsers(dest="verb", required=True, metavar="COMMAND")
    common: dict[str, Any] = {"parents": [rules], "allow_abbrev": False}
    explain = verbs.add_parser("explain", help="what a name means: which rule, where, and what reads it", **common)
    path = (
        "a setting (* for an index) or its end, a model, a table, relation, endpoint or part of one, a code, a function"
    )
    explain.add_argument("name", metavar="NAME", help=path)
    rows = verbs.add_parser(
        "rows", help="the rows of a relation for a configuration, and where they are from", **common
    )
    rows.add_argument("relation", metavar="RELATION", help="the name of the relation")
    add(rows, "--input", required=True)
    add(rows, "--allow-outside")
    trace = verbs.add_parser("trace", help="one setting of a configuration on its way to the payloads", **common)
    trace.add_argument("config", metavar="CONFIG", help="the configuration; - reads standard input")
    trace.add_argument("path", metavar="PATH", help="the setting, as the report names it: section.list[0].name")
    add(trace, "--allow-outside")
    reference = verbs.add_parser("reference", help="every word of the rule language, or one, with an example", **common)
    reference.add_argument("word", nargs="?", metavar="WORD", help="a word, step, form, function, match or code")
    verbs.add_parser("regenerate", help="write what is made from the rules: matrix, reference, README tables", **common)
    listing = verbs.add_parser("list", help="every rule document: kind, id, file", **common)
    listing.add_argument("kind", nargs="?", help="only documents of this kind")
    matrix = verbs.add_parser("matrix", help="every setting with its outcome, as Markdown", **common)
    for parser in (explain, rows, trace, matrix):
        add(parser, "--dialect")
    row = verbs.add_parser("add", help="add a row to a table, with an example, if nothing is wrong with it", **common)
    row.add_argument("table", metavar="TABLE", help="the name of the table; `rules list table` lists them")
    row.add_argument("key", metavar="KEY", help="the key of the new row")
    cells = "a cell and its value, as the table's columns say (`rules explain TABLE`); DIALECT.CELL of one dialect only"
    row.add_argument("cells", nargs="*", metavar="CELL=VALUE", help=cells)
    example = "a configuration in which the row answers; without it, the table's own example, if it has one"
    row.add_argument("--example", metavar="FILE", help=example)
    for verb, parser in verbs.choices.items():
        if verb not in ("matrix", "regenerate"):
            add(parser, "--json", help="the answer as JSON on standard output")
    return arguments


def add_row(options: argparse.Namespace, folder: File) -> int:
    """Adds a row to a table, and prints which files that changed."""
    from litellm_migrate.authoring.add import added, refuse_installed  # noqa: PLC0415 - only where it is needed
    from litellm_migrate.authoring.new_row import new_row  # noqa: PLC0415
    from litellm_migrate.lint.check import audit  # noqa: PLC0415
    from litellm_migrate.output.write import write  # noqa: PLC0415

    refuse_installed(folder)
    row = new_row(folder, options.table, options.key, options.cells)
    example = None
    if options.example:
        book = load(folder if has_rules(folder) else shipped("rules"), shipped("schemas"), row.plain)
        example = source_of(options.example, book)
    texts = added(folder, row, example, audit)
    write(folder, texts, frozenset(texts))
    files = [str(folder / name) for name in texts]
    if options.json:
        print_to(json.dumps({"written": files}, indent=2), sys.stdout)
    else:
        rest = "; `litellm-migrate rules regenerate` renews what is made from them" * (folder / MATRIX).is_file()
        print_to(f"wrote {', '.join(files)}; nothing is wrong with these rules by it{rest}", sys.stderr)
    return 0


def list_rules(folder: File, options: argparse.Namespace) -> int:
    """Prints kind, id and file of every document."""
    rows = [
        {
            "kind": spec.value["kind"],
            "id": spec.value.get("id", spec.value.get("under") or "."),
            "file": spec.file,
            "line": spec.position().line,
        }
        for spec in documents_of(folder, shipped("schemas"))
    ]
    kinds = sorted({row["kind"] for row in rows})
    if options.kind and options.kind not in kinds:
        message = f"expected one of {', '.join(kinds)}, found `{options.kind}`."
        raise Problems([Problem("rules list", 0, 0, message)], USAGE)
    rows = sorted(
        (row for row in rows if options.kind in (None, row["kind"])), key=lambda row: (row["kind"], row["id"])
    )
    if options.json:
        print_to(json.dumps(rows, indent=2), sys.stdout)
    for row in () if options.json else rows:
        print_to(f"{row['kind']:<13} {row['id']:<26} {row['file']}:{row['line']}", sys.stdout)
    return 0


def check_rules_command(words: Sequence[str]) -> int:
    """Runs `check-rules` and returns its exit code; raises Problems if there is no such folder."""
    description = "Hold a folder of rules against itself: names, settings, fields, tables, reasons, examples."
    arguments = command_parser("check-rules", description, CHECK_EXIT_CODES)
    arguments.add_argument("rules", nargs="?", metavar="DIR", help="the folder of rules; without it, the shipped ones")
    add(arguments, "--json", help="what was found as JSON on standard output")
    text = "leave out the rehearsal of what the examples become on a gateway in memory"
    arguments.add_argument("--no-rehearsal", action="store_true", help=text)
    options = arguments.parse_args(words)
    from litellm_migrate.cli.convert import rehearsed  # noqa: PLC0415 - --help and wrong usage stay quick
    from litellm_migrate.lint.check import audit  # noqa: PLC0415

    folder = rules_folder(options.rules)
    findings = audit(folder, shipped("schemas"), None if options.no_rehearsal else rehearsed)
    if options.json:
        data = {"rules": str(folder), "ok": not findings, "problems": [finding.data() for finding in findings]}
        print_to(json.dumps(data, indent=2), sys.stdout)
        return int(bool(findings))
    for finding in findings:
        print_to(str(finding), sys.stdout)
    counts = Counter(finding.check for finding in findings)
    numbers = ", ".join(f"{count} {check}" for check, count in sorted(counts.items()))
    total = f"{len(findings)} problem{'' if len(findings) == 1 else 's'} ({numbers})"
    print_to(f"{folder}: {total if findings else 'nothing is wrong'}", sys.stderr)
    return int(bool(findings))
