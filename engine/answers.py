"""What is asked in a task and what is answered: prefilled values, and the checks that need the database."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from bpmn.expressions import compile_expression
from bpmn.moment import Moment
from engine import runtime
from engine.access import Actor
from engine.definitions import Published
from engine.tables import Account, Attachment, Instance, Organisation, Task
from faults import Fault
from forms import answers as formed
from forms import prefilled
from forms.answers import Reference
from forms.effort import Effort, measure
from forms.field import Form


@dataclass(frozen=True, slots=True)
class Answers:
    """``stored``: every field of the form, None where there is no answer, for diagrams and the record."""

    stored: Mapping[str, Any]
    attachments: frozenset[str]
    effort: Effort


def prefill(instance: Instance, task: Task, published: Published, form: Form, moment: Moment) -> dict[str, Any]:
    """The values that the form's prefill expressions give; what can't be computed is left for the officer."""
    expressions = prefilled.expressions(form)
    if not expressions:
        return {}
    names = _names(instance, task, published, moment)
    values: dict[str, Any] = {}
    for field, expression in expressions.items():
        try:
            values[field] = compile_expression(expression).evaluate(names, moment)
        except Fault:
            continue
    return prefilled.fit(form, values)


def accept(
    session: Session,
    actor: Actor,
    instance: Instance,
    task: Task,
    published: Published,
    answers: Mapping[str, Any],
    moment: Moment,
) -> Answers:
    """Validate answers, look up the ids in them (a statement a kind), and add what the server knows of evidences.

    Raises AnswersRefused.
    """
    form = published.form_of(task.element, task.form)
    if form is None:
        return Answers({}, frozenset(), Effort(0, 0, 0))
    given = prefill(instance, task, published, form, moment)
    clean = formed.validate(form, answers, prefilled=given, today=moment.today)
    effort = measure(form, clean, given)
    references = formed.references(form, clean)
    attachments = _attachments(session, actor, instance, _idents(references, "attachment"))
    unknown = [one for one in references if one.kind == "attachment" and one.ident not in attachments]
    unknown += _unknown(session, references)
    if unknown:
        raise formed.refuse_unknown(unknown)
    clean = formed.with_evidence(form, clean, {ident: _facts(row) for ident, row in attachments.items()})
    return Answers(formed.with_gaps(form, clean), frozenset(attachments), effort)


def keep(session: Session, instance: Instance, answers: Answers) -> None:
    """Attachments that stand in answers belong to the instance from now on."""
    if answers.attachments:
        kept = update(Attachment).where(Attachment.id.in_(answers.attachments), Attachment.instance_id.is_(None))
        session.execute(kept.values(instance_id=instance.id), execution_options={"synchronize_session": False})


def _names(instance: Instance, task: Task, published: Published, moment: Moment) -> Mapping[str, Any]:
    """What the task sees. Only where a multi-instance is around it, the whole state has to be read for that."""
    elements = published.process.elements
    element = elements.get(task.element)
    scope = element
    while scope is not None:
        if scope.loop is not None:
            return runtime.names(published.definition, instance.state, task.id, moment)
        scope = elements.get(scope.scope or "")
    return instance.variables


def _idents(references: tuple[Reference, ...], kind: str) -> set[str]:
    return {one.ident for one in references if one.kind == kind}


def _unknown(session: Session, references: tuple[Reference, ...]) -> list[Reference]:
    """References to organisations and accounts that don't exist. Those of kind ``ref`` have no register here."""
    known: dict[str, set[str]] = {}
    if organisations := _idents(references, "org"):
        known["org"] = set(session.scalars(select(Organisation.code).where(Organisation.code.in_(organisations))))
    if accounts := _idents(references, "user"):
        known["user"] = set(session.scalars(select(Account.id).where(Account.id.in_(accounts), Account.active)))
    return [one for one in references if one.kind in known and one.ident not in known[one.kind]]


def _attachments(session: Session, actor: Actor, instance: Instance, idents: set[str]) -> dict[str, Attachment]:
    """Those that the actor has handed in himself and not used elsewhere, or that are part of this instance."""
    if not idents:
        return {}
    usable = or_(
        Attachment.instance_id == instance.id,
        (Attachment.instance_id.is_(None)) & (Attachment.account_id == actor.id),
    )
    rows = session.scalars(select(Attachment).where(Attachment.id.in_(idents), usable))
    return {row.id: row for row in rows}


def _facts(row: Attachment) -> dict[str, Any]:
    return {
        "sha256": row.sha256,
        "captured_at": row.captured_at.isoformat() if row.captured_at else None,
        "geo": row.geo,
        "device": row.device,
        "grade": row.grade,
    }
