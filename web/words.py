"""Words for people: what the program says, what diagrams and forms say, instants.

The program's messages are English msgids; names in diagrams, forms and the organisation are Chinese msgids.  Both
kinds are looked up in the catalogue of the language that the person reads.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

import flask_babel
from markupsafe import Markup

from faults import Fault, Problem
from forms import richtext


def gettext(message: str, **params: Any) -> str:
    """A message of the program (``%(name)s`` templates) in the person's language."""
    return str(flask_babel.gettext(message, **params))


def ngettext(one: str, many: str, num: int, **params: Any) -> str:
    """The same for one or many; ``%(num)d`` is how many."""
    return str(flask_babel.ngettext(one, many, num, **params))


class _Lenient(dict[str, Any]):
    def __missing__(self, key: str) -> str:
        return "{" + key + "}"


def content(text: str | None) -> str:
    """A name of a diagram, form, role or organisation in the person's language."""
    return gettext(text) if text else ""


def sentences(documentation: str) -> str:
    """What a diagram says about an element, without the lines that name clauses: the msgid of its translation."""
    lines = [line.strip() for line in documentation.splitlines()]
    return "\n".join(line for line in lines if line and not line.startswith("clause:"))


def explained(documentation: str | None) -> str:
    return content(sentences(documentation or ""))


def template(message: str, params: Mapping[str, Any]) -> str:
    """A message of the engine (``{name}`` templates) in the person's language."""
    return gettext(message).format_map(_Lenient({name: _plain(value) for name, value in params.items()}))


def say(fault: Fault) -> str:
    return template(fault.message, fault.params)


def say_problem(problem: Problem) -> str:
    return template(problem.message, problem.params)


def rich(text: str) -> Markup:
    """Rich text as it may stand in a page: cleaned once more, whoever wrote it."""
    return Markup(richtext.clean(text))  # noqa: S704


def at(when: datetime) -> str:
    """``2013-05-06 17:30``, in the zone of the calendar; the year is always said, records are read years later."""
    return str(flask_babel.format_datetime(when, "yyyy-MM-dd HH:mm"))


def on(day: date) -> str:
    return str(flask_babel.format_date(day, "yyyy-MM-dd"))


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return at(value)
    if isinstance(value, date):
        return on(value)
    if isinstance(value, str):
        return content(value)
    if isinstance(value, list | tuple | set | frozenset):
        return gettext(", ").join(str(_plain(item)) for item in value)
    return value
