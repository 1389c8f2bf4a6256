"""What differs between two decision tables: columns, and rules that came, went or changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

from bpmn.decision_table import Decision, Rule

Kind = Literal["added", "removed", "changed"]


@dataclass(frozen=True, slots=True)
class Difference:
    """``rule`` is the number in the later table (of a removed rule: in the earlier), 0 for the table itself."""

    rule: int
    kind: Kind
    facet: str = ""
    before: str = ""
    after: str = ""


def compare(before: Decision, after: Decision) -> tuple[Difference, ...]:
    """All differences. Rules are matched by their ids, and by what they say where a tool has given them new ones."""
    return (*_table(before, after), *_rules(before, after))


def _table(before: Decision, after: Decision) -> tuple[Difference, ...]:
    facets = {
        "name": (before.name, after.name),
        "hit policy": (_policy(before), _policy(after)),
        "inputs": (_inputs(before), _inputs(after)),
        "outputs": (_outputs(before), _outputs(after)),
    }
    return tuple(Difference(0, "changed", name, *texts) for name, texts in facets.items() if texts[0] != texts[1])


def partners(before: Decision, after: Decision) -> Mapping[int, Rule]:
    """The number of a rule of the later table -> the rule of the earlier one that it was."""
    old, new = list(before.rules), list(after.rules)
    same_id = {rule.id: rule for rule in old}
    found = {rule.number: same_id[rule.id] for rule in new if rule.id in same_id}
    kept = {rule.number for rule in found.values()}
    left = [rule for rule in old if rule.number not in kept]
    come = [rule for rule in new if rule.number not in found]
    matched = SequenceMatcher(a=[_said(rule) for rule in left], b=[_said(rule) for rule in come], autojunk=False)
    for block in matched.get_matching_blocks():
        found |= {come[block.b + i].number: left[block.a + i] for i in range(block.size)}
    return found


def _rules(before: Decision, after: Decision) -> list[Difference]:
    was = partners(before, after)
    found = []
    for rule in after.rules:
        partner = was.get(rule.number)
        if partner is None:
            found.append(Difference(rule.number, "added", after=_said(rule)))
        elif _said(partner) != _said(rule):
            found.append(Difference(rule.number, "changed", "rule", _said(partner), _said(rule)))
        if partner is not None and partner.annotation != rule.annotation:
            found.append(Difference(rule.number, "changed", "remark", partner.annotation, rule.annotation))
    kept = {rule.number for rule in was.values()}
    gone = [rule for rule in before.rules if rule.number not in kept]
    return [*found, *(Difference(rule.number, "removed", before=_said(rule)) for rule in gone)]


def _said(rule: Rule) -> str:
    tests = " | ".join(test.text.strip() for test in rule.tests)
    return f"{tests} -> {' | '.join(result.source.strip() for result in rule.results)}"


def _policy(decision: Decision) -> str:
    return " ".join(filter(None, (decision.hit_policy, decision.aggregation)))


def _inputs(decision: Decision) -> str:
    return "\n".join(f"{column.label}: {column.expression.source}" for column in decision.inputs)


def _outputs(decision: Decision) -> str:
    return "\n".join(f"{column.label}: {column.name} {column.type}".strip() for column in decision.outputs)
