"""The values that expressions work on: what may be one, how two are compared and reckoned with, and what they weigh.

A value is text, a number, true, false, nothing, a date, an instant, a `Duration`, or a list or mapping of such.
Text in ISO 8601 form counts as a date where the other side is one, because answers and variables are kept as JSON.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from bpmn.instants import (
    Duration,
    Mismatch,
    Unfit,
    parse_duration,
    parse_instant,
    shift_date,
    shift_instant,
    to_date,
    to_instant,
)
from bpmn.moment import Moment
from faults import N_

LONGEST_TEXT = 100_000  # characters
HIGHEST_BITS = 2_048  # of a whole number on the way; a result must fit into 64
DEEPEST = 60  # lists within lists


class TooMuch(Exception):
    """More work than one evaluation may cost."""


@dataclass(slots=True)
class Budget:
    """What one evaluation may still cost: one unit a step, and the weight of every list or text taken or made."""

    left: int = 200_000

    def charge(self, units: int) -> None:
        self.left -= units
        if self.left < 0:
            raise TooMuch

    def weigh(self, value: Any, depth: int = 0) -> None:
        """Charge for ``value`` and all that is in it; shared parts count each time, as they would when written."""
        kind = type(value)
        if kind is str:
            if len(value) > LONGEST_TEXT:
                raise TooMuch
            self.charge(1 + len(value) // 16)
        elif kind in (list, tuple, set):
            if depth > DEEPEST:
                raise TooMuch
            self.charge(1)
            for item in value:
                self.weigh(item, depth + 1)
        elif kind is dict:
            if depth > DEEPEST:
                raise TooMuch
            self.charge(1)
            for key, item in value.items():
                self.weigh(key, depth + 1)
                self.weigh(item, depth + 1)
        else:
            self.charge(1)
            if kind is float and not math.isfinite(value):
                raise Unfit(N_("not a finite number"))


SCALARS = frozenset({str, int, float, bool, type(None), date, datetime, Duration})
KINDS = SCALARS | {list, tuple, dict, slice}


def plain(value: Any) -> Any:
    """``value`` as JSON knows it: dates, instants and durations become ISO 8601 text. Raises ValueError, TypeError."""
    kind = type(value)
    if kind is str or kind is bool or value is None:
        return value
    if kind is int:
        if value.bit_length() > 63:
            raise Unfit(N_("a number that is too high"))
        return value
    if kind is float:
        if not math.isfinite(value):
            raise Unfit(N_("not a number"))
        return value
    if kind is dict:
        if not all(type(key) is str for key in value):
            raise Mismatch(N_("a key that is not a text"))
        return {key: plain(item) for key, item in value.items()}
    if kind in (list, tuple):
        return [plain(item) for item in value]
    if kind in (date, datetime):
        return value.isoformat()
    if kind is Duration:
        return str(value)
    if kind is Decimal:
        return plain(float(value))
    raise Mismatch(N_("not a value that can be kept"))


# ---- comparing


def equal(left: Any, right: Any, moment: Moment) -> bool:
    """Never fails: what can't be compared is different, and true is not 1."""
    if (type(left) is bool) is not (type(right) is bool):
        return False
    try:
        left, right = _aligned(left, right, moment)
    except (ValueError, TypeError):
        return False
    return bool(left == right)


def ordered(test: Callable[[Any, Any], Any], left: Any, right: Any, moment: Moment) -> bool:
    """``test`` is one of operator.lt, le, gt, ge. Raises TypeError or ValueError where there is no order."""
    left, right = _aligned(left, right, moment)
    if isinstance(left, Duration) and isinstance(right, Duration):
        if left.months == right.months == 0:
            return bool(test(left.time, right.time))
        if not left.time and not right.time:
            return bool(test(left.months, right.months))
        raise Unfit(N_("months and days can't be compared"))
    if isinstance(left, dict | list | tuple) or isinstance(right, dict | list | tuple):
        raise Mismatch(N_("lists have no order"))
    return bool(test(left, right))


def contains(container: Any, item: Any, moment: Moment) -> bool:
    """``item in container``. Raises TypeError."""
    if isinstance(container, str):
        if not isinstance(item, str):
            raise Mismatch(N_("only text can be in a text"))
        return item in container
    if isinstance(container, dict):
        return item in container
    if isinstance(container, list | tuple):
        return any(equal(item, other, moment) for other in container)
    raise Mismatch(N_("nothing can be in this"))


def _aligned(left: Any, right: Any, moment: Moment) -> tuple[Any, Any]:
    """Both sides of a comparison as values of one kind, if one of them is a date."""
    if type(left) is Duration and type(right) is str:
        return left, parse_duration(right)
    if type(right) is Duration and type(left) is str:
        return parse_duration(left), right
    if type(left) in _DATES or type(right) in _DATES:
        if type(left) is date and type(right) is date:
            return left, right
        if left is None or right is None:
            return left, right
        if date in (type(left), type(right)) and (_is_bare_date(left) and _is_bare_date(right)):
            return to_date(left, moment), to_date(right, moment)
        return to_instant(left, moment), to_instant(right, moment)
    return left, right


_DATES = (date, datetime)


def _is_bare_date(value: Any) -> bool:
    return type(value) is date or (type(value) is str and len(value) == 10)


# ---- reckoning


@dataclass(frozen=True, slots=True)
class Reckoner:
    """The operators of the language, for one evaluation."""

    moment: Moment
    budget: Budget = field(default_factory=Budget)

    def add(self, left: Any, right: Any) -> Any:
        if isinstance(right, Duration) and not isinstance(left, int | float):
            return self._shift(left, right)
        if isinstance(left, Duration) and not isinstance(right, int | float):
            return self._shift(right, left)
        if _same(left, right, str) or _same(left, right, list | tuple):
            self.budget.weigh(left)
            self.budget.weigh(right)
            return left + right if isinstance(left, str) else [*left, *right]
        return _number(left) + _number(right)

    def subtract(self, left: Any, right: Any) -> Any:
        if isinstance(right, Duration):
            return self._shift(left, -right)
        if type(left) in _DATES or type(right) in _DATES:
            first, second = _aligned(left, right, self.moment)
            return Duration(0, first - second)
        return _number(left) - _number(right)

    def multiply(self, left: Any, right: Any) -> Any:
        if isinstance(left, Duration):
            return left.times(_number(right))
        if isinstance(right, Duration):
            return right.times(_number(left))
        return _bounded(_number(left)) * _bounded(_number(right))

    def power(self, left: Any, right: Any) -> Any:
        base, exponent = _bounded(_number(left)), _bounded(_number(right))
        if isinstance(base, int) and isinstance(exponent, int) and base.bit_length() * abs(exponent) > HIGHEST_BITS:
            raise Unfit(N_("a number that is too high"))
        result = base**exponent
        if isinstance(result, complex):
            raise Unfit(N_("the root of a negative number"))
        return result

    def divide(self, left: Any, right: Any) -> Any:
        return _number(left) / _number(right)

    def floor_divide(self, left: Any, right: Any) -> Any:
        return _number(left) // _number(right)

    def modulo(self, left: Any, right: Any) -> Any:
        return _number(left) % _number(right)

    def negate(self, value: Any) -> Any:
        return -value if isinstance(value, Duration) else -_number(value)

    def equal(self, left: Any, right: Any) -> bool:
        self._weigh_lists(left, right)
        return equal(left, right, self.moment)

    def different(self, left: Any, right: Any) -> bool:
        return not self.equal(left, right)

    def less(self, left: Any, right: Any) -> bool:
        return ordered(operator.lt, left, right, self.moment)

    def at_most(self, left: Any, right: Any) -> bool:
        return ordered(operator.le, left, right, self.moment)

    def greater(self, left: Any, right: Any) -> bool:
        return ordered(operator.gt, left, right, self.moment)

    def at_least(self, left: Any, right: Any) -> bool:
        return ordered(operator.ge, left, right, self.moment)

    def is_in(self, item: Any, container: Any) -> bool:
        self._weigh_lists(item, container)
        return contains(container, item, self.moment)

    def is_not_in(self, item: Any, container: Any) -> bool:
        return not self.is_in(item, container)

    def _weigh_lists(self, *values: Any) -> None:
        for value in values:
            if isinstance(value, list | tuple | dict | str):
                self.budget.weigh(value)

    def _shift(self, start: Any, duration: Duration) -> Any:
        if isinstance(start, Duration):
            return start + duration
        if isinstance(start, str):
            start = to_date(start, self.moment) if _is_bare_date(start) else parse_instant(start, self.moment)
        if type(start) is date:
            return shift_date(start, duration)
        if type(start) is datetime:
            return shift_instant(start, duration, self.moment)
        raise Mismatch(N_("a duration can only be added to a date or a duration"))


def _same(left: Any, right: Any, kind: Any) -> bool:
    return isinstance(left, kind) and isinstance(right, kind)


def _number(value: Any) -> Any:
    if type(value) in (int, float, bool):
        return value
    raise Mismatch(N_("not a number"))


def _bounded(value: Any) -> Any:
    if isinstance(value, int) and value.bit_length() > HIGHEST_BITS:
        raise Unfit(N_("a number that is too high"))
    return value


def as_text(value: Any) -> str:
    """How a value is written inside a text: nothing is empty, dates in ISO form. Raises TypeError for lists."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list | tuple | Mapping):
        raise Mismatch(N_("a list has no text"))
    return str(plain(value))
