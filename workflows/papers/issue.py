"""Papers are compiled from the data and issued: two services. Rendering comes later, when somebody wants to see one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import uuid4

from sqlalchemy.orm import Session

from bpmn.moment import Moment
from engine.services import ServiceFault
from engine.tables import Instance
from faults import N_
from forms import richtext
from forms.secrecy import MARKED, marks
from workflows import campaigns, serials
from workflows.organisation import units
from workflows.papers import editions
from workflows.papers.kinds import PAPERS, Kind
from workflows.papers.language import TemplateRefused
from workflows.papers.text import Text, text_of
from workflows.tables import Paper
from workflows.tables.base import NAME, TITLE


def compile_paper(session: Session, instance: Instance, inputs: Mapping[str, Any], moment: Moment) -> dict[str, Any]:
    """The service: the draft of a paper of this ``kind``, for an officer to edit.

    ``facts`` are handed to the collector of the kind.  Returns {"title", "text": HTML of the subset, "source": the rows
    that it rests on, [{"kind", "id", "title"}]}.  Raises ServiceFault: bad_kind, bad_template.
    """
    kind = _kind(inputs["kind"])
    campaign_id = campaigns.of_case(session, inputs.get("campaign_id"))
    text, source = _compiled(session, kind, campaign_id, inputs.get("facts") or {}, moment)
    return {"title": text.title, "text": text.html, "source": source}


def issue_paper(session: Session, instance: Instance, inputs: Mapping[str, Any], moment: Moment) -> dict[str, Any]:
    """The service: issue a paper of this ``kind`` with what the officer made of it.

    Without ``title`` or ``text`` they are compiled from the data.  ``addressees`` and ``copies`` are organisation codes
    or names; ``issuer`` and ``signer_post`` likewise; ``issue_date`` is today where none is given.  A ``number`` that
    is given stands, else the next one of the kind's series is taken.  Returns {"paper": id, "number", "title"}.
    Raises ServiceFault: bad_kind, bad_template, bad_classification, secrecy_mark, bad_date.
    """
    kind = _kind(inputs["kind"])
    campaign_id = campaigns.of_case(session, inputs.get("campaign_id"))
    facts = inputs.get("facts") or {}
    title, body = _line(inputs.get("title")), richtext.clean(str(inputs.get("text") or ""))
    if not title or not body:
        text, _ = _compiled(session, kind, campaign_id, facts, moment)
        title, body = title or text.title, body or text.html
    classification = inputs.get("classification") or "internal"
    _refuse_secrets(classification, title, body, _line(inputs.get("number")))
    day = inputs.get("issue_date")
    paper = Paper(
        id=uuid4().hex,
        kind=kind.name,
        number=_line(inputs.get("number"))[:NAME] or _number(session, kind, moment),
        title=title[:TITLE],
        body=body,
        issuer=(_names(inputs.get("issuer")) or [kind.issuer])[0][:TITLE],
        addressees=_names(inputs.get("addressees")),
        copies=_names(inputs.get("copies")),
        signer=_line(inputs.get("signer_post"))[:TITLE] or None,
        issued_on=campaigns.day(day, moment) if day else moment.today,
        classification=classification,
        campaign_id=campaign_id,
        instance_id=instance.id,
        org=_org(inputs, instance),
        status="issued",
        facts=dict(facts),
        issued_at=moment.now,
    )
    session.add(paper)
    session.flush()
    return {"paper": paper.id, "number": paper.number, "title": paper.title}


def _kind(name: Any) -> Kind:
    kind = PAPERS.get(name) if isinstance(name, str) else None
    if kind is None:
        raise ServiceFault("bad_kind", N_("There is no kind of paper called “{kind}”."), kind=name)
    return kind


def _compiled(
    session: Session, kind: Kind, campaign_id: str | None, facts: Mapping[str, Any], moment: Moment
) -> tuple[Text, list[Any]]:
    data = {"today": moment.today, **kind.collect(session, campaign_id, facts, moment)}
    try:
        text = text_of(editions.in_force(session, kind.name), data)
    except TemplateRefused as refused:
        message = N_("The template of “{kind}” does not fit: {problem}. Mend it, then try again.")
        raise ServiceFault(
            "bad_template", message, kind=kind.title, problem="; ".join(str(one) for one in refused.problems)
        ) from refused
    return text, list(data.get("source", ()))


def _refuse_secrets(classification: Any, *texts: str) -> None:
    if classification not in campaigns.CLASSIFICATIONS:
        message = N_("“{value}” may not be kept on this system: only public, internal and work_secret may.")
        raise ServiceFault("bad_classification", message, value=classification)
    found = [mark for text in texts for mark in marks(text)]
    if found:
        raise ServiceFault("secrecy_mark", MARKED, mark=found[0])


def _number(session: Session, kind: Kind, moment: Moment) -> str | None:
    return serials.next_number(session, kind.serial, moment) if kind.serial else None


def _org(inputs: Mapping[str, Any], instance: Instance) -> str | None:
    """The first addressee that is an organisation, else that of the case."""
    named = inputs.get("addressees")
    codes = [named] if isinstance(named, str) else [one for one in named or () if isinstance(one, str)]
    return next((code for code in codes if code in units()), instance.org)


def _names(value: Any) -> list[str]:
    """Organisation codes become names; what is a name already stays."""
    listed = [value] if isinstance(value, str) else list(value or ())
    named = [_line(units()[one].name if one in units() else one) for one in listed if isinstance(one, str)]
    return [name for name in named if name]


def _line(value: Any) -> str:
    return " ".join(str(value).split()) if value is not None else ""
