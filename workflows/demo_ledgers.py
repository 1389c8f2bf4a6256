"""What the ledgers of the demonstration hold: which district does what, how much, and how well it gets on.

Figures of a district are illustrative; of the city's, `sub_items.csv` says which are real.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any

from workflows.cast import DISTRICTS, OTHER_DISTRICTS, UNITS
from workflows.organisation import units
from workflows.sub_items import SubItem, sub_items

MARK = "（示例）"
DEADLINE = "2013-12-10"
CODES = DISTRICTS | OTHER_DISTRICTS
# Some hundred of the 442 that 17 districts and 26 sub-items would make: each is played through its months.
LEDGERS: Mapping[str, str] = {
    "chaoyang": "A1 A3 A4 A7 B2 B5 B6 C1 C5 C9 D1 D2",
    "fengtai": "A2 A3 A4 B1 B6 C1 C3 C11 D1 D2",
    "daxing": "A3 A5 A6 B1 B2 C8 D1 D2",
    "yanqing": "A2 A3 A6 B5 C4 C6 D1",
    "tongzhou": "A3 A5 A6 B1 B2 B3 D2",
    "miyun": "A2 A6 B2 B4 C4 C10",
    "huairou": "A2 A6 B5 C4 C7 D2",
    "shijingshan": "A3 A5 C1 C5 C7 D1",
    "bda": "A5 A7 B2 C11 D1",
    "dongcheng": "A2 A3 C1 C2 C3 D1",
    "xicheng": "A2 A3 C1 C2 C5 D1",
    "haidian": "A2 A3 A4 B2 B6 C1 D2",
    "mentougou": "A2 A6 B4 C4 D2",
    "fangshan": "A3 A5 A6 B1 D2",
    "shunyi": "A3 A6 B2 C8 D2",
    "changping": "A2 A3 A6 B1 D2",
    "pinggu": "A6 B5 C10 D1",
}
# Those that the guide of the domain names; the others share the rest of the city's target evenly.
TARGETS: Mapping[tuple[str, str], int] = {
    ("chaoyang", "A3"): 26000,
    ("chaoyang", "B2"): 42,
    ("chaoyang", "D2"): 620000,
    ("yanqing", "A2"): 900,
    ("yanqing", "B5"): 3,
    ("tongzhou", "B1"): 2,
    ("fengtai", "C1"): 18,
}
# Percent of the target by which an item is ahead of its plan (negative: behind) when it reports, if a story says so.
LEADS: Mapping[tuple[str, str], int] = {
    ("fengtai", "C1"): -27,
    ("daxing", "D2"): 12,
    ("tongzhou", "B1"): -14,
    ("bda", "B2"): -9,
    ("miyun", "A2"): -8,
    ("fangshan", "B1"): -21,
    ("changping", "D2"): -22,
    ("shunyi", "C8"): 42,
}
# Items that were to be finished earlier than the others.
DEADLINES: Mapping[tuple[str, str], str] = {("shunyi", "C8"): "2013-09-06"}
MILESTONES = (("2013-05-06", 0), ("2013-06-30", 25), ("2013-09-30", 60), (DEADLINE, 100))


@dataclass(frozen=True, slots=True)
class Entry:
    """An item of a ledger: ``stem`` is the district as accounts call it."""

    stem: str
    sub_item: SubItem
    target: int

    @property
    def district(self) -> str:
        return CODES[self.stem]

    @property
    def unit(self) -> str:
        return f"{self.district}-{UNITS[self.sub_item.task_code]}"

    def row(self) -> dict[str, Any]:
        """The row of the ledger as it is typed."""
        hard = {("tongzhou", "B1"): "needs_decision", ("fengtai", "C1"): "hard"}
        deadline = DEADLINES.get((self.stem, self.sub_item.code), DEADLINE)
        before = [(day, percent) for day, percent in MILESTONES[1:] if day < deadline]
        done = {"date": deadline, "planned_percent": 100}
        return {
            "sub_item": self.sub_item.code,
            "applicable": True,
            "item_name": f"{MARK}{units()[self.district].name}{self.sub_item.name}",
            "target_value": self.target,
            "unit_of_measure": self.sub_item.unit_of_measure,
            "responsible_unit": self.unit,
            "responsible_post": "分管局长",
            "start_date": MILESTONES[0][0],
            "deadline": deadline,
            "milestones": [*({"date": day, "planned_percent": percent} for day, percent in before), done],
            "evidence_standard": ["photo", "document"],
            "difficulty": hard.get((self.stem, self.sub_item.code), "normal"),
            "publishable": True,
        }

    def reached(self, day: date) -> int:
        """Percent of the target that is done on a day: the plan, and how far this item is ahead of it."""
        return max(0, min(100, round(planned(day) + self.lead)))

    @property
    def lead(self) -> int:
        named = LEADS.get((self.stem, self.sub_item.code))
        if named is not None:
            return named
        lot = hashlib.sha256(f"{self.stem} {self.sub_item.code}".encode()).digest()[0]
        return -6 + lot % 3 if lot < 36 else 2 + lot % 9  # one in seven is behind


def entries(ledgers: Mapping[str, str]) -> list[Entry]:
    """All items of these ledgers, with their share of the city's target; the first district does what no other does."""
    found = []
    (first, *_), codes = ledgers, {stem: words.split() for stem, words in ledgers.items()}
    for code, one in sub_items().items():
        who = [stem for stem in ledgers if code in codes[stem]] or [first]
        named = {stem: TARGETS[stem, code] for stem in who if (stem, code) in TARGETS}
        found += [Entry(stem, one, named.get(stem) or _share(one, len(who), named)) for stem in who]
    return found


def planned(day: date) -> float:
    """Percent that the plan asks for on a day."""
    for (start, low), (end, high) in pairwise(MILESTONES):
        first, last = date.fromisoformat(start), date.fromisoformat(end)
        if day <= last:
            return low + (high - low) * max(0, (day - first).days) / (last - first).days
    return 100.0


def _share(one: SubItem, count: int, named: Mapping[str, int]) -> int:
    if one.unit_of_measure == "%":
        return math.ceil(float(one.target))  # of what the district itself has, not of the city's sum
    return max(1, math.ceil((float(one.target) - sum(named.values())) / max(1, count - len(named))))
