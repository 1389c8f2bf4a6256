"""Public notices (公示) of what was rectified or closed: announced by `publicity`, if D8 lets them pass.

A notice that the publication gate holds back is kept with what the gate said, and never shown.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from bpmn.moment import Moment
from engine import organisations
from engine.tables import Instance
from workflows.publication import Piece, judge_all
from workflows.tables import LedgerItem, PublicNotice


@dataclass(frozen=True, slots=True)
class Shown:
    """``unit`` is a name; ``since`` and ``until`` are instants, the notice is shown between them."""

    instance_id: str
    subject: str
    unit: str
    text: str
    since: datetime
    until: datetime


def publish(session: Session, instance: Instance, inputs: Mapping[str, Any], moment: Moment) -> Mapping[str, Any]:
    """Announce ``text`` about ``subject`` and ``unit`` (a code) ``until`` an instant.

    Returns the notice as it is shown, with {"shown", "verdict", "basis"} of the publication gate. An item that the
    ledger does not let be published is held back.
    """
    unit = str(inputs["unit"])
    piece = Piece(text="", publishable=_is_publishable(session, instance))
    texts = {"subject": str(inputs["subject"]), "text": str(inputs["text"])}
    passages = judge_all(session, piece, texts, moment)
    held = next((passage for passage in passages.values() if not passage.is_open), None)
    until = datetime.fromisoformat(inputs["until"])
    notice = PublicNotice(
        instance_id=instance.id,
        subject=texts["subject"] if held else passages["subject"].text,
        unit=unit,
        text=texts["text"] if held else passages["text"].text,
        since=moment.now,
        until=until,
        shown=held is None,
        reason=(held or passages["text"]).basis,
    )
    session.add(notice)
    session.flush()
    return {
        "subject": notice.subject,
        "unit": organisations.names(session, [unit]).get(unit, unit),
        "text": notice.text,
        "since": moment.now.isoformat(),
        "until": until.isoformat(),
        "shown": notice.shown,
        "verdict": (held or passages["text"]).verdict,
        "basis": notice.reason,
    }


def shown(session: Session, search: str, moment: Moment, limit: int, offset: int) -> tuple[list[Shown], int]:
    """A page of the notices that are to be shown now, the newest first, and how many there are. Three statements."""
    wanted: list[ColumnElement[bool]] = [
        PublicNotice.shown.is_(True),
        PublicNotice.since <= moment.now,
        PublicNotice.until >= moment.now,
    ]
    if words := search.strip():
        columns = (PublicNotice.subject, PublicNotice.text)
        wanted.append(or_(*(column.contains(words, autoescape=True) for column in columns)))
    total = session.scalar(select(func.count()).select_from(PublicNotice).where(*wanted)) or 0
    query = select(PublicNotice).where(*wanted).order_by(PublicNotice.since.desc(), PublicNotice.id.desc())
    rows = session.scalars(query.limit(limit).offset(offset)).all()
    names = organisations.names(session, [row.unit for row in rows])
    found = [
        Shown(row.instance_id, row.subject, names.get(row.unit, row.unit), row.text, row.since, row.until)
        for row in rows
    ]
    return found, total


def _is_publishable(session: Session, instance: Instance) -> bool:
    """Whether the ledger lets the item be published with which the case deals; where there is none, nothing objects.

    An item is tracked by its own case; the case of an order names the item in its variables.
    """
    named = instance.variables.get("item_id")
    about = LedgerItem.instance_id == instance.id
    if isinstance(named, str):
        about = or_(about, LedgerItem.id == named)
    return False not in session.scalars(select(LedgerItem.publishable).where(about)).all()
