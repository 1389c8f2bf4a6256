"""Evidence of cases: orders and instructions that were due, opinions that co-units were asked for."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime
from typing import Any

from sqlalchemy import func, or_, select

from bpmn.instants import to_date
from engine.tables import Instance, Task
from workflows.scoring.rules import Entry
from workflows.scoring.scope import Found, Scope
from workflows.scoring.units import answerable
from workflows.tables import Instruction, Matter, Problem

CO_TASKS = ("co_opinion", "unit_opinion", "countersign")
STEPS = ("issue_order", "report_rectification", "close_order")


def orders(scope: Scope) -> Found:
    """Orders that were due. What the unit handed in by the deadline and the recheck confirmed is on time, however long
    the recheck took; what still is rechecked counts when that is done."""
    cases = [case for case in scope.session.execute(_cases(scope)).all() if case.id not in scope.revoked]
    done = _done(scope, [case.id for case in cases])
    for case in cases:
        deadline = to_date(case.deadline, scope.moment) if case.deadline else None
        if deadline is None or not scope.covers(deadline) or scope.moment.end_of(deadline) > scope.moment.now:
            continue
        steps = done.get(case.id, {})
        issued, handed, closed = (steps.get(name) for name in STEPS)
        if handed is not None and issued is not None and handed < issued:
            handed = None
        is_in_time = handed is not None and handed <= scope.moment.end_of(deadline)
        is_closed = handed is not None and closed is not None and closed > handed and case.verdict == "close"
        if case.status == "cancelled" or (is_in_time and not is_closed):
            continue
        is_on_time = is_closed and is_in_time
        facts = {"due": deadline.isoformat(), "done": scope.iso(handed)}
        unit = answerable(case.unit)
        component = "promises" if scope.kinds.get(unit or "") == "co_unit" else "rectification"
        yield unit, Entry(
            component, "order_on_time" if is_on_time else "order_late", 1.0, float(is_on_time), "order", case.id,
            case.id, case.item_id, case.task_code, deadline, case.title, facts,
        )  # fmt: skip


def _cases(scope: Scope) -> Any:
    named = Instance.variables
    return select(
        Instance.id, Instance.title, Instance.task_code, Instance.status,
        named["unit"].as_string().label("unit"), named["deadline"].as_string().label("deadline"),
        named["item_id"].as_string().label("item_id"), named["close_order"]["verdict"].as_string().label("verdict"),
    ).where(*is_order(scope))  # fmt: skip


def is_order(scope: Scope) -> tuple[Any, ...]:
    of_campaign = Instance.variables["campaign_id"].as_string() == scope.campaign_id
    return (Instance.process_key == "rectification", of_campaign, Instance.restricted_to.is_(None))


def _done(scope: Scope, cases: list[str]) -> dict[str, dict[str, datetime]]:
    """Case -> step -> when it was done last."""
    found: dict[str, dict[str, datetime]] = defaultdict(dict)
    if not cases:
        return found
    rows = (
        select(Task.instance_id, Task.element, func.max(Task.closed_at))
        .join(Instance, Instance.id == Task.instance_id)
        .where(*is_order(scope), Task.element.in_(STEPS), Task.status == "completed")
        .group_by(Task.instance_id, Task.element)
    )
    for case, element, at in scope.session.execute(rows):
        if at is not None:
            found[case][element] = at
    return found


def instructions(scope: Scope) -> Found:
    """Instructions that were due, reported by the unit that leads; and those that pleased the leader."""
    rows = select(Instruction).where(
        Instruction.campaign_id == scope.campaign_id,
        Instruction.status.not_in(("registered", "cancelled")),
        or_(Instruction.action_required.is_(None), Instruction.action_required != "read_only"),
    )
    for row in scope.session.scalars(rows):
        unit = answerable(row.lead_unit)
        about: dict[str, Any] = {
            "source_kind": "instruction", "source_id": row.id, "instance_id": row.instance_id,
            "task_code": row.task_code, "text": row.title,
        }  # fmt: skip
        if row.deadline is not None and scope.covers(row.deadline):
            until = scope.moment.end_of(row.deadline)
            if until <= scope.moment.now:
                is_on_time = row.reported_at is not None and row.reported_at <= until
                component = "promises" if scope.kinds.get(unit or "") == "co_unit" else "instructions"
                rule = "instruction_on_time" if is_on_time else "instruction_late"
                facts = {"due": row.deadline.isoformat(), "done": scope.iso(row.reported_at)}
                yield unit, Entry(component, rule, 1.0, float(is_on_time), day=row.deadline, facts=facts, **about)
        day = scope.day(row.ended_at or row.reported_at)
        if row.verdict == "satisfied" and row.quality == "good" and scope.covers(day):
            yield unit, Entry("commended", "leader_satisfied", 1.0, 1.0, day=day, **about)


def replies(scope: Scope) -> Found:
    """Opinions that co-units were asked for: silence counts as late."""
    about = or_(
        *(
            Task.instance_id.in_(select(table.instance_id).where(table.campaign_id == scope.campaign_id))
            for table in (Instruction, Problem, Matter)
        )
    )
    helping = [unit for unit, kind in scope.kinds.items() if kind == "co_unit"]
    rows = (
        select(Task, Instance.title)
        .join(Instance, Instance.id == Task.instance_id)
        .where(
            Task.element.in_(CO_TASKS),
            Task.org.in_(helping),
            Task.due >= scope.begin,
            Task.due < scope.end,
            about,
        )
    )
    for task, title in scope.session.execute(rows):
        is_in_time = task.closed_at is not None and task.due is not None and task.closed_at <= task.due
        if task.status == "cancelled" and is_in_time:
            continue  # nobody waited for it any more
        is_timely = task.status == "completed" and is_in_time
        done = scope.iso(task.closed_at) if task.status == "completed" else None
        yield task.org, Entry(
            "replies", "reply_on_time" if is_timely else "reply_late", 1.0, float(is_timely), "task", task.id,
            task.instance_id, None, task.task_code, scope.day(task.due), title,
            {"task": task.name, "due": scope.iso(task.due), "done": done},
        )  # fmt: skip
