"""Legal profiles: which rules a campaign is under, as dated configuration. A campaign carries the name of one.

The notice of 2013 is older than most rules that products take for granted; they come with the later profile.
Source: domain guide, section 7 (R1 decree 733, in force from 2021-02-01; R4 major decisions, from 2019-09-01).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Any, Literal

from sqlalchemy.orm import Session

from bpmn.moment import Moment
from engine.tables import Instance
from faults import N_

Basis = Literal["statutory", "house"]


@dataclass(frozen=True, slots=True)
class Profile:
    """``objection_basis``: a right by decree 733 article 17, or a rule of the house with the same flow (P08).

    ``major_decision``: whether the statutory procedure of D10 applies.  ``authority_required``: only authorised matters
    may be supervised (articles 7 and 11).  ``approval_of_criticism``: praise, criticism and proposals of
    accountability need the approval of the government or its head (article 21).
    """

    name: str
    title: str
    valid_from: date
    objection_basis: Basis
    major_decision: bool
    authority_required: bool
    approval_of_criticism: bool
    objection_days: int | None  # to object and to decide on it; None: a parameter of the house says so
    sources: tuple[str, ...]


_TABLE = (
    Profile(
        "profile_2013",
        N_("Rules of the notice of 2013"),
        date(2013, 1, 1),
        objection_basis="house",
        major_decision=False,
        authority_required=True,
        approval_of_criticism=False,
        objection_days=None,
        sources=("S0.1",),
    ),
    Profile(
        "profile_2021",
        N_("Rules since decree 733 of 2021"),
        date(2021, 2, 1),
        objection_basis="statutory",
        major_decision=True,
        authority_required=True,
        approval_of_criticism=True,
        objection_days=30,
        sources=("R1", "R4"),
    ),
)
PROFILES: Mapping[str, Profile] = MappingProxyType({profile.name: profile for profile in _TABLE})


def on(day: date) -> Profile:
    """The profile in force on that day; for days before the first, the first."""
    return max((one for one in _TABLE if one.valid_from <= day), key=lambda one: one.valid_from, default=_TABLE[0])


def values(profile: Profile) -> dict[str, Any]:
    """What conditions of diagrams and decision tables need of a profile."""
    return {
        "profile": profile.name,
        "objection_basis": profile.objection_basis,
        "major_decision": profile.major_decision,
        "authority_required": profile.authority_required,
        "approval_of_criticism": profile.approval_of_criticism,
    }


def read(_session: Session, _instance: Instance, inputs: Mapping[str, Any], moment: Moment) -> dict[str, Any]:
    """The service: the profile called ``profile``; if that is None, the one in force today."""
    return values(PROFILES.get(str(inputs["profile"])) or on(moment.today))
