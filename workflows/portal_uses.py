"""Keeps the public portal from being flooded: so many opinions and look-ups an hour, by one visitor and by all.

Nobody is known here by name or address: the pages hand in a code of the visitor that nobody can turn back and that
changes every day.  Source: house default; domain guide, M4b.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, timedelta
from types import MappingProxyType

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from bpmn.moment import Moment
from engine.database import count_up
from faults import Fault
from workflows import parameters
from workflows.tables import PortalUse

# What is limited, and the parameters that say how often one visitor and all of them may do it in an hour.
LIMITS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "opinion": ("portal_opinions_hour", "portal_opinions_all_hour"),
        "lookup": ("portal_lookups_hour", "portal_lookups_all_hour"),
    }
)
_ALL = "all"


class TooOften(Fault):
    """This was done too often within the last hour. Wait an hour; urgent matters go to the hotline 12345."""


class UsedUp(Fault):
    """This question was answered already. Answer the new one and send it again."""


def look(session: Session, kind: str, visitor: str, moment: Moment) -> None:
    """Raises TooOften if the visitor may not do it again this hour. Nothing is counted."""
    for who, most in zip((visitor, _ALL), _most(session, kind, moment), strict=True):
        found = session.scalar(
            select(PortalUse.uses).where(
                PortalUse.kind == kind, PortalUse.visitor == who, PortalUse.hour == _hour(moment)
            )
        )
        if found is not None and found >= most:
            raise TooOften


def count(session: Session, kind: str, visitor: str, moment: Moment) -> None:
    """Count one use. Raises TooOften when it was one too many; safe when several come at once."""
    for who, most in zip((visitor, _ALL), _most(session, kind, moment), strict=True):
        if _count(session, kind, who, moment) > most:
            raise TooOften


def use_once(session: Session, nonce: str, moment: Moment) -> None:
    """Raises UsedUp if this nonce was used before. ``moment`` is when it was given, so that it has one row."""
    if _count(session, "challenge", nonce, moment) > 1:
        raise UsedUp


def _count(session: Session, kind: str, visitor: str, moment: Moment) -> int:
    return count_up(session, PortalUse, {"kind": kind, "visitor": visitor, "hour": _hour(moment)}, "uses")


def forget(session: Session, moment: Moment) -> None:
    """Drop the counts of hours that are over for two days."""
    before = (moment.now - timedelta(days=2)).astimezone(UTC).strftime("%Y-%m-%dT%H")
    session.execute(delete(PortalUse).where(PortalUse.hour < before), execution_options={"synchronize_session": False})


def _most(session: Session, kind: str, moment: Moment) -> tuple[int, int]:
    one, every = LIMITS[kind]
    found = parameters.values(session, moment.today, (one, every))
    return int(found[one]), int(found[every])


def _hour(moment: Moment) -> str:
    return moment.now.astimezone(UTC).strftime("%Y-%m-%dT%H")
