"""Evidence of deductions and bonuses: each of them once."""

from __future__ import annotations

from sqlalchemy import exists, func, or_, select

from engine.tables import Instance
from workflows.scoring.cases import is_order
from workflows.scoring.rules import Entry
from workflows.scoring.scope import Found, Scope
from workflows.scoring.units import answerable
from workflows.tables import (
    Exposure,
    Instruction,
    Joint,
    LedgerItem,
    LightChange,
    Problem,
    ProgressReport,
    Referral,
    Urging,
)

ORDER_RUNG = 4


def urgings(scope: Scope) -> Found:
    of_orders = select(Instance.id).where(*is_order(scope))
    of_instructions = select(Instruction.instance_id).where(Instruction.campaign_id == scope.campaign_id)
    rows = (
        select(
            Urging.id, Urging.unit, Urging.number, Urging.at, Urging.due, Urging.days_late, Urging.instance_id,
            Urging.item_id, Instance.title, Instance.task_code,
        )
        .join(Instance, Instance.id == Urging.instance_id)
        .where(
            Urging.rung == ORDER_RUNG,
            Urging.void_since.is_(None),
            Urging.at >= scope.begin,
            Urging.at < scope.end,
            or_(
                Urging.campaign_id == scope.campaign_id,
                Urging.instance_id.in_(of_orders),
                Urging.instance_id.in_(of_instructions),
            ),
        )
    )  # fmt: skip
    for row in scope.session.execute(rows):
        yield answerable(row.unit), Entry(
            "urged", "order_level", 1.0, 1.0, "urging", str(row.id), row.instance_id, row.item_id, row.task_code,
            scope.day(row.at), row.title, {"number": row.number, "due": scope.iso(row.due), "days": row.days_late},
        )  # fmt: skip


def exposures(scope: Scope) -> Found:
    """Those that stand on the last day without having been put right, whenever they were published."""
    rows = select(Exposure).where(
        Exposure.campaign_id == scope.campaign_id,
        Exposure.status != "corrected",
        Exposure.published_on <= scope.last,
        or_(Exposure.resolved_on.is_(None), Exposure.resolved_on > scope.last),
    )
    for row in scope.session.scalars(rows):
        if row.order_id not in scope.revoked:
            yield answerable(row.unit), Entry(
                "exposed", "exposure_open", 1.0, 1.0, "exposure", row.id, row.instance_id, row.item_id, row.task_code,
                row.published_on, row.title, {"outlet": row.outlet},
            )  # fmt: skip


def falsified(scope: Scope) -> Found:
    """False reports that an inspection has confirmed and none has cleared; those on orders, once verified by M7b."""
    first = select(func.min(LightChange.day)).where(
        LightChange.item_id == LedgerItem.id, LightChange.rule == "falsified"
    )
    rows = select(
        LedgerItem.id, LedgerItem.district, LedgerItem.item_name, LedgerItem.task_code, LedgerItem.instance_id,
        LedgerItem.changed_at, first.scalar_subquery().label("day"),
    ).where(LedgerItem.campaign_id == scope.campaign_id, LedgerItem.falsified.is_(True))  # fmt: skip
    for row in scope.session.execute(rows):
        day = row.day or scope.day(row.changed_at)
        if scope.covers(day):
            yield row.district, Entry(
                "falsified", "item_false", 1.0, 1.0, "item", row.id, row.instance_id, row.id, row.task_code, day,
                row.item_name or "",
            )  # fmt: skip
    referred = select(Referral).where(
        Referral.campaign_id == scope.campaign_id,
        Referral.conduct == "false",
        Referral.source == "rectification",
        Referral.verified.is_(True),
        Referral.hidden.is_(False),
        Referral.received_at >= scope.begin,
        Referral.received_at < scope.end,
    )
    for found in scope.session.scalars(referred):
        if found.source_instance_id not in scope.revoked:
            yield answerable(found.subject_unit), Entry(
                "falsified", "order_false", 1.0, 1.0, "referral", found.id, found.source_instance_id, found.item_id,
                found.task_code, scope.day(found.received_at), found.title,
            )  # fmt: skip


def disclosed(scope: Scope) -> Found:
    """Problems that the unit has reported of its own accord and that are solved."""
    own = exists().where(
        ProgressReport.item_id == Problem.item_id,
        ProgressReport.self_disclosed.is_(True),
        ProgressReport.reported_at <= Problem.reported_at,
    )
    rows = (
        select(Problem, LedgerItem.district)
        .join(LedgerItem, LedgerItem.id == Problem.item_id)
        .where(
            Problem.campaign_id == scope.campaign_id,
            Problem.source == "item_progress",
            Problem.status == "solved",
            Problem.ended_at >= scope.begin,
            Problem.ended_at < scope.end,
            own,
        )
    )
    for problem, district in scope.session.execute(rows):
        yield district, Entry(
            "disclosed", "problem_solved", 1.0, 1.0, "problem", problem.id, problem.instance_id, problem.item_id,
            problem.task_code, scope.day(problem.ended_at), f"{problem.number} {problem.title}",
        )  # fmt: skip


def commended(scope: Scope) -> Found:
    """Conclusions of joint supervisions that propose a commendation of those that were visited."""
    rows = select(Joint).where(
        Joint.campaign_id == scope.campaign_id,
        Joint.status == "concluded",
        Joint.proposal == "commend",
        Joint.concluded_at >= scope.begin,
        Joint.concluded_at < scope.end,
    )
    for row in scope.session.scalars(rows):
        if row.id not in scope.revoked:
            for unit in {answerable(code) for code in row.objects}:
                yield unit, Entry(
                    "commended", "conclusion_commends", 1.0, 1.0, "joint", row.id, row.id, None, None,
                    scope.day(row.concluded_at), row.theme,
                )  # fmt: skip
