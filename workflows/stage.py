"""Plays cases through the operations that people use, on a moved clock: for the demonstration and the scenarios.

Every step is a transaction of its own, after which the background work that it caused is done, as the jobs would.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import count
from pathlib import Path
from random import Random
from typing import Any

from PIL import Image, ImageDraw
from sqlalchemy import Select, select

from bpmn.moment import Calendar, Moment
from engine import accounts, attachments, instances, messages, tasks, work
from engine.attachments import Captured
from engine.database import Sessions
from engine.services import Services
from engine.tables import Task
from faults import Fault
from workflows import nights, tickets

_PAGE = (
    b"%%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
    b"2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F<<"
    b"/Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>>>>>endobj\n"
    b"4 0 obj<</Length %d>>stream\nBT /F 18 Tf 72 760 Td (%b) Tj ET\nendstream endobj\n"
    b"trailer<</Root 1 0 R>>\n%%%%EOF\n"
)


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

    def start(self, person: str, process_key: str, title: str, org: str, task_code: str | None) -> str:
        """Start a case by hand; returns the id of the instance."""
        with self.sessions.begin() as session:
            actor = accounts.actor(session, person)
            key = f"stage-{self.now.isoformat()}-{next(self._keys)}"
            started = instances.start(session, actor, process_key, title, org, task_code, key, self.moment)
        self.work()
        return started.instance_id

    def complete(self, case: str, element: str, person: str, answers: Mapping[str, Any]) -> None:
        """Complete the open task of the case. Raises NoSuchTask, and what `tasks.complete` raises."""
        found = self.open_tasks(case, element)
        if not found:
            raise NoSuchTask(element=element, person=person)
        self.hand_in(found[0].id, person, answers)
        self.work()

    def hand_in(self, task_id: str, person: str, answers: Mapping[str, Any]) -> None:
        """Complete a task and leave what it causes to the next `work`: of many tasks, all at once."""
        with self.sessions.begin() as session:
            tasks.complete(session, accounts.actor(session, person), task_id, answers, None, self.moment)

    def open_tasks(self, case: str | None, element: str) -> list[Task]:
        """The open tasks of that name, of one case or of all; what they say when read, not when used."""
        found = select(Task).where(Task.element == element, Task.status == "open").order_by(Task.id)
        with self.sessions.read() as session:
            rows = list(session.scalars(found if case is None else found.where(Task.instance_id == case)))
            session.expunge_all()
            return rows

    def do(self, operation: Callable[..., Any], person: str, *values: Any) -> Any:
        """An operation ``(session, actor, *values, moment)``; what it returns is good within its transaction only."""
        with self.sessions.begin() as session:
            result = operation(session, accounts.actor(session, person), *values, self.moment)
        self.work()
        return result

    def one(self, chosen: Select[Any]) -> Any:
        """The only value that is chosen."""
        with self.sessions.read() as session:
            return session.scalars(chosen).one()

    def paper(self, person: str, words: bytes) -> str:
        """A page on paper, scanned: the id of the file."""
        page = _PAGE % (len(words) + 27, words)
        taken = attachments.take(self.folder, page, "scan.pdf", Captured(), self.moment)
        with self.sessions.begin() as session:
            return attachments.store(session, accounts.actor(session, person), taken, self.moment).id

    def send(self, name: str, key: str, payload: Mapping[str, Any]) -> None:
        """A message from outside."""
        with self.sessions.begin() as session:
            messages.send(session, name, key, payload, self.moment)
        self.work()

    def photo(self, person: str, words: str, latitude: float = 39.92, longitude: float = 116.44) -> dict[str, str]:
        """A picture with ``words`` on it, taken by the page itself just now: an item for an evidences field."""
        with self.sessions.begin() as session:
            actor = accounts.actor(session, person)
            (nonce,) = tickets.issue(session, actor, 1, self.moment)
            ticket = tickets.read(session, actor, nonce, self.moment)
        captured = Captured(self.now, latitude, longitude, accuracy=8.0, device="Ducha", issued_at=self.now)
        taken = attachments.take(self.folder, _picture(words), "photo.jpg", captured, self.moment)
        with self.sessions.begin() as session:
            return {"id": tickets.hand_in(session, actor, taken, ticket, self.moment).id}

    def night(self) -> None:
        """Do the work of the last night, unless it is done: judge all lights."""
        with self.sessions.begin() as session:
            nights.keep(session, self.moment)
        self.work()

    def work(self) -> int:
        """Do all background work that is due now."""
        return work.drain(self.sessions, self.services, self.moment)


def _picture(words: str) -> bytes:
    """A house, in a light that depends on the words: other words make a picture that does not look alike."""
    image = Image.new("RGB", (960, 640), (226, 232, 240))
    drawing = ImageDraw.Draw(image)
    light = Random(words)  # noqa: S311 - the same words, the same picture
    for left in range(0, 960, 120):
        for top in range(0, 640, 80):
            shade = light.randrange(150, 250)
            drawing.rectangle((left, top, left + 119, top + 79), fill=(shade, shade, shade + 5))
    drawing.rectangle((240, 330, 720, 560), fill=(148, 163, 184))
    drawing.polygon(((200, 330), (480, 160), (760, 330)), fill=(100, 116, 139))
    drawing.text((48, 24), words.encode("ascii", "replace").decode(), fill=(30, 41, 59), font_size=28)
    data = io.BytesIO()
    image.save(data, "JPEG", quality=80)
    return data.getvalue()
