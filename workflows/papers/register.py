"""The papers that were issued: one of them, those of a case, a searchable list. Reads only.

Who may see a case may see its papers.  What a campaign tells everybody who takes part in it (``is_open`` of its kind)
may also be read by whoever sees the campaign.
"""

from __future__ import annotations

from sqlalchemy import ColumnElement, Select, and_, false, func, or_, select
from sqlalchemy.orm import Session, undefer

from engine.access import Actor, NotFound, NotYours, is_let_in, lets_in, visible, visible_in_lists
from engine.tables import Instance
from workflows.papers.kinds import PAPERS
from workflows.sight import sees_anything
from workflows.tables import Paper

MOST_OF_CASE = 100


def get(session: Session, actor: Actor, paper_id: str) -> Paper:
    """With its text. Raises NotFound, NotYours."""
    found = session.execute(
        select(Paper, or_(visible(actor), _open_to(actor)), Instance.restricted_to)
        .join(Instance, Instance.id == Paper.instance_id)
        .where(Paper.id == paper_id)
        .options(undefer(Paper.body))
    ).one_or_none()
    if found is None or found[0].kind not in PAPERS or not is_let_in(actor, found[2]):
        raise NotFound
    if not found[1]:
        raise NotYours
    paper: Paper = found[0]
    return paper


def of_case(session: Session, instance_id: str) -> list[Paper]:
    """The papers of a case that the caller may see, the newest first."""
    wanted = select(Paper).where(Paper.instance_id == instance_id, Paper.kind.in_(PAPERS))
    return list(session.scalars(wanted.order_by(Paper.issued_at.desc(), Paper.id).limit(MOST_OF_CASE)))


def listed(session: Session, actor: Actor, kind: str, search: str, limit: int, offset: int) -> tuple[list[Paper], int]:
    """The papers that the actor may see, the latest first, and how many there are in all.

    ``kind`` is a name or "", ``search`` a piece of number or title.
    """
    wanted = _seen_by(actor)
    if kind:
        wanted = wanted.where(Paper.kind == kind)
    if search:
        wanted = wanted.where(
            or_(Paper.title.contains(search, autoescape=True), Paper.number.contains(search, autoescape=True))
        )
    total = session.scalar(select(func.count()).select_from(wanted.subquery())) or 0
    rows = session.scalars(
        wanted.order_by(Paper.issued_on.desc(), Paper.issued_at.desc(), Paper.id).limit(limit).offset(offset)
    )
    return list(rows), total


def _seen_by(actor: Actor) -> Select[Paper]:
    return (
        select(Paper)
        .join(Instance, Instance.id == Paper.instance_id)
        .where(Paper.kind.in_(PAPERS), or_(visible_in_lists(actor), and_(lets_in(actor), _open_to(actor))))
    )


def _open_to(actor: Actor) -> ColumnElement[bool]:
    open_kinds = [kind.name for kind in PAPERS.values() if kind.is_open]
    return Paper.kind.in_(open_kinds) if sees_anything(actor) else false()
