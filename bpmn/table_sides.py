"""Two decision tables as grids beside each other: which columns, rows and cells came, went or changed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from bpmn.decision_table import Decision, Rule
from bpmn.table_compare import partners

Mark = Literal["", "added", "removed", "changed"]


@dataclass(frozen=True, slots=True)
class Head:
    """``text`` is the formula of an input, the name of an output; an annotation has none."""

    kind: Literal["input", "output", "annotation"]
    label: str
    text: str
    mark: Mark


@dataclass(frozen=True, slots=True)
class Cell:
    text: str
    mark: Mark


@dataclass(frozen=True, slots=True)
class Row:
    """A rule with its number in its own table; a cell for each head."""

    number: int
    mark: Mark
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Grid:
    policy: str
    heads: tuple[Head, ...]
    rows: tuple[Row, ...]


def alone(decision: Decision) -> Grid:
    """A table that has nothing to be compared with."""
    columns = list(_columns(decision))
    rows = (Row(rule.number, "", tuple(Cell(column.of(rule), "") for column in columns)) for rule in decision.rules)
    return Grid(_policy(decision), tuple(Head(one.kind, one.label, one.text, "") for one in columns), tuple(rows))


def sides(before: Decision, after: Decision) -> tuple[Grid, Grid]:
    """Columns are matched by their ids, or by what they say; rules as `table_compare` matches them."""
    was = partners(before, after)
    became = {old.number: after.rules[number - 1] for number, old in was.items()}
    return (
        _grid(before, after, became, "removed"),
        _grid(after, before, dict(was), "added"),
    )


@dataclass(frozen=True, slots=True)
class _Column:
    kind: Literal["input", "output", "annotation"]
    id: str
    label: str
    text: str
    at: int

    def of(self, rule: Rule) -> str:
        if self.kind == "annotation":
            return rule.annotation
        return rule.tests[self.at].text.strip() if self.kind == "input" else rule.results[self.at].source.strip()


def _grid(own: Decision, other: Decision, rules: dict[int, Rule], alone_mark: Mark) -> Grid:
    """``rules``: the number of an own rule -> its partner in the other table."""
    columns = [(column, _partner(column, other)) for column in _columns(own)]
    heads = tuple(Head(one.kind, one.label, one.text, _of_head(one, partner, alone_mark)) for one, partner in columns)
    rows = []
    for rule in own.rules:
        partner = rules.get(rule.number)
        if partner is None:
            rows.append(Row(rule.number, alone_mark, tuple(Cell(one.of(rule), "") for one, _ in columns)))
            continue
        cells = tuple(_cell(column, rule, match, partner) for column, match in columns)
        rows.append(Row(rule.number, "changed" if any(cell.mark for cell in cells) else "", cells))
    return Grid(_policy(own), heads, tuple(rows))


def _columns(decision: Decision) -> Iterator[_Column]:
    for at, column in enumerate(decision.inputs):
        yield _Column("input", column.id, column.label, column.expression.source.strip(), at)
    for at, output in enumerate(decision.outputs):
        yield _Column("output", output.id, output.label, output.name, at)
    if any(rule.annotation for rule in decision.rules):
        yield _Column("annotation", "", "", "", 0)


def _partner(column: _Column, other: Decision) -> _Column | None:
    alike = [one for one in _columns(other) if one.kind == column.kind]
    same_id = next((one for one in alike if one.id == column.id), None)
    return same_id or next((one for one in alike if one.text == column.text), None)


def _of_head(column: _Column, partner: _Column | None, alone_mark: Mark) -> Mark:
    if partner is None:
        return alone_mark
    return "" if (column.label, column.text) == (partner.label, partner.text) else "changed"


def _cell(column: _Column, rule: Rule, match: _Column | None, partner: Rule) -> Cell:
    """A column that came or went is marked at its head; its cells then say nothing of the rule."""
    text = column.of(rule)
    return Cell(text, "changed" if match is not None and match.of(partner) != text else "")


def _policy(decision: Decision) -> str:
    return " ".join(filter(None, (decision.hit_policy, decision.aggregation)))
