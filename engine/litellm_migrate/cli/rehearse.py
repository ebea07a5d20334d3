"""`litellm-migrate rehearse`: a migration on a gateway in memory, of a configuration or of the payloads in a folder."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Mapping, Sequence

from litellm_migrate import shipped
from litellm_migrate.cli.outcomes import FAILURE, SUCCESS, VerbResult
from litellm_migrate.cli.target import book_of, payloads_of
from litellm_migrate.convert.calls import REFERENCE, Variable
from litellm_migrate.gateway.names import listed, variables
from litellm_migrate.output.rehearsal_report import TRIAL_WORDS, StageResult, is_good, rehearsal_data
from litellm_migrate.rulebook.types import Rulebook
from litellm_migrate.sandbox.rehearsal import rehearse
from litellm_migrate.source.model import Json


def rehearse_command(options: argparse.Namespace) -> VerbResult:
    """How each stage went."""
    if options.input:
        from litellm_migrate.cli.convert import converted  # noqa: PLC0415 - payloads in a folder need no conversion

        conversion, book = converted(options)
        payloads, wanted = conversion.payloads, conversion.variables
    else:
        book = book_of(options)
        payloads = payloads_of(options, book)
        wanted = tuple(variables_of(payloads, book))
    stages = rehearse(payloads, wanted, book, shipped("schemas"))
    return VerbResult(SUCCESS if is_good(stages) else FAILURE, rehearsal_data(stages), "\n".join(stage_lines(stages)))


def variables_of(payloads: Mapping[str, Json], book: Rulebook) -> Iterator[Variable]:
    """The variables that payloads ask for."""
    for call in (endpoint.call for endpoint in book.endpoints if endpoint.call and endpoint.call.file in payloads):
        for body in listed(payloads[call.file]):
            yield from (Variable(name, REFERENCE) for name in variables(call, body).values())


def stage_lines(stages: Sequence[StageResult]) -> Iterator[str]:
    """A line for each stage, and below it what went wrong."""
    for stage in stages:
        numbers = ", ".join(f"{count} {word}" for word, count in stage.counts.items() if count)
        yield f"{stage.name:<12} {TRIAL_WORDS[stage.good]}{f': {numbers}' if numbers else ''}"
        yield from (f"    {text}" for text in stage.because)
