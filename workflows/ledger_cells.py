"""What each field of a ledger's row looks like in a cell of a spreadsheet, and what a cell means as an answer.

What can't be understood stays as it is, for the validation to complain about.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from forms.field import Field
from forms.fields.numbers import read_decimal
from workflows.spreadsheet import LONGEST_CELL, Cell
from workflows.sub_items import find, sub_items

YES, NO = "是", "否"
_WORDS = {"是": True, "适用": True, "y": True, "yes": True, "true": True, "1": True, "√": True,
          "否": False, "不适用": False, "n": False, "no": False, "false": False, "0": False, "×": False}  # fmt: skip
SEPARATORS = re.compile(r"[、，,;；\n]+")
_POINTS = re.compile(r"[;；\n]+")
_POINT = re.compile(r"(?P<day>\S+?)[\s:：]+(?P<percent>\d+(?:\.\d+)?)\s*[%％]?(?:[\s:：]+(?P<standard>.+))?")
_DAY = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?")
# Day 0 of a spreadsheet's calendar; a date that lost its format arrives as a number of days since then.
_EPOCH = date(1899, 12, 30)


def understood(field: Field, value: Cell, organisations: Mapping[str, str]) -> Any:
    """A cell as an answer; a text that is too long stays too long."""
    text = str(value).strip()
    if len(text) > LONGEST_CELL:
        return text
    if field.name == "sub_item":
        found = sub_item(value)
        return found if found is not None else text
    reader = _READERS.get(field.type)
    if reader is not None:
        return reader(field, value, text)
    if field.type == "org":
        return organisations.get(text, text)
    if field.type == "orgs":
        return [organisations.get(part, part) for part in _parts(text)]
    return _plain_number(value) if isinstance(value, float) else text


def written(field: Field, value: Any, names: Mapping[str, str]) -> Cell:
    if value is None:
        return None
    if field.type == "bool":
        return YES if value else NO
    if field.name == "sub_item":
        known = sub_items().get(value)
        return known.title if known is not None else str(value)
    if field.type == "date":
        return date.fromisoformat(value)
    if field.type in ("org", "orgs"):
        return "、".join(names.get(code, code) for code in ([value] if isinstance(value, str) else value))
    if field.type in ("enum", "multi"):
        labels = dict(field.options)
        return "、".join(labels.get(one, one) for one in ([value] if isinstance(value, str) else value))
    if field.type == "geo":
        return f"{value['lat']}, {value['lon']}"
    if field.type == "table":
        return "；".join(_point(one) for one in value)
    return value if isinstance(value, int | float) else str(value)


def _point(milestone: Mapping[str, Any]) -> str:
    percent = milestone["planned_percent"]
    return f"{milestone['date']} {_plain_number(float(percent))}% {milestone.get('standard') or ''}".strip()


def _read_bool(_field: Field, value: Cell, text: str) -> Any:
    return value if isinstance(value, bool) else _WORDS.get(text.removesuffix(".0").lower(), text)


def _read_number(_field: Field, value: Cell, text: str) -> Any:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return int(value) if value == int(value) else value
    number = read_decimal(text)
    if number is None:
        return text
    return int(number) if number == number.to_integral_value() else float(number)


def _read_day(_field: Field, value: Cell, text: str) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    serial = whole(value)
    if serial is not None and 30_000 < serial < 80_000:
        return (_EPOCH + timedelta(days=serial)).isoformat()
    match = _DAY.fullmatch(text)
    return f"{match[1]}-{int(match[2]):02}-{int(match[3]):02}" if match else text


def _read_choice(field: Field, _value: Cell, text: str) -> Any:
    return next((value for value, shown in field.options if text in (shown, value)), text)


def _read_choices(field: Field, value: Cell, text: str) -> Any:
    return [_read_choice(field, value, part) for part in _parts(text)]


def _read_place(_field: Field, _value: Cell, text: str) -> Any:
    parts = [read_decimal(part) for part in re.split(r"[,，\s]+", text)]
    if len(parts) != 2 or parts[0] is None or parts[1] is None:
        return text
    return {"lat": float(parts[0]), "lon": float(parts[1])}


def _read_points(field: Field, value: Cell, text: str) -> Any:
    found = []
    for part in _POINTS.split(text):
        if not part.strip():
            continue
        match = _POINT.fullmatch(part.strip())
        if match is None:
            return text
        point = {
            "date": _read_day(field, None, match["day"]),
            "planned_percent": _plain_number(float(match["percent"])),
        }
        found.append(point | ({"standard": match["standard"].strip()} if match["standard"] else {}))
    return found


_READERS = {
    "bool": _read_bool,
    "decimal": _read_number,
    "date": _read_day,
    "enum": _read_choice,
    "multi": _read_choices,
    "geo": _read_place,
    "table": _read_points,
}
_EXPLANATIONS = {
    "bool": "填“是”或“否”。",
    "date": "如 2013-05-06。",
    "org": "单位名称或代码。",
    "orgs": "单位名称或代码，多个用“、”分开。",
    "geo": "纬度, 经度，如 39.92, 116.44。",
    "table": "每个节点写“日期 百分比 节点标准（可不填）”，节点之间用“；”分开，如 2013-06-30 20%；2013-12-20 100%。",
}


def explanation(field: Field) -> str:
    options = "、".join(shown for _, shown in field.options)
    several = "，多个用“、”分开" if field.type == "multi" else ""
    parts = [field.help, f"选项：{options}{several}。" if options else "", _EXPLANATIONS.get(field.type, "")]
    return "".join(parts)


def _parts(text: str) -> list[str]:
    return [part.strip() for part in SEPARATORS.split(text) if part.strip()]


def sub_item(cell: Cell) -> str | None:
    found = find(cell) if isinstance(cell, str) else None
    return found.code if found else None


def whole(value: Cell) -> int | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, str) and value.strip().isdecimal() and len(value.strip()) <= 9:
        return int(value)
    if isinstance(value, int):
        return value
    return int(value) if isinstance(value, float) and value == int(value) else None


def _plain_number(value: float) -> int | float:
    return int(value) if value == int(value) else value
