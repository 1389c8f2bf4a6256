"""What services, called processes and messages have brought last."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update

from bpmn.moment import Moment
from engine import messages, samples
from engine.access import NotYours
from engine.tables import Instance, Message
from tests.engine.conftest import NOW, SERVICES

NODES = (
    '<bpmn:startEvent id="S"/><bpmn:serviceTask id="sum" ducha:service="add"><bpmn:extensionElements>'
    '<ducha:input name="a" value="1"/><ducha:input name="b" value="2"/></bpmn:extensionElements></bpmn:serviceTask>'
    '<bpmn:intermediateCatchEvent id="hear" ducha:correlationKey="instance_id">'
    '<bpmn:messageEventDefinition id="hd" messageRef="m_hello"/></bpmn:intermediateCatchEvent><bpmn:endEvent id="E"/>'
)


def latest(stage: Any, element: str = "sum", key: str = "count") -> Any:
    with stage.sessions.read() as session:
        return samples.of_request(session, stage.admin, key, element, "add")


@pytest.fixture
def counted(stage: Any) -> Any:
    answers = iter(range(1, 100))
    stage.services["add"] = replace(SERVICES["add"], run=lambda *_: {"sum": next(answers)})
    stage.publish("count", NODES, "S>sum", "sum>hear", "hear>E")
    return stage


def test_the_latest_answer_at_that_step_else_of_that_service(counted: Any) -> None:
    assert latest(counted) is None
    for days in range(2):
        counted.start("count", NOW + timedelta(days=days))
        counted.drain(NOW + timedelta(days=days))
    assert latest(counted) == {"sum": 2}
    counted.publish("other", NODES, "S>sum", "sum>hear", "hear>E")
    counted.start("other", NOW + timedelta(days=3))
    counted.drain(NOW + timedelta(days=3))
    assert latest(counted) == {"sum": 2}
    assert latest(counted, key="other") == {"sum": 3}
    assert latest(counted, "elsewhere") == {"sum": 3}


def test_nothing_comes_from_a_restricted_case(counted: Any) -> None:
    kept = counted.start("count")
    counted.drain()
    with counted.sessions.begin() as session:
        messages.send(session, "msg_hello", kept, {"text": "geheim"}, Moment(NOW))
    counted.drain()
    with counted.sessions.read() as session:
        assert samples.of_message(session, counted.admin, "msg_hello") == {"text": "geheim"}
    with counted.sessions.begin() as session:
        session.execute(update(Instance).where(Instance.id == kept).values(restricted_to="|chief|"))
    assert latest(counted) is None
    with counted.sessions.read() as session:
        assert session.query(Message).count() == 1
        assert samples.of_message(session, counted.admin, "msg_hello") is None
        with pytest.raises(NotYours):
            samples.of_message(session, counted.officer, "msg_hello")
        with pytest.raises(NotYours):
            samples.of_request(session, counted.officer, "count", "sum", "add")
