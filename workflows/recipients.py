"""Who is to be told: the accounts behind a task, or behind roles in an organisation. Reads only."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from engine.access import bar
from engine.organisations import codes, paths
from engine.tables import Account, RoleGrant, Task


def of_task(session: Session, task: Task) -> tuple[str, ...]:
    """Who has the task; if nobody has taken it yet, all who may do it."""
    if task.holder is not None:
        return (task.holder,)
    found = _holders(session, task.roles, codes(task.org_path), task.task_code)
    return tuple(account for account in found if bar(account) not in task.barred)


def of_roles(session: Session, roles: Iterable[str], org: str | None, task_code: str | None) -> tuple[str, ...]:
    """The active accounts that hold one of the roles in ``org`` or above it (None: anywhere), for the task code."""
    path = paths(session, [org]).get(org) if org else None
    return _holders(session, roles, codes(path), task_code)


def _holders(session: Session, roles: Iterable[str], above: list[str], task_code: str | None) -> tuple[str, ...]:
    query = select(Account.id).join(RoleGrant, RoleGrant.account_id == Account.id)
    query = query.where(Account.active, RoleGrant.role.in_(list(roles)))
    if above:
        query = query.where(RoleGrant.org_code.in_(above))
    if task_code is not None:
        query = query.where(or_(RoleGrant.task_code.is_(None), RoleGrant.task_code == task_code))
    return tuple(session.scalars(query.distinct().order_by(Account.id)))
