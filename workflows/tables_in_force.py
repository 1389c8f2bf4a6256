"""Decision tables that are also needed outside of a diagram: those of the version that is published now.

So the nightly lights and the diagrams obey one table, also when an administrator publishes another one.
"""

from __future__ import annotations

from functools import lru_cache

from sqlalchemy import select
from sqlalchemy.orm import Session

from bpmn.decisions import Decision, read_decision
from engine.tables import Process, Version
from workflows.documents import DECISIONS

OWNER = "item_progress"  # the process that publishes them
OWNERS = {  # where another one does
    "D6_grade": "performance_assessment",
    "D6_score": "performance_assessment",
    "D8_publication_gate": "disclosure_cycle",
    "M2_visit_conflict": "onsite_supervision",
}


def table(session: Session, name: str) -> Decision:
    """The decision table of that id; the shipped one while nothing is published."""
    current = select(Version.decisions).join(Process, Process.current_version_id == Version.id)
    published = session.scalars(current.where(Process.key == OWNERS.get(name, OWNER))).one_or_none() or {}
    return _read(published.get(name) or (DECISIONS / f"{name}.dmn").read_text("utf-8"))


@lru_cache(maxsize=16)
def _read(text: str) -> Decision:
    return read_decision(text.encode())
