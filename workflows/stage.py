"""Plays cases through the operations that people use, on a moved clock: for the demonstration and the scenarios.

Every step is a transaction of its own, after which the background work that it caused is done, as the jobs would.
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import count
from pathlib import Path
from typing import Any

from PIL import Image, ImageDraw
from sqlalchemy import select

from bpmn.moment import Calendar, Moment
from engine import accounts, attachments, instances, messages, tasks, work
from engine.attachments import Captured
from engine.database import Sessions
from engine.services import Services
from engine.tables import Task
from faults import Fault


class NoSuchTask(Fault):
    """There is no open task {element} in this case that {person} could see."""


@dataclass
class Stage:
    """``now`` is the moved clock; ``folder`` is where photos go."""

    sessions: Sessions
    services: Services
    folder: Path
    now: datetime
    calendar: Calendar

    def __post_init__(self) -> None:
        self._keys = count()

    @property
    def moment(self) -> Moment:
        return Moment(self.now, self.calendar)

    def start(self, person: str, process_key: str, title: str, org: str, task_code: str) -> str:
        """Start a case by hand; returns the id of the instance."""
        with self.sessions.begin() as session:
            actor = accounts.actor(session, person)
            key = f"stage-{self.now.isoformat()}-{next(self._keys)}"
            started = instances.start(session, actor, process_key, title, org, task_code, key, self.moment)
        self.work()
        return started.instance_id

    def complete(self, case: str, element: str, person: str, answers: Mapping[str, Any]) -> None:
        """Complete the open task of the case. Raises NoSuchTask, and what `tasks.complete` raises."""
        with self.sessions.begin() as session:
            actor = accounts.actor(session, person)
            open_task = select(Task.id).where(Task.instance_id == case, Task.element == element, Task.status == "open")
            task_id = session.scalars(open_task).first()
            if task_id is None:
                raise NoSuchTask(element=element, person=person)
            tasks.complete(session, actor, task_id, answers, None, self.moment)
        self.work()

    def send(self, name: str, key: str, payload: Mapping[str, Any]) -> None:
        """A message from outside."""
        with self.sessions.begin() as session:
            messages.send(session, name, key, payload, self.moment)
        self.work()

    def photo(self, person: str, words: str, latitude: float = 39.92, longitude: float = 116.44) -> dict[str, str]:
        """A picture with ``words`` on it, taken by the page itself just now: an item for an evidences field."""
        captured = Captured(self.now, latitude, longitude, accuracy=8.0, device="Ducha", in_app=True)
        taken = attachments.take(self.folder, _picture(words), "photo.jpg", captured, self.moment)
        with self.sessions.begin() as session:
            actor = accounts.actor(session, person)
            return {"id": attachments.store(session, actor, taken, self.moment).id}

    def work(self) -> int:
        """Do all background work that is due now."""
        return work.drain(self.sessions, self.services, self.moment)


def _picture(words: str) -> bytes:
    image = Image.new("RGB", (960, 640), (226, 232, 240))
    drawing = ImageDraw.Draw(image)
    drawing.rectangle((40, 330, 920, 600), fill=(148, 163, 184))
    drawing.polygon(((120, 330), (480, 120), (840, 330)), fill=(100, 116, 139))
    drawing.text((48, 24), words.encode("ascii", "replace").decode(), fill=(30, 41, 59), font_size=28)
    data = io.BytesIO()
    image.save(data, "JPEG", quality=80)
    return data.getvalue()
