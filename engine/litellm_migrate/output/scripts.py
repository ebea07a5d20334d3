"""The scripts that apply a conversion (`apply.sh`) and take it back (`rollback.sh`) with bash, curl and jq alone.

A script is its template, in which each call is a step: a command with assignments (`endpoint=NAME file=NAME.json ...`).
"""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Collection, Iterator, Mapping, Sequence
from types import MappingProxyType

from litellm_migrate import PACKAGE
from litellm_migrate.convert.calls import DEFAULT, LITERAL, REFERENCE, Call, Fit, Protocol, Variable
from litellm_migrate.output import BACKUPS, COMMITTED, HANDED_OUT, JOURNAL, KEY, SNAPSHOT, TENANT, URL
from litellm_migrate.source.model import printable

APPLY, ROLLBACK = "apply.sh", "rollback.sh"
IGNORED = ("*_secrets.json", f"{BACKUPS}/", JOURNAL, SNAPSHOT, f"{HANDED_OUT}/")
"""What a run leaves in the output folder and git must not take: lines of its `.gitignore`."""
NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\Z")
GATEWAY = {
    URL: "the address of the gateway, such as https://gateway.example",
    KEY: "a key of the gateway that may change its configuration",
}
REASONS = {
    REFERENCE: "{places}",
    DEFAULT: "read by default for {places}",
    LITERAL: "the value written at {places}, better a new one",
}
"""Why a variable is needed, by its origin."""
MOST_PLACES = 3
NAMES = r"""
def identity: # the same, in which what an entity refers to stands by its name, and not by its reference or id
  . as $entry | ([step.references | words | split("=") | {(.[0]): .[1]}] | add // {}) as $targets
  | [step.identity | words as $path | $entry | field($path) | $targets[$path] as $to | . as $value
    | if $to then first((strings | capture("\\A\\$\\{ref:\($to)/(?<name>.*)\\}\\z").name),
        (given.ids[0][$to] // {} | to_entries[] | select(.value == ($value | tostring)).key), $value) else . end];"""
"""What scripts need in addition where entities are told apart by what they refer to."""
Assignments = Mapping[str, str]
"""Assignments of a step that stand on one line, value by name; those without a value are left out."""
Levels = Mapping[str, Mapping[str, float]]
"""The levels that the conversion chose from, each with its limits by name."""


def render_script(
    calls: Sequence[Call],
    files: Collection[str],
    variables: Sequence[Variable],
    protocol: Protocol,
    levels: Mapping[str, Levels] = MappingProxyType({}),
) -> str:
    """The text of `apply.sh`: the calls whose file is in `files`, in the order of `calls`.

    `levels` are those of the endpoints that choose one of the gateway's (`Call.fit`), by id.
    """
    calls = [call for call in calls if call.file in files]
    steps = [apply_step(call, levels.get(call.id)) for call in calls]
    return script_text(APPLY, calls, needs(calls, variables), protocol, steps)


def render_rollback(calls: Sequence[Call], fields: Mapping[str, Sequence[str]], protocol: Protocol) -> str:
    """The text of `rollback.sh`: what refers to others first; `fields` are those that an endpoint takes, by its id."""
    steps = [rollback_step(call, fields.get(call.id, ())) for call in reversed(calls)]
    return script_text(ROLLBACK, calls, needs_of_the_journal(calls), protocol, steps)


def script_text(
    name: str, calls: Sequence[Call], needs_lines: Iterator[str], protocol: Protocol, steps: Sequence[str]
) -> str:
    """The text of a script: its template, and in it the one that all scripts share, with their holes filled."""
    folder = PACKAGE / "output"
    template, common = ((folder / f"{part}.tmpl").read_text(encoding="utf-8") for part in (name, "common.sh"))
    holes = {
        "NAME": name,
        "COMMITTED": COMMITTED,
        "NEEDS": "\n".join(needs_lines),
        "PROTOCOL": protocol_object(protocol),
        "STEPS": "\n".join(steps),
        "IGNORED": " ".join(map(shlex.quote, IGNORED)),
        "NAMES": NAMES if any(set(call.unique_key) & call.references.keys() for call in calls) else "",
    }
    return re.sub(r"@([A-Z]+)@", lambda hole: holes[hole[1]], template.replace("@COMMON@\n", common))


def needs(calls: Sequence[Call], variables: Sequence[Variable]) -> Iterator[str]:
    """One line for each environment variable, the gateway's own first; ValueError for a name that no shell can hold."""
    reasons = gateway_reasons(calls)
    for variable in sorted(variables):
        reasons.setdefault(variable.name, reason(variable))
    for name, text in reasons.items():
        if not NAME.match(name):
            raise ValueError("expected a name that a shell can hold, found one with other characters")
        yield f"need {name} {double_quoted(text)}"


def needs_of_the_journal(calls: Sequence[Call]) -> Iterator[str]:
    """One line for each environment variable, the tenant's only where the journal has a call that names it."""
    tenants = "|".join(call.id for call in calls if names_tenant(call))
    for line in needs(calls, ()):
        name = line.split()[1]
        yield f'grep -qsE \'"endpoint": ?"({tenants})"\' "$journal" && {line}' if name == TENANT else line


def names_tenant(call: Call) -> bool:
    """Whether a path of the call holds the tenant."""
    return any("{tenant}" in (path or "") for path in (call.path, call.read_path, call.update_path))


def gateway_reasons(calls: Sequence[Call]) -> dict[str, str]:
    """Why each variable of the gateway is needed, by name; a tenant only where one of the calls names it."""
    tenants = any(map(names_tenant, calls))
    return {**GATEWAY, **({TENANT: "the tenant whose settings are written"} if tenants else {})}


def reason(variable: Variable) -> str:
    """Why a variable is needed: one printable line, whatever the names of the files."""
    more = ", ..." if len(variable.places) > MOST_PLACES else ""
    places = ", ".join(variable.places[:MOST_PLACES]) + more
    text = REASONS[variable.origin].format(places=places) if places else "a payload refers to it"
    return printable(text)


def double_quoted(text: str) -> str:
    """The text as one double-quoted word of the shell, in which nothing is expanded."""
    return '"' + re.sub(r'(["$`\\])', r"\\\1", text) + '"'


def protocol_object(protocol: Protocol) -> str:
    """The words of the gateway's protocol as one JSON object, which jq reads as its own notation."""
    auth = protocol.auth
    lines = (
        {"exchange": auth.path, "send": auth.send, "receive": auth.receive},
        {"message": protocol.message, "wait": protocol.wait},
        {"page": protocol.page, "size": protocol.size, "last": protocol.last},
    )
    return "{\n  " + ",\n  ".join(json.dumps(line)[1:-1] for line in lines) + "}"


def apply_step(call: Call, levels: Levels | None) -> str:
    """The step that makes a call: `entries` where it creates, `document` where it writes one."""
    kind, lines = ("entries", entries_lines(call)) if call.unique_key else ("document", document_lines(call, levels))
    fields = {
        "references": references(call),
        "variables": " ".join(call.variables),
        "hidden": " ".join(call.write_only),
    }
    return lines_of(f'  "$1" {kind}', *lines, fields)


def entries_lines(call: Call) -> Sequence[Assignments]:
    """The assignments of a step that creates entries and updates those that are there, line by line."""
    return (
        {"endpoint": call.id, "file": call.file, "identity": " ".join(call.unique_key)},
        {"create": f"{call.method} {call.path}"},
        {"list": call.read_path or "", "container": call.container or "", **call.pages},
        {"update": update_call(call)},
        {"owned": call.owned.field, "mark": call.owned.mark} if call.owned else {},
        {"once": call.shown_once or "", "secrets": call.secrets_file if call.shown_once else ""},
    )


def document_lines(call: Call, levels: Levels | None) -> Sequence[Assignments]:
    """The assignments of a step that writes one document, line by line."""
    merge = call.merge
    return (
        {"endpoint": call.id, "file": call.file},
        {"write": f"{call.method} {call.path}", "read": call.read_path or ""},
        {"merge": merge.list, "by": " ".join(merge.by), "keep": " ".join(merge.keep)} if merge else {},
        level_line(call.fit, levels) if call.fit and levels is not None else {},
    )


def level_line(fit: Fit, levels: Levels) -> Assignments:
    """The assignments of a document with a level: where the gateway has its levels, and which are known without it."""
    limits = " ".join(f"{name}:{','.join(places)}" for name, places in fit.limits.items())
    place = {"levels": fit.path, "held": fit.container, "called": fit.name}
    offline = json.dumps(levels, separators=(",", ":"))
    return {**place, "level": fit.field, "over": fit.over, "limits": limits, "offline": offline}


def rollback_step(call: Call, fields: Sequence[str]) -> str:
    """The step that takes back what was done to one endpoint."""
    entries = bool(call.unique_key)
    return lines_of(
        '  "$1"',
        {"endpoint": call.id, "file": call.file, "identity": " ".join(call.unique_key)},
        {"list": call.read_path or "", "container": call.container or "", **call.pages}
        if entries
        else {"read": call.read_path or ""},
        {"delete": f"{call.delete_method} {call.delete_path}" if entries and call.delete_path else ""},
        {"restore": update_call(call) if entries else f"{call.method} {call.path}"},
        {"references": references(call), "secrets": call.secrets_file if call.shown_once else ""},
        {"variables": " ".join(call.variables), "hidden": " ".join(call.write_only)},
        {"fields": " ".join(field for field in fields if field not in call.write_only)},
    )


def update_call(call: Call) -> str:
    """Method and path that change an entity; empty if there is no such call."""
    return f"{call.update_method} {call.update_path}" if call.update_path else ""


def references(call: Call) -> str:
    """The fields of a body that hold the id of an entity of another endpoint: `field=endpoint ...`."""
    return " ".join(f"{field}={endpoint}" for field, endpoint in call.references.items())


def lines_of(command: str, *lines: Assignments) -> str:
    """A command with its assignments, one line after the other."""
    texts = (" ".join(f"{name}={shlex.quote(word)}" for name, word in line.items() if word) for line in lines)
    return " \\\n    ".join([command, *filter(None, texts)])
