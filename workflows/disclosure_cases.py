"""How disclosures come about, as `disclosure_cycle` has them made: begun, drafted, screened, published, withheld. M4a.

The text is compiled from the ledgers by the template of papers; whatever is published passes D8 once more here.
Source: domain guide, M4a and R7 (twenty working days); clause S4.4a.
"""

from __future__ import annotations

import hashlib
import html
import re
from collections.abc import Mapping
from typing import Any
from uuid import uuid4

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from bpmn.moment import Moment
from engine import notices
from engine.services import ServiceFault
from engine.tables import Instance
from faults import N_
from workflows import campaigns, cycles, parameters, periods, serials
from workflows.organisation import of_kind
from workflows.papers.collected.disclosure import UNTOLD, items, public_facts
from workflows.papers.issue import compile_paper
from workflows.personal_data import mask
from workflows.publication import Piece, judge, secrecy_mark
from workflows.recipients import of_roles
from workflows.tables import Campaign, Cycle, Disclosure, LedgerItem
from workflows.tables.base import NAME

KIND = "disclosure"  # of papers, of rounds and of numbers
MOST_NAMED = 5
_BREAK = re.compile(r"<br ?/?>|</(?:p|h[1-6]|li|tr)>")
_TAG = re.compile(r"<[^>]*>")


def due_now(session: Session, moment: Moment) -> dict[str, Any]:
    """What the monthly start asks: the campaigns that go on, have a ledger in force and no round in this month yet.

    Returns {"items": [{"campaign_id", "title", "kind", "period"}], "timing": {"disclosure_day"}}.
    """
    this = periods.month(moment.today)
    told = exists().where(LedgerItem.campaign_id == Campaign.id, LedgerItem.status.not_in(UNTOLD))
    begun = exists().where(Cycle.campaign_id == Campaign.id, Cycle.kind == KIND, Cycle.period == this.key)
    wanted = select(Campaign).where(
        Campaign.status == "active",
        Campaign.start_date <= moment.today,
        Campaign.end_date >= moment.today,
        told,
        ~begun,
    )
    found = session.scalars(wanted.order_by(Campaign.created_at, Campaign.id))
    return {
        "items": [{"campaign_id": one.id, "title": one.title, "kind": "progress", "period": this.key} for one in found],
        "timing": parameters.values(session, moment.today, ("disclosure_day",)),
    }


def open_round(session: Session, instance: Instance, inputs: Mapping[str, Any], moment: Moment) -> dict[str, Any]:
    """A round begins: a row for each lead unit that has something to disclose.

    The first one of progress in a month, by itself or by hand, is the round of that month.

    ``campaign_id`` is that of the start, or None by hand; ``kind`` plan, progress or result; ``period`` 2013-05, or
    None.
    Returns {"campaign_id", "campaign", "kind", "period", "begun_on", "units": [{"disclosure_id", "unit", "name",
    "task_code"}]}.
    Raises ServiceFault: no_campaign.
    """
    campaign = campaigns.get(session, campaigns.of_case(session, inputs["campaign_id"]))
    kind = inputs["kind"]
    period = inputs["period"] or (str(campaign.start_date.year) if kind == "plan" else periods.month(moment.today).key)
    found = []
    for unit in of_kind("lead_unit"):
        if items(session, campaign.id, unit.code, None):
            row = Disclosure(
                id=uuid4().hex, campaign_id=campaign.id, unit=unit.code, task_code=unit.task_code, kind=kind,
                period=period, title="", text="", items=[], status="preparing", begun_at=moment.now,
                instance_id=instance.id,
            )  # fmt: skip
            session.add(row)
            found.append({"disclosure_id": row.id, "unit": unit.code, "name": unit.name, "task_code": unit.task_code})
    session.flush()
    if kind == "progress" and not _begun(session, campaign.id, period):
        cycles.begin(session, instance, {"kind": KIND, "campaign_id": campaign.id, "period": period}, moment)
        if not found:
            cycles.skip(session, instance, {"kind": KIND, "reason": "没有可以公布的台账事项"}, moment)
    return {
        "campaign_id": campaign.id,
        "campaign": campaign.title,
        "kind": kind,
        "period": period,
        "begun_on": moment.today.isoformat(),
        "units": found,
    }


def draft(session: Session, instance: Instance, inputs: Mapping[str, Any], moment: Moment) -> dict[str, Any]:
    """The text of one unit as the data give it. Items that may not be published are left out.

    Returns {"kind", "period", "items": [ids], "title", "text" (plain, in paragraphs), "held_back": names of what is
    left out}.
    """
    row = _get(session, inputs["disclosure_id"])
    found = items(session, row.campaign_id, row.unit, None)
    told = [item for item in found if item.publishable is not False]
    kind = "result" if row.kind == "progress" and told and all(item.status == "closed" for item in told) else row.kind
    facts = {"unit": row.unit, "kind": kind, "period": row.period, "items": [item.id for item in told]}
    paper = compile_paper(session, instance, {"kind": KIND, "campaign_id": row.campaign_id, "facts": facts}, moment)
    row.title = paper["title"]
    return {
        "kind": kind,
        "period": row.period,
        "items": facts["items"],
        "title": paper["title"],
        "text": plain(paper["text"]),
        "held_back": [_named(item) for item in found if item.publishable is False],
    }


def screen(session: Session, _instance: Instance, inputs: Mapping[str, Any], _moment: Moment) -> dict[str, Any]:
    """The facts that D8 looks at, of a text with its items: {"classification", "personal_data", "draft", "publishable",
    "ground_given", "sha256" of the text, "held": names of items that may not be published}.

    What was not reviewed for secrecy is a draft.
    """
    row = _get(session, inputs["disclosure_id"])
    chosen = items(session, row.campaign_id, row.unit, frozenset(inputs["items"]))
    held = [_named(item) for item in chosen if item.publishable is False]
    text = str(inputs["text"])
    return {
        "classification": secrecy_mark(text) or "public",
        "personal_data": bool(mask(text).kinds),
        "draft": inputs["secrecy_reviewed"] is not True,
        "publishable": not held,
        "ground_given": False,
        "sha256": _hash(text),
        "held": "、".join(held[:MOST_NAMED]) + ("等" if len(held) > MOST_NAMED else ""),
    }


def hide(_session: Session, _instance: Instance, inputs: Mapping[str, Any], _moment: Moment) -> dict[str, Any]:
    """Hide the personal data of a text. Returns {"text", "masked": [kinds], "sha256" of what it was}."""
    hidden = mask(str(inputs["text"]))
    return {"text": hidden.text, "masked": list(hidden.kinds), "sha256": _hash(str(inputs["text"]))}


def publish(session: Session, instance: Instance, inputs: Mapping[str, Any], moment: Moment) -> dict[str, Any]:
    """Publish the text with its items under a number. Returns {"number", "title", "text", "published_at"}.

    Raises ServiceFault: not_open, if D8 does not let it pass after all.
    """
    row = _get(session, inputs["disclosure_id"])
    chosen = items(session, row.campaign_id, row.unit, frozenset(inputs["items"]))
    piece = Piece(str(inputs["text"]), publishable=all(item.publishable is not False for item in chosen))
    kind, period = inputs["kind"], str(inputs["period"])
    facts = {"unit": row.unit, "kind": kind, "period": period, "items": [item.id for item in chosen]}
    paper = compile_paper(session, instance, {"kind": KIND, "campaign_id": row.campaign_id, "facts": facts}, moment)
    passage, heading = judge(session, piece, moment), judge(session, Piece(paper["title"]), moment)
    if not passage.is_open or not heading.is_open:
        raise ServiceFault("not_open", N_("The publication gate does not let this pass: {basis}"), basis=passage.basis)
    row.kind, row.period = kind, period[:NAME]
    row.title, row.text = heading.text, passage.text
    row.items = [_safe(public_facts(item)) for item in chosen]
    row.number = serials.next_number(session, KIND, moment)
    row.status, row.published_at, row.ended_at = "published", moment.now, moment.now
    session.flush()
    return {"number": row.number, "title": row.title, "text": row.text, "published_at": moment.now.isoformat()}


def withhold(session: Session, _instance: Instance, inputs: Mapping[str, Any], moment: Moment) -> dict[str, Any]:
    """Keep that nothing is published, and on what ``ground``. Returns {"status"}."""
    row = _get(session, inputs["disclosure_id"])
    row.status, row.ground, row.ended_at = "withheld", str(inputs["ground"]), moment.now
    return {"status": row.status}


def overdue(session: Session, instance: Instance, inputs: Mapping[str, Any], moment: Moment) -> dict[str, Any]:
    """The legal limit has passed: it is marked as late, and the office and the head of the unit hear of it.

    Returns {"told": count}.
    """
    row = _get(session, inputs["disclosure_id"])
    row.late = True
    people = [
        *of_roles(session, ("lead_unit_head",), row.unit, row.task_code),
        *of_roles(session, ("synthesis_officer", "office_deputy"), None, None),
    ]
    unit = next((one.name for one in of_kind("lead_unit") if one.code == row.unit), row.unit)
    message = N_("“{title}”: {unit} has not disclosed anything within the legal limit.")
    params = {"title": instance.title, "unit": unit}
    told = notices.post(session, dict.fromkeys(people), "disclosure_late", message, params, instance, moment)
    return {"told": told}


def close(session: Session, instance: Instance, _inputs: Mapping[str, Any], moment: Moment) -> dict[str, Any]:
    """All units are done: the round of the month, if it is one, is over. Returns {"published", "withheld", "late"}."""
    rows = session.scalars(select(Disclosure).where(Disclosure.instance_id == instance.id)).all()
    running = select(Cycle.id).where(Cycle.instance_id == instance.id, Cycle.kind == KIND, Cycle.status == "running")
    if session.scalar(running.limit(1)) is not None:
        cycles.finish(session, instance, {"kind": KIND}, moment)
    return {
        "published": sum(row.status == "published" for row in rows),
        "withheld": sum(row.status == "withheld" for row in rows),
        "late": sum(row.late for row in rows),
    }


def cancel(session: Session, instance: Instance, inputs: Mapping[str, Any], moment: Moment) -> dict[str, Any]:
    """What is not published yet ends with the campaign, for its ``reason``. Returns {"cancelled": count}."""
    open_rows = select(Disclosure).where(Disclosure.instance_id == instance.id, Disclosure.status == "preparing")
    rows = session.scalars(open_rows).all()
    for row in rows:
        row.status, row.ground, row.ended_at = "cancelled", str(inputs["reason"] or ""), moment.now
    running = select(Cycle).where(Cycle.instance_id == instance.id, Cycle.kind == KIND, Cycle.status == "running")
    if session.scalars(running.limit(1)).first() is not None:
        cycles.skip(session, instance, {"kind": KIND, "reason": inputs["reason"] or ""}, moment)
    return {"cancelled": len(rows)}


def plain(text: str) -> str:
    """The paragraphs of a compiled text, for a field that knows no markup."""
    lines = html.unescape(_TAG.sub("", _BREAK.sub("\n", text))).splitlines()
    return "\n".join(line.strip() for line in lines if line.strip())


def _begun(session: Session, campaign_id: str, period: str) -> bool:
    wanted = select(Cycle.id).where(Cycle.campaign_id == campaign_id, Cycle.kind == KIND, Cycle.period == period)
    return session.scalar(wanted.limit(1)) is not None


def _get(session: Session, disclosure_id: Any) -> Disclosure:
    row = session.get(Disclosure, disclosure_id) if isinstance(disclosure_id, str) else None
    if row is None:
        raise ServiceFault("no_disclosure", N_("There is no disclosure with the id {id}."), id=disclosure_id)
    return row


def _named(item: LedgerItem) -> str:
    facts = public_facts(item)
    name, district = item.item_name or facts["sub_item_name"], facts["district"]
    return name if name.startswith(district) else f"{district}{name}"


def _safe(facts: dict[str, Any]) -> dict[str, Any]:
    """Names and standards are typed by people: nothing personal in them is shown either."""
    return {name: mask(value).text if isinstance(value, str) and name != "item_id" else value
            for name, value in facts.items()}  # fmt: skip


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
