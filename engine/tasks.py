"""Tasks: looked at, claimed, drafted, completed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, delete, exists, select, update
from sqlalchemy.orm import Session, aliased, contains_eager, undefer

from bpmn.moment import Moment
from engine import accounts, assignment, definitions, instances, lineage, record, routing, runtime, substitutes
from engine import answers as answering
from engine.access import ADMIN, Actor, NotFound, NotYours, is_barred, is_let_in, may_do, require, visible
from engine.database import upsert
from engine.light import Light, days_left, light, limits
from engine.substitutes import SECRETARY, Standing
from engine.tables import IS_OPEN, Account, Draft, Incident, Instance, Organisation, Task, canonical, short_key
from faults import N_, Fault, Problem
from forms.answers import AnswersRefused
from forms.field import Form
from forms.fixed import with_fixed

LONGEST_DRAFT = 500_000  # characters of JSON


class AlreadyDone(Fault):
    """{name} did this already, at {at}. Nothing was changed; look at the case to see how it went on."""


class Claimed(Fault):
    """{name} has taken this task. Ask that account to give it back, or wait until it is done."""


class NotClaimed(Fault):
    """This task is not one that can be given back: nobody has taken it, or the process gives it to one account."""


class NotAssignable(Fault):
    """This task can't be given to that account: it is switched off, or kept from the task. Choose another."""


class DraftTooLarge(Fault):
    """This draft is too large to be kept. Attach long texts as files instead."""


@dataclass(frozen=True, slots=True)
class Completed:
    """``next_tasks``: the open tasks of the instance that the actor may do now. ``repeated``: it was done before."""

    instance_id: str
    version_id: int  # on which the instance is
    next_tasks: tuple[str, ...]
    repeated: bool


@dataclass(frozen=True, slots=True)
class TaskView:
    """A task as its page shows it.

    ``answers`` are, for a task that is open and the actor's turn, his draft or else the prefilled values; for one that
    is done, what was answered.  ``values`` are the prefilled values alone.
    """

    id: str
    element: str
    name: str
    subject: str | None
    documentation: str
    clauses: tuple[str, ...]
    status: str
    your_turn: bool  # the actor may complete it now
    claimed: bool  # the actor has taken it and may give it back
    claimable: bool
    holder: str | None  # account id
    holder_name: str | None
    performer: str | None
    performer_name: str | None
    roles: tuple[str, ...]
    org: str | None
    org_name: str | None
    task_code: str | None
    due: datetime | None
    light: Light | None
    days_left: int | None
    urged: int
    opened_at: datetime
    closed_at: datetime | None
    item: Any
    form: Form | None
    answers: Mapping[str, Any]
    values: Mapping[str, Any]
    drafted_at: datetime | None
    instance_id: str
    title: str
    process_key: str
    process_name: str
    version_id: int
    entered_by: str | None  # name of the account that did it on the performer's behalf
    on_behalf_of: str | None = None  # account id of the principal for whom the actor looks at it
    on_behalf_of_name: str | None = None
    scan_wanted: bool = False  # whoever does it for the principal has to enclose a scan


def view(session: Session, actor: Actor, task_id: str, moment: Moment) -> TaskView:
    """The task as the actor may see it: to do, or only to look at. At most four statements.

    Raises NotFound, and NotYours if he may see neither the task nor its instance.
    """
    return _view(session, actor, actor.id, _held(session, task_id), moment)


def view_for(session: Session, actor: Actor, principal_id: str, task_id: str, moment: Moment) -> TaskView:
    """The task as the principal could do it, for a substitute; the draft is the substitute's own.

    Raises NotFound, and NotYours if the actor may not do it on his behalf.
    """
    standing, held = _stand_in(session, actor, principal_id, task_id, moment)
    found = _view(session, standing.principal, actor.id, held, moment)
    return replace(
        found,
        claimed=False,
        claimable=False,
        on_behalf_of=principal_id,
        on_behalf_of_name=standing.principal.name,
        scan_wanted=standing.kind == SECRETARY,
    )


def _view(session: Session, actor: Actor, writer: str, held: _Held, moment: Moment) -> TaskView:
    """``writer`` is the account whose draft is shown."""
    task = held.task
    _require_let_in(actor, held)
    instance = _instance_of(session, actor, task)
    published = definitions.published(session, instance.version_id)
    if task.status == "completed":
        published = lineage.at_token(session, instance.id, instance.version_id, task.id)
    form = published.form_of(task.element, task.form)
    element = published.process.elements.get(task.element)
    your_turn = may_do(actor, task) and task.status == "open" and task.holder in (None, actor.id)
    values: Mapping[str, Any] = {}
    answers: Mapping[str, Any] = {}
    draft = None
    if task.status == "completed":
        answers = record.answers(session, task.instance_id, task.id)
    elif your_turn and form is not None:
        values = answering.prefill(instance, task, published, form, moment)
        draft = session.get(Draft, (task.id, writer)) if held.drafted else None
        answers = with_fixed(form, {**values, **draft.answers}, values) if draft else values
    due = task.due if task.status == "open" else None
    return TaskView(
        id=task.id,
        element=task.element,
        name=task.name,
        subject=task.subject,
        documentation=element.documentation if element else "",
        clauses=element.clauses if element else (),
        status=task.status,
        your_turn=your_turn,
        claimed=task.holder == actor.id and task.assignee is None and task.status == "open",
        claimable=your_turn and task.holder is None,
        holder=task.holder,
        holder_name=held.holder,
        performer=task.performer,
        performer_name=held.performer,
        roles=tuple(task.roles),
        org=task.org,
        org_name=held.org,
        task_code=task.task_code,
        due=task.due,
        light=light(due, limits(moment)),
        days_left=days_left(due, moment) if due else None,
        urged=task.urged,
        opened_at=task.opened_at,
        closed_at=task.closed_at,
        item=task.item,
        form=form,
        answers=answers,
        values=values,
        drafted_at=draft.saved_at if draft else None,
        instance_id=instance.id,
        title=instance.title,
        process_key=instance.process_key,
        process_name=instance.version.name,
        version_id=instance.version_id,
        entered_by=held.entered_by,
    )


def complete(
    session: Session,
    actor: Actor,
    task_id: str,
    answers: Mapping[str, Any],
    key: str | None,
    moment: Moment,
) -> Completed:
    """Complete a task with answers, and let its instance go on.

    The same ``key`` from the same actor answers with the first result.  Raises NotFound, NotYours, AlreadyDone,
    Claimed, AnswersRefused; then nothing has changed.
    """
    instance = instances.locked_by_task(session, task_id)
    held = _held(session, task_id)
    if _is_repeated(held.task, actor.id, None, key):
        return Completed(instance.id, instance.version_id, _open_for(session, actor, instance), repeated=True)
    _require_turn(actor, held, moment)
    published = definitions.published(session, instance.version_id)
    accepted = answering.accept(session, actor, instance, held.task, published, answers, moment)
    return _go_on(session, actor, None, instance, held, accepted, key, moment)


def complete_for(
    session: Session,
    actor: Actor,
    principal_id: str,
    task_id: str,
    answers: Mapping[str, Any],
    key: str | None,
    moment: Moment,
) -> Completed:
    """Complete a task on behalf of the principal; he counts as its performer, and the record has both names.

    A secretary has to enclose a scan among the attachments.  Raises as `complete`, and NotYours without a substitution
    that is in force and covers the task; then nothing has changed.
    """
    instance = instances.locked_by_task(session, task_id)
    standing, held = _stand_in(session, actor, principal_id, task_id, moment)
    if _is_repeated(held.task, principal_id, actor.id, key):
        return Completed(instance.id, instance.version_id, _open_for(session, actor, instance), repeated=True)
    _require_turn(standing.principal, held, moment)
    published = definitions.published(session, instance.version_id)
    accepted = answering.accept(session, actor, instance, held.task, published, answers, moment)
    if standing.kind == SECRETARY and not accepted.stored.get("attachments"):
        message = N_("Enclose a scan of what {name} has decided: it stands behind what is entered for others.")
        raise AnswersRefused([Problem("attachments", "scan_missing", message, {"name": standing.principal.name})])
    return _go_on(session, actor, standing, instance, held, accepted, key, moment)


def claim(session: Session, actor: Actor, task_id: str, moment: Moment) -> None:
    """Take a task that several may do, so that the others see who is at it. Claiming it twice changes nothing."""
    instance = instances.locked_by_task(session, task_id)
    held = _held(session, task_id)
    _require_turn(actor, held, moment)
    if held.task.holder == actor.id:
        return
    held.task.holder = actor.id
    record.note(session, instance, record.Entry("claimed", actor.id, held.task.element, task_id), moment)


def release(session: Session, actor: Actor, task_id: str, moment: Moment) -> None:
    """Give a claimed task back. Administrators may do it for others. Raises NotClaimed if there is no claim."""
    instance = instances.locked_by_task(session, task_id)
    held = _held(session, task_id)
    _require_let_in(actor, held)
    task = held.task
    if task.holder != actor.id and not actor.holds(ADMIN):
        raise NotYours()
    if task.status != "open" or task.holder is None or task.assignee is not None:
        raise NotClaimed()
    entry = record.Entry("released", actor.id, task.element, task_id, {"holder": task.holder})
    task.holder = None
    record.note(session, instance, entry, moment)


def assign(session: Session, actor: Actor, task_id: str, account_id: str, moment: Moment) -> None:
    """Give an open task to an account, whatever roles it has; it is that account's alone then. For administrators.

    Raises NotYours, NotFound, AlreadyDone, NotAssignable.
    """
    require(actor, ADMIN)
    instance = instances.locked_by_task(session, task_id)
    held = _held(session, task_id)
    _require_let_in(actor, held)
    _require_open(held, moment)
    task = held.task
    try:
        chosen = accounts.actor(session, account_id)
    except NotFound:
        raise NotAssignable() from None
    if is_barred(chosen, task) or not is_let_in(chosen, instance.restricted_to):
        raise NotAssignable()
    task.assignee = task.holder = account_id
    unresolved = (Incident.token == task_id, Incident.code.in_(routing.CODES), Incident.resolved_at.is_(None))
    resolving = update(Incident).where(*unresolved).values(resolved_at=moment.now, resolved_by=actor.id)
    session.execute(resolving, execution_options={"synchronize_session": False})
    data = {"account": account_id}
    record.note(session, instance, record.Entry("assigned", actor.id, task.element, task_id, data), moment)


def return_to(session: Session, actor: Actor, task_id: str, element: str, reason: str, moment: Moment) -> None:
    """Withdraw an open task and open an earlier one of the same part of the process instead. For administrators.

    Raises NotYours, NotFound, AlreadyDone, `engine.runtime.CannotReturn`.
    """
    require(actor, ADMIN)
    instance = instances.locked_by_task(session, task_id)
    held = _held(session, task_id)
    _require_let_in(actor, held)
    _require_open(held, moment)
    definition = definitions.of(session, instance.version_id)
    outcome = runtime.return_to(definition, instance.state, task_id, element, moment)
    held.task.status = "cancelled"
    held.task.closed_at = moment.now
    with session.no_autoflush:
        session.execute(delete(Draft).where(Draft.task_id == task_id))
    data = {"reason": reason, "to": element}
    record.apply(
        session, instance, outcome, record.Entry("returned", actor.id, held.task.element, task_id, data), moment
    )


def save_draft(session: Session, actor: Actor, task_id: str, answers: Mapping[str, Any], moment: Moment) -> None:
    """Keep what the actor has typed so far, unchecked.

    Raises NotFound, NotYours, AlreadyDone, Claimed, DraftTooLarge.
    """
    _require_turn(actor, _held(session, task_id), moment)
    _keep_draft(session, actor, task_id, answers, moment)


def save_draft_for(
    session: Session, actor: Actor, principal_id: str, task_id: str, answers: Mapping[str, Any], moment: Moment
) -> None:
    """Keep what a substitute has typed so far; it is his draft, not the principal's. Raises as `save_draft`."""
    standing, held = _stand_in(session, actor, principal_id, task_id, moment)
    _require_turn(standing.principal, held, moment)
    _keep_draft(session, actor, task_id, answers, moment)


def _keep_draft(session: Session, actor: Actor, task_id: str, answers: Mapping[str, Any], moment: Moment) -> None:
    if len(canonical(answers)) > LONGEST_DRAFT:
        raise DraftTooLarge()
    row = {"task_id": task_id, "account_id": actor.id, "answers": dict(answers), "saved_at": moment.now}
    upsert(session, Draft, row, key=("task_id", "account_id"))


def urge(session: Session, instance_id: str, element: str, moment: Moment) -> int:
    """Mark the open tasks of an element as urged once more; returns how many there are. The instance must be locked."""
    instance = session.get_one(Instance, instance_id)
    open_tasks = (Task.instance_id == instance_id, Task.element == element, IS_OPEN)
    urged = session.scalars(
        update(Task).where(*open_tasks).values(urged=Task.urged + 1).returning(Task.id),
        execution_options={"synchronize_session": False},
    ).all()
    if urged:
        record.note(session, instance, record.Entry("urged", element=element, data={"tasks": sorted(urged)}), moment)
    return len(urged)


def reroute(session: Session, task_id: str, moment: Moment) -> bool:
    """Decide anew who gets an open task that no one got; whether somebody does now. For retried incidents.

    If nobody does, there is a new incident.
    """
    instance = instances.locked_by_task(session, task_id)
    task = session.get_one(Task, task_id, populate_existing=True)
    if task.status != "open":
        return True
    wished = session.scalars(
        select(Incident.params)
        .where(Incident.token == task_id, Incident.code == routing.UNKNOWN_ASSIGNEE)
        .order_by(Incident.id.desc())
        .limit(1)
    ).first()
    named = wished["account"] if wished and task.holder is None else task.assignee
    lost = routing.route(session, [task], [named])
    settled = assignment.settle(session, instance, [task], [_rule(session, instance, task, named)], lost, moment)
    if settled.troubles:
        record.note_troubles(session, instance, list(settled.troubles), moment)
        return False
    record.note(session, instance, record.Entry("rerouted", None, task.element, task_id), moment)
    return True


def _rule(session: Session, instance: Instance, task: Task, named: str | None) -> assignment.Rule:
    """What the diagram says of the task, for a second try: it is not skipped then, an administrator looks after it."""
    element = definitions.published(session, instance.version_id).process.elements.get(task.element)
    said = element.attributes if element is not None else {}
    nobody = {"deputy": "deputy", "list": "list", "skip": "list"}.get(said.get("nobody", ""))
    return assignment.Rule(said.get("choose") or None, nobody, named)


@dataclass(frozen=True, slots=True)
class _Held:
    task: Task
    performer: str | None  # names, not ids
    holder: str | None
    org: str | None
    entered_by: str | None
    restricted_to: str | None  # the roles that its instance is restricted to
    drafted: bool  # somebody has a draft of it


_PERFORMER, _HOLDER, _ENTERED_BY = aliased(Account), aliased(Account), aliased(Account)
# Built once: with its aliases it costs more to build than to send, and every completion needs it.
_HELD = (
    select(
        Task,
        _PERFORMER.name,
        _HOLDER.name,
        Organisation.name,
        _ENTERED_BY.name,
        Instance.restricted_to,
        exists().where(Draft.task_id == Task.id),
    )
    .join(Instance, Instance.id == Task.instance_id)
    .outerjoin(_PERFORMER, _PERFORMER.id == Task.performer)
    .outerjoin(_ENTERED_BY, _ENTERED_BY.id == Task.entered_by)
    .outerjoin(_HOLDER, _HOLDER.id == Task.holder)
    .outerjoin(Organisation, Organisation.code == Task.org)
    .where(Task.id == bindparam("task_id"))
    .execution_options(populate_existing=True)
)


def _held(session: Session, task_id: str) -> _Held:
    row = session.execute(_HELD, {"task_id": task_id}).one_or_none()
    if row is None:
        raise NotFound()
    return _Held(*row)


def _instance_of(session: Session, actor: Actor, task: Task) -> Instance:
    """The instance, with its version and variables, if the actor may see it or do the task."""
    query = (
        select(Instance)
        .join(Instance.version)
        .options(contains_eager(Instance.version), undefer(Instance.variables))
        .where(Instance.id == task.instance_id)
    )
    if not may_do(actor, task):
        query = query.where(visible(actor))
    instance = session.scalars(query).one_or_none()
    if instance is None:
        raise NotYours()
    return instance


def _stand_in(
    session: Session, actor: Actor, principal_id: str, task_id: str, moment: Moment
) -> tuple[Standing, _Held]:
    """The substitution that covers the task. Raises NotFound, NotYours."""
    held = _held(session, task_id)
    standing = substitutes.standing_in(session, actor, principal_id, moment)
    if not standing.covers(held.task):
        raise NotYours()
    return standing, held


def _is_repeated(task: Task, performer: str, entered_by: str | None, key: str | None) -> bool:
    """Whether it was done already by the same people with the same key."""
    return (
        key is not None
        and task.status == "completed"
        and (task.performer, task.entered_by, task.key) == (performer, entered_by, short_key(key))
    )


def _go_on(
    session: Session,
    actor: Actor,
    standing: Standing | None,
    instance: Instance,
    held: _Held,
    accepted: answering.Answers,
    key: str | None,
    moment: Moment,
) -> Completed:
    """Close the task with accepted answers, and let its instance go on."""
    task = held.task
    performer = standing.principal if standing else actor
    published = definitions.published(session, instance.version_id)
    outcome = runtime.complete(published.definition, instance.state, task.id, accepted.stored, performer.id, moment)
    task.status = "completed"
    task.performer = performer.id
    task.entered_by = actor.id if standing else None
    task.closed_at = moment.now
    task.key = short_key(key) if key else None
    task.asked, task.prefilled = accepted.effort.asked, accepted.effort.prefilled
    task.kept = accepted.effort.kept
    if held.drafted:
        session.execute(delete(Draft).where(Draft.task_id == task.id), execution_options={"autoflush": False})
    with session.no_autoflush:
        answering.keep(session, instance, accepted)
    data: dict[str, Any] = {"answers": accepted.stored}
    if standing:
        data |= {"on_behalf_of": performer.id, "as": standing.kind}
    opened = record.apply(
        session, instance, outcome, record.Entry("completed", actor.id, task.element, task.id, data), moment
    )
    return Completed(instance.id, instance.version_id, instances.yours(actor, opened), repeated=False)


def _require_turn(actor: Actor, held: _Held, moment: Moment) -> None:
    """Raise unless it is up to the actor now."""
    task = held.task
    _require_let_in(actor, held)
    if not may_do(actor, task):
        raise NotYours()
    _require_open(held, moment)
    if task.holder not in (None, actor.id):
        raise Claimed(name=held.holder or task.holder)


def _require_let_in(actor: Actor, held: _Held) -> None:
    if not is_let_in(actor, held.restricted_to):
        raise NotFound()


def _require_open(held: _Held, moment: Moment) -> None:
    task = held.task
    if task.status == "completed":
        raise AlreadyDone(name=held.performer or task.performer, at=_clock(task.closed_at, moment))
    if task.status != "open":
        message = N_("This task was withdrawn at {at}, so it needs no answer. Look at the case to see why.")
        raise AlreadyDone(message, at=_clock(task.closed_at, moment))


def _open_for(session: Session, actor: Actor, instance: Instance) -> tuple[str, ...]:
    tasks = session.scalars(select(Task).where(Task.instance_id == instance.id, IS_OPEN))
    return instances.yours(actor, tuple(tasks))


def _clock(instant: datetime | None, moment: Moment) -> str:
    return instant.astimezone(moment.calendar.zone).strftime("%Y-%m-%d %H:%M") if instant else ""
