"""Public notices (公示) of rectifications: what the service task `publicity` has announced, and what is shown now.

The finished service request is the register: it holds text and period, and the record of the case vouches for it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bpmn.moment import Moment
from engine import organisations
from engine.tables import Instance, Request

SERVICE = "publicity"


@dataclass(frozen=True, slots=True)
class PublicNotice:
    """``since`` and ``until`` are instants; the notice is shown between them."""

    instance_id: str
    subject: str
    unit: str
    text: str
    since: datetime
    until: datetime


def publish(session: Session, instance: Instance, inputs: Mapping[str, Any], moment: Moment) -> Mapping[str, Any]:
    """Announce ``text`` about ``subject`` and ``unit`` (a code) ``until`` an instant; returns the notice."""
    unit = str(inputs["unit"])
    return {
        "subject": str(inputs["subject"]),
        "unit": organisations.names(session, [unit]).get(unit, unit),
        "text": str(inputs["text"]),
        "since": moment.now.isoformat(),
        "until": datetime.fromisoformat(inputs["until"]).isoformat(),
    }


def shown(session: Session, moment: Moment) -> tuple[PublicNotice, ...]:
    """The notices that are to be shown now, the newest first."""
    done = select(Request).where(Request.kind == "service", Request.name == SERVICE, Request.status == "done")
    found = [_notice(request) for request in session.scalars(done.order_by(Request.opened_at.desc()))]
    return tuple(notice for notice in found if notice.since <= moment.now <= notice.until)


def _notice(request: Request) -> PublicNotice:
    facts = request.result or {}
    return PublicNotice(
        instance_id=request.instance_id,
        subject=facts["subject"],
        unit=facts["unit"],
        text=facts["text"],
        since=datetime.fromisoformat(facts["since"]),
        until=datetime.fromisoformat(facts["until"]),
    )
