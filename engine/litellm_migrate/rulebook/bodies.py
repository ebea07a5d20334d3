"""Parses endpoints and views: which relation they project, and how each field comes about."""

from __future__ import annotations

from litellm_migrate.convert.bodies import Field, Many, Remark, Scalar, Shape
from litellm_migrate.convert.columns import Constant, Sentence
from litellm_migrate.convert.outcomes import DIFFERS
from litellm_migrate.convert.rows import Column
from litellm_migrate.convert.steps import FindingRule
from litellm_migrate.rulebook.columns import ColumnParser
from litellm_migrate.rulebook.endpoint_records import call_of
from litellm_migrate.rulebook.findings import finding, sentence
from litellm_migrate.rulebook.layers import NAMES_OF_FIELDS
from litellm_migrate.rulebook.nodes import RuleNode
from litellm_migrate.rulebook.relations import RelationParser
from litellm_migrate.rulebook.static_types import UNKNOWN, RowList, RowShape, suggestion


class BodyParser:
    """Parses the bodies of endpoints and views."""

    def __init__(self, relations: RelationParser, columns: ColumnParser, endpoints: list[str]) -> None:
        self.relations = relations
        self.columns = columns
        self.endpoints = endpoints

    def shape(self, spec: RuleNode) -> Shape:
        """One endpoint or view."""
        source = str(spec.value["from"])
        row = self.relations.shape_of(source, spec.at("from")) or UNKNOWN
        fields = self.fields(spec.at("body"), row, str(spec.value["id"]))
        variables, environment = (
            {name: self.columns.column(part, row)[0] for name, part in spec.at(word).items()}
            for word in ("variables", "environment")
        )
        self.check_names(spec, fields)
        call = call_of(spec, fields, tuple(variables)) if spec.value["kind"] == "endpoint" else None
        return Shape(
            str(spec.value["id"]),
            source,
            fields,
            call,
            variables,
            environment,
            bool(spec.value.get("optional")),
            str(spec.value.get("absent", "")),
            spec.value.get("schema"),
        )

    def check_names(self, spec: RuleNode, fields: tuple[Field, ...]) -> None:
        """Holds the fields that an endpoint speaks of against those of its body, or objects that hold some of them."""
        parts = [field.target[:length] for field in fields for length in range(1, len(field.target) + 1)]
        fields_of_body = list(map(".".join, parts))
        named = [(part.value, part) for word in NAMES_OF_FIELDS for _, part in spec.at(word).items()]
        for name, part in [*named, *spec.at("variables").items(), *spec.at("environment").items()]:
            if name not in fields_of_body:
                self.columns.wrong(part, f"`{name}` is no field of the body{suggestion(str(name), fields_of_body)}")

    def fields(self, spec: RuleNode, row: RowShape, rule: str) -> tuple[Field, ...]:
        """The fields of one object, of which none lies below another."""
        for name, part in spec.items():
            above = next((other for other in spec.value if str(name).startswith(f"{other}.")), None)
            if above is not None:
                self.columns.wrong(part, f"`{name}` lies below `{above}`, which is a field itself. Keep one of them.")
        return tuple(self.field(name, part, row, f"{rule}.{name}") for name, part in spec.items())

    def field(self, name: str, spec: RuleNode, row: RowShape, rule: str) -> Field:
        """One field: a column with what is to be said about it, or a list."""
        target = tuple(name.split("."))
        if spec.has("from"):
            return self.many(target, spec, row, rule)
        if not isinstance(spec.value, dict):
            return Scalar(target, rule, self.columns.column(spec, row)[0])
        column = self.columns.column(spec.at("value")._replace(path=spec.path), row)[0]
        refers_to = spec.value.get("refers_to")
        if refers_to is not None and refers_to not in self.endpoints:
            message = f"`{refers_to}` is no endpoint{suggestion(str(refers_to), self.endpoints)}"
            self.columns.wrong(spec.at("refers_to"), message)
        remarks, warnings, dropped = self.findings(spec.at("findings"), row, column, rule)
        return Scalar(target, rule, column, remarks, warnings, refers_to, dropped)

    def many(self, target: tuple[str, ...], spec: RuleNode, row: RowShape, rule: str) -> Many:
        """A list field over a relation, or over a column of this row that holds rows."""
        source = str(spec.value["from"])
        column_type = row.at(source)
        column: Column | None = None
        shape = UNKNOWN
        if isinstance(column_type, RowList) and isinstance(column_type.row, RowShape):
            column, shape = self.columns.expression(spec.at("from"), row)[0], column_type.row
        else:
            shape = self.relations.shape_of(source, spec.at("from")) or shape
        fields = self.fields(spec.at("body"), shape, rule)
        rank = spec.value.get("highest_first")
        if rank is not None and shape.at(rank) is None:
            self.columns.wrong(spec.at("highest_first"), f"`{rank}` is no column{suggestion(rank, shape.names())}")
        *_, dropped = self.findings(spec.at("findings"), row, Constant(None), rule)
        return Many(target, rule, None if column else source, column, fields, rank, dropped)

    def findings(
        self, spec: RuleNode, row: RowShape, column: Column, rule: str
    ) -> tuple[tuple[Remark, ...], tuple[FindingRule, ...], Sentence | None]:
        """What a field says of its settings: remarks on what differs, outcomes, and the outcome if it is dropped."""
        remarks: list[Remark] = []
        warnings: list[FindingRule] = []
        dropped: Sentence | None = None
        for part in spec.listed():
            outcome = sentence(self.columns, part, row)
            if outcome and outcome.word == DIFFERS and not part.has("at"):
                when = self.columns.condition(part.at("when"), row) if part.has("when") else Constant(True)
                remarks.append(Remark(when, outcome))
            elif part.has("drop"):
                dropped = outcome
            else:
                warnings.append(finding(self.columns, part, row, rule, (column,)))
        return tuple(remarks), tuple(warnings), dropped
