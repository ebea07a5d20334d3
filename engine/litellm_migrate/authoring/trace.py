"""One setting of a configuration on its way through the rules: what reads it, where it goes, what decided about it."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator
from functools import partial
from typing import Any

from litellm_migrate.authoring.explain import payload_fields, place_text
from litellm_migrate.authoring.names import column_node, reader, site
from litellm_migrate.authoring.rows import MaskedSource, is_computed
from litellm_migrate.convert.document import Place, Subtree
from litellm_migrate.convert.origins import Origin, resolve
from litellm_migrate.convert.outcomes import DIFFERS, Outcome
from litellm_migrate.convert.rows import KEY, Answer, Compiler, Watch
from litellm_migrate.convert.run import CompiledRules, Run, convert
from litellm_migrate.convert.tables import Table
from litellm_migrate.convert.verdicts import Verdict
from litellm_migrate.rulebook.nodes import RuleNode, by_id, of_kind
from litellm_migrate.rulebook.static_types import suggestion
from litellm_migrate.rulebook.usage import Usage
from litellm_migrate.source.model import (
    USAGE,
    Path,
    Position,
    Problem,
    Problems,
    Source,
    dotted,
    key_text,
    pointer,
    value_at,
)

TraceData = dict[str, Any]  # JSON, as `--json` prints it
CARRIED, DECIDED = "carried", "decided"
"""What a setting did for a value: it is in it, or it only decided about it."""
MOST_ROWS = 8
"""How many rows a line names."""


def trace_data(usage: Usage, source: Source, name: str) -> TraceData:
    """The way of a setting, secrets masked; raises Problems (exit 2) if the configuration does not hold it."""
    view = MaskedSource(usage.book.secrets, source)
    path = path_named(view.source, name)
    trace = Trace(usage, view, path)
    pattern = tuple("*" if isinstance(key, int) else key_text(key) for key in path)
    columns, fields = list(trace.columns()), list(trace.fields())
    verdicts = [verdict for verdict in convert(usage.book, source).verdicts if verdict.path[: len(path)] == path]
    return {
        "setting": dotted(path),
        **site(view.source.at(path)),
        "value": view.plain(value_at(view.source.value, path), [trace.place]),
        "read_by": list({str(use): use for use in (reader(*use[:2]) for use in usage.reach(pattern).uses)}.values()),
        "columns": columns,
        "fields": fields,
        "outcomes": [trace.outcome(verdict) for verdict in verdicts],
    }


def path_named(source: Source, name: str) -> Path:
    """The path of a setting by its name, with indexes in brackets or not, or by its JSON pointer."""
    plain = name.replace("[", ".").replace("]", "")
    for path, mark in source.marks.items():
        for known in (path, mark.local):
            if known and (pointer(known) == name or ".".join(map(key_text, known)) == plain):
                return path
    hint = suggestion(name, map(dotted, source.marks))
    raise Problems([Problem(name, 0, 0, f"`{name}` is not in {source.at(()).file}{hint}")], USAGE)


class Trace:
    """A conversion in which one setting is followed."""

    def __init__(self, usage: Usage, view: MaskedSource, path: Path) -> None:
        self.usage = usage
        self.view = view
        self.place: Place = view.document.root
        for key in path:
            self.place = self.place.children[key] if isinstance(self.place, Subtree) else self.place
        self.sentences: dict[str, dict[Position, None]] = defaultdict(dict)
        """By sentence, where the rules state it."""
        self._texts = {id(text.declaration): text.node for text in usage.sites.texts}
        for name, table in usage.book.tables.items():
            if table.otherwise:
                self._note(usage.tables[name].at("otherwise"), table.otherwise.because)
        self.run = Run(CompiledRules(usage.book, Compiler(self._observer)), view.document)
        self.run.relations.all()

    def _observer(self, declaration: object) -> Watch | None:
        if isinstance(declaration, Table):
            return partial(self._note_reply, declaration)
        node = self._texts.get(id(declaration))
        return partial(self._note, node) if node else None

    def _note_reply(self, table: Table, reply: Answer | Outcome | None) -> None:
        rows = self.usage.tables[table.id].at("rows")
        if isinstance(reply, Answer):
            self._note(rows.at(reply[KEY]), reply.get(DIFFERS))
        elif reply:
            for key in [key for key, row in table.rows.items() if row is reply]:
                self._note(rows.at(key), reply.because)

    def _note(self, node: RuleNode, sentence: object) -> None:
        if isinstance(sentence, str) and sentence:
            self.sentences[sentence][node.position()] = None

    def columns(self) -> Iterator[TraceData]:
        """The columns of relations that it is in or decides about, row by row."""
        documents = by_id(self.usage.nodes, "relation")
        for relation in self.usage.book.relations:
            shape = self.usage.rows[relation]
            names = [name for name in dict.fromkeys(shape.names()) if is_computed(shape, name)]
            for number, row in enumerate(self.run.relations.rows_of(relation), 1):
                for name in names:
                    value, origin = row[name]
                    if effect := self.effect(origin):
                        plain = self.view.plain(value, resolve(origin).carried)
                        place = site(column_node(documents[relation], name).position())
                        yield {"column": f"{relation}.{name}", **place, "row": number, "value": plain, "effect": effect}

    def fields(self) -> Iterator[TraceData]:
        """The fields of payloads that it is in or decides about."""
        for field, written in payload_fields(self.usage, self.run):
            effect = self.effect(field.origin) if field.written else None
            if effect:
                value = self.view.plain(written["value"], resolve(field.origin).carried)
                yield {**written, "value": value, "effect": effect}

    def effect(self, origin: Origin) -> str | None:
        """What the setting did for a value of that origin; None if nothing."""
        carried, decided, _ = resolve(origin)
        if any(map(self.touches, carried)):
            return CARRIED
        return DECIDED if any(map(self.touches, decided)) else None

    def touches(self, place: Place) -> bool:
        """Whether a place lies in the setting, or the setting in it."""
        first, last = span(self.place)
        start, stop = span(place)
        return start < last and first < stop

    def outcome(self, verdict: Verdict) -> TraceData:
        """What became of the setting, or of one below it, and where the rules say so."""
        return {
            "setting": dotted(verdict.path),
            "outcome": verdict.outcome,
            "rule": verdict.rule,
            "code": verdict.code,
            "because": verdict.because,
            "do": verdict.do,
            "differs": [outcome.text for outcome in verdict.differs],
            "stated": [site(position) for position in dict.fromkeys(self.statements(verdict))],
        }

    def statements(self, verdict: Verdict) -> Iterator[Position]:
        """Where the rules state what they say of a setting."""
        for sentence in (verdict.because, *(outcome.because for outcome in verdict.differs)):
            yield from self.sentences.get(sentence, ())
        for pattern, node in self.usage.dispositions.items():
            if ".".join(pattern) == verdict.rule:
                yield node.position()
        source = of_kind(self.usage.nodes, "source")[0]
        head, _, word = verdict.rule.partition(".")
        if source.at(head).has(word):
            yield source.at(head, word).position()


def span(place: Place) -> tuple[int, int]:
    """The numbers of the first leaf at a place, and of the one behind the last."""
    return (place.start, place.stop) if isinstance(place, Subtree) else (place, place + 1)


def lines_of_trace(trace: TraceData) -> Iterator[str]:
    """The way of a setting for people."""
    yield f"{trace['setting']} = {json.dumps(trace['value'], default=str)}  ({place_text(trace)})"
    yield from (f"  read by     {use['rule']}  ({place_text(use)})" for use in trace["read_by"])
    for effect in (CARRIED, DECIDED):
        groups: dict[tuple[str, str, str], list[int]] = {}
        for column in trace["columns"]:
            value = f" = {json.dumps(column['value'], default=str)}" if effect == CARRIED else ""
            if column["effect"] == effect:
                groups.setdefault((column["column"], value, place_text(column)), []).append(column["row"])
        for (name, value, place), rows in groups.items():
            yield f"  {effect:<12}{name}{value} in {rows_text(rows)}  ({place})"
    for field in trace["fields"]:
        verb = "written to" if field["effect"] == CARRIED else "decides"
        value = json.dumps(field["value"], default=str)
        yield f"  {verb:<12}{field['file']}{field['pointer']} = {value}  ({field['rule']}, {place_text(field['at'])})"
    for outcome in trace["outcomes"]:
        name = "" if outcome["setting"] == trace["setting"] else f"{outcome['setting']}: "
        places = "".join(f"  ({place_text(place)})" for place in outcome["stated"])
        yield f"  {name}{outcome['outcome'].capitalize()} by {outcome['rule']}{places}"
        yield from [f"    {outcome['because']}"] if outcome["because"] else []
        yield from [f"    To do: {outcome['do']}"] if outcome["do"] else []
        yield from (f"    Differs: {sentence}" for sentence in outcome["differs"])


def rows_text(rows: list[int]) -> str:
    """Some rows by their numbers."""
    numbers = ", ".join(map(str, rows[:MOST_ROWS]))
    more = f" and {len(rows) - MOST_ROWS} more" if len(rows) > MOST_ROWS else ""
    return f"row{'' if len(rows) == 1 else 's'} {numbers}{more}"
