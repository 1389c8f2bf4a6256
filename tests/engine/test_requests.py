"""Services are run once, calls start children and bring back how they ended."""

from datetime import UTC, datetime

import pytest

from bpmn.moment import Moment
from engine import requests, work
from engine.services import Service, ServiceFault
from engine.tables import Incident, Notice, Request
from engine.work import Work

NOW = datetime(2014, 3, 5, 2, 0, tzinfo=UTC)
START = '<bpmn:startEvent id="start"/>'
ASK = '<bpmn:userTask id="ask" name="ask" ducha:candidateGroups="officer"/>'
OTHER = '<bpmn:userTask id="other" name="other" ducha:candidateGroups="officer"/>'
SERVE = (
    '<bpmn:serviceTask id="serve" ducha:service="add"><bpmn:extensionElements>'
    '<ducha:input name="a" value="1"/><ducha:input name="b" value="2"/></bpmn:extensionElements></bpmn:serviceTask>'
)
CALL = (
    '<bpmn:callActivity id="call" calledElement="child"><bpmn:extensionElements>'
    '<ducha:input name="topic" value="\'roads\'"/></bpmn:extensionElements></bpmn:callActivity>'
)
ERROR = (
    '<bpmn:boundaryEvent id="caught" attachedToRef="{host}"><bpmn:errorEventDefinition id="d" errorRef="{error}"/>'
    "</bpmn:boundaryEvent>"
)
CHILD = (
    '<bpmn:extensionElements><ducha:output name="answer" value="topic + \'!\'"/></bpmn:extensionElements>' + START + ASK
)


def add(session, instance, inputs, moment):
    return {"sum": inputs["a"] + inputs["b"]}


def refuse(session, instance, inputs, moment):
    session.add(Notice(account_id="officer", kind="x", message="x", params={}, sent_at=moment.now))
    session.flush()
    raise ServiceFault("refused", "not today")


def crash(session, instance, inputs, moment):
    raise RuntimeError("boom")


def service(run) -> Service:
    return Service("add", "相加", ("a", "b"), ("sum",), run)


@pytest.fixture
def serving(stage) -> str:
    stage.publish(
        "serving",
        START + SERVE + ASK + OTHER + ERROR.format(host="serve", error="e_refused"),
        "start>serve",
        "serve>ask",
        "caught>other",
    )
    return stage.start("serving")


@pytest.fixture
def calling(stage) -> str:
    stage.publish(
        "parent",
        START
        + CALL
        + OTHER
        + '<bpmn:userTask id="after" name="after" ducha:candidateGroups="officer"/>'
        + ERROR.format(host="call", error="e_cancelled"),
        "start>call",
        "call>after",
        "caught>other",
    )
    return stage.start("parent")


def publish_child(stage) -> None:
    stage.publish("child", CHILD, "start>ask")


def test_a_service_runs_and_its_result_is_stored(stage, serving):
    stage.services["add"] = service(add)
    assert stage.drain() == 1
    assert stage.instance(serving).variables["serve"] == {"sum": 3}
    assert stage.open_tasks(serving) == ["ask"]
    assert [row.status for row in stage.rows(Request)] == ["done"]


def test_a_service_may_say_no_and_leaves_nothing_behind(stage, serving):
    stage.services["add"] = service(refuse)
    stage.drain()
    assert stage.open_tasks(serving) == ["other"]
    assert stage.instance(serving).variables["caught"] == {"code": "refused", "message": "not today"}
    assert stage.rows(Notice) == []


def test_a_service_that_is_not_there_waits_visibly_until_it_is(stage, serving):
    stage.drain()
    with stage.sessions.read() as session:
        found, _ = requests.waiting(session, 10)
    assert [(one.name, one.kind, one.instance_id) for one in found] == [("add", "service", serving)]
    stage.services["add"] = service(add)
    stage.drain()
    assert stage.open_tasks(serving) == ["ask"]


def test_a_service_runs_once(stage, serving):
    calls = []
    stage.services["add"] = service(lambda *given: calls.append(given) or {"sum": 3})
    token = stage.rows(Request)[0].id
    for _ in range(2):
        with stage.sessions.begin() as session:
            work.perform(session, Work("request", token, 0), stage.services, Moment(NOW))
    assert len(calls) == 1


def test_a_service_of_a_cancelled_instance_does_not_run(stage, serving):
    stage.services["add"] = service(crash)
    stage.cancel(serving)
    assert stage.drain() == 0
    assert [row.status for row in stage.rows(Request)] == ["closed"]


def test_a_call_starts_a_child_and_gets_its_result(stage, calling):
    publish_child(stage)
    assert stage.drain() == 1
    (child,) = stage.of("child")
    assert child.variables["topic"] == "roads"
    assert (child.title, child.starter) == ("parent", "officer")
    stage.complete(child.id, "ask", {})
    stage.drain()
    assert stage.instance(calling).variables["call"] == {"answer": "roads!"}
    assert stage.open_tasks(calling) == ["after"]


def test_a_call_of_what_is_not_published_waits_visibly_until_it_is(stage, calling):
    stage.drain()
    with stage.sessions.read() as session:
        assert [one.name for one in requests.waiting(session, 10)[0]] == ["child"]
    publish_child(stage)
    stage.drain()
    assert len(stage.of("child")) == 1


def test_a_child_without_tasks_answers_at_once(stage, calling):
    stage.publish("child", START + '<bpmn:endEvent id="end"/>', "start>end")
    stage.drain()
    assert stage.open_tasks(calling) == ["after"]


def test_a_cancelled_child_is_an_error_for_the_parent(stage, calling):
    publish_child(stage)
    stage.drain()
    stage.cancel(stage.of("child")[0].id)
    stage.drain()
    assert stage.open_tasks(calling) == ["other"]
    assert stage.instance(calling).variables["caught"]["code"] == "cancelled"


def test_an_error_end_of_a_child_is_an_error_for_the_parent(stage, calling):
    refused = '<bpmn:endEvent id="end"><bpmn:errorEventDefinition id="d" errorRef="e_cancelled"/></bpmn:endEvent>'
    stage.publish("child", START + ASK + refused, "start>ask", "ask>end")
    stage.drain()
    (child,) = stage.of("child")
    stage.complete(child.id, "ask", {})
    stage.drain()
    assert stage.open_tasks(calling) == ["other"]
    assert stage.instance(child.id).status == "cancelled"
    assert [row for row in stage.rows(Incident) if row.resolved_at is None] == []


def test_a_parent_that_is_cancelled_before_it_hears_of_an_error_takes_its_child_along(stage, calling):
    refused = '<bpmn:endEvent id="end"><bpmn:errorEventDefinition id="d" errorRef="e_cancelled"/></bpmn:endEvent>'
    stage.publish("child", START + ASK + refused, "start>ask", "ask>end")
    stage.drain()
    (child,) = stage.of("child")
    stage.complete(child.id, "ask", {})
    stage.cancel(calling)
    stage.drain()
    assert stage.instance(child.id).status == "cancelled"
    assert [row.status for row in stage.rows(Request)] == ["closed"]


def test_a_cancelled_parent_takes_its_children_along(stage, calling):
    publish_child(stage)
    stage.drain()
    stage.cancel(calling)
    stage.drain()
    assert [child.status for child in stage.of("child")] == ["cancelled"]
    assert [row.status for row in stage.rows(Request)] == ["closed"]


def test_a_parent_that_is_cancelled_after_its_child_has_ended_is_left_alone(stage, calling):
    publish_child(stage)
    stage.drain()
    stage.complete(stage.of("child")[0].id, "ask", {})
    stage.cancel(calling)
    stage.drain()
    assert stage.instance(calling).status == "cancelled"
    assert [child.status for child in stage.of("child")] == ["completed"]


def test_a_call_is_performed_once(stage, calling):
    publish_child(stage)
    token = stage.rows(Request)[0].id
    for _ in range(2):
        with stage.sessions.begin() as session:
            work.perform(session, Work("request", token, 0), {}, Moment(NOW))
    assert len(stage.of("child")) == 1
    stage.complete(stage.of("child")[0].id, "ask", {})
    for _ in range(2):
        with stage.sessions.begin() as session:
            work.perform(session, Work("request", token, 1), {}, Moment(NOW))
    assert stage.open_tasks(calling) == ["after"]
