"""On-site visits (M2, S4.2): registered, given to a team, planned, merged, put off, and ended with an answer.

A visit has the id of its instance.  What is found there lies in `workflows.visit_records`, what is proposed for a month
in `workflows.visit_proposals`.  The rules of who goes and how often are decision tables (`M2_visit_executor`,
`M2_visit_conflict`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from bpmn.moment import Moment
from engine.services import ServiceFault
from engine.tables import Instance, RoleGrant, Subscription
from faults import N_
from workflows import campaigns, serials, visit_calendar
from workflows.organisation import district_of, of_kind
from workflows.recipients import of_roles
from workflows.tables import Finding, LedgerItem, Problem, Visit
from workflows.tables.base import ID, TITLE

OFFICER = "district_supervision_officer"
OFFICE = ("synthesis_officer", "task_group_officer")
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
        reason=str(request.get("reason") or "manual")[:100],
        request_id=request.get("request_id"),
        problem_id=problem.id if problem else None,
        source=_source(session, request),
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
        **_pending(session, visit, moment),
    }


def assign(session: Session, instance: Instance, inputs: Mapping[str, Any], moment: Moment) -> dict[str, Any]:
    """Send the visit to those who go: the district's office, that of another district by lot, or the Office itself.

    Whoever has it keeps it when it is put off.  Returns {"executor", "groups": roles, "team_org"}.
    """
    visit = get(session, instance.id)
    executor = str(inputs["executor"])
    if visit.team_org is None or visit.executor != executor:
        drawn = _other_district(session, instance, visit) if executor == "cross_district" else visit.district
        visit.executor = "office" if executor == "cross_district" and drawn is None else executor
        visit.team_org = visit.org if visit.executor == "office" else drawn
        session.flush()
    groups = list(OFFICE) if visit.executor == "office" else [OFFICER]
    return {"executor": visit.executor, "groups": groups, "team_org": visit.team_org}


def book(session: Session, instance: Instance, inputs: Mapping[str, Any], moment: Moment) -> dict[str, Any]:
    """The plan holds: its day is taken in the calendar of all units it concerns. Returns {"announced", "objects"}."""
    visit = get(session, instance.id)
    if visit.visit_date is None:
        raise ServiceFault("no_date", N_("The visit {number} has no day yet."), number=visit.number)
    visit.clash_reason = inputs["clash_reason"]
    visit_calendar.book(session, "visit", visit.objects, [visit.visit_date], visit.title, instance, visit.campaign_id)
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
    if other.visit_date is not None:
        leading = session.get_one(Instance, other.id)
        visit_calendar.book(
            session, "visit", other.objects, [other.visit_date], other.title, leading, other.campaign_id
        )
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
    false report is looked at by others than his own district."""
    same_team = visit.executor == other.executor or (visit.executor == "district" and other.executor != "district")
    return other.id != visit.id and other.status == OPEN and other.conducted_at is None and same_team


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


def _pending(session: Session, visit: Visit, moment: Moment) -> dict[str, Any]:
    """A visit to the same units that is planned already, to go along with; else no proposal."""
    near = select(Visit).where(
        Visit.status == OPEN, Visit.id != visit.id, Visit.visit_date >= moment.today, Visit.conducted_at.is_(None)
    )
    for other in session.scalars(near.order_by(Visit.visit_date, Visit.id)):
        if set(other.objects) & set(visit.objects) and visit.reason != "suspect_false" and is_joinable(visit, other):
            return {"pending": other.id, "pending_date": other.visit_date.isoformat() if other.visit_date else None}
    return {"pending": None, "pending_date": None}


def _other_district(session: Session, instance: Instance, visit: Visit) -> str | None:
    """A district whose office goes to another one: of those with the fewest such visits, by a lot that nobody can know
    before and everybody can check later (the hash of the case's record)."""
    staffed = [
        one.code
        for one in of_kind("district")
        if one.code != visit.district and of_roles(session, [OFFICER], one.code, None)
    ]
    counted = select(Visit.team_org, func.count()).where(Visit.executor == "cross_district").group_by(Visit.team_org)
    load = {str(code): int(number) for code, number in session.execute(counted)}
    least = min((load.get(code, 0) for code in staffed), default=0)
    drawn = [code for code in staffed if load.get(code, 0) == least]
    return min(drawn, key=lambda code: _lot(instance, code), default=None)


def _lot(instance: Instance, code: str) -> str:
    return hashlib.sha256(f"{instance.id}:{instance.record_hash}:{code}".encode()).hexdigest()


def _asking(session: Session, visit: Visit) -> list[tuple[str, str | None]]:
    """Keys of the messages that are to be answered, with the item each is about: of whoever asked for this visit or for
    one that was merged into it, and of the cases that track the items."""
    asked: dict[str, str | None] = {}
    for one in (visit, *session.scalars(select(Visit).where(Visit.merged_into == visit.id).order_by(Visit.id))):
        if one.request_id:
            asked[one.request_id] = one.targets[0] if len(one.targets) == 1 else None
    tracked = select(LedgerItem.instance_id, LedgerItem.id).where(LedgerItem.id.in_(visit.targets))
    for case, item_id in session.execute(tracked):
        if case is not None and _is_waiting(session, case):
            asked[case] = item_id
    return list(asked.items())


def _is_waiting(session: Session, case: str) -> bool:
    waiting = exists().where(Subscription.instance_id == case, Subscription.name == RESULT, Subscription.key == case)
    return bool(session.scalar(select(waiting)))
