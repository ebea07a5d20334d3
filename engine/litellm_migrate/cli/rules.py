"""The commands `rules` (list, explain and add rules, print the matrix) and `check-rules`."""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from typing import TYPE_CHECKING

from litellm_migrate import shipped
from litellm_migrate.cli.options import rules_folder
from litellm_migrate.cli.outcomes import FAILURE, SUCCESS, VerbResult, note
from litellm_migrate.cli.parser import near
from litellm_migrate.rulebook.load import documents_of, load
from litellm_migrate.rulebook.nodes import by_id, has_rules
from litellm_migrate.rulebook.types import Rulebook
from litellm_migrate.source.model import USAGE, Problem, Problems, Source
from litellm_migrate.source.read import read_source

if TYPE_CHECKING:
    from litellm_migrate.rulebook.usage import Usage

MATRIX, REFERENCE = "MATRIX.md", "REFERENCE.md"


def explain(options: argparse.Namespace) -> VerbResult:
    """What a name means."""
    from litellm_migrate.authoring.explain import explained, lines  # noqa: PLC0415 - each only where it is needed

    answer = explained(usage_for(options), options.name)
    return VerbResult(SUCCESS, answer, "\n".join(lines(answer)))


def trace(options: argparse.Namespace) -> VerbResult:
    """The way of a setting."""
    from litellm_migrate.authoring.trace import lines_of_trace, trace_data  # noqa: PLC0415

    usage = usage_for(options)
    answer = trace_data(usage, source_of(options.config, usage.book, options.allow_outside), options.path)
    return VerbResult(SUCCESS, answer, "\n".join(lines_of_trace(answer)))


def rows(options: argparse.Namespace) -> VerbResult:
    """The rows of a relation."""
    from litellm_migrate.authoring.rows import lines_of_rows, rows_data  # noqa: PLC0415

    usage = usage_for(options)
    answer = rows_data(usage, source_of(options.input, usage.book, options.allow_outside), options.relation)
    return VerbResult(SUCCESS, answer, "\n".join(lines_of_rows(answer)))


def show_matrix(options: argparse.Namespace) -> VerbResult:
    """Every setting with its outcome."""
    from litellm_migrate.authoring.matrix import matrix  # noqa: PLC0415
    from litellm_migrate.output import markdown  # noqa: PLC0415

    return VerbResult(SUCCESS, None, matrix(usage_for(options), markdown).rstrip("\n"))


def usage_for(options: argparse.Namespace) -> Usage:
    """The rules, and what reads and writes what."""
    from litellm_migrate.rulebook.usage import usage_of  # noqa: PLC0415

    return usage_of(rules_folder(options.rules), shipped("schemas"), options.dialect)


def show_reference(options: argparse.Namespace) -> VerbResult:
    """The reference of the rule language, or what it says of one word."""
    from litellm_migrate.authoring import reference  # noqa: PLC0415 - only where it is needed
    from litellm_migrate.output import markdown  # noqa: PLC0415

    schemas = shipped("schemas")
    entries = [*reference.entries(documents_of(rules_folder(options.rules), schemas), schemas)]
    chosen = reference.named(entries, options.word) if options.word else entries
    whole = "" if options.word or options.json else reference.document(entries, markdown)
    return VerbResult(
        SUCCESS, [entry._asdict() for entry in chosen], whole or "\n\n".join(map(reference.text_of, chosen))
    )


def regenerate(options: argparse.Namespace) -> VerbResult:
    """Writes what is made from the rules: matrix and reference beside them and, in a checkout, tables of the README."""
    from litellm_migrate.authoring import matrix, reference  # noqa: PLC0415 - only where it is needed
    from litellm_migrate.lint.readme import readme_texts  # noqa: PLC0415
    from litellm_migrate.output import markdown  # noqa: PLC0415
    from litellm_migrate.output.write import write  # noqa: PLC0415
    from litellm_migrate.rulebook.usage import usage_of  # noqa: PLC0415

    folder, schemas = rules_folder(options.rules), shipped("schemas")
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
    note(options, f"wrote {', '.join(written)}")
    return VerbResult(SUCCESS, {"written": written})


def source_of(name: str, book: Rulebook, allow_outside: bool = False) -> Source:
    """The configuration of that name; raises Problems."""
    try:
        return read_source(name, book.grammar, sys.stdin.buffer, allow_outside)
    except Problems as error:
        raise book.secrets.redact_problems(error) from None


def add_row(options: argparse.Namespace) -> VerbResult:
    """Adds a row to a table, and says which files that changed."""
    from litellm_migrate.authoring.add import added, refuse_installed  # noqa: PLC0415 - only where it is needed
    from litellm_migrate.authoring.new_row import new_row  # noqa: PLC0415
    from litellm_migrate.lint.check import audit  # noqa: PLC0415
    from litellm_migrate.output.write import write  # noqa: PLC0415

    folder = rules_folder(options.rules)
    refuse_installed(folder)
    row = new_row(folder, options.table, options.key, options.cell)
    example = None
    if options.example:
        book = load(folder if has_rules(folder) else shipped("rules"), shipped("schemas"), row.plain)
        example = source_of(options.example, book)
    texts = added(folder, row, example, audit)
    write(folder, texts, frozenset(texts))
    files = [str(folder / name) for name in texts]
    rest = "; `litellm-migrate rules regenerate` renews what is made from them" * (folder / MATRIX).is_file()
    note(options, f"wrote {', '.join(files)}; nothing is wrong with these rules by it{rest}")
    return VerbResult(SUCCESS, {"written": files})


def list_rules(options: argparse.Namespace) -> VerbResult:
    """Kind, id and file of every document."""
    documents = [
        {
            "kind": spec.value["kind"],
            "id": spec.value.get("id", spec.value.get("under") or "."),
            "file": spec.file,
            "line": spec.position().line,
        }
        for spec in documents_of(rules_folder(options.rules), shipped("schemas"))
    ]
    kinds = sorted({document["kind"] for document in documents})
    if options.kind and options.kind not in kinds:
        message = f"expected one of {', '.join(kinds)}, found `{options.kind}`{near(options.kind, kinds)}"
        raise Problems([Problem("KIND", 0, 0, message)], USAGE)
    documents = sorted(
        (document for document in documents if options.kind in (None, document["kind"])),
        key=lambda document: (document["kind"], document["id"]),
    )
    lines = (f"{row['kind']:<13} {row['id']:<26} {row['file']}:{row['line']}" for row in documents)
    return VerbResult(SUCCESS, documents, "\n".join(lines))


def check_rules_command(options: argparse.Namespace) -> VerbResult:
    """What is wrong with a folder of rules; raises Problems if there is no such folder."""
    from litellm_migrate.cli.convert import rehearsed  # noqa: PLC0415 - wrong usage stays quick
    from litellm_migrate.lint.check import audit  # noqa: PLC0415

    folder = rules_folder(options.dir or options.rules)
    findings = audit(folder, shipped("schemas"), None if options.no_rehearsal else rehearsed)
    data = {"rules": str(folder), "ok": not findings, "problems": [finding.data() for finding in findings]}
    counts = Counter(finding.check for finding in findings)
    numbers = ", ".join(f"{count} {check}" for check, count in sorted(counts.items()))
    total = f"{len(findings)} problem{'' if len(findings) == 1 else 's'} ({numbers})"
    if not options.json:
        note(options, f"{folder}: {total if findings else 'nothing is wrong'}")
    return VerbResult(FAILURE if findings else SUCCESS, data, "\n".join(map(str, findings)))
