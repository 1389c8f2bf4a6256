"""Cases that only the holders of some roles may see (知悉范围): for everybody else it is as if there were none.

Administrators and auditors are no exception.  What opens in such a case goes to these roles as well, so that nothing in
it waits for people who can't see it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from bpmn.moment import Moment
from engine import record, routing
from engine.access import bar
from engine.tables import IS_OPEN, Draft, Instance, Request, Task


def restrict(session: Session, instance: Instance, roles: Collection[str], moment: Moment) -> None:
    """Let only the roles see the locked instance from now on; what they may not do goes over to them.

    Doing it again, with fewer roles, narrows it further.  Its record says so; drafts of others are gone.
    """
    instance.restricted_to = bar(*sorted(roles))
    session.flush()
    hand_over(session, [instance.id], roles)
    record.note(session, instance, record.Entry("restricted", data={"roles": sorted(roles)}), moment)


def restrict_others(session: Session, instance_ids: Iterable[str], roles: Collection[str]) -> tuple[str, ...]:
    """Restrict cases from which the locked one comes, and all that they have called; returns the ids of all of them.

    They are locked as well, the only ones besides one's own that a transaction locks.  Nobody waits in a circle: who
    works on one of them never needs the one that is locked here.  The record of the locked one is where it is kept that
    they were restricted.
    """
    found = _locked_with_called(session, set(instance_ids))
    for instance in found:
        instance.restricted_to = bar(*sorted(roles))
    session.flush()
    ids = [instance.id for instance in found]
    hand_over(session, ids, roles)
    return tuple(ids)


def lift(session: Session, instance: Instance, moment: Moment) -> None:
    """Let everybody see the locked instance again who could before. Open tasks stay with whom they were given to."""
    instance.restricted_to = None
    record.note(session, instance, record.Entry("unrestricted"), moment)


def lift_others(session: Session, instance_ids: Iterable[str]) -> tuple[str, ...]:
    """The same of cases from which the locked one comes, and of all that they have called; returns their ids."""
    found = _locked_with_called(session, set(instance_ids))
    for instance in found:
        instance.restricted_to = None
    session.flush()
    return tuple(instance.id for instance in found)


def hand_over(session: Session, instance_ids: Sequence[str], roles: Collection[str]) -> None:
    """Give the open tasks of restricted cases to those of their roles that may see them, or to all that may."""
    tasks = list(session.scalars(select(Task).where(Task.instance_id.in_(instance_ids), IS_OPEN)))
    for task in tasks:
        routing.narrow(task, bar(*sorted(roles)))
    routing.route(session, tasks, [None] * len(tasks))
    ids = [task.id for task in tasks]
    session.execute(delete(Draft).where(Draft.task_id.in_(ids)), execution_options={"synchronize_session": False})
    session.flush()


def _locked_with_called(session: Session, instance_ids: set[str]) -> list[Instance]:
    """The cases and what they have called, locked, callers first and each generation in the order of the ids.

    What a case calls is read once it is locked: before, somebody might just be calling another one.
    """
    found: dict[str, Instance] = {}
    new = {ident for ident in instance_ids if ident}
    while new:
        locking = select(Instance).where(Instance.id.in_(new)).order_by(Instance.id).with_for_update()
        for instance in session.scalars(locking.execution_options(populate_existing=True)):
            found[instance.id] = instance
        called = select(Request.child_id).where(Request.instance_id.in_(new), Request.child_id.is_not(None))
        new = {child for child in session.scalars(called) if child} - found.keys()
    return list(found.values())
