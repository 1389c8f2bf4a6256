"""What lead units disclose (定期公布), as the public reads it: published texts only, searched and by the page.

How they come about is M4a, `workflows.disclosure_cases`.  Source: domain guide, M4a; clause S4.4a.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from engine import organisations
from engine.access import NotFound
from faults import N_
from workflows.tables import Disclosure

KINDS = {"plan": N_("plan"), "progress": N_("progress"), "result": N_("result")}


@dataclass(frozen=True, slots=True)
class Published:
    """A text that has passed the publication gate. ``unit`` is a name, ``items`` are those of `Disclosure.items`."""

    id: str
    number: str | None
    kind: str
    period: str
    title: str
    text: str
    unit: str
    unit_code: str
    task_code: str
    items: tuple[dict[str, Any], ...]
    published_at: datetime


def published(
    session: Session, search: str, kind: str | None, unit: str | None, limit: int, offset: int
) -> tuple[list[Published], int]:
    """Those of a kind (plan, progress, result) and unit (a code), the newest first, and how many. Three statements.

    ``search`` is looked for in titles and texts. An unknown kind or unit has none.
    """
    wanted: list[ColumnElement[bool]] = [Disclosure.status == "published"]
    if kind:
        wanted.append(Disclosure.kind == kind)
    if unit:
        wanted.append(Disclosure.unit == unit)
    if words := search.strip():
        columns = (Disclosure.title, Disclosure.text, Disclosure.number)
        wanted.append(or_(*(column.contains(words, autoescape=True) for column in columns)))
    total = session.scalar(select(func.count()).select_from(Disclosure).where(*wanted)) or 0
    query = select(Disclosure).where(*wanted).order_by(Disclosure.published_at.desc(), Disclosure.id)
    rows = session.scalars(query.limit(limit).offset(offset)).all()
    names = organisations.names(session, [row.unit for row in rows])
    return [_published(row, names.get(row.unit, row.unit)) for row in rows], total


def get(session: Session, disclosure_id: str) -> Published:
    """Raises NotFound, also for what is not published."""
    row = session.get(Disclosure, disclosure_id)
    if row is None or row.status != "published":
        raise NotFound
    return _published(row, organisations.names(session, [row.unit]).get(row.unit, row.unit))


def _published(row: Disclosure, unit: str) -> Published:
    assert row.published_at is not None
    return Published(
        id=row.id,
        number=row.number,
        kind=row.kind,
        period=row.period,
        title=row.title,
        text=row.text,
        unit=unit,
        unit_code=row.unit,
        task_code=row.task_code,
        items=tuple(row.items),
        published_at=row.published_at,
    )
