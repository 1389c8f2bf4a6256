"""Timers of instances and of start events."""

from datetime import UTC, datetime, timedelta

import pytest

from bpmn.moment import Moment
from engine import timers, work
from engine.publish import PublishRefused
from engine.services import Service
from engine.tables import Incident, StartEvent, Timer
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


BY_SERVICE = RECURS.replace('id="every_day"', 'id="every_day" ducha:service="ask" ducha:each="items"')


def asking(stage, answers) -> list[dict]:
    """Each asking takes the next of ``answers``; returns the list of those that are left."""
    service = Service("ask", "ask", (), ("items", "days"), lambda *_: {}, at_start=lambda *_: answers.pop(0))
    stage.services["ask"] = service
    return answers


def test_a_service_gives_the_instances_of_a_round(stage):
    asking(stage, [{"kind": "weekly", "items": [{"title": "A", "kind": "own"}, {"title": "B"}]}, {"items": []}])
    stage.publish("recurs", BY_SERVICE, "every_day>look")
    first = stage.rows(StartEvent)[0].due
    stage.drain(first)
    stage.drain(first)
    begun = sorted(stage.of("recurs"), key=lambda one: one.title)
    assert [(one.title, one.variables["every_day"]["kind"]) for one in begun] == [("A", "own"), ("B", "weekly")]
    stage.drain(first + timedelta(days=1))
    assert len(stage.of("recurs")) == 2, "an empty list starts nothing"
    assert stage.rows(StartEvent)[0].due == first + timedelta(days=2)


def test_without_each_the_answer_is_the_payload(stage):
    asking(stage, [{"days": 3}])
    stage.publish("recurs", BY_SERVICE.replace('ducha:each="items"', ""), "every_day>look")
    stage.drain(stage.rows(StartEvent)[0].due)
    assert [one.variables["every_day"] for one in stage.of("recurs")] == [{"days": 3}]


def test_the_rhythm_comes_from_the_service(stage):
    asking(stage, [{"days": 2, "items": []}, {"days": 5, "items": []}])
    stage.publish("recurs", BY_SERVICE.replace("R3/PT24H", "R/cd(days)"), "every_day>look")
    first = stage.rows(StartEvent)[0].due
    assert first == Moment(NOW).calendar_days(2)
    stage.drain(first)
    assert stage.rows(StartEvent)[0].due == Moment(first).calendar_days(5)


def test_a_service_that_fails_is_asked_again(stage):
    asking(stage, [])
    stage.publish("recurs", BY_SERVICE, "every_day>look")
    due = stage.rows(StartEvent)[0].due
    stage.drain(due)
    answers = asking(stage, [{"items": [{"title": "late"}]}])
    stage.drain(due + timedelta(minutes=1))
    assert [one.title for one in stage.of("recurs")] == ["late"]
    assert answers == []


def test_an_answer_without_the_list_is_an_incident_at_last(stage):
    asking(stage, [{"item": []}] * 5)
    stage.publish("recurs", BY_SERVICE, "every_day>look")
    due = stage.rows(StartEvent)[0].due
    for hours in range(5):
        stage.drain(due + timedelta(hours=hours))
    assert [row.params for row in stage.rows(Incident)] == [{"name": "ask", "each": "items"}]


def test_a_new_version_does_not_take_the_place_of_an_earlier_round(stage):
    """SQLite gives a new row the number of the one that is gone."""
    stage.publish("recurs", RECURS.replace("R3/", "R/"), "every_day>look")
    stage.drain(stage.rows(StartEvent)[0].due)
    stage.publish("recurs", RECURS.replace("R3/PT24H", "R/PT36H"), "every_day>look")
    stage.drain(stage.rows(StartEvent)[0].due)
    assert len(stage.of("recurs")) == 2


def test_a_service_without_a_start_is_refused(stage):
    with pytest.raises(PublishRefused):
        stage.publish("recurs", BY_SERVICE.replace('"ask"', '"add"'), "every_day>look")


def test_rounds_are_counted_anew_from_an_earlier_day(stage):
    """Published on one day, but meant to begin on another."""
    stage.publish("recurs", RECURS, "every_day>look")
    earlier = NOW - timedelta(days=10)
    with stage.sessions.begin() as session:
        timers.restart(session, "recurs", stage.services, Moment(earlier))
    assert stage.rows(StartEvent)[0].due == earlier + timedelta(days=1)
    assert stage.drain(earlier + timedelta(days=1)) == 1
    assert len(stage.of("recurs")) == 1
