"""All checks in their order."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path as File

from litellm_migrate.lint import unused
from litellm_migrate.lint.books import Audited, books_of, by_id
from litellm_migrate.lint.coverage import Coverage
from litellm_migrate.lint.found import COVERAGE, DISPOSITION, LOAD, REASON, TABLE, UNUSED, Found
from litellm_migrate.lint.readme import check_readme
from litellm_migrate.lint.reasons import check_reasons
from litellm_migrate.lint.runs import run_examples
from litellm_migrate.lint.tables import check_tables
from litellm_migrate.lint.targets import check_targets
from litellm_migrate.lint.universe import dead, settings, unanswered
from litellm_migrate.lint.watched import reads_of
from litellm_migrate.rulebook.load import documents_of
from litellm_migrate.rulebook.nodes import RuleNode
from litellm_migrate.source.model import Problems

OF_A_WHOLE = frozenset({COVERAGE, DISPOSITION, REASON, TABLE, UNUSED})
"""What an overlay is asked of its own documents only: the shipped ones need not fit what takes their place."""


def audit(rules: File, schemas: File) -> list[Found]:
    """Everything that is wrong with a folder of rules, sorted by place.

    What cannot be loaded is not looked at further. Raises Problems if there is no such folder.
    """
    try:
        specs = documents_of(rules, schemas)
    except Problems as problems:
        if problems.exit_code == 2:
            raise
        return sorted(Found.all(LOAD, problems.problems))
    own = owner(rules, specs)
    coverage = Coverage()
    books, found = books_of(specs, schemas, coverage)
    found.extend(check_reasons(specs))
    if books and not any(one.check == LOAD for one in found):
        found.extend(checks(specs, books, coverage, schemas, own))
        found.extend(check_readme(rules.parent, {audited.book.dialect: audited.book for audited in books}))
    return sorted({one for one in found if one.check not in OF_A_WHOLE or own(one.problem.file)})


def owner(rules: File, specs: list[RuleNode]) -> Callable[[str], bool]:
    """Tells whether what is wrong in a file is the folder's own: of an overlay, only what its files say."""
    whole = all(File(spec.file).is_relative_to(rules) for spec in specs if spec.value["kind"] == "source")
    return lambda file: whole or File(file).is_relative_to(rules)


def checks(
    specs: list[RuleNode], books: list[Audited], coverage: Coverage, schemas: File, own: Callable[[str], bool]
) -> Iterator[Found]:
    """What is wrong with rules that can be loaded."""
    book = books[0].book
    told = next(spec for spec in specs if spec.value["kind"] == "source")
    read = reads_of(audited.columns for audited in books) | included(told, book.universe)
    known = list(settings(book.universe, read))
    added = [spec for spec in specs if spec.value["kind"] == "settings"]
    yield from unanswered(known, book.dispositions, added[-1] if added else told.at("universe"))
    yield from dead(specs, book.universe, known, book.dispositions)
    for audited in books:
        yield from check_targets(audited, schemas)
    yield from check_tables(by_id(specs, "table"), books, coverage)
    yield from unused.relations(specs, by_id(specs, "relation"), books)
    yield from unused.columns(books)
    yield from run_examples(books, specs, schemas, own)
    yield from coverage.missing()


def included(told: RuleNode, universe: object) -> set[int]:
    """The setting that names further files: the reader itself reads it."""
    properties = universe.get("properties", {}) if isinstance(universe, dict) else {}
    return {id(properties[name]) for name in [told.value.get("include")] if name in properties}
