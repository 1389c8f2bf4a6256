"""Notices: what an account is told besides its tasks, such as an urging or a result it waits for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import and_, func, insert, select, update
from sqlalchemy.orm import Session

from bpmn.moment import Moment
from engine import accounts
from engine.access import Actor, not_hidden
from engine.tables import Instance, Notice


def post(
    session: Session,
    account_ids: Iterable[str],
    kind: str,
    message: str,
    params: Mapping[str, Any],
    instance: Instance | None,
    moment: Moment,
) -> int:
    """Tell accounts something, once each; returns how many. ``message`` is a template of the catalogues."""
    rows = [
        {
            "account_id": account_id,
            "instance_id": instance.id if instance else None,
            "kind": kind,
            "message": message,
            "params": dict(params),
            "sent_at": moment.now,
        }
        for account_id in dict.fromkeys(account_ids)
    ]
    session.flush()  # they may be about an instance that is new
    if rows:
        session.execute(insert(Notice), rows)
    return len(rows)


def post_to_role(
    session: Session,
    role: str,
    org: str | None,
    kind: str,
    message: str,
    params: Mapping[str, Any],
    instance: Instance | None,
    moment: Moment,
) -> int:
    """Tell all who hold the role now (in the organisation, if one is given); returns how many."""
    holders = [account.id for account in accounts.holders(session, role, org)]
    return post(session, holders, kind, message, params, instance, moment)


def of(session: Session, actor: Actor, limit: int, offset: int = 0) -> tuple[list[Notice], int]:
    """The actor's notices, unread ones first, then the newest; and how many there are."""
    mine = and_(Notice.account_id == actor.id, not_hidden(Notice.instance_id, actor))
    rows = session.scalars(
        select(Notice)
        .where(mine)
        .order_by(Notice.read_at.is_not(None), Notice.sent_at.desc(), Notice.id.desc())
        .limit(limit)
        .offset(offset)
    )
    return list(rows), session.scalar(select(func.count()).select_from(Notice).where(mine)) or 0


def unread(session: Session, actor: Actor) -> int:
    mine = (Notice.account_id == actor.id, Notice.read_at.is_(None), not_hidden(Notice.instance_id, actor))
    return session.scalar(select(func.count()).select_from(Notice).where(*mine)) or 0


def mark_read(session: Session, actor: Actor, notice_ids: Iterable[int], moment: Moment) -> None:
    """Mark those of the notices that are the actor's; others are left alone, silently."""
    session.execute(
        update(Notice)
        .where(Notice.id.in_(list(notice_ids)), Notice.account_id == actor.id, Notice.read_at.is_(None))
        .values(read_at=moment.now)
    )
