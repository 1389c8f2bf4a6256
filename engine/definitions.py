"""Versions in the form in which they run: parsed and compiled once, kept in the process.

The cache is keyed by content, not by row id, so a transaction that is rolled back can't leave a wrong entry behind.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, undefer_group

from bpmn.checks.messages import MESSAGES
from bpmn.decisions import read_decision
from bpmn.diagram import Diagram, Process, read_diagram
from engine import runtime
from engine.tables import Process as ProcessRow
from engine.tables import Version
from faults import Problem, Refused
from forms.document import read_form
from forms.field import Form

# Versions kept compiled. A large office runs some twenty processes; old versions of them live on for months.
KEPT = 128


@dataclass(frozen=True, slots=True)
class Published:
    """A version, ready for use. ``forms`` are those of its user tasks, by form name."""

    process_key: str
    diagram: Diagram
    process: Process
    forms: Mapping[str, Form]
    definition: runtime.Definition

    def form_of(self, element: str, form: str | None) -> Form | None:
        """The form of a user task, as this task shows it: the one it names, else that of its own name."""
        found = self.forms.get(form or f"{self.process_key}/{element}")
        return found and found.at(element)


def of(session: Session, version_id: int) -> runtime.Definition:
    """What the runtime needs of a version. No statement if the version is loaded and was compiled before."""
    return published(session, version_id).definition


def published(session: Session, version_id: int) -> Published:
    """The version with its diagram and forms."""
    version = session.get_one(Version, version_id)
    known = _CACHE.get((version.process_key, version.content_hash))
    if known is not None:
        return known
    version = session.get_one(Version, version_id, options=[undefer_group("documents")], populate_existing=True)
    return _CACHE.put((version.process_key, version.content_hash), _compile(version))


def current(session: Session, process_key: str) -> Version | None:
    """The version that new instances of the process run on; None for one that is not published, or retired."""
    query = select(Version).join(ProcessRow, ProcessRow.current_version_id == Version.id)
    query = query.where(ProcessRow.retired_at.is_(None))
    return session.scalars(query.where(ProcessRow.key == process_key)).one_or_none()


def all_current(session: Session) -> list[Version]:
    """The current version of every process that is in use, in the order of their keys."""
    query = select(Version).join(ProcessRow, ProcessRow.current_version_id == Version.id)
    return list(session.scalars(query.where(ProcessRow.retired_at.is_(None)).order_by(Version.process_key)))


def compiled(
    process_key: str, diagram: bytes, forms: Mapping[str, Mapping[str, Any]], decisions: Mapping[str, bytes]
) -> Published:
    """Documents that are not, or not yet, a version, ready for use. Raises Refused for what can't be read."""
    drawn = read_diagram(diagram)
    process = next((process for process in drawn.processes if process.key == process_key), None)
    if process is None:
        raise Refused([Problem("", "no_process", MESSAGES["no_process"])])
    tables = {key: read_decision(data) for key, data in decisions.items()}
    return Published(
        process_key=process_key,
        diagram=drawn,
        process=process,
        forms={name: read_form(document) for name, document in forms.items()},
        definition=runtime.compile_definition(diagram, process_key, tables),
    )


def _compile(version: Version) -> Published:
    decisions = {key: text.encode() for key, text in version.decisions.items()}
    return compiled(version.process_key, version.diagram, version.forms, decisions)


class _Cache:
    """Forgets what was not used longest. Two threads may compile the same version at once; one result is kept."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._lock = threading.Lock()
        self._entries: OrderedDict[tuple[str, str], Published] = OrderedDict()

    def get(self, key: tuple[str, str]) -> Published | None:
        with self._lock:
            found = self._entries.get(key)
            if found is not None:
                self._entries.move_to_end(key)
            return found

    def put(self, key: tuple[str, str], value: Published) -> Published:
        with self._lock:
            value = self._entries.setdefault(key, value)
            while len(self._entries) > self._size:
                self._entries.popitem(last=False)
            return value


_CACHE = _Cache(KEPT)
