"""Numbers. Rounding is the commercial one: half goes away from zero."""

from __future__ import annotations

import math
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from bpmn.functions.arguments import Context, a_number, a_whole
from bpmn.instants import Unfit
from faults import N_


def rounded(context: Context, value: Any, places: Any = 0) -> int | float:
    number, digits = a_number(value), a_whole(places, 15)
    result = Decimal(str(number)).quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)
    return int(result) if digits <= 0 else float(result)


def floor(context: Context, value: Any) -> int:
    return math.floor(a_number(value))


def ceiling(context: Context, value: Any) -> int:
    return math.ceil(a_number(value))


def absolute(context: Context, value: Any) -> int | float:
    return abs(a_number(value))


def as_number(context: Context, value: Any) -> int | float:
    if isinstance(value, str):
        if len(value) > 40 or not value.isascii() or "_" in value:
            raise Unfit(N_("not a number"))
        try:
            return int(value) if value.strip().lstrip("+-").isdigit() else _finite(float(value))
        except ValueError:
            raise Unfit(N_("not a number")) from None
    return a_number(value)


def _finite(number: float) -> float:
    if not math.isfinite(number):
        raise ValueError
    return number


def whole_part(context: Context, value: Any) -> int:
    return math.trunc(as_number(context, value))
