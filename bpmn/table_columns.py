"""What a decision table looks at and answers with, as columns of which there are values to choose from."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from bpmn.decision_table import Decision, Input, Output
from bpmn.expressions import Expression


@dataclass(frozen=True, slots=True)
class Column:
    """``name``: the dotted path of a variable, or the name of an output. ``options``: literals, as formulas."""

    name: str
    label: str
    type: str
    options: tuple[str, ...] = ()


def given(decision: Decision) -> tuple[Column, ...]:
    """The variables that the table reads: first those of its input columns in their order, then what cells mention."""
    paths = decision.paths
    found: dict[str, Column] = {}
    for at, column in enumerate(decision.inputs):
        read = [path for path in sorted(column.expression.paths) if path in paths]
        for path in read:
            name = ".".join(path)
            alone = len(read) == 1 and column.expression.source.strip() == name
            found.setdefault(name, _of_input(decision, at, column, name) if alone else Column(name, name, ""))
    others = sorted(path for path in paths if ".".join(path) not in found and not _only_a_root(path, paths))
    return (*found.values(), *(Column(".".join(path), ".".join(path), "") for path in others))


def expected(decision: Decision) -> tuple[Column, ...]:
    return tuple(_of_output(decision, at, output) for at, output in enumerate(decision.outputs))


def _only_a_root(path: tuple[str, ...], paths: Iterable[tuple[str, ...]]) -> bool:
    """``exists('a')`` beside ``a.b``: who gives the one gives the other."""
    return any(len(other) > len(path) and other[: len(path)] == path for other in paths)


def _of_input(decision: Decision, at: int, column: Input, name: str) -> Column:
    tests = [rule.tests[at] for rule in decision.rules]
    allowed = column.allowed.expressions if column.allowed else ()
    return Column(
        name,
        column.label,
        column.type,
        _options(column.type, [*allowed, *(one for test in tests for one in test.expressions)]),
    )


def _of_output(decision: Decision, at: int, output: Output) -> Column:
    if not decision.gives_one or decision.aggregation:
        return Column(output.name, output.label, "")
    listed = tuple(_formula(value) for value in output.values)
    said = _options(output.type, [rule.results[at] for rule in decision.rules])
    return Column(output.name, output.label, output.type, tuple(dict.fromkeys([*listed, *said])))


def _options(kind: str, expressions: Iterable[Expression]) -> tuple[str, ...]:
    """Texts, and true and false: numbers in cells are limits, which are no more likely than others."""
    if kind == "boolean":
        return ("true", "false")
    literals = (expression.literal for expression in expressions)
    return tuple(dict.fromkeys(_formula(value) for value in literals if isinstance(value, str)))


def _formula(value: Any) -> str:
    return "null" if value is None else json.dumps(value, ensure_ascii=False)
