"""What services and called processes have answered last, and what messages have brought: to begin a scenario with.

Nothing comes from a restricted case: scenarios are read by all administrators.  Reads only.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import Session

from engine.access import ADMIN, Actor, require
from engine.tables import Instance, Message, Request


def of_request(session: Session, actor: Actor, process_key: str, element: str, name: str) -> Mapping[str, Any] | None:
    """The latest answer of the service or process ``name``, at that very step if there is one. Raises NotYours."""
    require(actor, ADMIN)
    here = (Instance.process_key == process_key) & (Request.element == element)
    query = (
        select(Request.result)
        .join(Instance, Instance.id == Request.instance_id)
        .where(Request.status == "done", Request.name == name, Request.result.is_not(None))
        .where(Instance.restricted_to.is_(None))
        .order_by(here.desc(), Request.closed_at.desc(), Request.id)
    )
    return session.scalars(query.limit(1)).first()


def of_message(session: Session, actor: Actor, name: str) -> Mapping[str, Any] | None:
    """What the latest message or signal of that name has brought. Raises NotYours."""
    require(actor, ADMIN)
    cases = or_(Instance.id == Message.instance_id, Instance.id == Message.delivered_to)
    restricted = exists().where(cases, Instance.restricted_to.is_not(None))
    query = select(Message.payload).where(Message.name == name, ~restricted)
    return session.scalars(query.order_by(Message.sent_at.desc(), Message.id).limit(1)).first()
