"""Timers of instances and of start events."""

from datetime import UTC, datetime, timedelta

from bpmn.moment import Moment
from engine import timers, work
from engine.tables import StartEvent, Timer
from engine.work import Work

NOW = datetime(2014, 3, 5, 2, 0, tzinfo=UTC)
WAITS = (
    '<bpmn:startEvent id="start"/>'
    '<bpmn:intermediateCatchEvent id="wait"><bpmn:timerEventDefinition id="t">'
    "<bpmn:timeDuration>PT1H</bpmn:timeDuration></bpmn:timerEventDefinition></bpmn:intermediateCatchEvent>"
    '<bpmn:endEvent id="end"/>'
)
RECURS = (
    '<bpmn:startEvent id="every_day"><bpmn:timerEventDefinition id="t">'
    "<bpmn:timeCycle>R3/PT24H</bpmn:timeCycle></bpmn:timerEventDefinition></bpmn:startEvent>"
    '<bpmn:userTask id="look" name="look" ducha:candidateGroups="officer"/>'
)


def waiting(stage) -> str:
    stage.publish("waits", WAITS, "start>wait", "wait>end")
    return stage.start("waits")


def test_a_timer_wakes_its_instance_when_it_is_due(stage):
    instance = waiting(stage)
    assert stage.drain(NOW + timedelta(minutes=59)) == 0
    assert stage.drain(NOW + timedelta(hours=1)) == 1
    assert stage.instance(instance).status == "completed"
    assert stage.rows(Timer) == []


def test_twice_has_one_effect(stage):
    instance = waiting(stage)
    token = stage.rows(Timer)[0].id
    for _ in range(2):
        with stage.sessions.begin() as session:
            timers.wake(session, token, 0, Moment(NOW + timedelta(hours=1)))
    assert stage.instance(instance).record_length == 2


def test_a_clock_that_runs_ahead_does_no_harm(stage):
    instance = waiting(stage)
    token = stage.rows(Timer)[0].id
    with stage.sessions.begin() as session:
        timers.wake(session, token, 0, Moment(NOW))
    assert stage.instance(instance).status == "active"
    assert stage.drain(NOW + timedelta(hours=1)) == 1
    assert stage.instance(instance).status == "completed"


def test_a_cancelled_instance_is_not_woken(stage):
    instance = waiting(stage)
    token = stage.rows(Timer)[0].id
    stage.cancel(instance)
    assert stage.drain(NOW + timedelta(hours=2)) == 0
    with stage.sessions.begin() as session:
        work.perform(session, Work("timer", token, 0), {}, Moment(NOW + timedelta(hours=2)))
    assert stage.instance(instance).status == "cancelled"


def test_a_recurring_start_starts_as_often_as_it_says(stage):
    stage.publish("recurs", RECURS, "every_day>look")
    first = stage.rows(StartEvent)[0].due
    for day in range(5):
        stage.drain(first + timedelta(days=day))
        stage.drain(first + timedelta(days=day))
    assert len(stage.of("recurs")) == 3
    assert stage.rows(StartEvent)[0].due is None


def test_missed_rounds_start_one_instance(stage):
    stage.publish("recurs", RECURS.replace("R3/", "R/"), "every_day>look")
    first = stage.rows(StartEvent)[0].due
    assert stage.drain(first + timedelta(days=10, hours=1)) == 1
    assert len(stage.of("recurs")) == 1
    assert stage.rows(StartEvent)[0].due == first + timedelta(days=11)
