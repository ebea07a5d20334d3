"""The keys that a configuration states, and that anyone who read it has: variables replace some of them."""

from __future__ import annotations

from collections.abc import Iterable

from litellm_migrate.convert.calls import LITERAL, Variable
from litellm_migrate.convert.run import Conversion
from litellm_migrate.output.setting_outcomes import SettingOutcome


def replacing(conversion: Conversion) -> list[Variable]:
    """The variables that take the place of a key that the configuration states, each once."""
    variables = {variable.name: variable for variable in (*conversion.environment, *conversion.variables)}
    return [variables[name] for name in sorted(variables) if variables[name].origin == LITERAL]


def exposed_settings(conversion: Conversion, settings: Iterable[SettingOutcome]) -> list[SettingOutcome]:
    """The settings with a key that is written out, and that no variable of the payloads replaces."""
    replaced = {path for variable in replacing(conversion) for path in variable.paths}
    secrets, source = conversion.book.secrets, conversion.source
    others = (setting for setting in settings if setting.verdict.path not in replaced)
    return [setting for setting in others if secrets.exposes(source, setting.verdict.path)]


def rotation(conversion: Conversion, settings: Iterable[SettingOutcome]) -> str:
    """How many keys to rotate: `2: the file states them`, or `None`."""
    number = len(replacing(conversion)) + len(exposed_settings(conversion, settings))
    return f"{number}: the file states {'it' if number == 1 else 'them'}" if number else "None"
