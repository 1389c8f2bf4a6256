"""Lists and mappings."""

from __future__ import annotations

from functools import reduce
from operator import add
from typing import Any

from bpmn.functions.arguments import Context, a_list, a_mapping, a_number, a_whole, some, spread
from bpmn.instants import Duration, Mismatch
from bpmn.values import TooMuch, equal
from faults import N_

MOST_NUMBERS = 10_000  # that range() makes


def length(context: Context, value: Any) -> int:
    if not isinstance(value, str | list | tuple | dict):
        raise Mismatch(N_("neither a list nor a text"))
    return len(value)


def count(context: Context, items: Any, wanted: Any = ...) -> int:
    if wanted is ...:
        return len(a_list(items))
    return sum(equal(item, wanted, context.moment) for item in a_list(items))


def total(context: Context, *items: Any) -> Any:
    values = spread(items)
    if values and all(isinstance(value, Duration) for value in values):
        return reduce(add, values)
    return sum(a_number(value) for value in values)


def least(context: Context, *items: Any) -> Any:
    return min(some(items))


def greatest(context: Context, *items: Any) -> Any:
    return max(some(items))


def mean(context: Context, *items: Any) -> float:
    values = some(items)
    return sum(a_number(value) for value in values) / len(values)


def any_true(context: Context, *items: Any) -> bool:
    return any(spread(items))


def all_true(context: Context, *items: Any) -> bool:
    return all(spread(items))


def in_order(context: Context, items: Any) -> list[Any]:
    return sorted(a_list(items))


def unique(context: Context, items: Any) -> list[Any]:
    """Texts, numbers and the like, each once, in the order of their first place."""
    values = a_list(items)
    if any(isinstance(value, list | tuple | dict) for value in values):
        raise Mismatch(N_("lists within a list"))
    return [value for _, value in {(type(value), value): value for value in values}.items()]


def flatten(context: Context, items: Any) -> list[Any]:
    return [inner for item in a_list(items) for inner in (item if isinstance(item, list | tuple) else [item])]


def numbers_to(context: Context, *bounds: Any) -> list[int]:
    numbers = range(*(a_whole(bound) for bound in bounds))
    if len(numbers) > MOST_NUMBERS:
        raise TooMuch
    return list(numbers)


def as_list(context: Context, value: Any) -> list[Any]:
    return list(a_list(value))


def keys(context: Context, value: Any) -> list[Any]:
    return list(a_mapping(value))


def values(context: Context, value: Any) -> list[Any]:
    return list(a_mapping(value).values())


def get(context: Context, value: Any, key: Any, otherwise: Any = None) -> Any:
    return a_mapping(value).get(key, otherwise)
