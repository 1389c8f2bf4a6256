"""What becomes of a task that is passed over: the answers that stand there, and how the case goes on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from bpmn.moment import Moment
from engine import definitions, runtime
from engine.assignment import Skip
from engine.routing import NOBODY_FITS
from engine.runtime.outcome import Outcome, Trouble
from engine.tables import Instance
from faults import N_, Fault

MOST = 600  # in one operation; a diagram that leads round and round through skipped tasks stops there

_ENDLESS = N_("{task} was skipped again and again. Give it to a person, or correct the diagram.")


@dataclass(frozen=True, slots=True)
class Passed:
    """``data`` is for the record: why, who has done the same before, and the answers that now stand there."""

    outcome: Outcome
    data: dict[str, Any]


def passed(session: Session, instance: Instance, skip: Skip, moment: Moment) -> Passed | Trouble:
    """Go on without the task, which is still open; a trouble if what is to stand there can't be computed."""
    task = skip.task
    published = definitions.published(session, instance.version_id)
    form = published.form_of(task.element, task.form)
    fields = [one.name for one in form.fields] if form is not None else []
    definition, state = published.definition, instance.state
    try:
        answers = runtime.answers_when_skipped(definition, state, task.id, fields, skip.earlier, moment)
        outcome = runtime.skip(definition, state, task.id, answers, skip.account, moment)
    except Fault as fault:
        return Trouble(task.id, task.element, NOBODY_FITS, fault.message, dict(fault.params))
    data = {"why": skip.why, "account": skip.account, "earlier": skip.earlier, "answers": answers}
    return Passed(outcome, {name: value for name, value in data.items() if value is not None})


def endless(skip: Skip) -> Trouble:
    return Trouble(skip.task.id, skip.task.element, NOBODY_FITS, _ENDLESS, {"task": skip.task.name})
