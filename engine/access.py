"""Who may do and see what: role x organisation x task code x object.

A grant *fits* a task when its role is one of the task's, its organisation is the task's or lies above it (a task
without organisation takes any), and its task code is the task's (a task or a grant without code takes any).

The same rule as an index: a task lies in a *pool* (roles, organisation, code), a pool is listed under every *reach*,
the text ``role|organisation|code`` of each grant that fits it, and an actor looks up the reaches of his grants.  In a
reach ``*`` is a grant without code, and ``-`` is what a grant with a code also looks up: the tasks without one.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, false, func, or_, select, union

from engine.organisations import codes
from engine.tables import Instance, PoolReach, Task, canonical
from faults import Fault

ADMIN = "admin"
AUDITOR = "auditor"
# They look at the work from outside: of all cases they see those in which something was theirs to do.
OUTSIDE = frozenset({"public_user", "media_reporter", "deputy_member"})


class NotYours(Fault):
    """This is not for you to do or see. If you think it should be, ask the administrator about your roles."""


class NotFound(Fault):
    """There is no such thing here, or no longer. Go back to your tasks and try again from there."""


@dataclass(frozen=True, slots=True)
class Grant:
    role: str
    org: str | None
    org_path: str | None
    task_code: str | None


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: an account with its grants, as it was when the transaction read it."""

    id: str
    name: str
    grants: tuple[Grant, ...] = ()

    def holds(self, *roles: str) -> bool:
        """Whether he holds one of the roles anywhere."""
        return any(grant.role in roles for grant in self.grants)


def require(actor: Actor, *roles: str) -> None:
    """Raise NotYours unless the actor holds one of the roles."""
    if not actor.holds(*roles):
        raise NotYours()


def grant_for(actor: Actor, roles: Iterable[str], org_path: str | None, task_code: str | None) -> Grant | None:
    """The first grant of the actor that fits a task of such roles, organisation and code."""
    wanted = frozenset(roles)
    above = codes(org_path)
    for grant in actor.grants:
        if (
            grant.role in wanted
            and (not above or grant.org in above)
            and (task_code is None or grant.task_code in (None, task_code))
        ):
            return grant
    return None


def may_do(actor: Actor, task: Task) -> bool:
    """Whether the actor may complete the task, by who he is (not by the state it is in)."""
    if is_barred(actor, task):
        return False
    if task.assignee is not None:
        return task.assignee == actor.id
    if task.org is not None and task.org_path is None:
        return False  # the diagram names an organisation that doesn't exist; see engine.record
    return grant_for(actor, task.roles, task.org_path, task.task_code) is not None


def is_barred(actor: Actor, task: Task) -> bool:
    return bar(actor.id) in task.barred


def bar(*account_ids: str) -> str:
    """The text in `Task.barred` that keeps the accounts from a task, in `Instance.restricted_to` that lets roles in."""
    return f"|{'|'.join(account_ids)}|" if account_ids else ""


def pool_id(roles: Iterable[str], org: str | None, task_code: str | None) -> str:
    """32 hex digits that stand for the pool; independent of the order of the roles."""
    return hashlib.sha256(canonical([sorted(set(roles)), org, task_code]).encode()).hexdigest()[:32]


def reaches_of_pool(roles: Iterable[str], org_path: str | None, task_code: str | None) -> set[str]:
    """All grants that fit the tasks of a pool, as texts."""
    return {
        f"{role}|{org}|{code}" for role in roles for org in codes(org_path) or [""] for code in ("*", task_code or "-")
    }


def reaches_of_actor(actor: Actor) -> set[str]:
    """What to look up, to find the pools that the actor's grants reach into."""
    return {
        f"{grant.role}|{org}|{code}"
        for grant in actor.grants
        for org in ("", grant.org)
        if org is not None
        for code in (("*",) if grant.task_code is None else (grant.task_code, "-"))
    }


def pools_of(actor: Actor) -> Select[str]:
    """A query for the ids of the pools whose tasks the actor may do."""
    return select(PoolReach.pool_id).where(PoolReach.reach.in_(sorted(reaches_of_actor(actor)))).distinct()


def is_let_in(actor: Actor, restricted_to: str | None) -> bool:
    """Whether a case that is restricted so lets the actor in; one that isn't restricted lets everybody in."""
    return restricted_to is None or any(bar(grant.role) in restricted_to for grant in actor.grants)


def lets_in(actor: Actor) -> ColumnElement[bool]:
    """The same as a condition on Instance. It says who is kept out, not who may see what is not restricted."""
    return or_(Instance.restricted_to.is_(None), _named(actor))


def hidden_from(actor: Actor) -> Select[str]:
    """A query for the ids of the cases that are restricted and don't let the actor in; usually there are very few."""
    return select(Instance.id).where(Instance.restricted_to.is_not(None), ~_named(actor))


def not_hidden(column: Any, actor: Actor) -> ColumnElement[bool]:
    """A condition on rows that are about a case: ``column`` has its id, or None, and lets the actor in."""
    return or_(column.is_(None), column.not_in(hidden_from(actor)))


def visible(actor: Actor) -> ColumnElement[bool]:
    """A condition on Instance: those the actor may see.

    A restricted instance is seen by those who hold one of its roles, and by nobody else whatsoever.  Else he may see
    it if he is an administrator or auditor, has started it, holds or has done a task of it, may or could have done one
    (also a closed one), or if its organisation is one in which he holds a role (not one of `OUTSIDE`) or lies below it.
    """
    if actor.holds(ADMIN, AUDITOR):
        return lets_in(actor)
    return or_(_named(actor), and_(Instance.restricted_to.is_(None), _usually_visible(actor)))


def _usually_visible(actor: Actor) -> ColumnElement[bool]:
    return or_(
        Instance.starter == actor.id,
        *(Instance.org_path.startswith(path, autoescape=True) for path in _org_paths(actor)),
        select(Task.id)
        .where(
            Task.instance_id == Instance.id,
            or_(
                Task.performer == actor.id,
                Task.holder == actor.id,
                and_(Task.pool_id.in_(pools_of(actor)), ~Task.barred.contains(bar(actor.id), autoescape=True))
                if actor.grants
                else false(),
            ),
        )
        .exists(),
    )


def visible_in_lists(actor: Actor) -> ColumnElement[bool]:
    """The same as `visible`, for queries over many instances.

    Asked one by one, the latest instances would all be looked at until a page of visible ones is found; who sees only a
    few is quicker served by looking up those few.  Who sees (almost) all is not.
    """
    paths = _org_paths(actor)
    if actor.holds(ADMIN, AUDITOR) or any(len(codes(path)) == 1 for path in paths):
        return visible(actor)
    seen = [
        select(Instance.id).where(Instance.restricted_to.is_not(None), _named(actor)),
        select(Instance.id).where(Instance.starter == actor.id),
        *(select(Instance.id).where(Instance.org_path.startswith(path, autoescape=True)) for path in paths),
        select(Task.instance_id).where(Task.performer == actor.id),
        select(Task.instance_id).where(Task.holder == actor.id),
    ]
    if actor.grants:
        unbarred = ~Task.barred.contains(bar(actor.id), autoescape=True)
        seen.append(select(Task.instance_id).where(Task.pool_id.in_(pools_of(actor)), unbarred))
    return and_(lets_in(actor), Instance.id.in_(union(*seen)))


def _named(actor: Actor) -> ColumnElement[bool]:
    """Instances that are restricted to a role of the actor; never true of those that are not restricted."""
    roles = sorted({grant.role for grant in actor.grants})
    return or_(false(), *(_has(Instance.restricted_to, role) for role in roles))


def _has(column: Any, role: str) -> ColumnElement[bool]:
    found: ColumnElement[bool] = func.coalesce(column, "").contains(bar(role), autoescape=True)
    return found


def _org_paths(actor: Actor) -> list[str]:
    """The paths of the organisations into which the actor sees, without those that lie below another of them."""
    kept: list[str] = []
    for path in sorted({grant.org_path for grant in actor.grants if grant.org_path and grant.role not in OUTSIDE}):
        if not kept or not path.startswith(kept[-1]):
            kept.append(path)
    return kept
