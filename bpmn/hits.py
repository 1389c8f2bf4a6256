"""Hit policies (DMN 1.3, 8.2.8): what the rules that fit make together."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Answer = tuple[Any, ...]  # one value for each output column


@dataclass(frozen=True, slots=True)
class Hit:
    rule: int
    answer: Answer


Settled = Answer | list[Answer] | str  # a text is the code of a DecisionFault


def settle(policy: str, aggregation: str | None, hits: Sequence[Hit], priorities: Sequence[Sequence[Any]]) -> Settled:
    """One answer, a list of answers, or the code of a fault. ``priorities``: the possible values of each output."""
    if policy == "COLLECT" and aggregation:
        return _AGGREGATORS[aggregation](hits)
    return POLICIES[policy](hits, priorities)


def deciding(policy: str, hits: Sequence[Hit], priorities: Sequence[Sequence[Any]]) -> tuple[Hit, ...]:
    """The hits that the answer is made of: one for FIRST and PRIORITY, else all of them."""
    if policy == "FIRST":
        return tuple(hits[:1])
    if policy == "PRIORITY":
        return tuple(_ranked(hits, priorities)[:1])
    return tuple(hits)


def _unique(hits: Sequence[Hit], priorities: Sequence[Sequence[Any]]) -> Settled:
    if len(hits) > 1:
        return "several_rules"
    return hits[0].answer if hits else "no_rule"


def _first(hits: Sequence[Hit], priorities: Sequence[Sequence[Any]]) -> Settled:
    return hits[0].answer if hits else "no_rule"


def _any(hits: Sequence[Hit], priorities: Sequence[Sequence[Any]]) -> Settled:
    if any(hit.answer != hits[0].answer for hit in hits):
        return "differing"
    return hits[0].answer if hits else "no_rule"


def _priority(hits: Sequence[Hit], priorities: Sequence[Sequence[Any]]) -> Settled:
    ranked = _by_priority(hits, priorities)
    return ranked[0] if ranked else "no_rule"


def _rule_order(hits: Sequence[Hit], priorities: Sequence[Sequence[Any]]) -> Settled:
    return [hit.answer for hit in hits]


def _by_priority(hits: Sequence[Hit], priorities: Sequence[Sequence[Any]]) -> list[Answer]:
    return [hit.answer for hit in _ranked(hits, priorities)]


def _ranked(hits: Sequence[Hit], priorities: Sequence[Sequence[Any]]) -> list[Hit]:
    """Best first: by the first output that has an order, then the next; what is not listed comes last."""

    def rank(hit: Hit) -> list[int]:
        return [
            values.index(value) if value in values else len(values)
            for value, values in zip(hit.answer, priorities, strict=True)
            if values
        ]

    return sorted(hits, key=rank)


POLICIES: Mapping[str, Callable[[Sequence[Hit], Sequence[Sequence[Any]]], Settled]] = {
    "UNIQUE": _unique,
    "FIRST": _first,
    "ANY": _any,
    "PRIORITY": _priority,
    "RULE ORDER": _rule_order,
    "OUTPUT ORDER": _by_priority,
    "COLLECT": _rule_order,
}


def _numbers(hits: Sequence[Hit]) -> list[int | float] | None:
    numbers = [hit.answer[0] for hit in hits]
    return numbers if all(type(number) in (int, float) for number in numbers) else None


def _sum(hits: Sequence[Hit]) -> Settled:
    numbers = _numbers(hits)
    return "not_numbers" if numbers is None else (sum(numbers),)


def _min(hits: Sequence[Hit]) -> Settled:
    numbers = _numbers(hits)
    return "not_numbers" if numbers is None else (min(numbers),) if numbers else "no_rule"


def _max(hits: Sequence[Hit]) -> Settled:
    numbers = _numbers(hits)
    return "not_numbers" if numbers is None else (max(numbers),) if numbers else "no_rule"


def _count(hits: Sequence[Hit]) -> Settled:
    return (len(hits),)


_AGGREGATORS: Mapping[str, Callable[[Sequence[Hit]], Settled]] = {
    "SUM": _sum,
    "MIN": _min,
    "MAX": _max,
    "COUNT": _count,
}
