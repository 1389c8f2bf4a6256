"""Who takes part in the supervision of 2013: the tree in ``organisation.csv`` beside this file.

Source: the notice of 2013-04-19 (S1.1 to S2.7) and the administrative divisions of that year.  The units of the
districts (区县承办单位) are illustrative: one for each of the four tasks.  The nine bodies that name a liaison officer
(S1.7) are marked, and so is what is no administrative division (北京经济技术开发区).
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType

from sqlalchemy.orm import Session

from engine import organisations

TABLE = Path(__file__).with_name("organisation.csv")


@dataclass(frozen=True, slots=True)
class Unit:
    """``task_code`` is that of the task it answers for.

    Kinds are government, coordination_group, office, working_group, lead_unit, co_unit, liaison_body,
    municipal_office, district, district_supervision_office and district_unit.  Leaders and departments of the Party are
    not subordinate: they get no urging, lights or scores, only reminders (domain guide, section 2).
    """

    code: str
    name: str
    kind: str
    parent: str | None
    task_code: str | None
    is_admin_division: bool
    names_liaison: bool
    is_subordinate: bool
    colocated_body: str | None


@cache
def units() -> Mapping[str, Unit]:
    """Code -> unit, parents before children."""
    with TABLE.open(encoding="utf-8", newline="") as table:
        return MappingProxyType({row["code"]: _unit(row) for row in csv.DictReader(table)})


def of_kind(kind: str) -> tuple[Unit, ...]:
    return tuple(unit for unit in units().values() if unit.kind == kind)


def district_of(code: str) -> str | None:
    """The code of the district that the unit is, or belongs to; None for municipal ones and unknown codes."""
    unit = units().get(code)
    while unit is not None and unit.kind != "district":
        unit = units().get(unit.parent or "")
    return unit.code if unit else None


def is_subordinate(code: str | None) -> bool:
    """Whether the unit may be urged, lit and scored; codes that this tree does not know may be."""
    unit = units().get(code or "")
    return unit is None or unit.is_subordinate


def install(session: Session) -> None:
    """Save the tree; done again, it only brings names up to date."""
    for position, unit in enumerate(units().values()):
        organisations.save(session, unit.code, unit.name, unit.parent, unit.kind, position)


def _unit(row: Mapping[str, str]) -> Unit:
    return Unit(
        code=row["code"],
        name=row["name"],
        kind=row["kind"],
        parent=row["parent"] or None,
        task_code=row["task_code"] or None,
        is_admin_division=row["is_admin_division"] == "true",
        names_liaison=row["names_liaison"] == "true",
        is_subordinate=row["subordinate"] == "true",
        colocated_body=row["colocated_body"] or None,
    )
