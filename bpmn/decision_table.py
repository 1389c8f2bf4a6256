"""A compiled decision table: which rules fit, and what they answer together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bpmn.expressions import Expression, ExpressionFault, plain_result
from bpmn.hits import Hit, deciding, settle
from bpmn.moment import Moment
from bpmn.unary import VALUE, UnaryTest
from faults import N_, Fault

MESSAGES: Mapping[str, str] = {
    "no_rule": N_("{decision}: no rule fits {values}. Add a rule for this case, or one with “-” in every input."),
    "several_rules": N_("{decision}: the rules {rules} fit together ({values}), but the hit policy allows only one."),
    "differing": N_("{decision}: the rules {rules} fit together ({values}) but give different answers."),
    "not_allowed": N_("{decision}: {found} is not a possible value of the input “{label}”."),
    "uncomparable": N_("{decision}, rule {rule}, input “{label}”: {found} can't be compared with {cell}."),
    "not_numbers": N_("{decision}: the outputs of the rules {rules} are not all numbers, so they can't be collected."),
}


class DecisionFault(Fault):
    """A decision table gives no answer. Mend the table, or the data that it decides on."""

    def __init__(self, code: str, message: str | None = None, **params: Any) -> None:
        super().__init__(message or MESSAGES[code], **params)
        self.code = code


@dataclass(frozen=True, slots=True)
class Input:
    id: str
    label: str
    expression: Expression
    type: str
    allowed: UnaryTest | None


@dataclass(frozen=True, slots=True)
class Output:
    """``values`` are the possible ones, best first, where the table lists them."""

    id: str
    name: str
    label: str
    type: str
    values: tuple[Any, ...]
    default: Expression | None


@dataclass(frozen=True, slots=True)
class Rule:
    """``number`` from 1, as the modeler shows it."""

    id: str
    number: int
    tests: tuple[UnaryTest, ...]
    results: tuple[Expression, ...]
    annotation: str


@dataclass(frozen=True, slots=True)
class Explained:
    """What a table answers, and the numbers of the rules that the answer is made of; none where it is the default."""

    answer: dict[str, Any] | list[dict[str, Any]]
    rules: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Decision:
    """``names`` are the variables that the table needs."""

    id: str
    name: str
    inputs: tuple[Input, ...]
    outputs: tuple[Output, ...]
    rules: tuple[Rule, ...]
    hit_policy: str
    aggregation: str | None

    @property
    def names(self) -> frozenset[str]:
        return frozenset(name for expression in self._expressions for name in expression.names) - {VALUE}

    @property
    def _expressions(self) -> list[Expression]:
        expressions = [column.expression for column in self.inputs]
        for rule in self.rules:
            expressions += [expression for test in rule.tests for expression in test.expressions]
            expressions += rule.results
        return expressions

    @property
    def paths(self) -> frozenset[tuple[str, ...]]:
        """The variables with their members, as in ``parameters.reply_days``, and what `value` and `exists` look at."""
        found: set[tuple[str, ...]] = set()
        for expression in self._expressions:
            found |= expression.paths
            looked_at = [call.first for call in expression.calls if call.function in ("value", "exists") and call.first]
            found |= {tuple(path.split(".")) for path in looked_at}
        return frozenset(path for path in found if path[0] != VALUE)

    @property
    def gives_one(self) -> bool:
        """Whether it answers with one mapping, not with a list of them."""
        return bool(self.aggregation) or self.hit_policy in ("UNIQUE", "FIRST", "ANY", "PRIORITY")

    def decide(self, names: Mapping[str, Any], moment: Moment) -> dict[str, Any] | list[dict[str, Any]]:
        """Output name -> JSON value; a list of such for RULE ORDER, OUTPUT ORDER and COLLECT without aggregation.

        Raises DecisionFault.
        """
        return self.explain(names, moment).answer

    def explain(self, names: Mapping[str, Any], moment: Moment) -> Explained:
        """The same, with the rules that made it so. Raises DecisionFault."""
        values = [self._value(column, names, moment) for column in self.inputs]
        hits = [
            Hit(rule.number, self._results(rule, names, moment))
            for rule in self.rules
            if self._fits(rule, values, names, moment)
        ]
        priorities = [output.values for output in self.outputs]
        settled = settle(self.hit_policy, self.aggregation, hits, priorities)
        if isinstance(settled, str):
            if settled == "no_rule" and self._has_defaults:
                return Explained(self._defaults(names, moment), ())
            raise DecisionFault(
                settled,
                decision=self.id,
                rules=", ".join(str(hit.rule) for hit in hits),
                values=self._described(values),
            )
        rules = tuple(hit.rule for hit in deciding(self.hit_policy, hits, priorities))
        if isinstance(settled, list):
            return Explained([self._named(answer) for answer in settled], rules)
        return Explained(self._named(settled), rules)

    def _value(self, column: Input, names: Mapping[str, Any], moment: Moment) -> Any:
        try:
            value = column.expression.evaluate(names, moment)
        except ExpressionFault as fault:
            raise self._located(fault, column.label) from None
        if column.allowed is not None and value is not None:
            try:
                is_allowed = column.allowed.holds(value, names, moment)
            except (TypeError, ValueError):
                is_allowed = False
            if not is_allowed:
                raise DecisionFault("not_allowed", decision=self.id, label=column.label, found=_shown(value))
        return value

    def _fits(self, rule: Rule, values: list[Any], names: Mapping[str, Any], moment: Moment) -> bool:
        for test, value, column in zip(rule.tests, values, self.inputs, strict=True):
            try:
                if not test.holds(value, names, moment):
                    return False
            except ExpressionFault as fault:
                raise self._located(fault, f"#{rule.number} {column.label}") from None
            except (TypeError, ValueError):
                raise DecisionFault(
                    "uncomparable",
                    decision=self.id,
                    rule=rule.number,
                    label=column.label,
                    found=_shown(value),
                    cell=test.text,
                ) from None
        return True

    def _results(self, rule: Rule, names: Mapping[str, Any], moment: Moment) -> tuple[Any, ...]:
        return tuple(
            self._evaluated(result, names, moment, f"#{rule.number} {output.label}")
            for result, output in zip(rule.results, self.outputs, strict=True)
        )

    @property
    def _has_defaults(self) -> bool:
        return all(output.default is not None for output in self.outputs)

    def _defaults(self, names: Mapping[str, Any], moment: Moment) -> dict[str, Any]:
        return self._named(
            tuple(
                self._evaluated(output.default, names, moment, output.label)
                for output in self.outputs
                if output.default is not None
            )
        )

    def _named(self, answer: tuple[Any, ...]) -> dict[str, Any]:
        return {output.name: value for output, value in zip(self.outputs, answer, strict=True)}

    def _evaluated(self, expression: Expression, names: Mapping[str, Any], moment: Moment, where: str) -> Any:
        try:
            value = expression.evaluate(names, moment)
            return plain_result(expression, value)
        except ExpressionFault as fault:
            raise self._located(fault, where) from None

    def _located(self, fault: ExpressionFault, where: str) -> DecisionFault:
        """The expression's own sentence, with the place in the table put before its source."""
        params = {**fault.params, "source": f"{self.id} {where}: {fault.params.get('source', '')}"}
        return DecisionFault("expression", fault.message, **params)

    def _described(self, values: list[Any]) -> str:
        pairs = list(zip(self.inputs, values, strict=True))[:6]
        return ", ".join(f"{column.label} = {_shown(value)}" for column, value in pairs) or "-"


def _shown(value: Any) -> str:
    text = f"“{value}”" if isinstance(value, str) else "null" if value is None else str(value)
    return text if len(text) <= 60 else text[:59] + "…"
