"""A stage for tests of background work: small diagrams are published on it and played, as officers and jobs do."""

import itertools
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import select

from bpmn.moment import Moment
from engine import instances, publish, tasks, work
from engine.access import Actor
from engine.database import Sessions
from engine.services import Service
from engine.tables import Instance, Task

NOW = datetime(2014, 3, 5, 2, 0, tzinfo=UTC)
# What diagrams on the stage may name; what it does, a test decides.
SERVICES = {
    name: Service(name, name, inputs, outputs, lambda *_: {})
    for name, inputs, outputs in (("add", ("a", "b"), ("sum",)), ("tell", (), ()))
}

_DEFINITIONS = """<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"
  xmlns:ducha="https://ducha.example/bpmn" id="definitions" targetNamespace="https://ducha.example/processes">
  <bpmn:message id="m_hello" name="msg_hello"/>
  <bpmn:message id="m_begin" name="msg_begin"/>
  <bpmn:signal id="s_alarm" name="sig_alarm"/>
  <bpmn:error id="e_refused" name="refused" errorCode="refused"/>
  <bpmn:error id="e_cancelled" name="cancelled" errorCode="cancelled"/>
  <bpmn:process id="{key}" name="{key}" isExecutable="true" ducha:starterGroups="officer">
    {nodes}
    {flows}
  </bpmn:process>
</bpmn:definitions>"""
_counter = itertools.count()


def diagram(key: str, nodes: str, *flows: str) -> bytes:
    """A process of ``nodes``; each flow is written ``source>target``."""
    drawn = "".join(
        '<bpmn:sequenceFlow id="f{}" sourceRef="{}" targetRef="{}"/>'.format(number, *flow.split(">"))
        for number, flow in enumerate(flows)
    )
    return _DEFINITIONS.format(key=key, nodes=nodes, flows=drawn).encode()


@dataclass
class Stage:
    sessions: Sessions
    officer: Actor
    admin: Actor
    services: dict[str, Service] = field(default_factory=dict)

    def publish(self, key: str, nodes: str, *flows: str, fields: Mapping[str, list[Any]] | None = None) -> None:
        """``fields``: of the forms, by user task; the others ask for nothing."""
        data = diagram(key, nodes, *flows)
        asked = [f"{key}/{element}" for element in re.findall(r'userTask id="(\w+)"', nodes)]
        given = {f"{key}/{element}": asking for element, asking in (fields or {}).items()}
        forms = {name: {"name": name, "title": name, "fields": given.get(name, [])} for name in asked}
        with self.sessions.begin() as session:
            publish.publish(
                session, self.admin, publish.Bundle(data, forms, {}), "", SERVICES | self.services, Moment(NOW)
            )

    def start(self, key: str, at: datetime = NOW) -> str:
        with self.sessions.begin() as session:
            started = instances.start(session, self.officer, key, key, None, None, str(next(_counter)), Moment(at))
            return started.instance_id

    def complete(self, instance_id: str, element: str, answers: Mapping[str, Any], at: datetime = NOW) -> None:
        with self.sessions.begin() as session:
            task = session.scalars(
                select(Task).where(Task.instance_id == instance_id, Task.element == element, Task.status == "open")
            ).one()
            tasks.complete(session, self.officer, task.id, answers, None, Moment(at))

    def cancel(self, instance_id: str) -> None:
        with self.sessions.begin() as session:
            instances.cancel(session, self.admin, instance_id, "not needed", Moment(NOW))

    def drain(self, at: datetime = NOW) -> int:
        return work.drain(self.sessions, self.services, Moment(at))

    def instance(self, instance_id: str) -> Instance:
        with self.sessions.read() as session:
            found = session.get_one(Instance, instance_id)
            assert found.variables is not None, "loaded while the session is open"
            assert found.result is not None
            return found

    def of(self, key: str) -> list[Instance]:
        with self.sessions.read() as session:
            ids = session.scalars(select(Instance.id).where(Instance.process_key == key).order_by(Instance.started_at))
            return [self.instance(one) for one in ids.all()]

    def rows(self, table: Any, *where: Any) -> list[Any]:
        with self.sessions.read() as session:
            return list(session.scalars(select(table).where(*where)))

    def open_tasks(self, instance_id: str) -> list[str]:
        return sorted(row.element for row in self.rows(Task, Task.instance_id == instance_id, Task.status == "open"))


@pytest.fixture
def stage(sessions: Sessions, cast: Any) -> Stage:
    return Stage(sessions, cast.officer, cast.admin)
