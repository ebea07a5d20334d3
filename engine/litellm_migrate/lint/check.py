"""All checks in their order."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path as File

from litellm_migrate.lint.calls import check_calls, check_sent
from litellm_migrate.lint.coverage import Coverage
from litellm_migrate.lint.example_names import check_names
from litellm_migrate.lint.examples import check_examples, examples_of
from litellm_migrate.lint.outcomes import check_codes, check_reasons
from litellm_migrate.lint.readme import check_readme
from litellm_migrate.lint.rehearsals import Rehearse, check_rehearsals
from litellm_migrate.lint.tables import check_tables
from litellm_migrate.lint.targets import check_targets
from litellm_migrate.lint.texts import check_texts
from litellm_migrate.lint.usage import check_columns, check_relations, check_settings
from litellm_migrate.lint.violation import COVERAGE, DISPOSITION, LOAD, REASON, TABLE, UNUSED, Violation, causes
from litellm_migrate.rulebook.dialects import lays_nothing
from litellm_migrate.rulebook.index import Parsed
from litellm_migrate.rulebook.load import documents_of, parse
from litellm_migrate.rulebook.nodes import RuleNode, by_id, of_kind
from litellm_migrate.source.model import Problems

OF_A_WHOLE = frozenset({COVERAGE, DISPOSITION, REASON, TABLE, UNUSED})
"""What an overlay is asked of its own documents only: the shipped ones need not fit what takes their place."""


def audit(rules: File, schemas: File, rehearse: Rehearse | None = None) -> list[Violation]:
    """Everything that is wrong with a folder of rules, sorted by place.

    What cannot be loaded is not looked at further; `rehearse` is asked of rules with which nothing else is wrong, for
    the folder's own examples.
    Raises Problems if there is no such folder.
    """
    try:
        nodes = documents_of(rules, schemas)
    except Problems as problems:
        if problems.exit_code == 2:
            raise
        return [Violation(problem, LOAD) for problem in problems.problems]
    dialects: list[Parsed] = []
    coverage = Coverage()
    violations: set[Violation] = set()
    for name in by_id(nodes, "dialect"):
        try:
            dialects.append(parse(nodes, schemas, name))
        except Problems as problems:
            violations.update(Violation(problem, LOAD) for problem in problems.problems)
    whole = all(File(node.file).is_relative_to(rules) for node in of_kind(nodes, "source"))

    def in_scope(file: str) -> bool:
        """Whether what is wrong in a file is the folder's doing: of an overlay, only what its files say."""
        return whole or File(file).is_relative_to(rules)

    if dialects and not violations:
        violations.update(checks(nodes, dialects, schemas, in_scope, coverage))
        violations.update(check_readme(rules.parent, {parsed.book.dialect: parsed.book for parsed in dialects}))
    violations.update(check_reasons(nodes))
    relevant = [entry for entry in violations if entry.check not in OF_A_WHOLE or in_scope(entry.problem.file)]
    converted = [entry for entry in coverage.converted if in_scope(entry.example.position().file)]
    return causes(relevant or (check_rehearsals(converted, rehearse) if rehearse else ()))


def checks(
    nodes: list[RuleNode], dialects: list[Parsed], schemas: File, in_scope: Callable[[str], bool], coverage: Coverage
) -> Iterator[Violation]:
    """What is wrong with rules that can be loaded; `coverage` takes what their examples do."""
    tables = by_id(nodes, "table")
    plain = next((parsed for parsed in dialects if lays_nothing(parsed.overlay)), dialects[0])
    for parsed in dialects:
        coverage.want_all(parsed.sites)
        yield from check_targets(parsed, schemas)
    yield from check_names(plain, list(examples_of(nodes)))
    yield from check_codes(nodes)
    yield from check_texts(dialects, coverage)
    yield from check_calls(by_id(nodes, "endpoint"))
    yield from check_settings(nodes, dialects)
    yield from check_tables(tables, dialects, coverage)
    yield from check_relations(nodes, dialects)
    yield from check_columns(dialects)
    yield from check_examples(dialects, nodes, schemas, in_scope, coverage)
    yield from check_sent(coverage.converted)
    yield from coverage.missing()
