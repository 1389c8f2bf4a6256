"""What happened in a campaign between two instants, by task: the material of bulletins and reports. Reads only. S4.6a

Bulletin material is read from the data, it is not sent (domain guide, section 5).  A fixed number of statements,
whatever the number of items.  What is restricted to some is left out.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session

from engine.tables import Instance
from forms import richtext
from workflows.item_lists import LIGHTS, UNLIT
from workflows.organisation import units
from workflows.papers import language
from workflows.roles import TASK_CODES
from workflows.tables import Instruction, LedgerItem, LightChange, Problem, ProgressReport, Urging

MOST_NAMED = 10  # of each kind; the others are only counted
UNTRACKED = ("draft", "submitted", "returned", "exempt")
COUNTED = ("closed", "turned_red", "orders", "problems", "instructions")
_PART = Path(__file__).with_name("papers") / "parts" / "group.html"


def by_task(session: Session, campaign_id: str, since: datetime, until: datetime) -> dict[str, dict[str, Any]]:
    """Task code -> {"task_code", "name", "lights": {light: items now}, "total", "closed_in_all", "verified" (reports),
    and of each of `COUNTED` {"count", "rows": [{"id", "title", "unit"}]}, "is_new"}.
    """
    within = (campaign_id, since, until)
    lights = _lights(session, campaign_id)
    verified = _verified(session, *within)
    found = {
        "closed": _grouped(_closed(session, *within)),
        "turned_red": _grouped(_turned_red(session, *within)),
        "orders": _grouped(_orders(session, *within)),
        "problems": _grouped(_problems(session, *within)),
        "instructions": _grouped(_instructions(session, *within)),
    }
    return {
        code: _of_task(code, lights[code], verified[code], {name: rows.get(code, []) for name, rows in found.items()})
        for code in TASK_CODES
    }


def text(facts: Mapping[str, Any]) -> str:
    """What `by_task` gives of one task, in sentences: HTML of the subset of rich texts."""
    return richtext.clean(language.filled(language.compiled(_part()), facts))


def not_restricted(*columns: Any) -> Any:
    """A condition: none of the cases that the columns name is restricted to some."""
    hidden = select(Instance.id).where(Instance.restricted_to.is_not(None))
    return and_(*(or_(column.is_(None), column.not_in(hidden)) for column in columns))


@cache
def _part() -> str:
    return _PART.read_text("utf-8")


def _of_task(
    code: str, lights: Counter[str], verified: int, rows: Mapping[str, list[dict[str, Any]]]
) -> dict[str, Any]:
    named = {name: {"count": len(found), "rows": found[:MOST_NAMED]} for name, found in rows.items()}
    return {
        "task_code": code,
        "name": TASK_CODES[code],
        "lights": {light: lights[light] for light in (*LIGHTS, UNLIT) if lights[light]},
        "total": sum(lights[light] for light in (*LIGHTS, UNLIT)),
        "closed_in_all": lights["closed"],
        "verified": verified,
        **named,
        "is_new": bool(verified or any(rows.values())),
    }


def _lights(session: Session, campaign_id: str) -> dict[str, Counter[str]]:
    wanted = (
        select(LedgerItem.task_code, LedgerItem.light, LedgerItem.status, func.count())
        .where(LedgerItem.campaign_id == campaign_id, LedgerItem.status.not_in(UNTRACKED))
        .group_by(LedgerItem.task_code, LedgerItem.light, LedgerItem.status)
    )
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for code, light, status, count in session.execute(wanted):
        found[code][light or UNLIT] += count
        found[code]["closed"] += count if status == "closed" else 0
    return found


def _closed(session: Session, campaign_id: str, since: datetime, until: datetime) -> list[dict[str, Any]]:
    wanted = select(LedgerItem.id, LedgerItem.task_code, LedgerItem.item_name, LedgerItem.district).where(
        LedgerItem.campaign_id == campaign_id,
        LedgerItem.status == "closed",
        LedgerItem.closed_at >= since,
        LedgerItem.closed_at < until,
    )
    rows = session.execute(wanted.order_by(LedgerItem.closed_at, LedgerItem.id))
    return [_row(*row) for row in rows]


def _turned_red(session: Session, campaign_id: str, since: datetime, until: datetime) -> list[dict[str, Any]]:
    """Items that turned red in the span and are red now, each once."""
    wanted = (
        select(LedgerItem.id, LedgerItem.task_code, LedgerItem.item_name, LedgerItem.district)
        .join(LightChange, LightChange.item_id == LedgerItem.id)
        .where(
            LedgerItem.campaign_id == campaign_id,
            LedgerItem.light == "red",
            LightChange.after == "red",
            or_(LightChange.before.is_(None), LightChange.before != "red"),
            LightChange.at >= since,
            LightChange.at < until,
        )
        .distinct()
        .order_by(LedgerItem.district, LedgerItem.id)
    )
    return [_row(*row) for row in session.execute(wanted)]


def _verified(session: Session, campaign_id: str, since: datetime, until: datetime) -> Counter[str]:
    wanted = (
        select(LedgerItem.task_code, func.count().label("reports"))
        .join(ProgressReport, ProgressReport.item_id == LedgerItem.id)
        .where(
            LedgerItem.campaign_id == campaign_id,
            ProgressReport.verdict == "pass",
            ProgressReport.verified_at >= since,
            ProgressReport.verified_at < until,
        )
        .group_by(LedgerItem.task_code)
    )
    return Counter({row.task_code: row.reports for row in session.execute(wanted)})


def _orders(session: Session, campaign_id: str, since: datetime, until: datetime) -> list[dict[str, Any]]:
    """Supervision orders (D2): they are listed in the bulletin."""
    wanted = (
        select(Urging.id, LedgerItem.task_code, Instance.task_code, LedgerItem.item_name, Instance.title, Urging.unit)
        .outerjoin(LedgerItem, LedgerItem.id == Urging.item_id)
        .outerjoin(Instance, Instance.id == Urging.instance_id)
        .where(
            Urging.campaign_id == campaign_id,
            Urging.kind == "order",
            Urging.at >= since,
            Urging.at < until,
            Urging.void_since.is_(None),
            not_restricted(Urging.instance_id),
        )
        .order_by(Urging.at, Urging.id)
    )
    return [
        _row(str(ident), item_code or case_code, name or title, unit)
        for ident, item_code, case_code, name, title, unit in session.execute(wanted)
    ]


def _problems(session: Session, campaign_id: str, since: datetime, until: datetime) -> list[dict[str, Any]]:
    wanted = select(Problem.id, Problem.task_code, Problem.title, Problem.districts, Problem.route).where(
        Problem.campaign_id == campaign_id,
        Problem.reported_at >= since,
        Problem.reported_at < until,
        Problem.status.not_in(("unfounded", "merged", "cancelled", "transferred")),
        not_restricted(Problem.instance_id, Problem.source_instance_id),
    )
    rows = session.execute(wanted.order_by(Problem.reported_at, Problem.id))
    return [
        _row(ident, code, title, districts[0] if len(districts) == 1 else None) | {"is_common": route == "common"}
        for ident, code, title, districts, route in rows
    ]


def _instructions(session: Session, campaign_id: str, since: datetime, until: datetime) -> list[dict[str, Any]]:
    """What leaders asked for and was reported back to them in the span."""
    wanted = select(Instruction.id, Instruction.task_code, Instruction.title, Instruction.lead_unit).where(
        Instruction.campaign_id == campaign_id,
        Instruction.reported_at >= since,
        Instruction.reported_at < until,
        or_(Instruction.classification.is_(None), Instruction.classification != "work_secret"),
        not_restricted(Instruction.instance_id),
    )
    return [_row(*row) for row in session.execute(wanted.order_by(Instruction.reported_at, Instruction.id))]


def _row(ident: str, code: str | None, title: str | None, unit: str | None) -> dict[str, Any]:
    known = units().get(unit or "")
    return {"id": ident, "task_code": code, "title": title or "", "unit": known.name if known else unit or ""}


def _grouped(rows: Iterable[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    """By task; what belongs to none (yet) is told under the first, so that it is not passed over."""
    found: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        code = row["task_code"]
        found[code if code in TASK_CODES else next(iter(TASK_CODES))].append(row)
    return found
