"""The report as one page for browsers: the data of the other reports, the payloads, and the configuration itself.

The page is a template with a style and a script that draws the data. All three are put into one file, which names the
only script and the only style that a browser may run, by their hashes; so nothing in the data can become either.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping

from litellm_migrate import PACKAGE
from litellm_migrate.convert.calls import Variable
from litellm_migrate.convert.columns import PathPointer
from litellm_migrate.convert.verdicts import MAPPED
from litellm_migrate.output import PAYLOADS
from litellm_migrate.output.findings import statements
from litellm_migrate.output.json_text import compact_json
from litellm_migrate.output.markdown import escape_hidden
from litellm_migrate.output.masked_text import MaskedText
from litellm_migrate.output.places import Places, pattern
from litellm_migrate.output.report import Report, glance, verdict
from litellm_migrate.output.report_text import rows_of
from litellm_migrate.output.rotation import replacing
from litellm_migrate.output.scripts import gateway_reasons
from litellm_migrate.output.secrets_text import ORIGINS
from litellm_migrate.source.model import Json, Path, Position

EXACT, DIFFERS = "exact", "differs"
"""The outcomes of a setting that payloads carry; the others are called as everywhere."""


def render_page(report: Report, texts: Mapping[str, str]) -> str:
    """The page; `texts` are the files that have been written for people to look through, by name."""
    folder = PACKAGE / "output"
    page, style, script = ((folder / f"page.{kind}").read_text("utf-8") for kind in ("html", "css", "js"))
    holes = {
        "STYLE": style,
        "SCRIPT": script,
        "STYLE_HASH": digest(style),
        "SCRIPT_HASH": digest(script),
        "DATA": shown_in_full(compact_json(PageData(report, texts).data())).replace("<", "\\u003c"),
    }
    return re.sub(r"@([A-Z_]+)@", lambda hole: holes[hole[1]], page)


def shown_in_full(data: str) -> str:
    """JSON on one line, in which signs that cannot be seen, or change what is seen, are shown as escapes."""
    for sign in {sign for sign in set(data) if not sign.isprintable()}:
        data = data.replace(sign, escape_hidden(sign).replace("\\", "\\\\"))
    return data


def digest(text: str) -> str:
    """The hash by which a page allows a script or a style."""
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"


class PageData:
    """What the script of the page draws: texts are stated once, elsewhere their numbers."""

    def __init__(self, report: Report, texts: Mapping[str, str]) -> None:
        self.report = report
        self.texts = texts
        conversion = report.conversion
        self.places = Places(conversion)
        self.files = numbering(conversion.source.texts)
        self.words = numbering([""])
        self.statements = numbering()

    def data(self) -> dict[str, object]:
        """All of it."""
        invocation, conversion = self.report.invocation, self.report.conversion
        book, written = conversion.book, "\n".join(self.texts.values())
        masked = MaskedText(conversion.source, book.secrets, self.report.settings, self.places, written)
        findings, settings = self._findings(), list(self._settings())
        return {
            "run": [invocation.input, invocation.today, invocation.program, invocation.catalog, invocation.dialect],
            "verdict": [conversion.stopped or verdict(self.report), not conversion.stopped and self.report.is_ready],
            "glance": glance(self.report),
            "summary": self.report.counts._asdict(),
            "classes": {name: [heading, urgent] for name, (heading, urgent, *_) in book.classes.items()},
            "findings": findings,
            "notices": [
                [notice.because, notice.do, self._place(notice.at)]
                for notice in self.report.notices
                if notice.code not in book.codes
            ],
            "settings": settings,
            "words": list(self.words),
            "statements": list(self.statements),
            "files": [[file, masked.lines(text)] for file, text in conversion.source.texts.items()],
            "payloads": [[file, self.texts[f"{PAYLOADS}/{file}"]] for file in conversion.payloads],
            "views": list(self._views()),
            "variables": list(self._variables()),
            "guides": conversion.guides,
        }

    def _place(self, at: Position | None) -> list[int] | None:
        return [self.files[at.file], at.line] if at and at.file in self.files else None

    def _findings(self) -> list[object]:
        """Code, class, title, text and statements of each finding, and why it is accepted.

        A statement has a number, and places that are no settings.
        """
        return [
            [
                finding.code,
                finding.meaning.category,
                finding.meaning.title,
                finding.meaning.about,
                [
                    [
                        self.statements[finding.code, statement.because, statement.do, finding.reason],
                        [*map(self._place, statement.places)],
                    ]
                    for statement in finding.statements
                ],
                finding.reason,
            ]
            for finding in self.report.all_findings
        ]

    def _settings(self) -> Iterator[list[object]]:
        """File, line, path and its indexes, outcome, rule, entry, statements and payload lines of each setting."""
        of_setting, reasons = defaultdict(list), dict(self._reasons())
        for code, because, do, number, _ in statements(self.report.settings, ()):
            reason = reasons.get((code, because, do, number))
            of_setting[number].append(self.statements[code, because, do, reason])
        payloads = self.report.conversion.payloads
        lines = {file: (number, field_lines(body)) for number, (file, body) in enumerate(payloads.items())}
        for number, setting in enumerate(self.report.settings):
            outcome, mark = setting.verdict, setting.mark
            targets: dict[int, list[int]] = {}
            for file, path in outcome.targets:
                if file in lines and path in lines[file][1]:
                    targets.setdefault(lines[file][0], []).append(lines[file][1][path])
            yield [
                self.files.get(mark.at.file, 0),
                mark.at.line,
                self.words[pattern(mark.local)],
                [key for key in mark.local if isinstance(key, int)],
                (DIFFERS, EXACT)[outcome.exact] if outcome.outcome == MAPPED else outcome.outcome,
                self.words[outcome.rule],
                self.words[self.places.label(outcome.path)],
                of_setting[number],
                [[file, *sorted(set(of_file))] for file, of_file in targets.items()],
            ]

    def _reasons(self) -> Iterator[tuple[tuple[str, str, str, int | None], str | None]]:
        """Why a statement is accepted of a setting, by its code, its texts and the number of the setting."""
        for finding in self.report.accepted:
            for statement in finding.statements:
                for number in statement.settings:
                    yield (finding.code, statement.because, statement.do, number), finding.reason

    def _views(self) -> Iterator[list[object]]:
        """Title, introduction, headings, rows and picture of each table that people are shown."""
        for view, bodies in self.report.shown_tables:
            rows = [[self._cell(row.get(field)) for field in view.heads] for body in bodies for row in rows_of(body)]
            fields = list(view.heads)
            flow = [[fields.index(name) for name in names] for names in view.flow or ()]
            if view.heads:
                yield [view.title, view.intro, list(view.heads.values()), rows, flow]

    def _cell(self, value: Json) -> object:
        """A cell of a table: a share stays a number, a place is file and line, the rest is text."""
        if isinstance(value, PathPointer):
            return self._place(self.report.conversion.source.at(value.path))
        return value if isinstance(value, float) else "" if value is None else str(value)

    def _variables(self) -> Iterator[list[object]]:
        """Name, reason and places of each variable, and whether a key that was read has to be replaced."""
        conversion = self.report.conversion
        calls = [call for call in conversion.calls if call.file in conversion.payloads]
        yield from ([name, because, [], False] for name, because in gateway_reasons(calls).items())
        literal = {variable.name for variable in replacing(conversion)}
        for variable in dict.fromkeys((*conversion.variables, *conversion.environment)):
            yield [variable.name, ORIGINS[variable.origin], self._places(variable), variable.name in literal]

    def _places(self, variable: Variable) -> list[list[int]]:
        places = [place.rpartition(":") for place in variable.places]
        return [[self.files[file], int(line)] for file, _, line in places if file in self.files]


class Numbering(dict[Hashable, int]):
    """Gives each key the next number."""

    def __missing__(self, key: Hashable) -> int:
        self[key] = number = len(self)
        return number


def numbering(keys: Iterable[Hashable] = ()) -> Numbering:
    """A numbering of some keys, to go on with."""
    return Numbering((key, number) for number, key in enumerate(keys))


def field_lines(value: Json) -> dict[Path, int]:
    """The line of each field of a payload, as it is written: one for each scalar, and for each bracket around some."""
    lines: dict[Path, int] = {}

    def visit(value: Json, path: Path, line: int) -> int:
        lines[path] = line
        if not isinstance(value, (dict, list)) or not value:
            return line + 1
        line += 1
        for key, below in value.items() if isinstance(value, dict) else enumerate(value):
            line = visit(below, (*path, key), line)
        return line + 1

    visit(value, (), 1)
    return lines
