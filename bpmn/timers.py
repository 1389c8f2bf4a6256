"""Timer texts: ISO 8601 dates, durations and cycles, working-day terms and expressions.

``date``      ``2013-05-06`` (end of that working day), ``2013-05-06T09:00``, ``wd(3)``, ``=issue_order.deadline``
``duration``  ``P3D``, ``PT10M``, ``wd(3)``, an expression that gives a duration (or an instant)
``cycle``     ``R3/PT10M``, ``R/P7D``, with a start ``R/2013-05-31T17:30/P1M`` or an end ``R/P7D/2013-12-31``, or an
              expression after the ``R/``, evaluated anew from each due time: ``R/wd(1)``, ``R/wd_of_month(-5)``
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any, Literal, TypeVar

from bpmn.expressions import Expression, ExpressionFault, compile_expression
from bpmn.instants import (
    Duration,
    is_duration,
    is_moment_in_time,
    parse_date,
    parse_duration,
    shift_instant,
    to_instant,
)
from bpmn.moment import Moment
from faults import N_, Fault

Result = TypeVar("Result")
Kind = Literal["date", "duration", "cycle"]

SHORTEST_CYCLE = timedelta(minutes=1)
MOST_REPEATS = 10_000
LONGEST_TEXT = 4_000

MESSAGES: Mapping[str, str] = {
    "empty": N_("The timer has no time. Write for example P3D (three days), wd(3) (three working days) or 2013-05-06."),
    "too_long": N_("The time of the timer is too long a text. Compute it in a script task before."),
    "unreadable": N_(
        "“{text}” is no time that a timer can read. "
        "Write for example P3D, PT10M, wd(3), 2013-05-06T17:30, R3/PT10M or an expression like =issue_order.deadline."
    ),
    "duration_as_date": N_("“{text}” is a duration, but the timer waits for a date. Choose the timer type “duration”."),
    "date_as_duration": N_("“{text}” is a date, but the timer waits for a duration. Choose the timer type “date”."),
    "cycle_as_other": N_("“{text}” repeats. Choose the timer type “cycle”, or remove the R… part."),
    "not_a_cycle": N_("“{text}” does not repeat. Write R/{text} for without end or R3/{text} for three times."),
    "cron": N_("“{text}” looks like a cron line, which is not understood. Write a cycle such as R/P1D or R/wd(1)."),
    "absurd": N_("“{text}” is an absurd time ({what}). Check it for a slip of the pen."),
    "too_often": N_(
        "“{text}” repeats too often. A cycle must be at least one minute long and repeat at most {most} times."
    ),
    "standstill": N_("“{text}” gives {due} again instead of a later time, so the cycle can't go on."),
    "not_a_time": N_("“{text}” gives “{found}”, which is neither a date nor a duration."),
}


class TimerFault(Fault):
    """The time of a timer can't be read. Mend it in the diagram, or the data that it uses."""

    def __init__(self, code: str, **params: Any) -> None:
        super().__init__(MESSAGES[code], **params)
        self.code = code


@dataclass(frozen=True, slots=True)
class Timer:
    """``expression`` is set where the text is one; ``repeats`` None is for ever (cycles) or does not apply."""

    kind: Kind
    text: str
    expression: Expression | None = None
    duration: Duration | None = None
    at: str | None = None  # a literal date or instant; for a cycle, its start
    until: str | None = None
    repeats: int | None = None

    @property
    def names(self) -> frozenset[str]:
        return self.expression.names if self.expression else frozenset()

    def due(self, names: Mapping[str, Any], moment: Moment) -> datetime:
        """When it is due (a cycle: the first time), an aware instant, possibly past.

        Raises TimerFault, and ExpressionFault where an expression fails.
        """
        if self.kind == "cycle":
            return self._first(names, moment)
        if self.at is not None:
            return _instant(self.at, moment, self.text)
        if self.duration is not None:
            return _shifted(moment.now, self.duration, moment, self.text)
        return self._evaluated(names, moment)

    def next(
        self, previous_due: datetime, moment: Moment, count: int, names: Mapping[str, Any] | None = None
    ) -> datetime | None:
        """The time after ``previous_due``, when the cycle has fired ``count`` times (1 after the first); None: over.

        A missed time is not skipped: the result may lie in the past.  ``names`` are needed where the cycle is an
        expression with names.  Raises as `due`.
        """
        if self.kind != "cycle" or (self.repeats is not None and count >= self.repeats):
            return None
        if self.expression is not None and self.duration is None:
            concrete = self._concrete(names or {}, replace(moment, now=previous_due))
            if isinstance(concrete, Timer):
                return concrete.next(previous_due, moment, count)
            due = concrete
        elif self.at is not None:
            # Counting from the start keeps the 31st of a month through February.
            start = _instant(self.at, moment, self.text)
            assert self.duration is not None
            due = _shifted(start, _multiplied(self.duration, count, self.text), moment, self.text)
        else:
            assert self.duration is not None
            due = _shifted(previous_due, self.duration, moment, self.text)
        if due <= previous_due:
            raise TimerFault("standstill", text=self.text, due=due.isoformat())
        return None if self._is_over(due, moment) else due

    def _first(self, names: Mapping[str, Any], moment: Moment) -> datetime:
        if self.at is not None:
            return _instant(self.at, moment, self.text)
        if self.duration is not None:
            return _shifted(moment.now, self.duration, moment, self.text)
        concrete = self._concrete(names, moment)
        return concrete.due(names, moment) if isinstance(concrete, Timer) else concrete

    def _concrete(self, names: Mapping[str, Any], moment: Moment) -> Timer | datetime:
        """What a cycle's expression gives: the text of a cycle, a duration, or the next instant."""
        assert self.expression is not None
        value = self.expression.evaluate(names, moment)
        if isinstance(value, str) and value.startswith("R"):
            return _cycle(value)
        if isinstance(value, str) and is_duration(value):
            value = _duration(value)
        if isinstance(value, Duration):
            return replace(self, expression=None, duration=_steady(value, self.text))
        return _as_due(value, moment, self.text)

    def _evaluated(self, names: Mapping[str, Any], moment: Moment) -> datetime:
        assert self.expression is not None
        return _as_due(self.expression.evaluate(names, moment), moment, self.text)

    def _is_over(self, due: datetime, moment: Moment) -> bool:
        return self.until is not None and due > _instant(self.until, moment, self.text)


@lru_cache(maxsize=2048)
def compile_timer(kind: Kind, text: str) -> Timer:
    """Raises TimerFault, or ExpressionFault where the text is an expression with a fault."""
    text = _stripped(text)
    if kind == "cycle":
        return _cycle(text)
    if _REPEATING.match(text):
        raise TimerFault("cycle_as_other", text=_short(text))
    if is_duration(text):
        if kind == "date":
            raise TimerFault("duration_as_date", text=_short(text))
        return Timer(kind, text, duration=_forward(_duration(text), text))
    if is_moment_in_time(text):
        if kind == "duration":
            raise TimerFault("date_as_duration", text=_short(text))
        _check_instant(text)
        return Timer(kind, text, at=text)
    return Timer(kind, text, expression=_formula(text))


@lru_cache(maxsize=2048)
def compile_due(text: str) -> Timer:
    """A due time where no type is chosen (``ducha:due``): a duration, a date or an expression. Raises as above."""
    kind: Kind = "duration" if is_duration(_stripped(text)) else "date"
    return compile_timer(kind, text)


_REPEATING = re.compile(r"R\d*/")
_CRON = re.compile(r"([\d*?/,\-LW#A-Z]+\s+){4,6}[\d*?/,\-LW#A-Z]+")


def _stripped(text: str) -> str:
    if len(text) > LONGEST_TEXT:
        raise TimerFault("too_long")
    text = text.strip()
    if not text:
        raise TimerFault("empty")
    # The library that first executed such diagrams wanted ISO text as a quoted Python string: take it as meant.
    if len(text) > 2 and text[0] == text[-1] and text[0] in "\"'" and not set(text[1:-1]) & set("\"'"):
        return text[1:-1].strip()
    return text


def _cycle(text: str) -> Timer:
    match = _REPEATING.match(text)
    if not match:
        if _CRON.fullmatch(text):
            raise TimerFault("cron", text=_short(text))
        if is_duration(text) or is_moment_in_time(text):
            raise TimerFault("not_a_cycle", text=_short(text))
        return Timer("cycle", text, expression=_formula(text))
    head, rest = text[1 : match.end() - 1], text[match.end() :].strip()
    repeats = int(head) if head and len(head) < 9 else None
    if len(head) >= 9 or (repeats is not None and not 1 <= repeats <= MOST_REPEATS):
        raise TimerFault("too_often", text=_short(text), most=MOST_REPEATS)
    first, slash, last = rest.partition("/")
    first, last = first.strip(), last.strip()
    if slash and is_moment_in_time(first) and is_duration(last):
        _check_instant(first)
        return Timer("cycle", text, duration=_steady(_duration(last), text), at=first, repeats=repeats)
    if slash and is_duration(first) and is_moment_in_time(last):
        _check_instant(last)
        return Timer("cycle", text, duration=_steady(_duration(first), text), until=last, repeats=repeats)
    if is_duration(rest):
        return Timer("cycle", text, duration=_steady(_duration(rest), text), repeats=repeats)
    if not rest or is_moment_in_time(rest):
        raise TimerFault("unreadable", text=_short(text))
    return Timer("cycle", text, expression=_formula(rest), repeats=repeats)


def _formula(text: str) -> Expression:
    """An expression that can give a time: with ``=``, or one that calls a function or names a variable."""
    try:
        expression = compile_expression(text)
    except ExpressionFault:
        if text.startswith(("=", "$")) or "(" in text:
            raise
        raise TimerFault("unreadable", text=_short(text)) from None
    if not expression.names and not expression.calls:
        raise TimerFault("unreadable", text=_short(text))
    return expression


def _duration(text: str) -> Duration:
    try:
        return parse_duration(text)
    except ValueError as error:
        raise TimerFault("absurd", text=_short(text), what=str(error)) from None


def _forward(duration: Duration, text: str) -> Duration:
    if duration and not duration.positive:
        raise TimerFault("absurd", text=_short(text), what=N_("it lies in the past"))
    return duration


def _steady(duration: Duration, text: str) -> Duration:
    if not duration.positive or (not duration.months and duration.time < SHORTEST_CYCLE):
        raise TimerFault("too_often", text=_short(text), most=MOST_REPEATS)
    return duration


def _multiplied(duration: Duration, count: int, text: str) -> Duration:
    return _guarded(lambda: duration.times(count), text)


def _check_instant(text: str) -> None:
    """A literal date must exist: 2013-02-30 does not."""
    bare = text[:10]
    _guarded(lambda: parse_date(bare), text)
    if len(text) > 10:
        _guarded(lambda: datetime.fromisoformat(text), text)


def _instant(text: str, moment: Moment, written: str) -> datetime:
    return _guarded(lambda: to_instant(text, moment), written)


def _shifted(start: datetime, duration: Duration, moment: Moment, text: str) -> datetime:
    return _guarded(lambda: shift_instant(start, duration, moment), text)


def _guarded(compute: Callable[[], Result], text: str) -> Result:
    try:
        return compute()
    except (ValueError, OverflowError) as error:
        raise TimerFault("absurd", text=_short(text), what=str(error)) from None


def _as_due(value: Any, moment: Moment, text: str) -> datetime:
    if isinstance(value, str):
        value = value.strip()
        if is_duration(value):
            value = _duration(value)
        elif is_moment_in_time(value):
            return _instant(value, moment, text)
    if isinstance(value, Duration):
        return _shifted(moment.now, _forward(value, text), moment, text)
    if isinstance(value, date):
        return _guarded(lambda: to_instant(value, moment), text)
    raise TimerFault("not_a_time", text=_short(text), found=_short(str(value)))


def _short(text: str) -> str:
    return text if len(text) <= 80 else text[:79] + "…"
