"""Plans of visits (M2): what is proposed for a month, and whether a plan that was entered can be kept.

A district's supervision office goes out every month (S4.2a); it is proposed where: red and yellow items first, then
what nobody has looked at for longest.  House rules on a plan are codes that the form `plan_visit` puts into words.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bpmn.moment import Moment
from engine.tables import Instance, RoleGrant
from workflows import campaigns, parameters
from workflows.lights import LIT as TRACKED
from workflows.organisation import district_of, units
from workflows.recipients import of_roles
from workflows.tables import Campaign, LedgerItem, Visit
from workflows.tables.base import TITLE
from workflows.visit_teams import OFFICE
from workflows.visits import OFFICER, OPEN, get, is_joinable, items_of, objects_of

URGENCY = ("red", "yellow")
SUSPECTED = "suspect_false"


def propose(session: Session, moment: Moment) -> dict[str, Any]:
    """What each district of a campaign in force may visit this month; asked by the timer that starts the cases.

    Returns {"month_day": on which working day of the month, "items": [{"campaign_id", "title", "org", "targets",
    "reason", "source"}]}.  A district in which nothing is left to be looked at is not asked.
    """
    numbers = parameters.values(session, moment.today, ("visit_month_day", "visit_month_items", "visit_window_days"))
    seen = _visited(session, moment.today - timedelta(days=int(numbers["visit_window_days"])))
    rows = session.execute(
        select(
            LedgerItem.id,
            LedgerItem.campaign_id,
            LedgerItem.district,
            LedgerItem.light,
            LedgerItem.position,
            Campaign.title,
        )
        .join(Campaign, Campaign.id == LedgerItem.campaign_id)
        .where(Campaign.status == "active", LedgerItem.status.in_(TRACKED), LedgerItem.status != "suspended")
        .order_by(LedgerItem.campaign_id, LedgerItem.district, LedgerItem.position)
    )
    by_district: dict[tuple[str, str], list[Any]] = defaultdict(list)
    for row in rows:
        if row.id not in seen.lately:
            by_district[row.campaign_id, row.district].append(row)
    month = moment.today.isoformat()[:7]
    most = int(numbers["visit_month_items"])
    proposed = [
        {
            "campaign_id": campaign_id,
            "title": f"{found[0].title} {_name(district)}{month}月度现场督查"[:TITLE],
            "org": district,
            "targets": [row.id for row in _worst(found, seen.last)[:most]],
            "reason": "monthly",
            "source": "monthly_plan",
        }
        for (campaign_id, district), found in by_district.items()
    ]
    return {"month_day": int(numbers["visit_month_day"]), "items": proposed}


def proposed(session: Session, _instance: Instance, _inputs: Mapping[str, Any], moment: Moment) -> dict[str, Any]:
    """The same, asked by a service task."""
    return propose(session, moment)


def check(session: Session, instance: Instance, inputs: Mapping[str, Any], moment: Moment) -> dict[str, Any]:
    """Write the plan down and say what speaks against it, other visits apart.

    Returns {"fits", "problems": codes, "date", "objects", "joins": another visit is to be joined, "keeps": in spite of
    other visits, "times": how often it was put off before}.
    """
    visit = get(session, instance.id)
    joins, keeps = inputs["resolution"] == "join", inputs["resolution"] == "keep"
    if joins:
        other = session.get(Visit, inputs["join_visit"]) if isinstance(inputs["join_visit"], str) else None
        problems = [] if other is not None and is_joinable(visit, other) else ["cannot_join"]
    else:
        problems = list(_write(session, visit, inputs, moment))
    return {
        "fits": not problems,
        "problems": problems,
        "date": campaigns.day(inputs["visit_date"], moment).isoformat(),
        "objects": visit.objects,
        "joins": joins,
        "keeps": keeps,
        "times": visit.postponed,
    }


class _Visited:
    """``lately``: items that were or will be looked at within the window; ``last``: item -> the last day."""

    def __init__(self) -> None:
        self.lately: set[str] = set()
        self.last: dict[str, date] = {}


def _visited(session: Session, since: date) -> _Visited:
    seen = _Visited()
    rows = session.execute(
        select(Visit.targets, Visit.visit_date, Visit.status)
        .join(Campaign, Campaign.id == Visit.campaign_id)
        .where(Campaign.status == "active", Visit.status.in_((OPEN, "done")))
    )
    for targets, day, status in rows:
        for item in targets:
            if status == OPEN or (day is not None and day >= since):
                seen.lately.add(item)
            if day is not None:
                seen.last[item] = max(day, seen.last.get(item, day))
    return seen


def _name(district: str) -> str:
    unit = units().get(district)
    return unit.name if unit else district


def _worst(found: Iterable[Any], last: Mapping[str, date]) -> list[Any]:
    def order(row: Any) -> tuple[int, date, int]:
        light = URGENCY.index(row.light) if row.light in URGENCY else len(URGENCY)
        return light, last.get(row.id, date.min), row.position

    return sorted(found, key=order)


def _write(session: Session, visit: Visit, inputs: Mapping[str, Any], moment: Moment) -> Iterable[str]:
    """The plan as it was entered, with the items of visits that were merged into this one."""
    joined = session.scalars(select(Visit).where(Visit.merged_into == visit.id)).all()
    chosen = [*(inputs["targets"] or ()), *(item for one in joined for item in one.targets)]
    items = items_of(session, {"targets": chosen})
    visit.targets = [one.id for one in items]
    others = (unit for one in joined for unit in one.objects)
    visit.objects = list(dict.fromkeys([*objects_of(items, visit.org), *others]))
    visit.task_code = visit.task_code or next((one.task_code for one in items), None)
    visit.mode, visit.leader = inputs["mode"], inputs["team_leader"]
    visit.team, visit.invitees = list(inputs["team"] or ()), list(inputs["invitees"] or ())
    visit.visit_date = campaigns.day(inputs["visit_date"], moment)
    session.flush()
    yield from _about_the_day(session, visit, moment)
    yield from _about_the_team(session, visit, moment)
    if not visit.objects:
        yield "no_subject"
    if visit.district is not None and any(one.district != visit.district for one in items):
        yield "foreign_items"


def _about_the_day(session: Session, visit: Visit, moment: Moment) -> Iterable[str]:
    assert visit.visit_date is not None
    campaign = session.get(Campaign, visit.campaign_id) if visit.campaign_id else None
    notice = int(parameters.value(session, "visit_notice_days", moment.today))
    earliest = moment.working_days(notice).astimezone(moment.calendar.zone).date()
    if visit.visit_date < moment.today:
        yield "past"
    elif visit.mode == "announced" and visit.visit_date < earliest:
        yield "short_notice"
    if campaign is not None and visit.visit_date > campaign.end_date:
        yield "after_end"
    if visit.mode == "announced" and visit.reason == SUSPECTED:
        yield "announced"


def _about_the_team(session: Session, visit: Visit, moment: Moment) -> Iterable[str]:
    people = {visit.leader, *visit.team} - {None}
    if len(people) < int(parameters.value(session, "visit_team_least", moment.today)):
        yield "team_small"
    roles: Sequence[str] = OFFICE if visit.executor == "office" else (OFFICER,)
    if visit.leader not in of_roles(session, roles, visit.team_org, None):
        yield "leader"
    if visit.executor == "cross_district":
        homes = session.scalars(select(RoleGrant.org_code).where(RoleGrant.account_id.in_(sorted(map(str, people)))))
        if any(district_of(home or "") == visit.district for home in homes):
            yield "own_people"
