"""Items of ledgers: the rows behind the numbers of a campaign, and one item with plan, reports and lights."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_login import login_required
from werkzeug.wrappers import Response as AnyResponse

from engine import organisations
from engine.access import NotFound
from engine.tables import Task
from faults import N_
from web import desk, naming, paging
from web.due import clock_words
from web.lights import LIGHTS as LIGHT_NAMES
from web.lights import STATES, item_state, light_name
from web.sessions import actor
from web.transaction import database, moment
from web.words import content, gettext, on, template
from workflows import changes, clocks, item_lists, light_words, lights, overview, register_lists, reports, sub_items
from workflows.item_lists import LIGHTS, ONLY, UNLIT, ItemView, Wanted
from workflows.organisation import of_kind
from workflows.roles import TASK_CODES
from workflows.tables import Campaign, LightChange

routes = Blueprint("items", __name__)

HEADINGS = {
    "overdue": N_("past their deadline"),
    "report_overdue": N_("whose report is late"),
    "falsified": N_("with a confirmed false report"),
    "turned": N_("whose light changed since {since}"),
    "closed": N_("closed since {since}"),
    "reported": N_("reported on since {since}"),
    "verified": N_("verified since {since}"),
    "urged": N_("urged since {since}"),
}
LONGEST = 100


@routes.get("/items")
@login_required
def all_items() -> str:
    wanted = _wanted()
    found, total = item_lists.rows(database(), actor(), wanted, moment(), paging.SIZE, paging.offset())
    kept = {name: value for name, value in request.args.items() if name in ASKED and value}
    return render_template(
        "items.html",
        rows=found,
        page=paging.page(total),
        wanted=wanted,
        kept=kept,
        campaign=database().get_one(Campaign, wanted.campaign_id),
        narrowed=_narrowed(wanted),
        districts=[(unit.code, content(unit.name)) for unit in of_kind("district")],
        tasks=[(code, content(name)) for code, name in TASK_CODES.items()],
        light_names={light: light_name(light) for light in (*LIGHTS, UNLIT)},
        states={status: item_state(status) for status in ("running", *item_lists.TRACKED)},
        sub_items=sub_items.sub_items(),
        place="campaigns",
    )


ASKED = frozenset(
    {"campaign", "district", "task", "sub_item", "light", "state", "only", "since", "before", "after", "ball", "q"}
)


@routes.get("/items/<item_id>")
@login_required
def page(item_id: str) -> str:
    view = item_lists.view(database(), actor(), item_id)
    item = view.item
    codes = {code for code in (item.responsible_unit, *item.co_units, *(one.unit for one in view.urgings)) if code}
    people = {who for report in view.reports for who in (report.reporter, report.verifier) if who}
    names = naming.named(
        database(),
        lambda lookup: {code: lookup("org", code) for code in codes} | {who: lookup("user", who) for who in people},
    )
    return render_template(
        "item.html",
        view=view,
        item=item,
        names=names,
        sub_item=sub_items.sub_items()[item.sub_item],
        unit_of_case=organisations.names(database(), codes).get(item.responsible_unit or ""),
        file=naming.files(database(), actor(), view.case_id) if view.case_id else None,
        history=[(change, _why(change)) for change in view.lights],
        hands=[(task, _whose(task)) for task in view.open_tasks],
        points=_milestones(view),
        planned=_planned(view),
        clock=_clock(view),
        report_clock=_report_clock(view),
        chart=_chart(view),
        states={name: register.states for name, register in register_lists.REGISTERS.items()},
        place="campaigns",
    )


@routes.post("/items/<item_id>/change")
@login_required
def ask_change(item_id: str) -> AnyResponse:
    changes.request(database(), actor(), item_id, moment())
    flash(gettext("The application for a change will be among the tasks of your unit in a moment."), "success")
    return redirect(url_for("items.page", item_id=item_id))


@routes.post("/items/<item_id>/report")
@login_required
def ask_report(item_id: str) -> AnyResponse:
    reports.want_report(database(), actor(), item_id, moment())
    flash(gettext("The report will be among the tasks of your unit in a moment."), "success")
    return redirect(url_for("items.page", item_id=item_id))


@routes.post("/items/<item_id>/changes/<change_id>/withdraw")
@login_required
def withdraw_change(item_id: str, change_id: str) -> AnyResponse:
    changes.withdraw(database(), actor(), change_id, moment())
    flash(gettext("The application is being withdrawn."), "success")
    return redirect(url_for("items.page", item_id=item_id))


def _wanted() -> Wanted:
    """The conditions that the address names; what makes no sense is left out."""
    texts = {name: request.args.get(name, "").strip()[:LONGEST] for name in ASKED}
    campaign_id = texts["campaign"] or overview.newest(database(), actor())
    if campaign_id is None or database().get(Campaign, campaign_id) is None:
        raise NotFound
    return Wanted(
        campaign_id=campaign_id,
        district=texts["district"] or None,
        task=texts["task"] if texts["task"] in TASK_CODES else None,
        sub_item=texts["sub_item"] if texts["sub_item"] in sub_items.sub_items() else None,
        light=_one_of(texts["light"], LIGHT_NAMES),
        state=_one_of(texts["state"], STATES),
        only=_one_of(texts["only"], ONLY),
        since=_day(texts["since"]),
        before=_one_of(texts["before"], LIGHT_NAMES),
        after=_one_of(texts["after"], LIGHT_NAMES),
        ball=texts["ball"] or None,
        search=texts["q"],
    )


def _one_of(text: str, known: Any) -> str | None:
    return text if text in known else None


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _narrowed(wanted: Wanted) -> list[str]:
    """What the list is narrowed to, beyond what its own choices show."""
    found = []
    if wanted.only:
        found.append(template(HEADINGS[wanted.only], {"since": on(wanted.since or moment().today)}))
    if wanted.before or wanted.after:
        before, after = (light_name(light) if light else "…" for light in (wanted.before, wanted.after))
        found.append(f"{before} → {after}")
    if wanted.ball:
        found.append(gettext("in the hands of one group or person"))
    if wanted.sub_item:
        found.append(content(sub_items.sub_items()[wanted.sub_item].title))
    return found


def _why(change: LightChange) -> str:
    return template(*light_words.words(change.rule, change.facts))


def _whose(task: Task) -> str:
    names = organisations.names(database(), {task.org} if task.org else ())
    return desk.whose(task.holder, tuple(task.roles), names.get(task.org or ""), task.task_code)


def _clock(view: ItemView) -> str:
    item = view.item
    if item.start_date is None or item.deadline is None or not item.applicable:
        return ""
    return clock_words(clocks.counted(clocks.SET, "wd", item.start_date, item.deadline, moment().calendar))


def _report_clock(view: ItemView) -> str:
    due = view.item.report_due
    return "" if due is None or view.item.report_weekly else template(*clocks.of_day_of_month(due, moment().calendar))


def _planned(view: ItemView) -> float | None:
    item = view.item
    if item.start_date is None or item.deadline is None:
        return None
    return lights.planned_percent(item.start_date, item.deadline, item.milestones, moment().today)


def _milestones(view: ItemView) -> list[dict[str, Any]]:
    """Each milestone with whether its day is past and whether what is verified today reaches it."""
    verified = float(view.item.verified_percent or 0)
    return [
        {
            "date": str(one["date"])[:10],
            "planned": float(one["planned_percent"]),
            "standard": one.get("standard") or "",
            "is_past": str(one["date"])[:10] <= moment().today.isoformat(),
            "is_reached": verified >= float(one["planned_percent"]),
        }
        for one in sorted(view.item.milestones, key=lambda one: str(one["date"]))
    ]


def _chart(view: ItemView) -> dict[str, Any]:
    """Planned, reported and verified percent over time."""
    item = view.item
    if item.start_date is None or item.deadline is None:
        return {"series": []}
    planned = [[item.start_date.isoformat(), 0.0]] + [[one["date"], one["planned"]] for one in _milestones(view)]
    if planned[-1][0] < item.deadline.isoformat():
        planned.append([item.deadline.isoformat(), 100.0])
    reported, verified = [], []
    for report in reversed(view.reports):
        if report.reported_at and report.progress_percent is not None:
            reported.append([report.reported_at.date().isoformat(), float(report.progress_percent)])
        if report.verified_at and report.verdict == "pass":
            share = _share(view, report.verified_value, report.progress_percent)
            if share is not None:
                verified.append([report.verified_at.date().isoformat(), share])
    named = (
        ("plan", gettext("Planned"), planned),
        ("blue", gettext("Reported"), reported),
        ("green", gettext("Verified"), verified),
    )
    return {"percent": True, "series": [{"name": name, "look": look, "points": points} for look, name, points in named]}


def _share(view: ItemView, value: Any, percent: Any) -> float | None:
    target = view.item.target_value
    if target and value is not None:
        return round(float(value) / float(target) * 100, 1)
    return float(percent) if percent is not None else None
