"""Values on their way into an instance: JSON and nothing else, so that saving and loading change nothing."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import orjson

from bpmn.instants import Duration
from engine.runtime.bounds import DEEPEST_VALUE
from engine.runtime.faults import BadValue
from faults import N_

LARGEST_NUMBER = 2**63 - 1  # what every JSON writer and both databases keep exactly


def plain(value: Any, depth: int = 0) -> Any:
    """The JSON value for ``value``: dates as ISO 8601 text, decimals as numbers; a copy, so nothing is shared.

    Raises BadValue for what JSON can't say (NaN, keys that are no text, objects), and for what is too deep.
    """
    kind = type(value)
    if kind is str:
        return _text(value)
    if kind is bool or value is None:
        return value
    if kind is int:
        return _number(value)
    if depth > DEEPEST_VALUE:
        raise BadValue(what=N_("it is nested too deeply"))
    if isinstance(value, Mapping):
        return {_key(key): plain(item, depth + 1) for key, item in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [plain(item, depth + 1) for item in value]
    return _scalar(value)


def weight(value: Any) -> int:
    """How many bytes a plain value takes in the state."""
    return len(orjson.dumps(value))


def _scalar(value: Any) -> Any:
    if isinstance(value, (float, Decimal)):
        if not math.isfinite(value):
            raise BadValue(what=N_("it is not a finite number"))
        return float(value)
    if isinstance(value, (datetime, date)):
        return value.isoformat()
    if isinstance(value, Duration):
        return str(value)
    if isinstance(value, str):  # subclasses, such as translated or marked-up text
        return _text(str(value))
    raise BadValue(what=N_("it is neither text, number, list nor mapping"))


def _text(value: str) -> str:
    try:
        value.encode()
    except UnicodeEncodeError:
        raise BadValue(what=N_("it holds broken characters")) from None
    return value


def _number(value: int) -> int:
    if abs(value) > LARGEST_NUMBER:
        raise BadValue(what=N_("the number is too large"))
    return value


def _key(key: Any) -> str:
    if type(key) is not str:
        raise BadValue(what=N_("a key is not text"))
    return _text(key)
