"""The overviews: what the command does, how it is typically called, and its verbs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from litellm_migrate.cli.verbs import GROUPS, MISSION, PROGRAM, RULES, RULES_END, does

PURPOSE = "Moves an LLM gateway from LiteLLM to Synapse: payloads, scripts and a report from one configuration."
WIDTH = 13
TYPICAL = (
    f"{PROGRAM} convert config.yaml -o migration     write everything; nothing is sent",
    f"{PROGRAM} plan --output migration              what would change on the gateway",
    f"{PROGRAM} apply --output migration             change it; `rollback` takes it back",
    "",
    f"or all of it: {PROGRAM} --input config.yaml --output migration --apply --validate",
)


def overview() -> str:
    """The command at a glance."""
    lines = [PURPOSE, "", *(f"  {line}".rstrip() for line in TYPICAL)]
    for group, verbs in GROUPS.items():
        lines += ["", f"{group}:", *verb_lines({name: does(name) for name in verbs})]
    lines += ["", f"`{PROGRAM} VERB --help` explains a verb, `{PROGRAM} --help` lists the options without one.", ""]
    return "\n".join([*lines, exit_text(MISSION.exit_codes)])


def rules_overview() -> str:
    """The verbs that look at rules."""
    lines = ["Look at the rules, and add to them.", "", *verb_lines({name: verb.does for name, verb in RULES.items()})]
    return "\n".join([*lines, "", f"`{PROGRAM} rules VERB --help` explains a verb.", "", exit_text(RULES_END)])


def verb_lines(verbs: Mapping[str, str]) -> Iterator[str]:
    """Verbs with what they do, in two columns."""
    return (f"  {name:<{WIDTH}}{text}" for name, text in verbs.items())


def exit_text(codes: Mapping[int, str]) -> str:
    """Exit codes with their meaning."""
    return "\n".join(["exit codes:", *(f"  {code:<5}{meaning}" for code, meaning in codes.items())])
