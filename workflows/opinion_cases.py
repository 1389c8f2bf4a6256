"""The case of an opinion, as `public_opinion` deals with it: taken in, handed on, answered, called back, reopened. M4b.

What the public sees of it is `workflows.opinions`.  Source: domain guide, M4b and section 7 (12345); S4.4b, S4.4c.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bpmn.moment import Moment
from engine.services import ServiceFault
from engine.tables import Attachment, Instance
from faults import N_
from workflows import campaigns, opinions, parameters, problems
from workflows.likeness import text_likeness
from workflows.organisation import of_kind, units
from workflows.personal_data import mask
from workflows.publication import Piece, judge
from workflows.roles import TASK_CODES
from workflows.tables import Opinion, Problem
from workflows.tables.base import ID

MOST_COMPARED, MOST_SIMILAR = 500, 5
EXCERPT = 80
LOOKED_AT = 600  # characters that are compared: the office waits for it


def register(session: Session, instance: Instance, inputs: Mapping[str, Any], moment: Moment) -> dict[str, Any]:
    """Take in what was ``said``: the payload of msg_public_opinion, or None for what an officer enters by hand.

    A payload names the row that the portal has made, or brings the words themselves, from another system.  Photos are
    part of the case from now on.  Returns what the officer is shown, and ``similar`` opinions.  Raises ServiceFault:
    bad_id, bad_channel.
    """
    said = inputs.get("said") or {}
    opinion_id = str(said.get("opinion_id") or instance.id)
    if len(opinion_id) > ID:
        raise ServiceFault("bad_id", N_("The id of an opinion has at most {most} characters."), most=ID)
    opinion = session.get(Opinion, opinion_id)
    if opinion is None:
        channel = str(said.get("channel") or "hotline")
        if channel not in opinions.CHANNELS:
            raise ServiceFault("bad_channel", N_("There is no channel “{channel}”."), channel=channel)
        opinion = opinions.new(session, opinion_id, channel, str(said.get("content") or "")[: opinions.MOST], moment)
        opinion.campaign_id = campaigns.of_case(session, said.get("campaign_id"))
        opinion.location = said.get("location") if isinstance(said.get("location"), dict) else None
        opinion.anonymous = said.get("anonymous") is True
        contact = str(said.get("contact") or "").strip()[: opinions.MOST_CONTACT]
        opinion.contact = None if opinion.anonymous else contact or None
    opinion.instance_id = instance.id
    if opinion.photos:
        bound = update(Attachment).where(Attachment.id.in_(opinion.photos), Attachment.instance_id.is_(None))
        session.execute(bound.values(instance_id=instance.id), execution_options={"synchronize_session": False})
    session.flush()
    return {
        "opinion_id": opinion.id,
        "number": opinion.number,
        "code": opinions.written(opinion.code),
        "channel": opinion.channel,
        "content": opinion.content,
        "location": opinion.location,
        "contact": opinion.contact,
        "anonymous": opinion.anonymous if said else None,
        "photos": opinion.photos,
        "campaign_id": opinion.campaign_id,
        "similar": _similar(session, opinion, moment),
    }


def take_up(session: Session, _instance: Instance, inputs: Mapping[str, Any], moment: Moment) -> dict[str, Any]:
    """Keep what the officer decided: ``route``, the task, who answers, and the words as he has them.

    ``unit`` that is no lead unit, or none, becomes the lead unit of the task.  Returns {"route", "task_code", "unit",
    "due" (an instant), "round" (how many-eth time it is dealt with), "title", "earlier": answer to what it repeats}.
    """
    opinion = locked(session, inputs["opinion_id"])
    opinion.channel, opinion.content = inputs["channel"], inputs["content"]
    opinion.title = opinions.title(opinion.number, opinion.content)
    opinion.location, opinion.anonymous = inputs["location"], inputs["anonymous"] is True
    opinion.contact = None if opinion.anonymous else (inputs["contact"] or None)
    opinion.route, opinion.task_code = inputs["route"], inputs["task_code"]
    opinion.unit = _answering(inputs.get("unit"), opinion.task_code)
    first = session.get(Opinion, inputs["duplicate_of"]) if inputs.get("duplicate_of") else None
    opinion.duplicate_of = first.id if first is not None and first.id != opinion.id else None
    days = int(parameters.value(session, "opinion_reply_days", moment.today))
    opinion.due = moment.working_days(days)
    opinion.first_due = opinion.first_due or opinion.due
    opinion.accepted_at = opinion.accepted_at or moment.now
    opinion.status = "handling"
    return {
        "route": opinion.route,
        "task_code": opinion.task_code,
        "unit": opinion.unit,
        "due": opinion.due.isoformat(),
        "round": opinion.reopened + 1,
        "title": opinion.title,
        "earlier": first.reply_text if first is not None and opinion.duplicate_of else None,
    }


def name_problem(session: Session, _instance: Instance, inputs: Mapping[str, Any], _moment: Moment) -> dict[str, Any]:
    """Under which ``problem_id`` it goes into the pool of problems: that of the first time, if there was one.

    Returns {"problem_id", "facts"} for the message; the facts are masked, as others than the office read them.
    """
    opinion = locked(session, inputs["opinion_id"])
    opinion.problem_id = opinion.problem_id or str(inputs["problem_id"])
    said = "\n".join(part for part in (opinion.content, opinion.comment) if part)
    return {"problem_id": opinion.problem_id, "facts": mask(said).text}


def outcome(session: Session, _instance: Instance, inputs: Mapping[str, Any], _moment: Moment) -> dict[str, Any]:
    """What has become of the problem. Returns {"result": its status or None, "number", "round"}."""
    opinion = locked(session, inputs["opinion_id"])
    problem = session.get(Problem, opinion.problem_id) if opinion.problem_id else None
    return {
        "result": problem.status if problem else None,
        "number": problem.number if problem else None,
        "round": opinion.reopened + 1,
    }


def screen(session: Session, _instance: Instance, inputs: Mapping[str, Any], moment: Moment) -> dict[str, Any]:
    """Hold an answer, and the words it answers, against D8.

    Returns {"verdict", "basis", "passed": whether it may be sent as the officer wants it}: an answer that is not to be
    published only must bear no mark of a state secret.
    """
    opinion = locked(session, inputs["opinion_id"])
    answer = judge(session, Piece(str(inputs["text"])), moment)
    words = judge(session, Piece(opinion.content), moment)
    worst = answer if not answer.is_open else words
    passed = answer.verdict != "refuse" if inputs["publish"] is not True else answer.is_open and words.is_open
    return {"verdict": worst.verdict, "basis": worst.basis, "passed": passed}


def reply(session: Session, _instance: Instance, inputs: Mapping[str, Any], moment: Moment) -> dict[str, Any]:
    """Give the answer ``text`` out; the one who asked sees it by his code, everybody if ``publish`` and D8 agree.

    ``awaited_problem`` is the problem whose end the case waits for next: where it has come to an end while the answer
    was written, that is told once more.  Returns {"replied_at", "on_time", "published"}.
    """
    if inputs.get("awaited_problem"):
        problems.tell_end_again(session, inputs["awaited_problem"], moment)
    opinion = locked(session, inputs["opinion_id"])
    opinion.reply_text, opinion.publish = str(inputs["text"]), inputs["publish"] is True
    opinion.replied_at = opinion.replied_at or moment.now
    answer, words = (judge(session, Piece(text), moment) for text in (opinion.reply_text, opinion.content))
    if opinion.publish and answer.is_open and words.is_open:
        opinion.published_at = opinion.published_at or moment.now
        opinion.published_content, opinion.published_reply = words.text, answer.text
    else:
        opinion.published_at = opinion.published_content = opinion.published_reply = None
    return {
        "replied_at": opinion.replied_at.isoformat(),
        "on_time": opinion.first_due is None or opinion.replied_at <= opinion.first_due,
        "published": opinion.published_at is not None,
    }


def call_back(session: Session, _instance: Instance, inputs: Mapping[str, Any], moment: Moment) -> dict[str, Any]:
    """Ask whoever said it what he thinks of the answer: by telephone if he left a contact, else on the page.

    Returns {"way": phone or page, "contact", "until" (an instant)}.
    """
    opinion = locked(session, inputs["opinion_id"])
    opinion.status = "replied"
    days = int(parameters.value(session, "opinion_callback_days", moment.today))
    opinion.rating_until = moment.working_days(days)
    opinion.rated_at = opinion.resolved = opinion.satisfaction = opinion.comment = None
    return {
        "way": "phone" if opinion.contact else "page",
        "contact": opinion.contact,
        "until": opinion.rating_until.isoformat(),
    }


def note_call(session: Session, _instance: Instance, inputs: Mapping[str, Any], moment: Moment) -> dict[str, Any]:
    """What was said on the telephone; who was not ``reached`` has said nothing. Returns {"reached"}."""
    opinion = locked(session, inputs["opinion_id"])
    if inputs["reached"] is True and opinion.rated_at is None:
        opinion.resolved, opinion.satisfaction = inputs["resolved"], inputs["satisfaction"]
        opinion.comment, opinion.rated_at = inputs.get("comment") or None, moment.now
    return {"reached": inputs["reached"] is True}


def settle(session: Session, _instance: Instance, inputs: Mapping[str, Any], moment: Moment) -> dict[str, Any]:
    """The call-back is over. Who is discontent has it opened again, once (parameter); silence is no contentment.

    Returns {"resolved", "satisfaction", "comment", "reopen"}.
    """
    opinion = locked(session, inputs["opinion_id"])
    most = int(parameters.value(session, "opinion_reopen_count", moment.today))
    reopen = opinion.satisfaction == "dissatisfied" and opinion.reopened < most
    if reopen:
        opinion.reopened += 1
        opinion.status, opinion.rating_until = "handling", None
    else:
        opinion.status, opinion.ended_at = "closed", moment.now
    return {
        "resolved": opinion.resolved,
        "satisfaction": opinion.satisfaction,
        "comment": opinion.comment,
        "reopen": reopen,
    }


def cancel(session: Session, _instance: Instance, inputs: Mapping[str, Any], moment: Moment) -> dict[str, Any]:
    """It ends with its campaign, for a ``reason`` that the page of its code shows. Returns {"status"}."""
    opinion = locked(session, inputs["opinion_id"])
    opinion.status, opinion.reason, opinion.ended_at = "cancelled", inputs["reason"], moment.now
    return {"status": opinion.status}


def locked(session: Session, opinion_id: Any) -> Opinion:
    """The row, locked: the public may rate while the office works. Raises ServiceFault: no_opinion."""
    wanted = select(Opinion).where(Opinion.id == str(opinion_id)).with_for_update()
    opinion = session.scalars(wanted.execution_options(populate_existing=True)).one_or_none()
    if opinion is None:
        raise ServiceFault("no_opinion", N_("There is no opinion with the id {id}."), id=opinion_id)
    return opinion


def _answering(named: Any, task_code: str | None) -> str:
    """Only lead units answer: the one that is named, else the first of the task."""
    unit = units().get(named) if isinstance(named, str) else None
    if unit is not None and unit.kind == "lead_unit":
        return unit.code
    code = task_code if task_code in TASK_CODES else next(iter(TASK_CODES))
    return next(unit.code for unit in of_kind("lead_unit") if unit.task_code == code)


def _similar(session: Session, opinion: Opinion, moment: Moment) -> list[dict[str, Any]]:
    """Opinions that say much the same, the likest first; points from 0 to 100."""
    if not opinion.content:
        return []
    least = parameters.value(session, "similar_points", moment.today)
    others = session.scalars(
        select(Opinion).where(Opinion.id != opinion.id).order_by(Opinion.received_at.desc()).limit(MOST_COMPARED)
    )
    scored = [
        (round(100 * text_likeness(opinion.content[:LOOKED_AT], other.content[:LOOKED_AT])), other) for other in others
    ]
    alike = sorted((one for one in scored if one[0] >= least), key=lambda one: (-one[0], one[1].number))
    return [
        {
            "opinion_id": other.id,
            "number": other.number,
            "content": mask(other.content).text[:EXCERPT],
            "status": other.status,
            "likeness": points,
        }
        for points, other in alike[:MOST_SIMILAR]
    ]
