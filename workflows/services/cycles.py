"""Rounds of what recurs: bulletins, monthly reports and meetings, quarterly reports. S4.6"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy.orm import Session

from bpmn.moment import Moment
from engine.services import Service
from engine.tables import Instance
from faults import N_
from workflows import cycle_starts, cycles


def _asked(name: str, title: str, read: Callable[[Session, Moment], Mapping[str, Any]]) -> Service:
    """A service for start events; a service task may ask it as well."""

    def run(session: Session, _instance: Instance, _inputs: Mapping[str, Any], moment: Moment) -> Mapping[str, Any]:
        return read(session, moment)

    return Service(name, title, (), ("items", "timing"), run, read)


TABLE = (
    _asked("campaigns_in_force", N_("Find the campaigns that go on today"), cycle_starts.campaigns_in_force),
    _asked("campaigns_of_quarter", N_("Find the campaigns of the quarter before"), cycle_starts.campaigns_of_quarter),
    _asked("flashes_due", N_("Find which flash bulletins are to be made"), cycle_starts.flashes_due),
    _asked("months_due", N_("Find which monthly reports are to be made"), cycle_starts.months_due),
    _asked("quarters_due", N_("Find which quarterly reports are to be made"), cycle_starts.quarters_due),
    Service(
        "begin_cycle",
        N_("Begin a round of what recurs"),
        ("kind", "campaign_id", "period"),
        (
            "campaign_id", "campaign", "period", "label", "first", "last", "since", "until", "due_on", "is_late",
            "task_codes", "groups", "campaign_end",
        ),
        cycles.begin,
    ),
    Service("finish_cycle", N_("Note that a round is done"), ("kind",), ("status", "is_late"), cycles.finish),
    Service("skip_cycle", N_("Leave a round out, with the reason"), ("kind", "reason"), ("status",), cycles.skip),
    Service("drop_cycles", N_("Leave out all rounds of a case that ends early"), ("reason",), ("status",), cycles.drop),
    Service(
        "postpone_cycle",
        N_("Put a round off within its period"),
        ("kind", "reason"),
        ("due_on", "postponed", "within"),
        cycles.postpone,
    ),
)  # fmt: skip
