"""What is worked out from rules before anything is converted, once for a whole process: the same rules give the same.

A command prepares rules once and ends. Tests convert thousands of times by the same rules, which would take longer than
all that they look at; what the command does by itself is seen in processes of their own (`command.run`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import lru_cache
from pathlib import Path as File
from typing import Any
from unittest.mock import patch

import orjson

from litellm_migrate import shipped
from litellm_migrate.convert import run
from litellm_migrate.convert.rows import Compiler
from litellm_migrate.output import validation
from litellm_migrate.rulebook import build, nodes, usage
from litellm_migrate.rulebook.nodes import RuleNode
from litellm_migrate.rulebook.types import Rulebook

RULEBOOKS = 8
"""As many as tests use in turn."""


class LastCompiled:
    """The functions of the rulebooks that were used last, which are told apart by the identity of what is compiled."""

    def __init__(self, compiled_rules: Callable[[Rulebook], Any]) -> None:
        self.compiled_rules = compiled_rules
        self.made: dict[object, tuple[Rulebook, Any]] = {}
        """With the rulebook itself: as long as it is there, no other has parts of the same identity."""

    def of(self, book: Rulebook) -> Any:
        """The functions of a rulebook."""
        shapes = [*book.endpoints, *(view.shape for view in book.views.values())]
        key = (id(book.relations), *map(id, shapes))
        entry = self.made.pop(key, None) or (book, self.compiled_rules(book))
        self.made[key] = entry
        if len(self.made) > RULEBOOKS:
            del self.made[next(iter(self.made))]
        return entry[1]


@contextmanager
def rules_prepared_once() -> Iterator[None]:
    """Files are read once while they are the same, rules and schemas compiled once, and rules indexed once."""
    compiled_rules, parse, read, work_out_usage = run.CompiledRules, nodes.documents, build.read, usage.usage_of
    compile_schema = validation.validator
    shared = LastCompiled(compiled_rules)

    def compiled(book: Rulebook, compiler: Compiler | None = None) -> Any:
        return compiled_rules(book, compiler) if compiler else shared.of(book)

    @lru_cache(maxsize=512)
    def parsed(name: str, text: str) -> list[RuleNode]:
        return list(parse(name, text))

    @lru_cache(maxsize=RULEBOOKS)
    def read_then(file: File, _changed: tuple[int, int], inputs: tuple[tuple[str, tuple[int, int]], ...]) -> Any:
        return read(file, dict(inputs))

    def read_once(file: File, inputs: build.Inputs) -> Rulebook | None:
        if not file.is_file():
            return None
        stat = file.stat()
        book: Rulebook | None = read_then(file, (stat.st_size, stat.st_mtime_ns), tuple(inputs.items()))
        return book

    @lru_cache(maxsize=256)
    def validator_of(schema: bytes) -> Callable[[Any], bool]:
        return compile_schema(orjson.loads(schema))

    @lru_cache(maxsize=2)
    def usage_of_shipped(schemas: File, dialect: str | None) -> usage.Usage:
        return work_out_usage(shipped("rules"), schemas, dialect)

    def usage_once(rules: File, schemas: File, dialect: str | None = None) -> usage.Usage:
        own = rules != shipped("rules")
        return work_out_usage(rules, schemas, dialect) if own else usage_of_shipped(schemas, dialect)

    with ExitStack() as patched:
        patched.enter_context(patch.object(run, "CompiledRules", compiled))
        patched.enter_context(patch.object(nodes, "documents", parsed))
        patched.enter_context(patch.object(build, "read", read_once))
        patched.enter_context(patch.object(usage, "usage_of", usage_once))
        patched.enter_context(patch.object(validation, "validator", lambda schema: validator_of(orjson.dumps(schema))))
        yield
