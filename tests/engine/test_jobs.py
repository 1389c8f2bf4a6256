"""Real workers: quick, in step with each other, and without loss when they are killed."""

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from datetime import UTC, datetime

import pytest
from sqlalchemy import func, select

from bpmn.moment import Moment
from engine import jobs, messages, work, workers
from engine.services import Service
from engine.tables import Instance, Message, Notice, Request, Timer, Worker

START = '<bpmn:startEvent id="start"/>'
SERVE = '<bpmn:serviceTask id="serve" ducha:service="tell"/>'
WAIT = (
    '<bpmn:intermediateCatchEvent id="wait"><bpmn:timerEventDefinition id="t">'
    "<bpmn:timeDuration>PT{seconds}S</bpmn:timeDuration></bpmn:timerEventDefinition></bpmn:intermediateCatchEvent>"
)
HEAR = (
    '<bpmn:intermediateCatchEvent id="hear" ducha:correlationKey="\'7\'">'
    '<bpmn:messageEventDefinition id="d" messageRef="m_hello"/></bpmn:intermediateCatchEvent>'
)

# A worker process of its own: says when it runs, then works until it is killed.
WORKER = """
import sys, time
from datetime import UTC, datetime
from bpmn.moment import Moment
from engine import database, jobs, notices
from engine.services import Service

def tell(session, instance, inputs, moment):
    notices.post(session, ["officer"], "told", instance.id, {}, instance, moment)
    time.sleep(0.01)
    return {}

url = sys.argv[1]
sessions = database.Sessions(database.connect(url))
jobs.launch(url, sessions, {"tell": Service("tell", "tell", (), (), tell)}, lambda: Moment(datetime.now(UTC)))
print("works", flush=True)
time.sleep(600)
"""


def now() -> Moment:
    return Moment(datetime.now(UTC))


def until(condition, seconds: float = 20.0) -> float:
    """Wait until it is true; returns after how many seconds. Looks rarely: on SQLite, readers hold up writers."""
    begun = time.monotonic()
    while not condition():
        assert time.monotonic() - begun < seconds, "it did not come about in time"
        time.sleep(0.03)
    return time.monotonic() - begun


def address(stage) -> str:
    return stage.sessions.engine.url.render_as_string(hide_password=False)


@pytest.fixture
def worker(stage):
    running = jobs.launch(address(stage), stage.sessions, stage.services, now)
    yield running
    running.stop()


@pytest.fixture
def processes(stage):
    """Starts worker processes; whatever is left of them is killed."""
    started = []

    def begin() -> subprocess.Popen:
        process = subprocess.Popen([sys.executable, "-c", WORKER, address(stage)], stdout=subprocess.PIPE, text=True)
        started.append(process)
        assert process.stdout.readline() == "works\n"
        return process

    yield begin
    for process in started:
        process.kill()
        process.wait()
        process.stdout.close()


def told(stage) -> int:
    with stage.sessions.read() as session:
        return session.scalar(select(func.count()).select_from(Notice)) or 0


def active(stage) -> int:
    with stage.sessions.read() as session:
        return session.scalar(select(func.count()).where(Instance.status == "active")) or 0


def is_done(stage, instance: str) -> bool:
    return stage.instance(instance).status == "completed"


def test_a_commit_wakes_the_worker_of_its_process(stage, monkeypatch):
    """The effect does not wait for the next sweep, which is far away here."""
    monkeypatch.setattr(jobs, "SWEEP_SECONDS", 3600)
    stage.services["tell"] = Service("tell", "tell", (), (), lambda *_: {})
    stage.publish("serving", START + SERVE, "start>serve")
    worker = jobs.launch(address(stage), stage.sessions, stage.services, now)
    try:
        instance = stage.start("serving")
        until(lambda: is_done(stage, instance), 60)
    finally:
        worker.stop()


def test_a_timer_is_seen_once_it_is_due(stage, worker):
    stage.publish("waits", START + WAIT.format(seconds=1), "start>wait")
    instance = stage.start("waits", datetime.now(UTC))
    assert until(lambda: is_done(stage, instance)) > 0.9


def test_a_message_arrives(stage, worker):
    stage.publish("hears", START + HEAR, "start>hear")
    instance = stage.start("hears")
    with stage.sessions.begin() as session:
        messages.send(session, "msg_hello", "7", {}, now())
    until(lambda: is_done(stage, instance))


def test_what_is_rolled_back_is_not_done(stage, worker):
    with stage.sessions() as session:
        messages.send(session, "msg_hello", "7", {}, now())
        session.rollback()
    time.sleep(0.2)
    assert stage.rows(Message) == []


def test_a_failing_job_does_not_stop_the_worker(stage, worker):
    def crash(*_):
        raise RuntimeError("boom")

    stage.services["tell"] = Service("tell", "tell", (), (), crash)
    stage.publish("serving", START + SERVE, "start>serve")
    stage.start("serving")
    until(lambda: stage.rows(Request)[0].failures == 1)
    stage.services["tell"] = Service("tell", "tell", (), (), lambda *_: {})
    until(lambda: stage.rows(Request)[0].status == "done")  # two seconds later, by itself


def test_a_worker_stops_cleanly_and_another_begins(stage):
    for _ in range(2):
        running = jobs.launch(address(stage), stage.sessions, {}, now)
        assert [row.slot for row in stage.rows(Worker)] == ["worker-1"]
        running.stop()
        assert stage.rows(Worker) == []


def test_slots(stage):
    moment = now()
    with stage.sessions.begin() as session:
        session.add(Worker(slot="worker-1", host="elsewhere", pid=1, beat_at=moment.now))
        assert workers.take_slot(session, moment) == "worker-2"
        assert workers.bury_dead(session, "worker-2", moment) == []
        late = Moment(moment.now + workers.DEAD_AFTER * 2)
        workers.beat(session, "worker-2", late)
        assert workers.take_slot(session, late) == "worker-1"


def begin_cases(stage, count: int) -> list[str]:
    stage.publish("serving", START + SERVE + WAIT.format(seconds=0), "start>serve", "serve>wait")
    return [stage.start("serving") for _ in range(count)]


def assert_each_once(stage, cases: list[str]) -> None:
    with stage.sessions.read() as session:
        assert Counter(session.scalars(select(Notice.message))) == Counter(cases)
        assert set(session.scalars(select(Instance.record_length))) == {3}  # started, served, woken
        assert session.scalars(select(Timer)).all() == []
        assert set(session.scalars(select(Request.status))) == {"done"}
        assert work.due(session, now(), 10) == []


@pytest.mark.slow
def test_a_killed_worker_loses_nothing_and_doubles_nothing(stage, processes):
    cases = begin_cases(stage, 60)
    process = processes()
    until(lambda: told(stage) >= 15)
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    assert told(stage) < 60, "it was killed in the middle"
    processes()
    until(lambda: active(stage) == 0, 60)
    assert_each_once(stage, cases)


@pytest.mark.slow
def test_a_living_worker_takes_over_from_a_dead_one(stage, processes):
    cases = begin_cases(stage, 60)
    first, _ = processes(), processes()
    until(lambda: told(stage) >= 15)
    os.kill(first.pid, signal.SIGKILL)
    first.wait()
    until(lambda: active(stage) == 0, 60)
    assert_each_once(stage, cases)
    assert len(stage.rows(Worker)) == 1
