"""The rounds of a campaign for pages: what was done, what is late, left out, or never began. Reads only. S4.6"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from types import MappingProxyType
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bpmn.moment import Moment
from engine.access import Actor, NotFound, visible
from engine.tables import Instance
from workflows import cycles, parameters, periods
from workflows.cycles import KINDS
from workflows.periods import Period
from workflows.sight import sight
from workflows.tables import Campaign, Cycle

Step = Callable[[date], Period]
# Kinds whose rounds follow each other without gap, as long as the campaign goes on.
STEADY: Mapping[str, Step] = MappingProxyType(
    {"flash": periods.week, "monthly": periods.month, "meeting": periods.month, "quarterly": periods.quarter}
)
FLAGGED = ("late", "skipped", "missed")


@dataclass(frozen=True, slots=True)
class Round:
    """``state``: running, done, late (not done though due), skipped (left out, for a reason), missed (never begun).

    ``was_late``: done, but after it was due.
    """

    kind: str
    title: str
    period: str
    label: str
    due_on: date
    state: str
    was_late: bool
    postponed: int
    reason: str | None
    instance_id: str | None

    @property
    def is_alarming(self) -> bool:
        """Whether somebody should look at it: a bulletin without news is left out as a matter of course."""
        return self.state in FLAGGED and (self.kind, self.state) != ("flash", "skipped")


@dataclass(frozen=True, slots=True)
class View:
    """``cases``: the ids of those that the person may open."""

    campaign: Campaign
    rounds: tuple[Round, ...]
    cases: frozenset[str]


def rounds(session: Session, campaign_id: str, moment: Moment) -> tuple[Round, ...]:
    """All rounds of a campaign up to now, the latest first. Three statements. Raises NotFound."""
    campaign = session.get(Campaign, campaign_id)
    if campaign is None:
        raise NotFound
    rows = session.scalars(select(Cycle).where(Cycle.campaign_id == campaign_id)).all()
    found = [_of(row, moment) for row in rows]
    begun = {(row.kind, row.period) for row in rows}
    rhythm = parameters.values(session, moment.today, cycles.RHYTHM)
    found += [one for one in _expected(campaign, rhythm, moment) if (one.kind, one.period) not in begun]
    return tuple(sorted(found, key=lambda one: (one.due_on, one.kind, one.period), reverse=True))


def view(session: Session, actor: Actor, campaign_id: str, moment: Moment) -> View:
    """For a page: who sees the campaign at all sees its rounds. Raises NotFound, NotYours."""
    sight(actor)
    found = rounds(session, campaign_id, moment)
    cases = [one.instance_id for one in found if one.instance_id]
    open_to = session.scalars(select(Instance.id).where(Instance.id.in_(cases), visible(actor)))
    return View(session.get_one(Campaign, campaign_id), found, frozenset(open_to))


def missed(session: Session, campaign_id: str, moment: Moment) -> tuple[Round, ...]:
    """The rounds that call for attention: late, left out, or never begun; the latest first. Raises NotFound."""
    return tuple(one for one in rounds(session, campaign_id, moment) if one.state in FLAGGED)


def _of(row: Cycle, moment: Moment) -> Round:
    late = row.status == "running" and row.due_on < moment.today
    ended = row.ended_at.astimezone(moment.calendar.zone).date() if row.ended_at else moment.today
    return Round(
        kind=row.kind,
        title=KINDS.get(row.kind, row.kind),
        period=row.period,
        label=periods.read(row.period).label,
        due_on=row.due_on,
        state="late" if late else row.status,
        was_late=row.status == "done" and ended > row.due_on,
        postponed=row.postponed,
        reason=row.reason,
        instance_id=row.instance_id,
    )


def _expected(campaign: Campaign, rhythm: Mapping[str, Any], moment: Moment) -> Iterator[Round]:
    """The rounds whose due day has passed; none of a campaign that never opened or was cancelled."""
    if campaign.opened_at is None or campaign.status not in ("active", "closed"):
        return
    for kind, step in STEADY.items():
        period = step(campaign.start_date)
        while period.first <= min(campaign.end_date, moment.today):
            due = cycles.due_day(kind, period, rhythm, moment.calendar)
            if due is not None and due < moment.today:
                yield Round(kind, KINDS[kind], period.key, period.label, due, "missed", False, 0, None, None)
            period = step(period.last + timedelta(days=1))
