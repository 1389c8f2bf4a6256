"""The 26 sub-items of the four tasks, S2.4 to S2.7: the table in ``sub_items.csv`` beside this file.

Targets of the city are proposals for `define_catalogue`: real ones of 2013 where ``target_kind`` says so (domain guide,
R10 and R19), else illustrative.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path
from types import MappingProxyType

TABLE = Path(__file__).with_name("sub_items.csv")


@dataclass(frozen=True, slots=True)
class SubItem:
    """``code`` is A1 to D2; ``lead_unit`` an organisation code."""

    code: str
    name: str
    task_code: str
    lead_unit: str
    target: Decimal
    unit_of_measure: str
    target_kind: str
    target_basis: str

    @property
    def title(self) -> str:
        return f"{self.code} {self.name}"


@cache
def sub_items() -> Mapping[str, SubItem]:
    """Code -> sub-item, in the order of the notice."""
    with TABLE.open(encoding="utf-8", newline="") as table:
        rows = [SubItem(**{**row, "target": Decimal(row["target"])}) for row in csv.DictReader(table)]  # type: ignore[arg-type]
    return MappingProxyType({row.code: row for row in rows})


def of_task(task_code: str) -> tuple[SubItem, ...]:
    return tuple(one for one in sub_items().values() if one.task_code == task_code)


def find(text: str) -> SubItem | None:
    """The sub-item that somebody means by its code, its name, or both: ``a3``, ``控制机动车排放污染``."""
    words = "".join(text.split())
    for one in sub_items().values():
        if words.upper() == one.code or words in (one.name, one.code + one.name):
            return one
    return None
