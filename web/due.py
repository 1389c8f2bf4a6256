"""How urgent something is: the light of `engine.light`, and the time left in words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bpmn.moment import Moment
from engine.light import Light, days_left, light, limits
from web.words import gettext, ngettext, template
from workflows import clocks
from workflows.clocks import Clock

COUNTED_DAYS = 60  # beyond that, calendar days say enough


@dataclass(frozen=True, slots=True)
class TimeLeft:
    light: Light
    words: str


def time_left(due: datetime, moment: Moment) -> TimeLeft:
    return TimeLeft(light(due, limits(moment)) or "green", _words(due, moment))


def clock_words(clock: Clock | None) -> str:
    """How a due day was counted, in one sentence; empty for none."""
    return gettext(", ").join(template(*one) for one in clocks.words(clock)) if clock else ""


def _words(due: datetime, moment: Moment) -> str:
    local = due.astimezone(moment.calendar.zone)
    days = (local.date() - moment.today).days
    if due < moment.now:
        if days == 0:
            return gettext("overdue since %(time)s", time=local.strftime("%H:%M"))
        return ngettext("%(num)d day overdue", "%(num)d days overdue", -days)
    if days == 0:
        return gettext("due today at %(time)s", time=local.strftime("%H:%M"))
    working = days_left(due, moment) if days <= COUNTED_DAYS else 0
    if working == 0:
        return ngettext("%(num)d day left", "%(num)d days left", days)
    return ngettext("%(num)d working day left", "%(num)d working days left", working)
