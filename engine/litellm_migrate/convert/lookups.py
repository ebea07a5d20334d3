"""The column that asks a table: what the table replies, and what that makes of the setting that was asked about."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import NamedTuple

from litellm_migrate.convert.origins import ANSWERED, DIFFERS, Origin, in_vain, marked, union
from litellm_migrate.convert.rows import ABSENT, KEY, Answer, Cell, Column, Compiler, Evaluator, Row
from litellm_migrate.convert.tables import Table

Effect = Callable[[Origin], Origin]
"""What an answer makes of the origin of the question."""
TableReply = tuple[object, object, Effect]
"""The value that a look-up gives, what the table says (a row, an outcome, or None), and the effect of that."""


class Look(NamedTuple):
    """A table's answer: one of its cells, or the whole row."""

    table: Table
    question: Column | Mapping[str, Column]
    answer: str | None = None

    def compiled(self, compiler: Compiler) -> Evaluator:
        """The answer, with the origin of the question; an outcome is the setting's, and gives no value."""
        ask = self.replies(compiler)

        def read(row: Row) -> Cell:
            (value, _, effect), origin = ask(row)
            origin = effect(origin)
            return ABSENT if origin is None and value is None else (value, origin)

        return read

    def replies(self, compiler: Compiler) -> Callable[[Row], tuple[TableReply, Origin]]:
        """The table's reply for a row, and the origin of the question."""
        ask = self._asking(compiler)
        if isinstance(self.question, Mapping):
            parts = {name: compiler(column) for name, column in self.question.items()}

            def ask_with_parts(row: Row) -> tuple[TableReply, Origin]:
                cells = {name: part(row) for name, part in parts.items()}
                values = {name: value for name, (value, _) in cells.items()}
                empty = all(value is None for value in values.values())
                return NO_REPLY if empty else ask(values), union([origin for _, origin in cells.values()])

            return ask_with_parts
        question = compiler(self.question)

        def ask_with_value(row: Row) -> tuple[TableReply, Origin]:
            value, origin = question(row)
            return NO_REPLY if value is None else ask(value), origin

        return ask_with_value

    def _asking(self, compiler: Compiler) -> Callable[[object], TableReply]:
        """The table's reply to a question; equal texts are asked once, unless somebody watches."""
        watch, replies = compiler.observer(self.table), dict[object, TableReply]()

        def ask(key: object) -> TableReply:
            if type(key) is not str or watch:
                reply = self.reply(key)
                if watch:
                    watch(reply[1])
                return reply
            if key not in replies:
                replies[key] = self.reply(key)
            return replies[key]

        return ask

    def reply(self, key: object) -> TableReply:
        """What the table says to a question."""
        answer, cell = self.table.ask(key), self.answer
        if isinstance(answer, Answer):
            if cell is None:
                return answer, answer, as_is
            value = answer.get(cell)
            differs = value is not None and cell != KEY and answer.get("differs")
            return value, answer, partial(marked, DIFFERS, differs) if differs else as_is
        if answer is None:
            return NO_REPLY
        if cell == KEY:  # that a row is known can be asked without taking its outcome
            return None if isinstance(key, dict) else key, answer, as_is
        return None, answer, partial(marked, ANSWERED, answer)


def as_is(origin: Origin) -> Origin:
    """The origin of the question."""
    return origin


NO_REPLY: TableReply = (None, None, in_vain)
