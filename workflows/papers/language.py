"""The language of templates: Jinja in a sandbox, with few filters, bounded, and a plain text for what data hold.

Administrators write templates, so a template may neither reach into the program nor use it up: no attributes of objects
but items of mappings, a handful of methods, no multiplication of texts, at most so many characters.  What comes out is
cleaned to the subset of HTML of `forms.richtext` in any case.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from typing import Any

from jinja2 import StrictUndefined, Template, TemplateError, Undefined
from jinja2.exceptions import SecurityError
from jinja2.runtime import LoopContext
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup

from faults import N_, Problem, Refused
from forms import richtext
from forms.prefilled import day_of
from workflows.documents import FORMS
from workflows.organisation import units
from workflows.roles import TASK_CODES

LONGEST_TEMPLATE, LONGEST_TEXT = 50_000, 200_000  # characters
LONGEST_RANGE = 1_000

_KEPT = (
    "abs", "default", "d", "dictsort", "e", "escape", "first", "float", "groupby", "int", "items", "join", "last",
    "length", "count", "list", "lower", "map", "max", "min", "reject", "rejectattr", "replace", "reverse", "round",
    "safe", "select", "selectattr", "sort", "string", "striptags", "sum", "trim", "truncate", "unique", "upper",
)  # fmt: skip
_METHODS = {
    str: {"endswith", "lower", "lstrip", "rstrip", "split", "startswith", "strip", "upper"},
    dict: {"get", "items", "keys", "values"},
    LoopContext: {"first", "index", "index0", "last", "length", "revindex"},
}


_LIGHTS = {"red": "红灯", "yellow": "黄灯", "green": "绿灯", "blue": "蓝灯", "grey": "灰灯"}


class TemplateRefused(Refused):
    """The template can't be used like this. Mend what is marked and try again."""


class _Environment(ImmutableSandboxedEnvironment):
    intercepted_binops = frozenset(("*", "**", "%", "+"))

    def getattr(self, obj: Any, attribute: str) -> Any:
        # An item called "items" is meant, not the method.
        return obj[attribute] if isinstance(obj, Mapping) and attribute in obj else super().getattr(obj, attribute)

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        allowed = next((names for kind, names in _METHODS.items() if isinstance(obj, kind)), ())
        return attr in allowed and super().is_safe_attribute(obj, attr, value)

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
        if operator != "+" and not all(isinstance(one, int | float | Decimal) for one in (left, right)):
            raise SecurityError(f"{operator} is for numbers")
        if operator == "**":
            raise SecurityError("** is not allowed")
        result = super().call_binop(context, operator, left, right)
        if isinstance(result, str | list) and len(result) > LONGEST_TEXT:
            raise SecurityError("the text is too long")
        return result


def compiled(text: str) -> Template:
    """Raises TemplateRefused for what can't be read as a template."""
    if len(text) > LONGEST_TEMPLATE:
        message = N_("The template is longer than {most} characters.")
        raise TemplateRefused([Problem("text", "too_long", message, {"most": LONGEST_TEMPLATE})])
    try:
        return _compiled(text)
    except TemplateError as error:
        raise _refused(error) from error
    except RecursionError as error:
        raise TemplateRefused([Problem("text", "template", N_("The template is nested too deep."))]) from error


def filled(template: Template, data: Mapping[str, Any]) -> str:
    """The HTML that the template makes of the data, not cleaned yet. Raises TemplateRefused."""
    parts, length = [], 0
    try:
        for part in template.generate(**data):
            length += len(part)
            if length > LONGEST_TEXT:
                raise SecurityError("the text is too long")
            parts.append(part)
    except TemplateError as error:
        raise _refused(error) from error
    except (ArithmeticError, LookupError, RecursionError, TypeError, ValueError) as error:
        message = N_("The template does not fit the data: {error}")
        raise TemplateRefused([Problem("text", "data", message, {"error": str(error)[:200]})]) from error
    return "".join(parts)


@cache
def _environment() -> _Environment:
    environment = _Environment(
        autoescape=True, undefined=StrictUndefined, finalize=_written, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters = {name: environment.filters[name] for name in _KEPT} | FILTERS
    environment.globals = {"range": _range}
    return environment


@cache
def _compiled(text: str) -> Template:
    return _environment().from_string(text)


def _refused(error: TemplateError) -> TemplateRefused:
    line = getattr(error, "lineno", None)
    if line:
        message = N_("Line {line}: {error}")
        return TemplateRefused([Problem("text", "template", message, {"line": line, "error": error.message or ""})])
    return TemplateRefused([Problem("text", "template", N_("{error}"), {"error": error.message or ""})])


def _range(*bounds: int) -> range:
    found = range(*bounds)
    if len(found) > LONGEST_RANGE:
        raise SecurityError(f"a range has at most {LONGEST_RANGE} steps")
    return found


# ---- filters: how values read in a paper


def _written(value: Any) -> Any:
    if value is None:
        return ""
    if isinstance(value, datetime | date):
        return day(value)
    if isinstance(value, Decimal | float):
        return number(value)
    return value


def day(value: Any) -> str:
    """2013年4月19日; what is no day stays as it is."""
    found = day_of(value)
    return f"{found.year}年{found.month}月{found.day}日" if found else _text(value)


def month(value: Any) -> str:
    """2013年4月; a period 2013-04 reads so too."""
    found = day_of(f"{value}-01" if isinstance(value, str) and len(value) == 7 else value)
    return f"{found.year}年{found.month}月" if found else _text(value)


def number(value: Any) -> str:
    """Without zeros that say nothing: 26000, 0.5."""
    if isinstance(value, Undefined) or value is None or isinstance(value, bool):
        return ""
    try:
        amount = Decimal(str(value)).normalize()
    except ArithmeticError:
        return str(value)
    return f"{amount:f}" if amount.is_finite() else str(value)


def unit(value: Any) -> str:
    """The name of an organisation; several with 、 between."""
    if isinstance(value, str):
        known = units().get(value)
        return known.name if known else value
    return "、".join(unit(one) for one in value or ()) if isinstance(value, Iterable) else _text(value)


def task(value: Any) -> str:
    """The name of a task code: air reads 大气污染治理."""
    if isinstance(value, str):
        return TASK_CODES.get(value, value)
    return "、".join(task(one) for one in value or ()) if isinstance(value, Iterable) else _text(value)


def light(value: Any) -> str:
    return _LIGHTS.get(value, value) if isinstance(value, str) else _text(value)


def option(value: Any, field: str) -> str:
    """The words of a choice: ``severity | option("common_problem/triage_problem.severity")``."""
    if isinstance(value, str):
        return _options(field).get(value, value)
    return "、".join(option(one, field) for one in value or ()) if isinstance(value, Iterable) else _text(value)


def paragraphs(value: Any) -> Markup:
    """A text of several lines, each a paragraph; rich text stays what it is (and is cleaned with all the rest)."""
    text = _text(value)
    if richtext.is_rich(text):
        return Markup(richtext.clean(text))  # noqa: S704 (cleaned)
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return Markup("").join(Markup("<p>{}</p>\n").format(line) for line in lines)


def chinese(value: Any) -> str:
    """A count in Chinese numerals up to 99: 3 reads 三, as in （三）."""
    count = int(value)
    if not 0 <= count < 100:
        return str(count)
    digits, tens, ones = "〇一二三四五六七八九", count // 10, count % 10
    if count < 10:
        return digits[count]
    return ("" if tens == 1 else digits[tens]) + "十" + (digits[ones] if ones else "")


FILTERS: dict[str, Callable[..., Any]] = {
    "day": day,
    "month": month,
    "number": number,
    "unit": unit,
    "task": task,
    "light": light,
    "option": option,
    "paragraphs": paragraphs,
    "chinese": chinese,
}


def _text(value: Any) -> str:
    return "" if value is None or isinstance(value, Undefined) else str(value)


@cache
def _options(field: str) -> Mapping[str, str]:
    """The words of the options of ``form.field`` or ``form.table.column``; none where there is no such field."""
    form, _, path = field.partition(".")
    file = FORMS / f"{form}.json"
    found = json.loads(file.read_text("utf-8")) if ".." not in form and file.is_file() else {}
    for name in path.split("."):
        columns = found.get("fields", found.get("columns", []))
        found = next((one for one in columns if one["name"] == name), {})
    return dict(found.get("options", []))
