"""Cases: the list of those a person may see, and the page of one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, Response, flash, make_response, redirect, render_template, request, url_for
from flask_login import login_required
from werkzeug.wrappers import Response as AnyResponse

from engine import definitions, history, instances
from engine.access import ADMIN
from engine.history import InstanceView
from engine.progress import Waiting
from engine.tables import Instance
from faults import N_
from web import desk, naming, story
from web.behalf import principal_id, reader
from web.due import clock_words
from web.security import island_page
from web.sessions import actor
from web.transaction import database, moment
from web.words import at, content, gettext, template
from workflows import clocks, media, referrals
from workflows.papers import register as papers
from workflows.papers.kinds import PAPERS

routes = Blueprint("instances", __name__)

SIZE = 20
ENTRIES_SHOWN = 100
LAST_ENTRY = 1_000_000_000
STATES = {"": N_("All"), "active": N_("Under way"), "completed": N_("Finished"), "cancelled": N_("Cancelled")}

# What a case waits for besides people, by the kind and state that `engine.history` gives.
EXPECTATIONS = {
    "timer": N_("goes on by itself at {due}"),
    "message": N_("is taken up as soon as it comes"),
    "signal": N_("is taken up as soon as it comes"),
    "service": N_("the system works on it since {since}"),
    "call": N_("until the called case has ended, since {since}"),
    "call waiting": N_("until the process {name} is published, since {since}"),
    "sent": N_("sent at {since}, on its way"),
    "sent waiting": N_("sent at {since}; waits until somebody can receive it"),
    "sent failed": N_("sent at {since}; could not be delivered"),
}


@dataclass(frozen=True, slots=True)
class Expectation:
    kind: str
    name: str
    words: str
    technical: str  # the name in the diagram of what it waits for: for administrators
    due: datetime | None
    clock: str  # how the day was counted
    child_id: str | None


@routes.get("/cases")
@login_required
def all_cases() -> str:
    status = request.args.get("status", "")
    status = status if status in STATES else ""
    search, after = request.args.get("q", "")[:100], request.args.get("after")
    process_key = request.args.get("process", "").replace("\0", "")[:100]
    found = history.instances(database(), actor(), search, status or None, after, SIZE, process_key or None)
    return render_template(
        "cases.html",
        found=found,
        search=search,
        status=status,
        process_key=process_key,
        process=definitions.current(database(), process_key) if process_key else None,
        after=after,
        states={key: gettext(words) for key, words in STATES.items()},
        place="cases",
    )


@routes.get("/cases/<instance_id>")
@login_required
def page(instance_id: str) -> str:
    island_page()
    case = history.instance(database(), reader(), instance_id, moment(), ENTRIES_SHOWN)
    key = case.facts.process_key
    return render_template(
        "instance.html",
        case=case,
        instance=case.facts,
        file=naming.files(database(), actor(), instance_id),
        chapters=_chapters(case),
        progress=story.progress(case.marks),
        troubles=[(one, template(one.message, one.params)) for one in case.troubles],
        hands=[(one, _whose(one)) for one in case.open_tasks],
        expectations=[_expectation(one, case) for one in case.waiting],
        papers=[(paper, PAPERS[paper.kind]) for paper in papers.of_case(database(), instance_id)],
        own=next((one for one in case.open_tasks if one.yours), None),
        principal=principal_id(),
        awaited=referrals.awaited(database(), actor(), instance_id) if key == "accountability" else None,
        exposure=media.correctable(database(), actor(), instance_id) if key == "media_supervision" else None,
        may_cancel=actor().holds(ADMIN) and case.facts.status in ("active", "failed"),
        place="cases",
    )


@routes.get("/cases/<instance_id>/record")
@login_required
def earlier(instance_id: str) -> str:
    """The part of the record before an entry: for cases that have gone many rounds."""
    before = min(max(request.args.get("before", 1, type=int), 1), LAST_ENTRY)
    entries, more = history.entries(database(), actor(), instance_id, before, ENTRIES_SHOWN)
    process = definitions.published(database(), database().get_one(Instance, instance_id).version_id).process
    chapters = naming.named(database(), lambda lookup: story.chapters(story.beats(entries, process, lookup)))
    file = naming.files(database(), actor(), instance_id)
    return render_template(
        "earlier.html", chapters=chapters, more=more, instance_id=instance_id, file=file, place="cases"
    )


@routes.get("/cases/<instance_id>/diagram.bpmn")
@login_required
def drawing(instance_id: str) -> Response:
    case = history.instance(database(), reader(), instance_id, moment(), 1)
    answer = make_response(case.diagram.xml)
    answer.headers["Content-Type"] = "application/xml; charset=utf-8"
    return answer


@routes.post("/cases/<instance_id>/cancel")
@login_required
def cancel(instance_id: str) -> AnyResponse:
    reason = request.form.get("reason", "").replace("\0", "").strip()[:1000]
    if not reason:
        flash(gettext("Say why the case is cancelled: the reason stands in its record."), "danger")
        return redirect(url_for("instances.page", instance_id=instance_id))
    instances.cancel(database(), actor(), instance_id, reason, moment())
    flash(gettext("The case is cancelled."), "success")
    return redirect(url_for("instances.page", instance_id=instance_id))


def _chapters(case: InstanceView) -> list[story.Chapter]:
    return naming.named(database(), lambda lookup: story.chapters(story.beats(case.entries, case.process, lookup)))


def _whose(one: history.Holder) -> str:
    return desk.whose(one.holder_name or one.holder, one.roles, one.org_name, one.task_code)


def _expectation(one: Waiting, case: InstanceView) -> Expectation:
    words = EXPECTATIONS.get(f"{one.kind} {one.status}") or EXPECTATIONS.get(one.kind, "")
    params = {"name": one.name, "since": at(one.since) if one.since else "", "due": at(one.due) if one.due else ""}
    name = content(one.element_name) or one.element
    return Expectation(one.kind, name, template(words, params), one.name, one.due, _clock(one, case), one.child_id)


def _clock(one: Waiting, case: InstanceView) -> str:
    """A timer at a task began when the task came; of others it is not known here, unless they name a day."""
    element = case.process.elements.get(one.element)
    if one.due is None or element is None or not element.events:
        return ""
    since = next((task.opened_at for task in case.open_tasks if task.element == element.attached_to), None)
    rule = element.events[0].timer
    return clock_words(clocks.of_rule(rule, case.variables, since, one.due, moment().calendar))
