"""The slots in which worker processes live, and who has died without saying so.

A worker takes a free slot and keeps it: the slot's name is the executor id under which DBOS notes what it runs, so a
worker that starts again in the slot of a dead one takes up that one's jobs.
"""

from __future__ import annotations

import os
import socket
from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from bpmn.moment import Moment
from engine.tables import Worker

DEAD_AFTER = timedelta(seconds=30)  # a worker beats every five


def take_slot(session: Session, moment: Moment) -> str:
    """The first slot that nobody lives in, now ours. Two that start at once may both want a new slot: one gets an
    `IntegrityError` at flush and tries again."""
    rows = session.scalars(select(Worker).order_by(Worker.slot).with_for_update()).all()
    row = next((row for row in rows if is_dead(row, moment)), None)
    if row is None:
        taken = {row.slot for row in rows}
        slot = next(name for name in (f"worker-{n}" for n in range(1, len(taken) + 2)) if name not in taken)
        row = Worker(slot=slot)
        session.add(row)
    row.host, row.pid, row.beat_at = socket.gethostname(), os.getpid(), moment.now
    session.flush()
    return row.slot


def beat(session: Session, slot: str, moment: Moment) -> None:
    session.execute(update(Worker).where(Worker.slot == slot).values(beat_at=moment.now))


def leave(session: Session, slot: str) -> None:
    session.execute(delete(Worker).where(Worker.slot == slot))


def bury_dead(session: Session, own_slot: str, moment: Moment) -> Sequence[str]:
    """Slots of workers that died; their rows are removed, so that one survivor gets each name."""
    rows = session.scalars(select(Worker).where(Worker.slot != own_slot).with_for_update(skip_locked=True)).all()
    dead = [row for row in rows if is_dead(row, moment)]
    for row in dead:
        session.delete(row)
    return [row.slot for row in dead]


def is_dead(row: Worker, moment: Moment) -> bool:
    """It stopped beating, or it lived on this machine and its process is gone."""
    if moment.now - row.beat_at > DEAD_AFTER:
        return True
    return row.host == socket.gethostname() and row.pid != os.getpid() and not _lives(row.pid)


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:  # it lives, as somebody else
        return True
    return True
