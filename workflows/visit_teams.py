"""Who goes on a visit (M2, S4.2a, S4.2b): the district's own office, that of another district, or the Office itself.

Which of them is decided by the table `M2_visit_executor`; here the team gets the case.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bpmn.moment import Moment
from engine.organisations import paths
from engine.tables import Account, Instance, RoleGrant
from workflows.organisation import district_of
from workflows.tables import Visit
from workflows.visits import OFFICER, OPEN, get, is_joinable

OFFICE = ("synthesis_officer", "task_group_officer")
OFFICE_CODE = "supervision_office"


def assign(session: Session, instance: Instance, inputs: Mapping[str, Any], moment: Moment) -> dict[str, Any]:
    """Send the visit to those who go: the district's office, that of another district by lot, or the Office itself.

    Whoever has it keeps it when it is put off.  The case belongs to who goes, so that the district that is visited
    learns of a surprise visit when the team stands before the door.  Returns {"executor", "groups": roles, "team_org",
    "pending": a visit to go along with, "pending_date"}.
    """
    visit = get(session, instance.id)
    executor = str(inputs["executor"])
    if visit.team_org is None or visit.executor != executor:
        drawn = _other_district(session, instance, visit) if executor == "cross_district" else visit.district
        visit.executor = "office" if executor == "cross_district" and drawn is None else executor
        visit.team_org = _known(session, visit.org) if visit.executor == "office" else drawn
        _hand_over(session, instance, visit)
    groups = list(OFFICE) if visit.executor == "office" else [OFFICER]
    return {"executor": visit.executor, "groups": groups, "team_org": visit.team_org} | _pending(session, visit, moment)


def _known(session: Session, code: str | None) -> str | None:
    """A task in an organisation that there is not would be nobody's."""
    return code if code and code in paths(session, [code]) else None


def _hand_over(session: Session, instance: Instance, visit: Visit) -> None:
    owner = {"cross_district": visit.team_org, "office": OFFICE_CODE}.get(visit.executor)
    path = paths(session, [owner]).get(owner) if owner else None
    if path is not None:
        instance.org, instance.org_path = owner, path
    session.flush()


def _pending(session: Session, visit: Visit, moment: Moment) -> dict[str, Any]:
    """A visit to the same units that is planned already, to go along with; else no proposal."""
    near = select(Visit).where(
        Visit.status == OPEN, Visit.id != visit.id, Visit.visit_date >= moment.today, Visit.conducted_at.is_(None)
    )
    for other in session.scalars(near.order_by(Visit.visit_date, Visit.id)):
        if set(other.objects) & set(visit.objects) and is_joinable(visit, other):
            return {"pending": other.id, "pending_date": other.visit_date.isoformat() if other.visit_date else None}
    return {"pending": None, "pending_date": None}


def _other_district(session: Session, instance: Instance, visit: Visit) -> str | None:
    """A district whose office goes to another one: of those with the fewest such visits, by a lot that nobody can know
    before and everybody can check later (the hash of the case's record)."""
    officers = select(RoleGrant.org_code).join(Account, Account.id == RoleGrant.account_id)
    homes = session.scalars(officers.where(RoleGrant.role == OFFICER, Account.active).distinct())
    staffed = sorted({district for home in homes if (district := district_of(home or ""))} - {visit.district})
    counted = select(Visit.team_org, func.count()).where(Visit.executor == "cross_district").group_by(Visit.team_org)
    load = {str(code): int(number) for code, number in session.execute(counted)}
    least = min((load.get(code, 0) for code in staffed), default=0)
    drawn = [code for code in staffed if load.get(code, 0) == least]
    return min(drawn, key=lambda code: _lot(instance, code), default=None)


def _lot(instance: Instance, code: str) -> str:
    return hashlib.sha256(f"{instance.id}:{instance.record_hash}:{code}".encode()).hexdigest()
