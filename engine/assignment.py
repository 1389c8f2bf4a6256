"""The rules of a diagram beyond roles: who of several gets a task, what if nobody may do it, who need not do it again.

Asked after `engine.routing` has found account and pool of new tasks; a task without a rule costs nothing here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from bpmn.moment import Moment
from engine.access import bar
from engine.database import insert_missing
from engine.organisations import codes
from engine.routing import NOBODY_FITS, UNKNOWN_ORG
from engine.runtime.outcome import TaskOpened, Trouble
from engine.substitutes import DEPUTY
from engine.tables import IS_OPEN, Account, Instance, RoleGrant, Substitute, Task, Turn
from faults import N_

_NOBODY_FITS = N_(
    "Nobody who may do {task} can be found. Give it to a person, or give somebody the role and try again."
)


@dataclass(frozen=True, slots=True)
class Rule:
    """What the diagram says of a task; ``named`` is the account that it names, ``repeats`` as in `TaskOpened`."""

    choose: str | None = None
    nobody: str | None = None
    named: str | None = None
    repeats: Mapping[str, str] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.choose or self.nobody or self.repeats)


@dataclass(frozen=True, slots=True)
class Skip:
    """A task that is passed over: nobody fits, or ``account`` has done ``earlier``, which it would repeat."""

    task: Task
    why: Literal["nobody", "repeated"]
    account: str | None = None
    earlier: str | None = None


@dataclass(frozen=True, slots=True)
class Given:
    """A task that somebody got by a rule: least_loaded, rotation or deputy."""

    task: str
    account: str
    why: str


@dataclass(frozen=True, slots=True)
class Settled:
    troubles: tuple[Trouble, ...]
    skips: tuple[Skip, ...] = ()
    given: tuple[Given, ...] = ()


def rule_of(opened: TaskOpened, named: str | None) -> Rule:
    """``named``: the account that counts as named; in a restricted case none does."""
    return Rule(opened.choose, opened.nobody, named, opened.repeats)


def settle(
    session: Session,
    instance: Instance,
    tasks: Sequence[Task],
    rules: Sequence[Rule],
    lost: Sequence[Trouble],
    moment: Moment,
) -> Settled:
    """Apply the rules to tasks that were just routed, with the troubles that this has brought (``lost``).

    Sets assignee and holder.  Statements only where there is a rule: one for each pool, one for all loads, two for all
    turns, one for each task that needs a deputy.
    """
    ruled = [(task, rule) for task, rule in zip(tasks, rules, strict=True) if rule]
    if not ruled:
        return Settled(tuple(lost))
    fits = {task.id: found for task, found in _fitting(session, ruled)}
    chooser = _Chooser(session, instance, ruled, fits, moment)
    misplaced = {one.token for one in lost if one.code == UNKNOWN_ORG}  # a fault, not a lack of people
    troubles = list(lost)
    skips: list[Skip] = []
    given: list[Given] = []
    for task, rule in ruled:
        fitting = fits[task.id]
        if not fitting and rule.nobody:
            if rule.nobody == "skip" and task.id not in misplaced:
                skips.append(Skip(task, "nobody"))
            elif (
                rule.nobody == "deputy"
                and task.id not in misplaced
                and (deputy := _deputy(session, instance, task, rule, moment))
            ):
                task.assignee = task.holder = deputy
                given.append(Given(task.id, deputy, DEPUTY))
            else:
                _leave_to_administrators(task, troubles)
                continue
            troubles = [one for one in troubles if one.token != task.id]
            continue
        if rule.choose and task.assignee is None and fitting:
            task.holder = chooser.choose(task, rule.choose, fitting)
            given.append(Given(task.id, task.holder, rule.choose))
        person = task.assignee or task.holder or (fitting[0] if len(fitting) == 1 else None)
        if person is not None and person in rule.repeats:
            skips.append(Skip(task, "repeated", person, rule.repeats[person]))
    return Settled(tuple(troubles), tuple(skips), tuple(given))


def _leave_to_administrators(task: Task, troubles: list[Trouble]) -> None:
    task.assignee = task.holder = None
    if all(one.token != task.id for one in troubles):
        troubles.append(Trouble(task.id, task.element, NOBODY_FITS, _NOBODY_FITS, {"task": task.name}))


def _fitting(session: Session, ruled: Sequence[tuple[Task, Rule]]) -> list[tuple[Task, list[str]]]:
    """The active accounts that may do each task, by id: who is named, or else who holds a role."""
    pools: dict[str, list[str]] = {}
    found = []
    for task, _ in ruled:
        if task.assignee is not None and not _is_barred(task, task.assignee):
            found.append((task, [task.assignee]))
            continue
        if task.assignee is not None:
            task.assignee = task.holder = None
        if task.pool_id is not None and task.pool_id not in pools:
            pools[task.pool_id] = _holders(session, task)
        found.append((task, [one for one in pools.get(task.pool_id or "", []) if not _is_barred(task, one)]))
    return found


def _holders(session: Session, task: Task) -> list[str]:
    """The same rule as `engine.access.may_do`, asked of all accounts."""
    query = select(Account.id).join(RoleGrant, RoleGrant.account_id == Account.id)
    query = query.where(Account.active, RoleGrant.role.in_(task.roles))
    if above := codes(task.org_path):
        query = query.where(RoleGrant.org_code.in_(above))
    if task.task_code is not None:
        query = query.where(or_(RoleGrant.task_code.is_(None), RoleGrant.task_code == task.task_code))
    return list(session.scalars(query.distinct().order_by(Account.id)))


def _is_barred(task: Task, account: str) -> bool:
    return bar(account) in task.barred


def _deputy(session: Session, instance: Instance, task: Task, rule: Rule, moment: Moment) -> str | None:
    """The deputy of who is named, or of the role; in a restricted case nobody who doesn't hold the role comes in."""
    if instance.restricted_to is not None:
        return None
    for_role = Substitute.role.in_(task.roles) & or_(
        Substitute.org_code.is_(None), Substitute.org_code.in_(codes(task.org_path))
    )
    query = (
        select(Substitute.account_id)
        .join(Account, Account.id == Substitute.account_id)
        .where(
            Account.active,
            Substitute.kind == DEPUTY,
            Substitute.ended_at.is_(None),
            Substitute.valid_from <= moment.today,
            or_(Substitute.valid_until.is_(None), Substitute.valid_until >= moment.today),
            or_(Substitute.for_account == rule.named, for_role) if rule.named else for_role,
        )
        .order_by(Substitute.for_account.is_(None), Substitute.id)
    )
    return next((one for one in session.scalars(query) if not _is_barred(task, one)), None)


class _Chooser:
    """Knows the loads and turns of all that one step opens, so that its tasks are spread as well."""

    def __init__(
        self,
        session: Session,
        instance: Instance,
        ruled: Sequence[tuple[Task, Rule]],
        fits: Mapping[str, list[str]],
        moment: Moment,
    ) -> None:
        open_for = [
            (task, rule.choose) for task, rule in ruled if rule.choose and task.assignee is None and fits[task.id]
        ]
        loaded = {one for task, how in open_for if how == "least_loaded" for one in fits[task.id]}
        self.moment = moment
        self.loads = _loads(session, loaded)
        self.turns = _turns(session, instance, [task for task, how in open_for if how == "rotation"], moment)

    def choose(self, task: Task, how: str, fitting: Sequence[str]) -> str:
        if how == "rotation":
            turn = self.turns[task.element, task.pool_id or ""]
            later = [one for one in fitting if turn.account_id is not None and one > turn.account_id]
            turn.account_id, turn.at = (later or fitting)[0], self.moment.now
            return turn.account_id
        chosen = min(fitting, key=lambda one: (self.loads.get(one, 0), one))
        self.loads[chosen] = self.loads.get(chosen, 0) + 1
        return chosen


def _loads(session: Session, accounts: set[str]) -> dict[str, int]:
    if not accounts:
        return {}
    query = select(Task.holder, func.count()).where(Task.holder.in_(sorted(accounts)), IS_OPEN).group_by(Task.holder)
    return dict(session.execute(query).all())  # type: ignore[arg-type]


def _turns(session: Session, instance: Instance, tasks: Sequence[Task], moment: Moment) -> dict[tuple[str, str], Turn]:
    """Locked, in one order for all, so that two cases that open at once give to two people and don't wait crosswise."""
    keys = sorted({(task.element, task.pool_id or "") for task in tasks})
    if not keys:
        return {}
    process = instance.process_key
    rows = [
        {"process_key": process, "element": element, "pool_id": pool, "account_id": None, "at": moment.now}
        for element, pool in keys
    ]
    insert_missing(session, Turn, rows)
    query = select(Turn).where(
        Turn.process_key == process,
        Turn.element.in_([element for element, _ in keys]),
        Turn.pool_id.in_([pool for _, pool in keys]),
    )
    query = query.order_by(Turn.element, Turn.pool_id).with_for_update().execution_options(populate_existing=True)
    return {(turn.element, turn.pool_id): turn for turn in session.scalars(query)}
