"""Settings by family: those with the same path but for indexes of lists, counted, with their lines."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from litellm_migrate.convert.outcomes import MANUAL, SKIPPED
from litellm_migrate.convert.verdicts import MAPPED
from litellm_migrate.output import DATA
from litellm_migrate.output.finding_text import Detail, link
from litellm_migrate.output.markdown import code, quoting, table
from litellm_migrate.output.places import line_ranges, pattern
from litellm_migrate.output.setting_outcomes import SettingOutcome

NOTHING = ("Nothing.", "")


def manual(settings: Sequence[SettingOutcome]) -> Iterator[str]:
    """How many settings no payload carries, by finding."""
    counts = Counter(setting.verdict.code for setting in settings if setting.verdict.outcome == MANUAL)
    texts = [f"{link(name)} {number}" for name, number in counts.most_common()]
    yield from ["## Manual", ""]
    yield f"Settings that no payload carries, by finding: {', '.join(texts)}." if texts else "Nothing."
    yield ""


def mapped(settings: Sequence[SettingOutcome], detail: Detail) -> Iterator[str]:
    """The settings that payloads carry or that decide what they hold, by family."""
    families: dict[str, list[SettingOutcome]] = {}
    for setting in settings:
        if setting.verdict.outcome == MAPPED:
            families.setdefault(pattern(setting.verdict.path), []).append(setting)
    yield from ["## Mapped", ""]
    ordered = sorted(families.items(), key=lambda family: -len(family[1]))
    yield from table(
        ["Setting", "Count", "Exactly", "Lines", "Written to"],
        [family_row(name, family, detail) for name, family in ordered[: detail.rows]],
    )
    if len(ordered) > detail.rows:
        yield from [f"{len(ordered) - detail.rows} more settings are in `{DATA}`.", ""]


def family_row(name: str, family: Sequence[SettingOutcome], detail: Detail) -> list[str]:
    """The cells of a family."""
    exact = sum(setting.verdict.exact for setting in family)
    files = dict.fromkeys(file for setting in family for file, _ in setting.verdict.targets)
    return [code(name), str(len(family)), str(exact), lines_of(family, detail.places), ", ".join(map(code, files))]


def skipped(settings: Sequence[SettingOutcome], detail: Detail, codes: Iterable[str]) -> Iterator[str]:
    """The settings that need no action, by reason; those with one of the codes are findings."""
    reasons: dict[str, list[SettingOutcome]] = {}
    for setting in settings:
        if setting.verdict.outcome == SKIPPED and setting.verdict.code not in codes:
            reasons.setdefault(setting.verdict.because, []).append(setting)
    yield from ["## Skipped", ""]
    ordered = sorted(reasons.items(), key=lambda reason: -len(reason[1]))
    for because, of_reason in ordered[: detail.rows]:
        names = list(dict.fromkeys(code(pattern(setting.verdict.path)) for setting in of_reason))
        more = f" and {len(names) - detail.places} more" if len(names) > detail.places else ""
        lines = lines_of(of_reason, detail.places)
        yield f"- {quoting(because)} Line {lines}: {', '.join(names[: detail.places])}{more}."
    if len(ordered) > detail.rows:
        yield f"- and {len(ordered) - detail.rows} more reasons, in `{DATA}`"
    yield from [""] if reasons else NOTHING


def lines_of(settings: Iterable[SettingOutcome], most: int) -> str:
    """The lines of some settings."""
    return line_ranges((setting.mark.at.line for setting in settings), most)
