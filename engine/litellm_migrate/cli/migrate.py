"""The form without a verb: converts, applies and validates, as far as the options say."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator

from litellm_migrate.cli.outcomes import STRICT, SUCCESS, VerbResult
from litellm_migrate.source.model import USAGE, Problem, Problems


def migrate(options: argparse.Namespace) -> VerbResult:
    """The answer of each step by its name, or of the only one; the first that fails is the last."""
    if options.rehearse and not options.input:
        raise Problems([Problem("--rehearse", 0, 0, "expected --input with it. Or use the verb `rehearse`.")], USAGE)
    if options.apply or options.validate:
        from litellm_migrate.cli.target import access_of  # noqa: PLC0415 - a conversion alone reaches no gateway
        from litellm_migrate.gateway.access import checked  # noqa: PLC0415

        checked(access_of(options))  # wrong usage, before anything is done
    answers: dict[str, VerbResult] = {}
    for name, step in steps(options):
        try:
            answers[name] = step(options)
        except Problems as error:
            answers[name] = VerbResult(error.exit_code, {}, problems=error.problems)
        if answers[name].code not in {SUCCESS, STRICT}:
            break
    last = answers[name]
    code = last.code or max(answer.code for answer in answers.values())
    data = last.data if len(answers) == 1 and not options.apply and not options.validate else by_name(answers)
    text = "\n".join(answer.text for answer in answers.values() if answer.text)
    return VerbResult(code, data, text, last.problems)


def by_name(answers: dict[str, VerbResult]) -> dict[str, object]:
    """What each step that came to an end answers programs."""
    return {name: answer.data for name, answer in answers.items() if answer.data}


def steps(options: argparse.Namespace) -> Iterator[tuple[str, Callable[[argparse.Namespace], VerbResult]]]:
    """What the options ask for, by name, in its order; each is imported only when it is its turn."""
    if options.input:
        from litellm_migrate.cli.convert import convert_command  # noqa: PLC0415

        yield "convert", convert_command
    if options.apply:
        from litellm_migrate.cli.gateway import apply_command  # noqa: PLC0415

        yield "apply", apply_command
    if options.validate:
        from litellm_migrate.cli.gateway import validate_command  # noqa: PLC0415

        yield "validate", validate_command
