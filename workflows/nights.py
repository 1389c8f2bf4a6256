"""The work of each night (D1): lights of all items are judged, and urgings that have been obeyed are settled.

A worker asks often; the night's row lets one of them do it, once, also when several ask at the same time or when the
system was down in the evening.
"""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import update
from sqlalchemy.orm import Session

from bpmn.moment import Moment
from engine.database import insert_missing
from workflows import lights, urging
from workflows.lights import Night
from workflows.tables import Night as NightRow

AFTER_WORK = timedelta(minutes=30)  # what was due at the end of the day may still be on its way


def keep(session: Session, moment: Moment) -> Night | None:
    """Do what the last night left to do; None if it is done already."""
    row = {"day": last(moment), "at": moment.now, "judged": 0, "turned": 0}
    if not insert_missing(session, NightRow, [row]):
        return None
    night = lights.nightly(session, moment)
    urging.settle(session, moment)
    done = update(NightRow).where(NightRow.day == row["day"])
    session.execute(done.values(judged=night.judged, turned=len(night.turns)))
    return night


def last(moment: Moment) -> date:
    """The day whose night has begun last."""
    has_begun = moment.now >= moment.end_of(moment.today) + AFTER_WORK
    return moment.today if has_begun else moment.today - timedelta(days=1)
