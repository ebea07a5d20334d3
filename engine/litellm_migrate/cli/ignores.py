"""What the options `--ignore` and `--ignore-file` accept, and the refusal of what cannot be accepted so."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path as File

from litellm_migrate.convert.outcomes import Code, CodeClass
from litellm_migrate.output.acceptance import Acceptance
from litellm_migrate.rulebook.static_types import suggestion
from litellm_migrate.rulebook.types import Rulebook
from litellm_migrate.source.documents import read_document, read_text
from litellm_migrate.source.model import USAGE, Position, Problem, Problems, Yaml
from litellm_migrate.source.positions import place_below

OPTION = "--ignore"
DEFAULT_FILE = ".litellm-migrate-ignore.yaml"
"""The file beside a configuration that is read without being named."""
WORDS = {"code": str, "where": str, "line": int, "reason": str}
"""The words of an item of such a file, and what each holds."""
EXAMPLE = "Write `- {code: CODE, where: SETTING, reason: WHY}`."


def acceptances(options: Sequence[str], file: str | None, config: str, book: Rulebook) -> list[Acceptance]:
    """What options and file accept, options first; raises Problems (exit 2) for what is wrong with them."""
    beside = File(config).parent / DEFAULT_FILE
    name = file or (str(beside) if config != "-" and beside.is_file() else None)
    problems: list[Problem] = []
    result = [Acceptance(code.strip(), reason.strip()) for code, _, reason in (text.partition("=") for text in options)]
    if name:
        try:
            result += in_file(name, problems)
        except Problems as error:
            raise Problems(error.problems, USAGE) from None
    for acceptance in result:
        if because := refusal(acceptance, book.codes, book.classes):
            problems.append(Problem(*(acceptance.at or Position(OPTION, 0, 0)), because))
    if problems:
        raise Problems(problems, USAGE)
    return result


def refusal(acceptance: Acceptance, codes: Mapping[str, Code], classes: Mapping[str, CodeClass]) -> str:
    """Why a finding cannot be accepted so; empty if it can."""
    code, meaning = acceptance.code, codes.get(acceptance.code)
    if meaning is None:
        return f"expected the code of a finding, found `{code}`{suggestion(code, codes, '. Did you mean ')}"
    heading, _, needs_reason = classes[meaning.category]
    if needs_reason and not acceptance.reason:
        more = f"{OPTION} {code}=WHY" if acceptance.at is None else "reason: WHY"
        return f"expected a reason for {code}, whose class is `{heading}`. Write `{more}`."
    return ""


def in_file(name: str, problems: list[Problem]) -> Iterator[Acceptance]:
    """What a file accepts; adds a problem for each item that says nothing."""
    document = read_document(name, read_text(name))
    if not isinstance(document.value, list):
        problems.append(Problem(*document.at, f"expected a list. {EXAMPLE}"))
        return
    for number, item in enumerate(document.value):
        at = document.position(place_below(document.place, number))
        if because := malformed(item):
            problems.append(Problem(*at, because))
        else:
            where, line, reason = (item.get(word) for word in ("where", "line", "reason"))
            yield Acceptance(item["code"], (reason or "").strip(), where or "", line or 0, at)


def malformed(item: Yaml) -> str:
    """What is wrong with an item of a file; empty if nothing is."""
    if not isinstance(item, dict) or "code" not in item:
        return f"expected a mapping with a code. {EXAMPLE}"
    for word, value in item.items():
        if word not in WORDS:
            return f"expected {', '.join(WORDS)}, found `{word}`{suggestion(word, WORDS, '. Did you mean ')}"
        if type(value) is not WORDS[word]:
            return f"expected {'a number' if WORDS[word] is int else 'a text'} as `{word}`."
    return ""
