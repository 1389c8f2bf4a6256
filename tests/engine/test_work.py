"""The work list: found through indexes, tried again, given up visibly, safe with many workers."""

import threading
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import event, select

from bpmn.moment import Moment
from engine import incidents, work
from engine.access import NotFound, NotYours
from engine.services import Service
from engine.tables import Incident, Request, Timer
from engine.work import Work
from faults import Fault

NOW = datetime(2014, 3, 5, 2, 0, tzinfo=UTC)
START = '<bpmn:startEvent id="start"/>'
SERVE = '<bpmn:serviceTask id="serve" ducha:service="add"/>'
WAIT = (
    '<bpmn:intermediateCatchEvent id="wait"><bpmn:timerEventDefinition id="t">'
    "<bpmn:timeDuration>PT1H</bpmn:timeDuration></bpmn:timerEventDefinition></bpmn:intermediateCatchEvent>"
)
SCRIPT = '<bpmn:scriptTask id="reckon"><bpmn:script>x = 1 / y</bpmn:script></bpmn:scriptTask>'


class Boom(Fault):
    """The register of {office} does not answer. Try again later."""


def crash(session, instance, inputs, moment):
    raise Boom(office="110105")


def crashing(stage) -> str:
    stage.publish("serving", START + SERVE, "start>serve")
    stage.services["add"] = Service("add", "相加", (), (), crash)
    return stage.start("serving")


def give_up(stage) -> datetime:
    """Let the job fail until it is an incident; returns when that was."""
    at = NOW
    for seconds in (0, *work.RETRY_AFTER):
        at += timedelta(seconds=seconds)
        assert stage.drain(at) == 1
    return at


def test_a_failing_job_is_tried_again_and_then_an_incident(stage):
    instance = crashing(stage)
    before = stage.instance(instance)
    at = give_up(stage)
    assert stage.drain(at + timedelta(days=1)) == 0
    (incident,) = stage.rows(Incident)
    assert (incident.instance_id, incident.element, incident.work_kind) == (instance, "serve", "request")
    assert incident.message.startswith("The register of {office}")
    assert incident.params == {"office": "110105"}
    after = stage.instance(instance)
    assert (after.state, after.record_length) == (before.state, before.record_length)
    assert stage.rows(Request)[0].status == "failed"


def test_backoff_holds_back_a_failing_job(stage):
    crashing(stage)
    assert stage.drain(NOW) == 1
    assert stage.drain(NOW + timedelta(seconds=1)) == 0
    assert stage.drain(NOW + timedelta(seconds=2)) == 1


def test_an_administrator_retries(stage):
    instance = crashing(stage)
    at = give_up(stage)
    with stage.sessions.read() as session:
        (found,), count = incidents.unresolved(session, stage.admin, 10)
    assert (found.title, found.process_key, count) == ("serving", "serving", 1)
    stage.services["add"] = Service("add", "相加", (), (), lambda *_: {})
    with stage.sessions.begin() as session:
        incidents.retry(session, stage.admin, found.id, Moment(at))
    assert stage.drain(at) == 1
    assert stage.instance(instance).status == "completed"
    assert stage.rows(Incident)[0].resolved_by == "admin"


def test_a_retry_that_fails_is_a_new_incident(stage):
    crashing(stage)
    at = give_up(stage)
    with stage.sessions.begin() as session:
        incidents.retry(session, stage.admin, stage.rows(Incident)[0].id, Moment(at))
    for seconds in (0, *work.RETRY_AFTER):
        at += timedelta(seconds=seconds)
        assert stage.drain(at) == 1
    assert [row.resolved_at is None for row in stage.rows(Incident)] == [False, True]


def test_incidents_of_the_runtime_are_retried_too(stage):
    stage.publish("reckoning", START + SCRIPT, "start>reckon")
    instance = stage.start("reckoning")
    (incident,) = stage.rows(Incident)
    assert incident.code == "expression"
    with stage.sessions.begin() as session:
        incidents.retry(session, stage.admin, incident.id, Moment(NOW))
    first, second = stage.rows(Incident)
    assert first.resolved_at is not None
    assert second.resolved_at is None
    with stage.sessions() as session, pytest.raises(incidents.AlreadyResolved):
        incidents.retry(session, stage.admin, first.id, Moment(NOW))
    assert stage.instance(instance).status == "active"


def test_incidents_are_for_administrators(stage):
    crashing(stage)
    give_up(stage)
    with stage.sessions() as session:
        with pytest.raises(NotYours):
            incidents.unresolved(session, stage.officer, 10)
        with pytest.raises(NotYours):
            incidents.retry(session, stage.officer, 1, Moment(NOW))
        with pytest.raises(NotFound):
            incidents.retry(session, stage.admin, 999, Moment(NOW))


def test_finding_work_is_one_statement_and_takes_no_scan(stage):
    stage.publish("waits", START + WAIT, "start>wait")
    for _ in range(3):
        stage.start("waits")
    plans = []
    with stage.sessions.read() as session:
        statements = []
        event.listen(session.get_bind(), "before_cursor_execute", lambda *args: statements.append(args[2:4]))
        found = work.due(session, Moment(NOW + timedelta(hours=1)), 2)
        assert len(statements) == 1
        if session.get_bind().dialect.name == "sqlite":
            (sql, parameters) = statements[0]
            plans = session.connection().exec_driver_sql("EXPLAIN QUERY PLAN " + sql, parameters).all()
    assert [one.kind for one in found] == ["timer", "timer"]
    tables = {table.__tablename__ for table in work.ROWS.values()}
    assert [row.detail for row in plans if row.detail.split()[:2] in [["SCAN", table] for table in tables]] == []


def test_a_lost_job_gets_a_new_attempt(stage):
    stage.publish("waits", START + WAIT, "start>wait")
    stage.start("waits")
    due = NOW + timedelta(hours=1)
    with stage.sessions.begin() as session:
        work.renew(session, Moment(due + timedelta(minutes=4)))
        assert session.scalars(select(Timer.attempts)).one() == 0
        work.renew(session, Moment(due + timedelta(minutes=6)))
        assert session.scalars(select(Timer.attempts)).one() == 1


def test_many_workers_do_each_thing_once(stage):
    done = []
    stage.publish("serving", START + SERVE + WAIT, "start>serve", "serve>wait")
    stage.services["add"] = Service("add", "相加", (), (), lambda session, instance, *_: done.append(instance.id) or {})
    started = [stage.start("serving") for _ in range(12)]
    with stage.sessions.read() as session:
        found = work.due(session, Moment(NOW), 100)
    assert len(found) == 12

    def worker() -> None:
        for one in found:
            work.attempt(stage.sessions, one, stage.services, Moment(NOW))

    threads = [threading.Thread(target=worker) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(done) == sorted(started)
    assert stage.rows(Incident) == []
    assert {row.failures for row in stage.rows(Request)} == {0}
    assert {stage.instance(one).record_length for one in started} == {2}


def test_a_stale_attempt_does_nothing(stage):
    stage.publish("serving", START + SERVE, "start>serve")
    stage.services["add"] = Service("add", "相加", (), (), lambda *_: {})
    instance = stage.start("serving")
    token = stage.rows(Request)[0].id
    for kind, row_id in (("request", token), ("timer", "0" * 32), ("message", "0" * 32), ("start", "0")):
        work.attempt(stage.sessions, Work(kind, row_id, 5), stage.services, Moment(NOW))
    assert stage.instance(instance).status == "active"
    assert stage.rows(Request)[0].failures == 0
