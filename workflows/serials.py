"""Numbers of documents and cases: ``督字〔2013〕12号``, one series for each kind and year, without gaps.

GB/T 9704-2012: six-cornered brackets around the year, no leading zero, no 第.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any
from uuid import uuid4

from sqlalchemy.orm import Session

from bpmn.moment import Moment
from engine.database import count_up
from engine.services import ServiceFault
from engine.tables import Instance
from faults import N_
from workflows.tables import Serial

# What is numbered -> the word before the year.
KINDS: Mapping[str, str] = MappingProxyType(
    {
        "campaign": "督专字",
        "ledger": "督账字",
        "baseline": "督基字",
        "item": "督项字",
        "urging_slip": "督催字",
        "supervision_order": "督字",
        "closing_slip": "督销字",
        "rectification_order": "督整字",
        "request": "督核字",
        "instruction": "督批字",
        "problem": "督问字",
        "matter": "督请字",
        "decision": "督决字",
        "conclusion": "督结字",
        "objection": "督异字",
        "change": "督变字",
        "referral": "督移字",
        "clue": "督媒字",
        "exposure": "督曝字",
        "internal_reference": "督内参",
        "talk_record": "督约字",
        "circular": "督通字",
        "proposal": "督责字",
        "visit": "督现字",
        "improvement": "督改字",
        "plan": "督案字",
        "report": "督报字",
        "measures": "督措字",
        "opinion": "督意字",
        "disclosure": "督公字",
        "joint": "督联字",
        "activity": "督视字",
        "deputy_opinion": "督代字",
        "deputy_reply": "督复字",
        "assessment": "督考字",
    }
)

# What is numbered by issues within the year: 第3期.
ISSUES: frozenset[str] = frozenset(
    {"flash_bulletin", "monthly_report", "quarterly_report", "internal_reference", "minutes", "assessment_bulletin"}
)


def next_number(session: Session, kind: str, moment: Moment) -> str:
    """The next number of the kind in the year of the moment. Raises KeyError for unknown kinds.

    Who takes a number at the same time waits for the end of this transaction, so that none is skipped.
    """
    word = None if kind in ISSUES else KINDS[kind]
    year = moment.today.year
    last = count_up(session, Serial, {"kind": kind, "year": year}, "last")
    return f"第{last}期" if word is None else f"{word}〔{year}〕{last}号"


def assign(session: Session, _instance: Instance, inputs: Mapping[str, Any], moment: Moment) -> dict[str, Any]:
    """The service: a ``number`` of the ``kind``, and an ``id`` that nothing else has. Raises ServiceFault: bad_kind."""
    kind = inputs["kind"]
    if kind not in KINDS and kind not in ISSUES:
        raise ServiceFault("bad_kind", N_("There is no series of numbers for “{kind}”."), kind=kind)
    return {"number": next_number(session, kind, moment), "id": uuid4().hex}
