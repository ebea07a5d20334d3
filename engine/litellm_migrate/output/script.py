"""The script that applies a conversion with nothing but bash, curl and jq."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Collection, Iterator, Mapping, Sequence
from types import MappingProxyType

from litellm_migrate import PACKAGE
from litellm_migrate.convert.calls import Call, Fit, Protocol, Variable
from litellm_migrate.convert.tables import Table

IGNORED = ("*_secrets.json", "backup/", "journal.jsonl")
"""What a run leaves in the output folder and git must not take: lines of its `.gitignore`."""
NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\Z")
GATEWAY = {
    "GATEWAY_URL": "the address of the gateway, such as https://gateway.example",
    "SYNAPSE_API_KEY": "a key of the gateway that may change its configuration",
}
TENANT = {"SYNAPSE_TENANT": "the tenant whose settings are written"}
WHY = {
    "reference": "asked for at {places}",
    "default": "read by default for {places}",
    "literal": "the value written at {places}, better a new one",
}


def render_script(
    calls: Sequence[Call],
    files: Collection[str],
    variables: Sequence[Variable],
    protocol: Protocol,
    tables: Mapping[str, Table] = MappingProxyType({}),
) -> str:
    """The text of `apply.sh`: the calls whose file is in `files`, in the order of `calls`.

    Of `tables` are the levels from which a conversion chose.
    """
    made = [call for call in calls if call.file in files]
    return script_of(
        "apply.sh",
        {
            "NEEDS": "\n".join(needs(made, variables)),
            "PROTOCOL": protocol_words(protocol),
            "STEPS": "\n".join(_step(call, tables) for call in made),
        },
    )


def script_of(name: str, parts: Mapping[str, str]) -> str:
    """The text of a script: its template and the one that all scripts share, with their holes filled."""
    folder = PACKAGE / "output"
    texts = ((folder / f"{one}.tmpl").read_text(encoding="utf-8") for one in (name, "common.sh"))
    template = next(texts).replace("@COMMON@\n", next(texts))
    known = {**parts, "NAME": name, "IGNORED": " ".join(map(shlex.quote, IGNORED))}
    return re.sub(r"@([A-Z]+)@", lambda hole: known[hole[1]], template)


def needs(calls: Sequence[Call], variables: Sequence[Variable]) -> Iterator[str]:
    """One line for each environment variable, the gateway's own first."""
    tenant = any("{tenant}" in (path or "") for call in calls for path in (call.path, call.list_path, call.update_path))
    why = {**GATEWAY, **(TENANT if tenant else {})}
    for variable in sorted(variables):
        why.setdefault(variable.name, _reason(variable))
    for name, reason in why.items():
        if not NAME.match(name):
            raise ValueError("expected a name that a shell can hold, found one with other characters")
        yield f"need {name} {_quoted(reason)}"


def _reason(variable: Variable) -> str:
    """Why a variable is needed: one printable line, whatever the names of the files."""
    shown = ", ".join(variable.places[:3]) + (", ..." if len(variable.places) > 3 else "")
    text = WHY[variable.origin].format(places=shown) if shown else "a payload refers to it"
    return text if text.isprintable() else "".join(sign if sign.isprintable() else "?" for sign in text)


def _quoted(text: str) -> str:
    """The text as one double-quoted word of the shell, in which nothing is expanded."""
    return '"' + re.sub(r'(["$`\\])', r"\\\1", text) + '"'


def protocol_words(protocol: Protocol) -> str:
    """The words of the gateway's protocol as one JSON object, which jq reads as its own notation."""
    auth = protocol.auth
    lines = (
        {"exchange": auth.path, "send": auth.send, "receive": auth.receive},
        {"message": protocol.message, "wait": protocol.wait},
        {"page": protocol.page, "size": protocol.size, "last": protocol.last},
    )
    return "{\n  " + ",\n  ".join(json.dumps(line)[1:-1] for line in lines) + "}"


def _step(call: Call, tables: Mapping[str, Table]) -> str:
    """The lines that make one call: `entries` where it has an identity, `document` where it has none."""
    lines = _entries(call) if call.identity else _document(call, tables)
    references = " ".join(f"{field}={endpoint}" for field, endpoint in call.references.items())
    filled = {"references": references, "variables": " ".join(call.variables), "hidden": " ".join(call.hidden)}
    given = [words(line) for line in (*lines, filled)]
    made = " \\\n    ".join(['  "$1" entries' if call.identity else '  "$1" document', *filter(None, given)])
    return _asked(call, made) if call.asked else made


def _asked(call: Call, made: str) -> str:
    """A step that is made only when a variable asks for it; else it says which."""
    switch = f"APPLY_{call.id.upper()}"
    left = (
        f"printf 'left        %s (set {switch}=1 to send it: it acts on the whole gateway)\\n' {shlex.quote(call.file)}"
    )
    return f"  if [[ -n ${{{switch}:-}} ]]; then\n  {made}\n  elif [[ $1 == carry ]]; then\n    {left}\n  fi"


def words(line: Mapping[str, str]) -> str:
    """One line of a step: each word that says something."""
    return " ".join(f"{name}={shlex.quote(word)}" for name, word in line.items() if word)


def _entries(call: Call) -> Sequence[Mapping[str, str]]:
    """The words of a step that creates entries and updates those that are there."""
    return (
        {"endpoint": call.id, "file": call.file, "identity": " ".join(call.identity)},
        {"create": f"{call.method} {call.path}"},
        {"list": call.list_path or "", "container": call.container or ""},
        {"update": f"{call.update_method} {call.update_path}" if call.update_path else ""},
        {"owned": call.owned.field, "mark": call.owned.mark} if call.owned else {},
        {"once": call.once or "", "secrets": call.secrets_file if call.once else ""},
    )


def _levels(fit: Fit, tables: Mapping[str, Table]) -> Mapping[str, str]:
    """The words of a document that takes one of the gateway's levels."""
    if fit.table not in tables:
        return {}
    limits = " ".join(f"{name}:{','.join(places)}" for name, places in fit.limits.items())
    known = json.dumps(fit.levels(tables[fit.table].rows), separators=(",", ":"))
    held = {"levels": fit.path, "held": fit.container, "called": fit.name}
    return {**held, "level": fit.field, "over": fit.over, "limits": limits, "offline": known}


def _document(call: Call, tables: Mapping[str, Table]) -> Sequence[Mapping[str, str]]:
    """The words of a step that writes one document."""
    return (
        {"endpoint": call.id, "file": call.file},
        {"write": f"{call.method} {call.path}", "read": call.list_path or ""},
        {"merge": call.merge.list, "by": " ".join(call.merge.by), "keep": " ".join(call.merge.keep)}
        if call.merge
        else {},
        _levels(call.fit, tables) if call.fit else {},
    )
