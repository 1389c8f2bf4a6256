"""The burden meter: what each unit was asked in a month, and how much of it was filled in already."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template, request
from flask_login import login_required

from engine import organisations
from web.sessions import actor
from web.transaction import database, moment
from workflows import burden, periods
from workflows.organisation import units
from workflows.periods import Period

routes = Blueprint("burden", __name__)

MONTHS = 6


@routes.get("/burden")
@login_required
def page() -> str:
    month = _month()
    unit = request.args.get("unit", "")[:100]
    unit = unit if unit in units() else ""
    found = burden.by_unit(database(), actor(), month, moment())
    course = burden.by_month(
        database(), actor(), unit or None, burden.months(moment(), periods.month(moment().today), MONTHS), moment()
    )
    codes = {one.code for one in found} | {code for one in found for code, _ in one.parts} | {unit}
    return render_template(
        "burden.html",
        month=month,
        unit=unit,
        units=found,
        most=max((one.load.asked for one in found), default=0),
        course=course,
        peak=max((load.asked for _, load in course), default=0),
        names=organisations.names(database(), {code for code in codes if code}),
        place="campaigns",
    )


def _month() -> Period:
    """The month that the address asks for; this one if it makes no sense."""
    wanted: Any = request.args.get("month", "")[:7]
    try:
        return periods.month(periods.read(wanted).first)
    except ValueError:
        return periods.month(moment().today)
