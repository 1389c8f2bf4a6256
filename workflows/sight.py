"""Whose rows a person may see: all of a campaign, or those of his own districts.

Cases are guarded by `engine.access`; ledgers, items and registers are rows of a campaign and are guarded here by the
same grants.  Who holds a role in a body of the city sees the whole campaign, who holds one in a district sees its rows.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, true

from engine.access import ADMIN, AUDITOR, OUTSIDE, Actor, NotYours
from engine.organisations import codes
from workflows.organisation import district_of, units

# The districts whose rows may be seen; None: the whole city.
Sight = frozenset[str] | None


def sight(actor: Actor) -> Sight:
    """Raises NotYours for those who see nothing of a campaign."""
    found = set()
    for grant in actor.grants:
        if grant.role in (ADMIN, AUDITOR):
            return None
        known = [code for code in codes(grant.org_path) if code in units()]
        if grant.role in OUTSIDE or not known:
            continue
        district = district_of(known[-1])
        if district is None:
            return None
        found.add(district)
    if not found:
        raise NotYours
    return frozenset(found)


def sees_anything(actor: Actor) -> bool:
    """Whether there is anything for this person on the pages of campaigns."""
    try:
        sight(actor)
    except NotYours:
        return False
    return True


def within(column: Any, districts: Sight) -> ColumnElement[bool]:
    """A condition on a column of district codes."""
    return true() if districts is None else column.in_(sorted(districts))


def require_district(actor: Actor, district: str | None) -> None:
    """Raise NotYours unless the actor may see rows of that district (None: of the city)."""
    districts = sight(actor)
    if districts is not None and district not in districts:
        raise NotYours
