"""The state of a whole campaign on one page: set-based reads, a handful of statements whatever the number of items.

Every number here counts rows that `item_lists.rows` shows for the same conditions.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import dropwhile
from typing import Any

from sqlalchemy import and_, case, distinct, func, literal, or_, select, union_all
from sqlalchemy.orm import Session

from bpmn.moment import Moment
from engine.access import Actor, NotFound
from engine.tables import Organisation
from workflows import cycle_lists, hands, register_lists
from workflows.campaigns import districts_of
from workflows.hands import Hand
from workflows.item_lists import LIGHTS, UNLIT, Row, Wanted, begin_of, in_campaign, is_overdue, rows
from workflows.sight import Sight, sight
from workflows.tables import Campaign, Ledger, LedgerItem, LightChange, ProgressReport, Urging

TREND_DAYS = 92
HANDS_SHOWN = 12
OVERDUE_SHOWN = 8
TURNS_SHOWN = 8


@dataclass(frozen=True, slots=True)
class Counts:
    """How many items show which light; ``overdue`` ones are counted among them once more."""

    lights: Mapping[str, int]
    overdue: int = 0

    @property
    def total(self) -> int:
        return sum(self.lights.values())

    def of(self, light: str) -> int:
        return self.lights.get(light, 0)

    def __add__(self, other: Counts) -> Counts:
        return Counts(Counter(self.lights) + Counter(other.lights), self.overdue + other.overdue)


@dataclass(frozen=True, slots=True)
class Place:
    """A district with its ledger and its counts, in all and by task code."""

    code: str
    name: str
    ledger_id: str | None
    ledger_status: str | None
    counts: Counts
    tasks: Mapping[str, Counts]


@dataclass(frozen=True, slots=True)
class Day:
    """How many items showed each light when the day was over."""

    day: date
    lights: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Turn:
    """How many items went from one light (None: from none) to another."""

    before: str | None
    after: str
    count: int


@dataclass(frozen=True, slots=True)
class Turned:
    """An item that turned red."""

    item_id: str
    name: str | None
    district_name: str
    before: str | None
    rule: str


@dataclass(frozen=True, slots=True)
class Overview:
    campaign: Campaign
    others: tuple[Campaign, ...]
    places: tuple[Place, ...]
    totals: Counts
    by_task: Mapping[str, Counts]
    trend: tuple[Day, ...]
    since: date
    turns: tuple[Turn, ...]
    turned_red: tuple[Turned, ...]
    events: Mapping[str, int]  # closed, reported, verified, urged: items since yesterday
    hands: tuple[Hand, ...]
    hands_count: int
    overdue: tuple[Row, ...]
    registers: Mapping[str, int]  # how many entries are open
    flagged: int  # rounds of what recurs that somebody should look at
    is_whole: bool  # the whole city, not only some districts


def newest(session: Session, actor: Actor) -> str | None:
    """The id of the campaign that people mean: the newest active one, else the newest. Raises NotYours."""
    sight(actor)
    order = case((Campaign.status == "active", 0), (Campaign.status == "closed", 1), else_=2)
    return session.scalar(select(Campaign.id).order_by(order, Campaign.created_at.desc(), Campaign.id).limit(1))


def view(session: Session, actor: Actor, campaign_id: str, moment: Moment) -> Overview:
    """Raises NotFound, NotYours."""
    districts = sight(actor)
    campaigns = session.scalars(select(Campaign).order_by(Campaign.created_at.desc())).all()
    campaign = next((one for one in campaigns if one.id == campaign_id), None)
    if campaign is None:
        raise NotFound
    cells = _cells(session, campaign_id, districts, moment)
    totals = sum(cells.values(), Counts({}))
    since = moment.today - timedelta(days=1)
    found_hands = hands.of_items(session, campaign_id, districts, moment)
    overdue, _ = rows(session, actor, Wanted(campaign_id, only="overdue"), moment, OVERDUE_SHOWN, 0)
    return Overview(
        campaign=campaign,
        others=tuple(one for one in campaigns if one.id != campaign_id),
        places=_places(session, campaign, districts, cells),
        totals=totals,
        by_task=_summed(cells, 1),
        trend=_trend(session, campaign, districts, totals, moment),
        since=since,
        turns=_turns(session, campaign_id, districts, since),
        turned_red=_turned_red(session, campaign_id, districts, since),
        events=_events(session, campaign_id, districts, since, moment),
        hands=tuple(found_hands[:HANDS_SHOWN]),
        hands_count=len(found_hands),
        overdue=tuple(overdue),
        registers=register_lists.open_counts(session, actor, campaign_id),
        flagged=sum(one.is_alarming for one in cycle_lists.missed(session, campaign_id, moment)),
        is_whole=districts is None,
    )


def _cells(session: Session, campaign_id: str, districts: Sight, moment: Moment) -> dict[tuple[str, str], Counts]:
    """(district, task code) -> counts. One statement."""
    late = func.sum(case((is_overdue(moment), 1), else_=0))
    query = (
        select(LedgerItem.district, LedgerItem.task_code, LedgerItem.light, func.count(), late)
        .where(*in_campaign(campaign_id, districts))
        .group_by(LedgerItem.district, LedgerItem.task_code, LedgerItem.light)
    )
    found: dict[tuple[str, str], Counts] = defaultdict(lambda: Counts({}))
    for district, task, light, count, overdue in session.execute(query):
        found[district, task] += Counts({light or UNLIT: count}, int(overdue))
    return dict(found)


def _summed(cells: Mapping[tuple[str, str], Counts], place: int) -> dict[str, Counts]:
    found: dict[str, Counts] = defaultdict(lambda: Counts({}))
    for key, counts in cells.items():
        found[key[place]] += counts
    return dict(found)


def _places(
    session: Session, campaign: Campaign, districts: Sight, cells: Mapping[tuple[str, str], Counts]
) -> tuple[Place, ...]:
    wanted = [code for code in districts_of(campaign) if districts is None or code in districts]
    query = (
        select(Organisation.code, Organisation.name, Ledger.id, Ledger.status)
        .outerjoin(Ledger, and_(Ledger.district == Organisation.code, Ledger.campaign_id == campaign.id))
        .where(Organisation.code.in_(wanted))
    )
    known = {row.code: row for row in session.execute(query)}
    whole = _summed(cells, 0)
    return tuple(
        Place(
            code,
            known[code].name,
            known[code].id,
            known[code].status,
            whole.get(code, Counts({})),
            {task: counts for (district, task), counts in cells.items() if district == code},
        )
        for code in wanted
        if code in known
    )


def _trend(session: Session, campaign: Campaign, districts: Sight, now: Counts, moment: Moment) -> tuple[Day, ...]:
    """Worked out backwards from what is lit now, one statement: the last day is always right.

    It begins with the first day on which anything was lit.
    """
    start = max(campaign.start_date, moment.today - timedelta(days=TREND_DAYS))
    query = (
        select(LightChange.day, LightChange.before, LightChange.after, func.count())
        .join(LedgerItem, LedgerItem.id == LightChange.item_id)
        .where(*in_campaign(campaign.id, districts), LightChange.day > start)
        .group_by(LightChange.day, LightChange.before, LightChange.after)
    )
    moves: dict[date, list[tuple[str | None, str, int]]] = defaultdict(list)
    for day, before, after, count in session.execute(query):
        moves[day].append((before, after, count))
    last = min(moment.today, max([campaign.end_date, *moves]))
    lit = {light: now.of(light) for light in LIGHTS}
    found = [Day(last, dict(lit))]
    for back in range((last - start).days):
        day = last - timedelta(days=back)
        for before, after, count in moves.get(day, ()):
            lit[after] -= count
            if before:
                lit[before] += count
        found.append(Day(day - timedelta(days=1), dict(lit)))
    return tuple(dropwhile(lambda day: not any(day.lights.values()), reversed(found)))


def _turns(session: Session, campaign_id: str, districts: Sight, since: date) -> tuple[Turn, ...]:
    items = func.count(distinct(LightChange.item_id))
    query = (
        select(LightChange.before, LightChange.after, items)
        .join(LedgerItem, LedgerItem.id == LightChange.item_id)
        .where(*in_campaign(campaign_id, districts), LightChange.day >= since)
        .where(or_(LightChange.before.is_(None), LightChange.before != LightChange.after))
        .group_by(LightChange.before, LightChange.after)
    )
    found = [Turn(*row) for row in session.execute(query)]
    return tuple(sorted(found, key=lambda turn: (LIGHTS.index(turn.after), -turn.count)))


def _turned_red(session: Session, campaign_id: str, districts: Sight, since: date) -> tuple[Turned, ...]:
    query = (
        select(LedgerItem.id, LedgerItem.item_name, Organisation.name, LightChange.before, LightChange.rule)
        .join(LedgerItem, LedgerItem.id == LightChange.item_id)
        .join(Organisation, Organisation.code == LedgerItem.district)
        .where(*in_campaign(campaign_id, districts), LightChange.day >= since, LightChange.after == "red")
        .where(or_(LightChange.before.is_(None), LightChange.before != "red"), LedgerItem.light == "red")
        .order_by(LightChange.at.desc(), LightChange.id.desc())
        .limit(TURNS_SHOWN)
    )
    return tuple(Turned(*row) for row in session.execute(query))


def _events(session: Session, campaign_id: str, districts: Sight, since: date, moment: Moment) -> dict[str, int]:
    """How many items were closed, reported, verified or urged. One statement."""
    start, mine = begin_of(since, moment), in_campaign(campaign_id, districts)

    def counted(name: str, table: Any, when: Any) -> Any:
        items = select(literal(name), func.count(distinct(table.item_id)))
        return items.join(LedgerItem, LedgerItem.id == table.item_id).where(*mine, when >= start)

    closed = select(literal("closed"), func.count()).select_from(LedgerItem)
    query = union_all(
        closed.where(*mine, LedgerItem.status == "closed", LedgerItem.closed_at >= start),
        counted("reported", ProgressReport, ProgressReport.reported_at),
        counted("verified", ProgressReport, ProgressReport.verified_at),
        counted("urged", Urging, Urging.at),
    )
    return dict(session.execute(query).all())
