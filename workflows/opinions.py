"""What the public may do and see: say something, follow it by its code, rate the answer, read answers and rates.

Nobody is logged in here, so nothing personal is given back: texts are masked, contacts are never shown.  The case of an
opinion is dealt with by `public_opinion` (M4b, `workflows.opinion_cases`).
Source: domain guide, M4b; clauses S4.4b, S4.4c.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select
from sqlalchemy.orm import Session

from bpmn.moment import Moment
from engine import messages, organisations
from engine.access import Actor
from engine.attachments import Taken
from engine.database import insert_missing
from engine.tables import Account
from faults import N_, Fault, Problem, Refused
from workflows import campaigns, serials, tickets
from workflows.personal_data import mask
from workflows.publication import secrecy_mark
from workflows.tables import Opinion

RECEIVED, RATED = "msg_public_opinion", "msg_opinion_rated"
CHANNELS: Mapping[str, str] = {
    "portal": N_("portal"),
    "hotline": N_("hotline"),
    "letter": N_("letter"),
    "organisation": N_("organisation"),
    "media": N_("media"),
}
SATISFACTIONS = ("satisfied", "basically", "dissatisfied")
SATISFIED = ("satisfied", "basically")
LEAST, MOST, MOST_CONTACT, MOST_PHOTOS = 5, 4000, 200, 6
# Photos need somebody who sent them; nobody can log in as this one.
PORTAL = Actor("public-portal", "社会公众")
_ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # without what is easily misread: 0, 1, I, O
_LENGTH = 16  # of 5 bits each: 80 bits can't be guessed


class OpinionRefused(Refused):
    """Your opinion can't be taken like this. Correct the marked fields and send it again."""


class NoSuchOpinion(Fault):
    """There is no opinion with this code. Compare it with the code that you were given."""


class NotRatable(Fault):
    """This answer can't be rated: there is none yet, it was rated already, or the time for it is over."""


@dataclass(frozen=True, slots=True)
class Followed:
    """What whoever holds the code may know. ``status``: received, handling, replied, closed, cancelled.

    ``route``: problem, suggestion, redirect, duplicate, no_action or None; ``unit`` a name; ``reply`` the latest
    answer. Texts are masked. ``may_rate``: an answer can be rated now, until ``rating_until``.
    """

    number: str
    channel: str
    content: str
    status: str
    route: str | None
    unit: str | None
    received_at: datetime
    accepted_at: datetime | None
    due: datetime | None
    replied_at: datetime | None
    reply: str | None
    is_late: bool
    may_rate: bool
    rating_until: datetime | None
    resolved: bool | None
    satisfaction: str | None
    reopened: bool
    ended_at: datetime | None
    reason: str | None


@dataclass(frozen=True, slots=True)
class Answered:
    """An answer that is open to everybody; its texts have passed the publication gate. ``unit`` is a name."""

    number: str
    content: str
    reply: str
    unit: str | None
    task_code: str | None
    published_at: datetime


@dataclass(frozen=True, slots=True)
class Rates:
    """Counts of a unit's opinions, and the three rates, from 0 to 1; None where there is nothing to divide by.

    Whoever did not answer the call-back counts neither as content nor as discontent.
    """

    due: int
    on_time: int
    rated: int
    resolved: int
    judged: int
    satisfied: int

    @property
    def response(self) -> float | None:
        return self.on_time / self.due if self.due else None

    @property
    def resolution(self) -> float | None:
        return self.resolved / self.rated if self.rated else None

    @property
    def satisfaction(self) -> float | None:
        return self.satisfied / self.judged if self.judged else None


def submit(
    session: Session, channel: str, content: str, location: Mapping[str, float] | None, contact: str | None,
    anonymous: bool, photos: Sequence[Taken], moment: Moment,
) -> Opinion:  # fmt: skip
    """Keep what somebody says, under a new number and code, and send it to the office.

    Who is anonymous leaves no contact.
    ``location`` is the answer of a geo field, ``photos`` are files taken by `engine.attachments.take`. Raises
    OpinionRefused, TooManyFiles.
    """
    words, reached = content.strip(), (contact or "").strip()
    problems = list(_problems(channel, words, location, reached, photos))
    if problems:
        raise OpinionRefused(problems)
    opinion = new(session, uuid4().hex, channel, words, moment)
    opinion.location = dict(location) if location else None
    opinion.contact, opinion.anonymous = (None if anonymous else reached or None), anonymous
    opinion.photos = _photos(session, photos, moment)
    session.flush()
    messages.send(session, RECEIVED, opinion.id, payload(opinion), moment)
    return opinion


def new(session: Session, opinion_id: str, channel: str, content: str, moment: Moment) -> Opinion:
    """A row that bears its number and code. Added to the session."""
    number = serials.next_number(session, "opinion", moment)
    opinion = Opinion(
        id=opinion_id,
        number=number,
        code="".join(secrets.choice(_ALPHABET) for _ in range(_LENGTH)),
        campaign_id=campaigns.of_case(session, None),
        channel=channel,
        title=title(number, content),
        content=content,
        anonymous=True,
        photos=[],
        received_at=moment.now,
        reopened=0,
        status="received",
    )
    session.add(opinion)
    session.flush()
    return opinion


def payload(opinion: Opinion) -> dict[str, Any]:
    """What the message says: nothing of what was said, so that it stands nowhere but in its row."""
    return {
        "opinion_id": opinion.id,
        "title": opinion.title,
        "channel": opinion.channel,
        "campaign_id": opinion.campaign_id,
    }


def title(number: str, content: str) -> str:
    """What lists call the case: its number and the beginning of what was said, masked."""
    return f"{number} {' '.join(mask(content).text.split())[:40]}".rstrip()


def written(code: str) -> str:
    """The code as people copy it: ``7QK4-2M9A-XXXX-XXXX``."""
    return "-".join(code[place : place + 4] for place in range(0, len(code), 4))


def followed(session: Session, code: str, moment: Moment) -> Followed:
    """What became of it, by the code in any spelling. Raises NoSuchOpinion."""
    opinion = session.scalars(_of_code(code)).one_or_none()
    if opinion is None:
        raise NoSuchOpinion
    unit = organisations.names(session, [opinion.unit]).get(opinion.unit) if opinion.unit else None
    return Followed(
        number=opinion.number,
        channel=opinion.channel,
        content=mask(opinion.content).text,
        status=opinion.status,
        route=opinion.route,
        unit=unit,
        received_at=opinion.received_at,
        accepted_at=opinion.accepted_at,
        due=opinion.due,
        replied_at=opinion.replied_at,
        reply=mask(opinion.reply_text).text if opinion.reply_text else None,
        is_late=opinion.due is not None and (opinion.replied_at or moment.now) > (opinion.first_due or opinion.due),
        may_rate=_may_rate(opinion, moment),
        rating_until=opinion.rating_until,
        resolved=opinion.resolved,
        satisfaction=opinion.satisfaction,
        reopened=opinion.reopened > 0,
        ended_at=opinion.ended_at,
        reason=mask(opinion.reason).text if opinion.reason else None,
    )


def rate(session: Session, code: str, resolved: bool, satisfaction: str, comment: str, moment: Moment) -> None:
    """Whoever said it answers the call-back. Raises NoSuchOpinion, NotRatable, OpinionRefused."""
    opinion = session.scalars(_of_code(code).with_for_update()).one_or_none()
    if opinion is None:
        raise NoSuchOpinion
    if not _may_rate(opinion, moment):
        raise NotRatable
    if satisfaction not in SATISFACTIONS:
        raise OpinionRefused([Problem("satisfaction", "choice", N_("Please choose one of the answers."))])
    if len(comment) > MOST:
        raise OpinionRefused([_too_long("comment", MOST)])
    opinion.resolved, opinion.satisfaction, opinion.rated_at = resolved, satisfaction, moment.now
    opinion.comment = comment.strip() or None
    said = {"opinion_id": opinion.id, "title": opinion.title, "org": opinion.unit, "task_code": opinion.task_code,
            "campaign_id": opinion.campaign_id, "resolved": resolved, "satisfaction": satisfaction,
            "comment": opinion.comment}  # fmt: skip
    messages.send(session, RATED, opinion.id, said, moment)


def answered(session: Session, search: str, limit: int, offset: int) -> tuple[list[Answered], int]:
    """Answers that everybody may read, the newest first, and how many there are. Three statements."""
    wanted: list[ColumnElement[bool]] = [Opinion.published_at.is_not(None)]
    if words := search.strip():
        columns = (Opinion.published_content, Opinion.published_reply, Opinion.number)
        wanted.append(or_(*(column.contains(words, autoescape=True) for column in columns)))
    total = session.scalar(select(func.count()).select_from(Opinion).where(*wanted)) or 0
    query = select(Opinion).where(*wanted).order_by(Opinion.published_at.desc(), Opinion.id).limit(limit).offset(offset)
    rows = session.scalars(query).all()
    names = organisations.names(session, [row.unit for row in rows if row.unit])
    found = [
        Answered(row.number, row.published_content or "", row.published_reply or "", names.get(row.unit or ""),
                 row.task_code, row.published_at)
        for row in rows if row.published_at is not None
    ]  # fmt: skip
    return found, total


def rates(session: Session, campaign_id: str | None, unit: str | None, since: datetime, until: datetime) -> Rates:
    """Of the opinions whose first answer was due from ``since`` until before ``until``; None: of all. One statement."""
    asked = [Opinion.first_due >= since, Opinion.first_due < until, Opinion.status != "cancelled"]
    asked += [Opinion.campaign_id == campaign_id] if campaign_id is not None else []
    asked += [Opinion.unit == unit] if unit is not None else []
    row = session.execute(
        select(
            func.count(),
            _count(and_(Opinion.replied_at.is_not(None), Opinion.replied_at <= Opinion.first_due)),
            _count(Opinion.resolved.is_not(None)),
            _count(Opinion.resolved.is_(True)),
            _count(Opinion.satisfaction.is_not(None)),
            _count(Opinion.satisfaction.in_(SATISFIED)),
        ).where(*asked)
    ).one()
    return Rates(*(int(number) for number in row))


def _count(condition: Any) -> Any:
    return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)


def _problems(
    channel: str, content: str, location: Mapping[str, float] | None, contact: str, photos: Sequence[Taken]
) -> list[Problem]:
    found = []
    if channel not in CHANNELS:
        found.append(Problem("channel", "choice", N_("Please choose one of the answers.")))
    if len(content) < LEAST:
        found.append(Problem("content", "required", N_("Please say in a few words what it is about.")))
    if len(content) > MOST:
        found.append(_too_long("content", MOST))
    if secrecy_mark(content):
        message = N_("What is marked as a state secret must not be entered here.")
        found.append(Problem("content", "state_secret", message))
    if location is not None and not _is_place(location):
        found.append(
            Problem("location", "place", N_("This is no place: degrees of latitude and longitude are needed."))
        )
    if len(contact) > MOST_CONTACT:
        found.append(_too_long("contact", MOST_CONTACT))
    if len(photos) > MOST_PHOTOS:
        message = N_("At most {most} photos can be sent.")
        found.append(Problem("photos", "too_many", message, {"most": MOST_PHOTOS}))
    return found


def _too_long(element: str, most: int) -> Problem:
    return Problem(element, "too_long", N_("The text is too long: at most {most} characters."), {"most": most})


def _is_place(location: Mapping[str, float]) -> bool:
    latitude, longitude = location.get("lat"), location.get("lon")
    numbers = all(isinstance(one, int | float) and not isinstance(one, bool) for one in (latitude, longitude))
    return numbers and -90 <= latitude <= 90 and -180 <= longitude <= 180  # type: ignore[operator]


def _photos(session: Session, photos: Sequence[Taken], moment: Moment) -> list[str]:
    if not photos:
        return []
    insert_missing(session, Account, [{"id": PORTAL.id, "name": PORTAL.name, "password": "!", "active": False}])
    return [tickets.hand_in(session, PORTAL, taken, None, moment).id for taken in photos]


def _of_code(code: str) -> Select[Opinion]:
    """By the code in any spelling: small letters, blanks and hyphens are of no matter."""
    return select(Opinion).where(Opinion.code == "".join(char for char in code.upper()[:64] if char.isalnum()))


def _may_rate(opinion: Opinion, moment: Moment) -> bool:
    is_open = opinion.status == "replied" and opinion.rated_at is None
    return is_open and opinion.rating_until is not None and moment.now <= opinion.rating_until
