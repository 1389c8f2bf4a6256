"""Ledgers of the districts (属地任务台账): opened, submitted, reviewed, settled, frozen. Services of P02.

Rows are entered on the ledger page (`workflows.ledger_items`); here a ledger moves as a whole, set-based.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any
from uuid import uuid4

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bpmn.moment import Moment
from engine.database import insert_missing
from engine.services import ServiceFault
from engine.tables import Instance
from faults import N_
from forms.document import read_form
from workflows import baselines, campaigns, completeness, parameters
from workflows.documents import FORMS
from workflows.organisation import units
from workflows.roles import TASK_CODES
from workflows.tables import Campaign, Ledger, LedgerItem

# Rows that go with the ledger; established ones have a life of their own.
_ENTERED = ("draft", "submitted", "returned")
_ENDED = ("closed", "cancelled", "merged")


def locked(session: Session, ledger_id: Any) -> Ledger:
    """The ledger, locked until the transaction ends. Raises ServiceFault: no_ledger."""
    ledger = session.get(Ledger, ledger_id, with_for_update=True, populate_existing=True)
    if ledger is None:
        raise ServiceFault("no_ledger", N_("There is no ledger with the id {id}."), id=ledger_id)
    return ledger


def open_all(session: Session, instance: Instance, inputs: Mapping[str, Any], moment: Moment) -> dict[str, Any]:
    """One empty ledger for each district of the campaign; those that are there already stay as they are.

    Returns {"ledgers": [{"ledger_id", "district", "name"}], "due", "remind_at", "escalate_at", "round_at",
    "illegal_due" (instants), "return_rounds", "task_codes"}. Due dates count from the notice.
    """
    campaign = campaigns.get(session, inputs["campaign_id"])
    clocks = _clocks(session, campaign, moment)
    rows = [
        {
            "id": uuid4().hex,
            "campaign_id": campaign.id,
            "district": district,
            "status": "compiling",
            "rounds": 0,
            "version": 0,
            "instance_id": instance.id,
            "due": clocks["due"],
            "return_reasons": [],
            "mediations": [],
            "opened_at": moment.now,
            "changed_at": moment.now,
        }
        for district in campaigns.districts_of(campaign)
    ]
    insert_missing(session, Ledger, rows)
    found = session.execute(select(Ledger.district, Ledger.id).where(Ledger.campaign_id == campaign.id)).all()
    ids = dict(found)
    opened = [{"ledger_id": ids[one], "district": one, "name": units()[one].name} for one in units() if one in ids]
    return {
        "ledgers": opened,
        **{name: instant.isoformat() for name, instant in clocks.items()},
        "return_rounds": parameters.value(session, "ledger_return_rounds", moment.today),
        "task_codes": list(TASK_CODES),
    }


def hand_in(session: Session, _instance: Instance, inputs: Mapping[str, Any], moment: Moment) -> dict[str, Any]:
    """Before the district's leader, who signs what nobody can change behind his back. Returns {"status"}."""
    ledger = locked(session, inputs["ledger_id"])
    _move(session, ledger, "signing", "submitted", moment)
    return {"status": ledger.status}


def reopen(session: Session, _instance: Instance, inputs: Mapping[str, Any], moment: Moment) -> dict[str, Any]:
    """The district's leader has not signed: the ledger is open again. Returns {"reasons": text}."""
    ledger = locked(session, inputs["ledger_id"])
    reason = str(inputs["reason"] or "").strip()
    ledger.return_reasons = [f"区县审签：{reason or '未说明'}"]
    _move(session, ledger, "returned", "returned", moment)
    return {"reasons": ledger.return_reasons[0]}


def submit(session: Session, _instance: Instance, inputs: Mapping[str, Any], moment: Moment) -> dict[str, Any]:
    """The ledger is handed in to the city. Returns the facts that D9 judges."""
    ledger = locked(session, inputs["ledger_id"])
    ledger.submitted_at = moment.now
    _move(session, ledger, "submitted", "submitted", moment)
    return dict(completeness.facts(session, ledger.id))


def give_back(session: Session, _instance: Instance, inputs: Mapping[str, Any], moment: Moment) -> dict[str, Any]:
    """D9 has failed: the ledger is open again. ``failures``: what the table gave. Returns {"reasons": text}."""
    ledger = locked(session, inputs["ledger_id"])
    ledger.return_reasons = [f"{one['text']}（{one['count']}）" for one in inputs["failures"]]
    _move(session, ledger, "returned", "returned", moment)
    return {"reasons": "\n".join(ledger.return_reasons)}


def tally(session: Session, _instance: Instance, inputs: Mapping[str, Any], moment: Moment) -> dict[str, Any]:
    """What the task groups' reviews make together: a dispute outweighs a return, a return a pass.

    ``codes`` are the tasks that were asked, ``reviews`` their answers in the same order.  A return opens the ledger
    again and counts as a round.  Returns {"verdict", "rounds", "pending": codes that did not pass, "reasons": text}.
    """
    ledger = locked(session, inputs["ledger_id"])
    reviews = list(zip(inputs["codes"], inputs["reviews"], strict=True))
    pending = [code for code, review in reviews if review["verdict"] != "pass"]
    verdicts = {review["verdict"] for _, review in reviews}
    verdict = "dispute" if "dispute" in verdicts else "return" if "return" in verdicts else "pass"
    ledger.return_reasons = [_objection(code, review) for code, review in reviews if code in pending]
    if verdict == "return":
        ledger.rounds += 1
    ledger_status = {"pass": "approved", "return": "returned", "dispute": "submitted"}[verdict]
    _move(session, ledger, ledger_status, "returned" if verdict == "return" else "submitted", moment)
    return {
        "verdict": verdict,
        "rounds": ledger.rounds,
        "pending": pending,
        "reasons": "\n".join(ledger.return_reasons),
    }


def settle(session: Session, instance: Instance, inputs: Mapping[str, Any], moment: Moment) -> dict[str, Any]:
    """A mediated or decided target: kept with the ledger, which is open again for the district to enter it.

    Returns {"settlement": text}.
    """
    ledger = locked(session, inputs["ledger_id"])
    target, decision = inputs["proposed_target"], inputs.get("decision")
    settled = {
        "proposed_target": target,
        "agreed": bool(inputs["agreed"]),
        "decision": decision,
        "at": moment.now.isoformat(),
        "instance_id": instance.id,
    }
    text = f"市政府决定：{decision}" if decision else f"协调目标：{target}"
    ledger.mediations = [*ledger.mediations, settled]
    ledger.return_reasons = [text]
    _move(session, ledger, "returned", "returned", moment)
    return {"settlement": text}


def freeze(session: Session, instance: Instance, inputs: Mapping[str, Any], moment: Moment) -> dict[str, Any]:
    """Freeze the next baseline. Returns {"version", "hash", "number", "items": what became binding by it}."""
    ledger = locked(session, inputs["ledger_id"])
    frozen = baselines.freeze(session, ledger, "establishment", str(inputs["reason"]), instance, moment)
    return {
        "version": frozen.version,
        "hash": frozen.hash,
        "number": frozen.number,
        "items": [dict(item) for item in frozen.established],
    }


def cancel(session: Session, _instance: Instance, inputs: Mapping[str, Any], moment: Moment) -> dict[str, Any]:
    """The campaign is broken off: its ledgers and whatever of them is not closed are cancelled.

    Returns {"ledgers", "items"}, counts.
    """
    of_campaign = Ledger.campaign_id == inputs["campaign_id"]
    reason = [str(inputs["reason"])]
    ledgers = session.execute(
        update(Ledger)
        .where(of_campaign, Ledger.status != "cancelled")
        .values(status="cancelled", return_reasons=reason, changed_at=moment.now),
        execution_options={"synchronize_session": False},
    )
    items = session.execute(
        update(LedgerItem)
        .where(LedgerItem.campaign_id == inputs["campaign_id"], LedgerItem.applicable)
        .where(LedgerItem.status.not_in(_ENDED))
        .values(status="cancelled", changed_at=moment.now),
        execution_options={"synchronize_session": False},
    )
    session.expire_all()
    return {"ledgers": ledgers.rowcount, "items": items.rowcount}  # type: ignore[attr-defined]


def _clocks(session: Session, campaign: Campaign, moment: Moment) -> dict[str, Any]:
    start = campaign.notice_date or moment.today
    days = parameters.values(
        session,
        start,
        ("ledger_days", "ledger_remind_days", "ledger_escalate_days", "ledger_illegal_days"),
    )
    due = moment.working_days(int(days["ledger_days"]), start)
    due_day = due.astimezone(moment.calendar.zone).date()
    late = moment.working_days(int(days["ledger_escalate_days"]), due_day)
    return {
        "due": due,
        "remind_at": moment.working_days(-int(days["ledger_remind_days"]), due_day),
        "escalate_at": late,
        "round_at": late,
        "illegal_due": moment.calendar_days(int(days["ledger_illegal_days"]), start),
    }


def _move(session: Session, ledger: Ledger, status: str, item_status: str, moment: Moment) -> None:
    """The ledger and those of its rows that aren't established yet."""
    ledger.status = status
    ledger.changed_at = moment.now
    session.flush()
    session.execute(
        update(LedgerItem)
        .where(LedgerItem.ledger_id == ledger.id, LedgerItem.status.in_(_ENTERED))
        .values(status=item_status),
        execution_options={"synchronize_session": False},
    )


def _objection(code: str, review: Mapping[str, Any]) -> str:
    words = _return_reasons()
    said = [words.get(one, one) for one in review.get("return_reason") or ()]
    parts: Sequence[str] = ["、".join(said), str(review.get("opinion") or "").strip()]
    if review["verdict"] == "dispute":
        parts = ["对目标有争议", *parts]
    return f"{TASK_CODES.get(code, code)}：{'；'.join(part for part in parts if part) or '未说明'}"


@cache
def _return_reasons() -> Mapping[str, str]:
    """Code -> words, as the form of the review offers them."""
    field = read_form((FORMS / "ledger_establishment" / "group_review.json").read_bytes()).field("return_reason")
    assert field is not None
    return dict(field.options)
