"""What functions are given, and what kinds of arguments they take."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bpmn.instants import Mismatch, Unfit
from bpmn.moment import Moment
from bpmn.values import Budget
from faults import N_


@dataclass(frozen=True, slots=True)
class Context:
    """``budget`` is charged by functions whose work depends on the size of a number, not of a list."""

    moment: Moment
    names: Mapping[str, Any]
    budget: Budget


def a_whole(value: Any, most: int = 10**9) -> int:
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if type(value) is not int:
        raise Mismatch(N_("not a whole number"))
    if abs(value) > most:
        raise Unfit(N_("a number that is too high"))
    return value


def a_number(value: Any) -> int | float:
    if type(value) in (int, float, bool):
        return value  # type: ignore[no-any-return]
    raise Mismatch(N_("not a number"))


def a_text(value: Any) -> str:
    if type(value) is not str:
        raise Mismatch(N_("not a text"))
    return value


def a_list(value: Any) -> list[Any] | tuple[Any, ...]:
    if type(value) not in (list, tuple):
        raise Mismatch(N_("not a list"))
    return value  # type: ignore[no-any-return]


def a_mapping(value: Any) -> dict[Any, Any]:
    if type(value) is not dict:
        raise Mismatch(N_("not a mapping"))
    return value


def spread(items: tuple[Any, ...]) -> list[Any] | tuple[Any, ...]:
    """min([1, 2]) and min(1, 2) mean the same."""
    return a_list(items[0]) if len(items) == 1 else items


def some(items: tuple[Any, ...]) -> list[Any] | tuple[Any, ...]:
    values = spread(items)
    if not values:
        raise Unfit(N_("an empty list"))
    return values
