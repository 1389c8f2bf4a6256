"""On-site visits (M2, S4.2): registered, booked, merged, put off, and ended with an answer to who asked.

A visit has the id of its instance.  Who goes lies in `workflows.visit_teams`, plans in `workflows.visit_plans`, what is
found in `workflows.visit_records`.  Who goes and how often is decided by tables (`M2_visit_executor`,
`M2_visit_conflict`).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, or_, select
from sqlalchemy.orm import Session

from bpmn.moment import Moment
from engine.services import ServiceFault
from engine.tables import Instance, RoleGrant, Subscription, index_key
from faults import N_
from workflows import campaigns, serials, visit_calendar
from workflows.organisation import district_of
from workflows.tables import Finding, LedgerItem, Problem, Visit
from workflows.tables.base import ID, NAME, TITLE

OFFICER = "district_supervision_officer"
RESULT, JOINED = "msg_onsite_result", "msg_visit_joined"
OPEN = "planned"
ENDS = ("done", "refused", "cancelled")


def register(session: Session, instance: Instance, inputs: Mapping[str, Any], moment: Moment) -> dict[str, Any]:
    """Enter a visit that was asked for by a message, proposed for the month, or begun by hand.

    ``request`` is the payload, None by hand.  Returns what the diagram needs of it; ``severity`` is that of the problem
    that is to be verified, ``text`` what is known so far.
    """
    request = inputs["request"] or {}
    items = items_of(session, request)
    problem = _existing(session, Problem, request.get("problem_id"))
    unit = request.get("org") or instance.org or next((one.responsible_unit for one in items), None)
    district = next((one.district for one in items), None) or district_of(str(unit or ""))
    named = request.get("campaign_id") or next((one.campaign_id for one in items), None)
    visit = Visit(
        id=instance.id,
        number=serials.next_number(session, "visit", moment),
        title=instance.title[:TITLE],
        campaign_id=campaigns.of_case(session, named),
        district=district,
        org=unit,
        task_code=request.get("task_code") or instance.task_code or next((one.task_code for one in items), None),
        executor="district",
        team=[],
        invitees=[],
        targets=[one.id for one in items],
        objects=objects_of(items, unit),
        status=OPEN,
        reason=str(request.get("reason") or "manual")[:NAME],
        request_id=index_key(str(request["request_id"])) if request.get("request_id") else None,
        problem_id=problem.id if problem else None,
        source=_source(session, request)[:NAME],
        postponed=0,
        planned_at=moment.now,
    )
    session.add(visit)
    session.flush()
    campaign = campaigns.get(session, visit.campaign_id) if visit.campaign_id else None
    return {
        "visit_id": visit.id,
        "number": visit.number,
        "campaign_id": visit.campaign_id,
        "campaign_end": campaign.end_date.isoformat() if campaign else None,
        "district": district,
        "unit": unit,
        "task_code": visit.task_code,
        "targets": visit.targets,
        "reason": visit.reason,
        "source": visit.source,
        "severity": request.get("severity") or (problem.severity if problem else None),
        "in_district": district is not None,
        "by_office": visit.source == "manual" and not _holds(session, instance.starter, OFFICER),
        "text": _text(request, items, problem),
    }


def book(session: Session, instance: Instance, inputs: Mapping[str, Any], moment: Moment) -> dict[str, Any]:
    """The plan holds: its day is taken in the calendar of all units it concerns. Returns {"announced", "objects"}.

    ``seen`` are the clashes that were judged.  Raises ServiceFault: no_date, day_taken (there are others now).
    """
    visit = get(session, instance.id)
    if visit.visit_date is None:
        raise ServiceFault("no_date", N_("The visit {number} has no day yet."), number=visit.number)
    visit.clash_reason = inputs["clash_reason"]
    session.flush()  # its row is locked before the units are, as by whoever joins it
    if (seen := inputs.get("seen")) is not None:  # older versions do not give it
        asked = {"objects": visit.objects, "date": visit.visit_date.isoformat(), "purpose": visit.reason}
        visit_calendar.require_free(session, instance, asked, seen, moment)
    _enter(session, visit, instance)
    return {"announced": visit.mode == "announced", "objects": visit.objects}


def merge(session: Session, instance: Instance, inputs: Mapping[str, Any], moment: Moment) -> dict[str, Any]:
    """Go along with another visit: its team looks at these items as well, and answers those who asked for them.

    Returns {"visit_id": of the other one}. Raises ServiceFault: not_mergeable.
    """
    visit = get(session, instance.id)
    other = session.get(Visit, inputs["join_visit"], with_for_update=True, populate_existing=True)
    if other is None or not is_joinable(visit, other):
        raise ServiceFault("not_mergeable", N_("The visit that this one was to join has taken place, or will not."))
    other.targets = list(dict.fromkeys([*other.targets, *visit.targets]))
    other.objects = list(dict.fromkeys([*other.objects, *visit.objects]))
    for one in session.scalars(select(Visit).where(Visit.merged_into == visit.id)):
        one.merged_into = other.id
    visit_calendar.release(session, visit.id)
    _enter(session, other, session.get_one(Instance, other.id))
    visit.status, visit.merged_into, visit.ended_at = "merged", other.id, moment.now
    return {"visit_id": other.id, "number": other.number, "targets": other.targets}


def postpone(session: Session, instance: Instance, inputs: Mapping[str, Any], moment: Moment) -> dict[str, Any]:
    """Put the visit off, for the weather say; the day is given back. Returns {"date", "times"}."""
    visit = get(session, instance.id)
    visit.postponed += 1
    visit.visit_date = campaigns.day(inputs["date"], moment)
    visit.summary = inputs["reason"]
    visit_calendar.release(session, visit.id)
    return {"date": visit.visit_date.isoformat(), "times": visit.postponed}


def finish(session: Session, instance: Instance, inputs: Mapping[str, Any], moment: Moment) -> dict[str, Any]:
    """End the visit and say who is to be answered what.

    ``status`` is done, refused or cancelled; of a refused one the verdict is ``blocked``, of a cancelled one there is
    none.  Returns {"answers": [{"request_id", "item_id", "verdict", "measured_value"}], "opinion", "evidence_grade"}.

    Raises ServiceFault: bad_status.
    """
    visit, status = get(session, instance.id), inputs["status"]
    if status not in ENDS:
        raise ServiceFault("bad_status", N_("A visit can't end as “{status}”."), status=status)
    visit.status, visit.ended_at = status, moment.now
    if status != "done":
        visit.verdict = "blocked" if status == "refused" else None
        visit.summary = inputs["reason"] or visit.summary
    if visit.conducted_at is None:
        visit_calendar.release(session, visit.id)
    session.flush()
    verdicts = inputs["item_verdicts"] or {}
    measured = inputs["measured"] or {}
    answers = []
    for key, item_id in _asking(session, visit):
        verdict = visit.verdict if status != "done" or item_id not in verdicts else verdicts[item_id]
        answers.append(
            {
                "request_id": key,
                "item_id": item_id,
                "verdict": verdict,
                "measured_value": measured.get(item_id or "") if status == "done" else None,
            }
        )
    return {"answers": answers, "opinion": visit.summary, "evidence_grade": visit.evidence_grade}


def cancel(session: Session, instance: Instance, inputs: Mapping[str, Any], moment: Moment) -> dict[str, Any]:
    """The campaign is called off: nobody goes, nobody is answered. Returns {"status"}."""
    visit = session.get(Visit, instance.id)
    if visit is None:
        return {"status": "cancelled"}
    visit.status, visit.summary, visit.ended_at = "cancelled", inputs["reason"] or visit.summary, moment.now
    visit_calendar.release(session, visit.id)
    for finding in session.scalars(select(Finding).where(Finding.visit_id == visit.id, Finding.status == "found")):
        finding.status = "cancelled"
    return {"status": visit.status}


def get(session: Session, visit_id: Any) -> Visit:
    """Raises ServiceFault: no_visit."""
    visit = session.get(Visit, visit_id) if isinstance(visit_id, str) else None
    if visit is None:
        raise ServiceFault("no_visit", N_("There is no visit with the id {id}."), id=visit_id)
    return visit


def is_joinable(visit: Visit, other: Visit) -> bool:
    """Nobody goes along with a visit that is over, nor with one whose team may not look at it: who is suspected of a
    false report is looked at by others than his own district. A district learns of no surprise visit."""
    if other.id == visit.id or other.status != OPEN or other.conducted_at is not None:
        return False
    return visit.executor == other.executor or (visit.executor == "district" and other.mode == "announced")


def secret() -> ColumnElement[bool]:
    """A condition on Visit: those that the district that is visited must not know of yet."""
    ahead = and_(Visit.status == OPEN, Visit.conducted_at.is_(None), Visit.executor != "district")
    return and_(ahead, or_(Visit.mode.is_(None), Visit.mode != "announced"))


def _enter(session: Session, visit: Visit, instance: Instance) -> None:
    if visit.visit_date is not None:
        days = [visit.visit_date]
        visit_calendar.book(session, "visit", visit.objects, days, visit.title, instance, visit.campaign_id)
        if visit.executor != "district" and visit.mode != "announced":
            visit_calendar.conceal(session, visit.id)


def items_of(session: Session, request: Mapping[str, Any]) -> list[LedgerItem]:
    """The items that are named as ``targets`` or ``item_id``, in that order; unknown ones are passed over."""
    wanted = [one for one in (*(request.get("targets") or ()), request.get("item_id")) if isinstance(one, str)]
    found = {one.id: one for one in session.scalars(select(LedgerItem).where(LedgerItem.id.in_(wanted)))}
    return [found[one] for one in dict.fromkeys(wanted) if one in found]


def objects_of(items: Collection[LedgerItem], unit: Any) -> list[str]:
    """The units that answer for the items; where there is none, the unit that was named."""
    responsible = dict.fromkeys(one.responsible_unit for one in items if one.responsible_unit)
    return list(responsible) or ([unit] if isinstance(unit, str) else [])


def _existing(session: Session, table: type[Any], ident: Any) -> Any:
    return session.get(table, ident) if isinstance(ident, str) and len(ident) <= ID else None


def _source(session: Session, request: Mapping[str, Any]) -> str:
    """Who asks: he says so, or his case is known by the key."""
    if not request:
        return "manual"
    asking = _existing(session, Instance, request.get("source_instance_id") or request.get("request_id"))
    return str(request.get("source") or (asking.process_key if asking else "external"))


def _text(request: Mapping[str, Any], items: Collection[LedgerItem], problem: Problem | None) -> str:
    said = (request.get(name) for name in ("description", "facts", "requirement", "opinion", "clue"))
    known = [str(one) for one in said if one]
    known += [problem.facts] if problem and problem.facts else []
    known += [f"{one.sub_item} {one.item_name or ''}".strip() for one in items]
    return "\n".join(dict.fromkeys(known))


def _holds(session: Session, account: str | None, role: str) -> bool:
    held = exists().where(RoleGrant.account_id == account, RoleGrant.role == role)
    return account is not None and bool(session.scalar(select(held)))


def _asking(session: Session, visit: Visit) -> list[tuple[str, str | None]]:
    """Keys of the messages that are to be answered, with the item each is about: of whoever asked for this visit or for
    one that was merged into it, and of the cases that track the items."""
    merged = session.scalars(select(Visit).where(Visit.merged_into == visit.id).order_by(Visit.id)).all()
    own = [item for item in visit.targets if all(item not in one.targets for one in merged)]
    asked: dict[str, str | None] = {}
    for key, items in ((visit.request_id, own), *((one.request_id, one.targets) for one in merged)):
        if key:
            asked[key] = items[0] if len(items) == 1 else None
    tracked = select(LedgerItem.instance_id, LedgerItem.id).where(LedgerItem.id.in_(visit.targets))
    for case, item_id in session.execute(tracked):
        if case is not None and _is_waiting(session, case):
            asked[case] = item_id
    return list(asked.items())


def _is_waiting(session: Session, case: str) -> bool:
    waiting = exists().where(Subscription.instance_id == case, Subscription.name == RESULT, Subscription.key == case)
    return bool(session.scalar(select(waiting)))
