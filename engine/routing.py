"""Decides who gets a task that opens: the account that the diagram names, or the pool of those who may do it.

Where a diagram names an account or organisation that doesn't exist, the task must not vanish and must not reach people
whom the author did not mean: an incident tells the administrator, and `route` is asked again when he retries.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from bpmn.functions.names import ABOVE
from engine.access import bar, pool_id, reaches_of_pool
from engine.database import insert_missing
from engine.organisations import codes, paths
from engine.runtime.outcome import Trouble
from engine.tables import Account, Pool, PoolReach, Task
from engine.tables.base import NAME
from faults import N_

UNKNOWN_ASSIGNEE = "unknown_assignee"
UNKNOWN_ORG = "unknown_org"
NOBODY = "nobody"
NOBODY_FITS = "nobody_fits"  # see `engine.assignment`
CODES = (UNKNOWN_ASSIGNEE, UNKNOWN_ORG, NOBODY, NOBODY_FITS)

_NO_SUCH_ACCOUNT = N_("The diagram gives this task to the account {account}, which doesn't exist or is switched off.")
_NO_SUCH_ORG = N_("The diagram wants this task done in the organisation {org}, which doesn't exist.")
_NOBODY = N_("The diagram names neither a role nor an account for this task, so nobody can do it.")


def route(session: Session, tasks: Sequence[Task], wished: Iterable[str | None]) -> list[Trouble]:
    """Set assignee, holder, organisation path and pool of new tasks; returns what went wrong.

    ``wished`` are the accounts that the diagram names, one a task.  At most one statement for accounts and one for
    pools, unless a pool is new; one more where a diagram says ``superior(...)``.
    """
    _rise(session, tasks)
    troubles: list[Trouble] = []
    pooled: list[Task] = []
    wishes = list(wished)
    known = _active(session, {account for account in wishes if account is not None})
    for task, account in zip(tasks, wishes, strict=True):
        task.assignee = task.holder = account if account in known else None
        if account is not None and account not in known:
            troubles.append(Trouble(task.id, task.element, UNKNOWN_ASSIGNEE, _NO_SUCH_ACCOUNT, {"account": account}))
        if task.roles:
            pooled.append(task)
        elif task.assignee is None:
            troubles.append(Trouble(task.id, task.element, NOBODY, _NOBODY))
    return troubles + _pool(session, pooled)


def narrow(task: Task, restricted_to: str) -> None:
    """Leave the task to those of its roles that its restricted instance lets in; if there is none, to all these."""
    kept = [role for role in task.roles if bar(role) in restricted_to]
    if not kept:
        task.roles = sorted(role for role in restricted_to.split("|") if role)
        task.org = task.task_code = None
    else:
        task.roles = kept


def _rise(session: Session, tasks: Sequence[Task]) -> None:
    """Replace ``code/..`` by the organisation above; where there is none it stays, and is told as unknown."""
    lower = [(task, *task.org.partition("/")[::2]) for task in tasks if task.org is not None and "/" in task.org]
    known = paths(session, {code for _, code, _ in lower})
    for task, code, steps in lower:
        above = codes(known.get(code))[: -len(steps.split("/"))]
        task.org = above[-1] if above and f"/{steps}" == ABOVE * len(steps.split("/")) else (task.org or "")[:NAME]


def _active(session: Session, accounts: set[str]) -> set[str]:
    if not accounts:
        return set()
    return set(session.scalars(select(Account.id).where(Account.id.in_(accounts), Account.active)))


def _pool(session: Session, tasks: list[Task]) -> list[Trouble]:
    if not tasks:
        return []
    ids = {task.id: pool_id(task.roles, task.org, task.task_code) for task in tasks}
    found: dict[str, str | None] = dict(
        session.execute(select(Pool.id, Pool.org_path).where(Pool.id.in_(set(ids.values())))).all()
    )
    missing = {ids[task.id]: task for task in tasks if ids[task.id] not in found}
    if missing:
        found |= _make_pools(session, missing)
    troubles = []
    for task in tasks:
        task.pool_id = ids[task.id] if ids[task.id] in found else None
        task.org_path = found.get(ids[task.id])
        if task.pool_id is None:
            troubles.append(Trouble(task.id, task.element, UNKNOWN_ORG, _NO_SUCH_ORG, {"org": task.org or ""}))
    return troubles


def _make_pools(session: Session, missing: dict[str, Task]) -> dict[str, str | None]:
    """Pool id -> organisation path of the pools that could be made: those whose organisation exists."""
    known = paths(session, {task.org for task in missing.values() if task.org is not None})
    made: dict[str, str | None] = {}
    pools, reaches = [], []
    # In the order of their ids, so that two transactions that make the same pools don't wait for each other crosswise.
    for pool, task in sorted(missing.items()):
        if task.org is not None and task.org not in known:
            continue
        made[pool] = known[task.org] if task.org is not None else None
        pools.append(
            {
                "id": pool,
                "roles": sorted(set(task.roles)),
                "org": task.org,
                "org_path": made[pool],
                "task_code": task.task_code,
            }
        )
        for reach in sorted(reaches_of_pool(task.roles, made[pool], task.task_code)):
            reaches.append({"reach": reach, "pool_id": pool})
    if pools:
        insert_missing(session, Pool, pools)
        insert_missing(session, PoolReach, reaches)
    return made
