"""Clues for the media (媒体监督): looked into, published or sent to leaders, followed up, corrected; M5.

What was published about a unit is an exposure until the problem is solved; scores read it.  Source: domain guide, M5
and D5; clauses S4.5a to S4.5d.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import uuid4

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bpmn.moment import Moment
from engine import messages
from engine.access import Actor, NotFound, is_let_in, require
from engine.services import ServiceFault
from engine.tables import Instance
from faults import N_, Fault, Problem, Refused
from workflows import campaigns, problems, serials
from workflows.organisation import units
from workflows.tables import Exposure, LedgerItem, MediaClue
from workflows.tables.base import ID, TITLE

CLUE, CORRECTION = "msg_media_clue", "msg_correction_requested"
SOURCES = ("supervision", "reporter", "public")
OUTCOMES = ("planned", "held", "refused", "referred", "followed", "corrected", "withdrawn", "cancelled")
REPORTERS = ("media_reporter", "propaganda_officer", "synthesis_officer")
CORRECTORS = ("propaganda_officer", "synthesis_lead")
LONGEST_CLUE = 4000
_REGISTERED = ("clue_id", "number", "clue", "clue_source", "unit", "task_code", "item_id", "campaign_id", "order_id",
    "problem_id", "known")  # fmt: skip


class ClueRefused(Refused):
    """The clue can't be handed in like this. Correct the marked fields and try again."""


class NothingToCorrect(Fault):
    """Nothing was published in this case, or it has been corrected already. Reload the page."""


# ---- services


def register(session: Session, instance: Instance, inputs: Mapping[str, Any], moment: Moment) -> dict[str, Any]:
    """Keep a clue under its number.  ``report``: the payload of the message, or what the coverage plan names.

    ``default_source`` is where it comes from if the report doesn't say.  Returns what the forms show; where another
    case already follows the order, only ``running``, its id, which learns of the further failure.
    """
    report = inputs["report"]
    unit = report.get("org") or report.get("unit") or instance.org
    source = report.get("clue_source")
    running = _running(session, report.get("order_id"))
    if running is not None:
        running.fail_count = max(running.fail_count, int(report.get("fail_count") or 0))
        return dict.fromkeys(_REGISTERED) | {"running": running.id, "fail_count": running.fail_count}
    clue = MediaClue(
        id=instance.id,
        number=serials.next_number(session, "clue", moment),
        key=str(report.get("order_id") or report.get("clue_id") or instance.id)[:TITLE],
        title=str(report.get("title") or instance.title)[:TITLE],
        content=str(report.get("clue") or ""),
        campaign_id=campaigns.of_case(session, report.get("campaign_id")),
        unit=unit if unit in units() else None,
        task_code=report.get("task_code") or instance.task_code,
        item_id=_known_item(session, report.get("item_id")),
        problem_id=_short(report.get("problem_id")),
        order_id=_short(report.get("order_id")),
        fail_count=int(report.get("fail_count") or 0),
        source=source if source in SOURCES else inputs["default_source"],
        status="received",
        instance_id=instance.id,
        received_at=moment.now,
    )
    session.add(clue)
    session.flush()
    return {
        "clue_id": clue.id,
        "number": clue.number,
        "clue": clue.content,
        "clue_source": clue.source,
        "unit": clue.unit,
        "task_code": clue.task_code,
        "item_id": clue.item_id,
        "campaign_id": clue.campaign_id,
        "order_id": clue.order_id,
        # Under this id the pool knows it, or will.
        "problem_id": clue.problem_id or clue.order_id or clue.id,
        "known": clue.problem_id is not None or clue.order_id is not None,
        "running": None,
        "fail_count": clue.fail_count,
    }


def assess(session: Session, instance: Instance, inputs: Mapping[str, Any], moment: Moment) -> dict[str, Any]:
    """Keep what the officer found, and say for D5 whether the unit is met with for the first time.

    Returns {"first_time", "exposures": how often the unit was exposed in this campaign, "fail_count": of its order}.
    """
    clue = _get(session, instance)
    clue.content, clue.source = inputs["clue"], inputs["clue_source"]
    clue.verification, clue.unit, clue.task_code = inputs["verification"], inputs["unit"], inputs["task_code"]
    clue.problem_id = _short(inputs["problem_id"])
    clue.status = "verified"
    session.flush()
    earlier = select(func.count()).where(
        MediaClue.unit == clue.unit,
        MediaClue.campaign_id.is_not_distinct_from(clue.campaign_id),
        MediaClue.id != clue.id,
        MediaClue.verification == "true",
    )
    exposed = select(func.count()).where(
        Exposure.unit == clue.unit,
        Exposure.campaign_id.is_not_distinct_from(clue.campaign_id),
        Exposure.status != "corrected",
    )
    return {
        "first_time": not session.scalar(earlier),
        "exposures": session.scalar(exposed) or 0,
        "fail_count": clue.fail_count,
    }


def expose(session: Session, instance: Instance, inputs: Mapping[str, Any], moment: Moment) -> dict[str, Any]:
    """Keep that it was published: ``outlet``, ``published_on``, ``link``. Returns {"exposure_id", "number"}.

    Published again in the same case, it is the same exposure.  Raises ServiceFault: bad_date.
    """
    clue = _get(session, instance)
    published_on = campaigns.day(inputs["published_on"], moment)
    exposure = _exposure(session, clue)
    if exposure is None:
        exposure = Exposure(
            id=uuid4().hex,
            number=serials.next_number(session, "exposure", moment),
            campaign_id=clue.campaign_id,
            unit=clue.unit,
            task_code=clue.task_code,
            order_id=clue.order_id,
            problem_id=clue.problem_id,
            item_id=clue.item_id,
            title=clue.title,
            status="exposed",
            instance_id=instance.id,
            recorded_at=moment.now,
        )
        session.add(exposure)
    exposure.outlet, exposure.link = str(inputs["outlet"])[:TITLE], inputs["link"] or None
    exposure.published_on = published_on
    clue.status = "exposed"
    session.flush()
    return {"exposure_id": exposure.id, "number": exposure.number}


def settle(session: Session, instance: Instance, inputs: Mapping[str, Any], moment: Moment) -> dict[str, Any]:
    """Close the clue: ``outcome``, the ``channel`` of D5, the ``reason``, the ``fix_state`` that was reported.

    An exposure that was followed up to its solution counts as resolved.  Returns {"outcome", "exposed"}.
    Raises ServiceFault: bad_outcome.
    """
    outcome = inputs["outcome"]
    if outcome not in OUTCOMES:
        raise ServiceFault("bad_outcome", N_("A clue can't end as “{outcome}”."), outcome=outcome)
    clue = session.get(MediaClue, instance.id)
    if clue is None:
        return {"outcome": outcome, "exposed": False}
    clue.status, clue.ended_at = outcome, moment.now
    clue.channel = inputs.get("channel") or clue.channel
    clue.reason = str(inputs.get("reason") or "")
    clue.fix_state = inputs.get("fix_state")
    exposure = _exposure(session, clue)
    if exposure is not None and outcome == "followed" and exposure.status == "exposed":
        exposure.status, exposure.resolved_on = "resolved", moment.today
    return {"outcome": outcome, "exposed": exposure is not None}


def published(session: Session, instance: Instance, inputs: Mapping[str, Any], moment: Moment) -> dict[str, Any]:
    """What was published in this case. Returns {"exposed", "outlet", "title", "number", "published_on"}.

    ``awaited_problem`` is the problem whose end the case waits for next: where it has come to an end while the case was
    still at its exposure, that is told once more.
    """
    clue = session.get(MediaClue, instance.id)
    exposure = _exposure(session, clue) if clue is not None else None
    if exposure is not None and inputs.get("awaited_problem"):
        problems.tell_end_again(session, inputs["awaited_problem"], moment)
    return {
        "exposed": exposure is not None,
        "outlet": exposure.outlet if exposure else None,
        "title": exposure.title if exposure else None,
        "number": exposure.number if exposure else None,
        "published_on": exposure.published_on.isoformat() if exposure else None,
    }


def correct(session: Session, instance: Instance, inputs: Mapping[str, Any], moment: Moment) -> dict[str, Any]:
    """What was published is set right in public: it counts against nobody any more. Returns {"number"}."""
    clue = _get(session, instance)
    exposure = _exposure(session, clue)
    if exposure is None:
        raise ServiceFault("not_exposed", N_("Nothing was published in this case, so there is nothing to correct."))
    exposure.status, exposure.correction, exposure.corrected_on = "corrected", inputs["text"], moment.today
    return {"number": exposure.number}


# ---- operations


def report(session: Session, actor: Actor, clue: Mapping[str, str], moment: Moment) -> str:
    """Hand in a clue, as journalists do: ``title``, ``clue``, ``unit``, ``task_code``; returns the id of the message.

    Raises NotYours, ClueRefused.
    """
    require(actor, *REPORTERS)
    title, words = clue.get("title", "").strip(), clue.get("clue", "").strip()
    problems = []
    if not title:
        problems.append(Problem("title", "required", N_("Please give the case a title.")))
    if len(title) > TITLE:
        too_long = N_("The title is too long: at most {limit} characters.")
        problems.append(Problem("title", "too_long", too_long, {"limit": TITLE}))
    if not words:
        problems.append(Problem("clue", "required", N_("Please say what you have seen or heard.")))
    if len(words) > LONGEST_CLUE:
        too_long = N_("The clue is too long: at most {limit} characters.")
        problems.append(Problem("clue", "too_long", too_long, {"limit": LONGEST_CLUE}))
    if clue.get("unit") not in units():
        unknown = N_("There is no such organisation. Choose one from the list.")
        problems.append(Problem("unit", "unknown", unknown))
    if problems:
        raise ClueRefused(problems)
    clue_id = uuid4().hex
    payload = {
        "clue_id": clue_id,
        "title": title,
        "clue": words,
        "org": clue["unit"],
        "task_code": clue.get("task_code") or units()[clue["unit"]].task_code,
        "clue_source": "reporter" if actor.holds("media_reporter", "propaganda_officer") else "supervision",
        "reported_by": actor.id,
    }
    return messages.send(session, CLUE, clue_id, payload, moment)


def correctable(session: Session, actor: Actor, instance_id: str) -> Exposure | None:
    """What the actor may ask to correct in this case now; None where there is nothing."""
    instance = session.get(Instance, instance_id)
    if instance is None or instance.status != "active" or not is_let_in(actor, instance.restricted_to):
        return None
    clue = session.get(MediaClue, instance_id)
    exposure = _exposure(session, clue) if clue is not None and actor.holds(*CORRECTORS) else None
    return exposure if exposure is not None and exposure.status != "corrected" else None


def ask_correction(session: Session, actor: Actor, instance_id: str, reason: str, moment: Moment) -> str:
    """What was published turns out to be wrong: have it corrected. Raises NotYours, NotFound, NothingToCorrect."""
    require(actor, *CORRECTORS)
    if session.get(MediaClue, instance_id) is None:
        raise NotFound()
    if correctable(session, actor, instance_id) is None:
        raise NothingToCorrect()
    payload = {"clue_id": instance_id, "reason": reason.strip(), "asked_by": actor.id}
    return messages.send(session, CORRECTION, instance_id, payload, moment)


def correct_of_order(session: Session, order_id: str, reason: str, moment: Moment) -> int:
    """An order was revoked: what was said in public because of it is to be corrected, or not to be said at all.

    Returns how many cases are told.
    """
    running = select(MediaClue.id).where(MediaClue.order_id == order_id, MediaClue.ended_at.is_(None))
    payloads = {
        clue_id: {"clue_id": clue_id, "order_id": order_id, "reason": reason} for clue_id in session.scalars(running)
    }
    messages.send_each(session, CORRECTION, payloads, moment)
    return len(payloads)


# ---- within


def _get(session: Session, instance: Instance) -> MediaClue:
    clue = session.get(MediaClue, instance.id)
    if clue is None:
        raise ServiceFault("no_clue", N_("There is no clue in this case."))
    return clue


def _exposure(session: Session, clue: MediaClue) -> Exposure | None:
    return session.scalars(select(Exposure).where(Exposure.instance_id == clue.id)).one_or_none()


def _running(session: Session, order_id: Any) -> MediaClue | None:
    """The clue that follows the order already."""
    if not isinstance(order_id, str):
        return None
    followed = select(MediaClue).where(MediaClue.order_id == order_id, MediaClue.ended_at.is_(None))
    return session.scalars(followed.order_by(MediaClue.received_at, MediaClue.id).limit(1)).first()


def _known_item(session: Session, item_id: Any) -> str | None:
    return item_id if isinstance(item_id, str) and session.get(LedgerItem, item_id) is not None else None


def _short(ident: Any) -> str | None:
    return ident if isinstance(ident, str) and 0 < len(ident) <= ID else None
