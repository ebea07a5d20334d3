"""The variables that have to be set for a conversion, and the keys to rotate, as Markdown."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from litellm_migrate.convert.calls import DEFAULT, LITERAL, REFERENCE, Variable
from litellm_migrate.output import DATA
from litellm_migrate.output.finding_text import Detail, link
from litellm_migrate.output.markdown import code, table
from litellm_migrate.output.report import Report
from litellm_migrate.output.rotation import exposed_settings, replacing
from litellm_migrate.source.model import Position, key_text

WORD = re.compile(r"[A-Z_][A-Z0-9_]*")
HEADS = ("Variable", "Why", "Where")
ORIGINS = {
    REFERENCE: "the configuration names it, or its credential",
    DEFAULT: "LiteLLM reads it when the configuration gives none",
    LITERAL: "replaces a literal in the configuration",
}
"""Why payloads refer to a variable, by its origin."""


def secrets(of_gateway: Mapping[str, str], report: Report, single: bool, detail: Detail) -> Iterator[str]:
    """The variables of the scripts, of payloads and of the gateway itself; of a `single` file, lines do without it."""
    conversion, codes = report.conversion, codes_by_variable(report)
    intro = "Set these variables before you apply. Payloads hold references, never keys."
    yield from ["## Secrets", "", intro, ""]
    rows = [[code(name), because, ""] for name, because in of_gateway.items()]
    yield from table(HEADS, rows + variable_rows(conversion.variables, codes, single, detail))
    if len(conversion.variables) > detail.rows:
        yield from [f"{len(conversion.variables) - detail.rows} more are in `{DATA}`.", ""]
    if conversion.environment:
        yield from ["Set these where Synapse itself runs. It reads them there, and `apply.sh` does not.", ""]
        yield from table(HEADS, variable_rows(conversion.environment, codes, single, detail))
    yield from keys_to_rotate(report, single, detail)


def keys_to_rotate(report: Report, single: bool, detail: Detail) -> Iterator[str]:
    """The keys that anyone who read the file has: those that a variable replaces, then the others."""
    conversion = report.conversion
    literal = replacing(conversion)
    if literal:
        yield from ["Rotate: anyone who read the file has these keys.", ""]
        for variable in literal[: detail.rows]:
            old = places_text(variable, single, detail)
            yield f"- [ ] new key for {code(variable.name)}, old key ({old}) revoked"
        yield ""
    exposed = exposed_settings(conversion, report.settings)
    if exposed:
        yield from ["These keys are written out in the file, too. Revoke each that is in use.", ""]
        for setting in exposed[: detail.rows]:
            name = next((key_text(key) for key in reversed(setting.verdict.path) if not isinstance(key, int)), "")
            yield f"- [ ] {line_text(setting.mark.at, single)}: {code(name)}"
        yield from [f"- {len(exposed) - detail.rows} more, in `{DATA}`"] if len(exposed) > detail.rows else []
        yield ""


def line_text(at: Position, single: bool) -> str:
    """A line; its file is named unless all are of a `single` one."""
    return f"line {at.line}" if single else code(f"{at.file}:{at.line}")


def codes_by_variable(report: Report) -> dict[str, list[str]]:
    """The codes of the findings whose steps name a variable: it may have to hold something else than for LiteLLM."""
    named: dict[str, list[str]] = defaultdict(list)
    for finding in report.findings:
        words = {word for statement in finding.statements for word in WORD.findall(statement.do)}
        for name in words:
            named[name].append(finding.code)
    return named


def variable_rows(
    variables: Sequence[Variable], codes: Mapping[str, Sequence[str]], single: bool, detail: Detail
) -> list[list[str]]:
    """The cells of some variables in their table."""

    def reason(variable: Variable) -> str:
        links = ", ".join(map(link, codes.get(variable.name, ())))
        return ORIGINS[variable.origin] + (f"; see {links}" if links else "")

    return [
        [code(variable.name), reason(variable), places_text(variable, single, detail)]
        for variable in variables[: detail.rows]
    ]


def places_text(variable: Variable, single: bool, detail: Detail) -> str:
    """Where the configuration asks for a variable: the first places, and how many more there are."""
    texts = [f"line {place.rpartition(':')[2]}" if single else code(place) for place in variable.places]
    more = len(texts) - detail.places
    return ", ".join(texts[: detail.places]) + (f" and {more} more" if more > 0 else "")
