"""Texts."""

from __future__ import annotations

from typing import Any

from bpmn.functions.arguments import Context, a_list, a_text
from bpmn.instants import Unfit
from bpmn.values import LONGEST_TEXT, TooMuch
from bpmn.values import as_text as written
from faults import N_


def as_text(context: Context, value: Any) -> str:
    return written(value)


def upper(context: Context, value: Any) -> str:
    return a_text(value).upper()


def lower(context: Context, value: Any) -> str:
    return a_text(value).lower()


def strip(context: Context, value: Any) -> str:
    return a_text(value).strip()


def startswith(context: Context, value: Any, start: Any) -> bool:
    return a_text(value).startswith(a_text(start))


def endswith(context: Context, value: Any, end: Any) -> bool:
    return a_text(value).endswith(a_text(end))


def contains(context: Context, value: Any, part: Any) -> bool:
    return a_text(part) in a_text(value)


def replace(context: Context, value: Any, old: Any, new: Any) -> str:
    text, old, new = a_text(value), a_text(old), a_text(new)
    if not old:
        raise Unfit(N_("an empty text can't be replaced"))
    if len(text) + text.count(old) * len(new) > LONGEST_TEXT:
        raise TooMuch
    return text.replace(old, new)


def split(context: Context, value: Any, by: Any) -> list[str]:
    return a_text(value).split(a_text(by))


def join(context: Context, items: Any, by: Any = "") -> str:
    parts, glue = [written(item) for item in a_list(items)], a_text(by)
    if sum(map(len, parts)) + len(glue) * len(parts) > LONGEST_TEXT:
        raise TooMuch
    return glue.join(parts)
