"""The notice of 2013-04-19 in clauses: `clauses.csv` beside this file has id, what it says in English, and its words.

Diagrams, forms and tests name a clause by its id (``S4.2d``); section 4 is divided by the seven mechanisms.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType

from faults import N_

TABLE = Path(__file__).with_name("clauses.csv")
SECTIONS: Mapping[str, str] = MappingProxyType(
    {
        "S0": N_("Issue and purpose"),
        "S1": N_("Organisation"),
        "S2": N_("Duties and division of work"),
        "S3": N_("What is supervised"),
        "S4.1": N_("Joint supervision"),
        "S4.2": N_("On-site supervision"),
        "S4.3": N_("Democratic supervision"),
        "S4.4": N_("Supervision by society"),
        "S4.5": N_("Supervision by the media"),
        "S4.6": N_("Feedback and reports"),
        "S4.7": N_("Assessment and accountability"),
    }
)


@dataclass(frozen=True, slots=True)
class Clause:
    """``quote`` is in the words of the notice, ``says`` an English summary."""

    id: str
    says: str
    quote: str

    @property
    def section(self) -> str:
        """The key of its section in `SECTIONS`."""
        return self.id[:4] if self.id.startswith("S4") else self.id[:2]


@cache
def clauses() -> Mapping[str, Clause]:
    """Id -> clause, in the order of the notice."""
    with TABLE.open(encoding="utf-8", newline="") as table:
        return MappingProxyType(
            {row["id"]: Clause(row["id"], row["says"], row["quote"]) for row in csv.DictReader(table)}
        )
