"""Playing in memory what an instance has recorded: the same on its version, something else on another."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from bpmn.moment import WeekdayCalendar
from engine import definitions, recordings
from engine.publish import Bundle
from engine.rehearsal import Act, Script, rehearse
from engine.tables import Instance, Record, Task

CALENDAR = WeekdayCalendar()
NOW = datetime(2013, 5, 6, 1, 30, tzinfo=UTC)


def finished(errand: Any, *verdicts: str) -> Instance:
    started = errand.issued()
    for verdict in verdicts:
        errand.complete(errand.cast.colleague, errand.open_task(started.instance_id).id, {"result": "扫了"})
        errand.complete(errand.cast.chief, errand.open_task(started.instance_id).id, {"verdict": verdict})
    return errand.instance(started.instance_id)


def played(errand: Any, instance: Instance, **changed: Any) -> Any:
    with errand.sessions.read() as session:
        script = recordings.script(session, instance)
        published = definitions.published(session, instance.version_id)
    return rehearse(published, script, CALENDAR)


def passed(errand: Any, instance: Instance) -> list[str]:
    with errand.sessions.read() as session:
        rows = session.scalars(select(Record).where(Record.instance_id == instance.id, Record.what == "completed"))
        return [row.element for row in rows.all() if row.element]


@pytest.mark.parametrize("verdicts", [["pass"], ["fail", "fail", "pass"]])
def test_on_its_own_version_the_same_happens(errand: Any, verdicts: list[str]) -> None:
    instance = finished(errand, *verdicts)
    found = played(errand, instance)
    assert (found.status, found.ended_element) == (instance.status, instance.ended_element) == ("completed", "finished")
    assert [one for one in found.passed if one in ("issue", "report", "check")] == passed(errand, instance)
    assert (found.left, found.refused, found.troubles, found.unanswered, found.open) == ((), (), (), (), ())
    with errand.sessions.read() as session:
        tasks = session.scalars(select(Task).where(Task.instance_id == instance.id)).all()
    assert Counter((one.element, one.due) for one in found.tasks) == Counter((one.element, one.due) for one in tasks)


def test_an_unfinished_one_stops_where_it_stands(errand: Any) -> None:
    started = errand.issued()
    found = played(errand, errand.instance(started.instance_id))
    assert (found.status, found.open) == ("active", ("report",))


def test_nothing_is_written(errand: Any, count: Any) -> None:
    instance = finished(errand, "pass")
    with errand.sessions.read() as session, count(errand.sessions.engine) as counted:
        script = recordings.script(session, instance)
        published = definitions.published(session, instance.version_id)
        rehearse(published, script, CALENDAR)
    assert all(statement.startswith("SELECT") for statement in counted.statements)


def test_an_act_for_which_nothing_is_open_is_left(errand: Any, errand_bundle: Bundle) -> None:
    instance = finished(errand, "pass")
    with errand.sessions.read() as session:
        script = recordings.script(session, instance)
        published = definitions.published(session, instance.version_id)
    acts = (*script.acts[:1], Act(timedelta(hours=1), "complete", "check", {"verdict": "pass"}, "chief"))
    found = rehearse(published, Script(script.starts_at, script.start, script.variables, acts), CALENDAR)
    assert [one.element for one in found.left] == ["check"]
    assert found.open == ("report",)


def test_answers_that_a_form_would_refuse_are_named(errand: Any) -> None:
    instance = finished(errand, "pass")
    with errand.sessions.read() as session:
        script = recordings.script(session, instance)
        published = definitions.published(session, instance.version_id)
    acts = tuple(
        Act(one.at, one.deed, one.element, {}, one.actor) if one.element == "report" else one for one in script.acts
    )
    found = rehearse(published, Script(script.starts_at, script.start, script.variables, acts), CALENDAR)
    assert [problem.element for problem in found.refused] == ["report#result"]
    assert found.status == "completed"


def test_what_the_script_does_wrong_is_in_the_result(errand: Any) -> None:
    with errand.sessions.read() as session:
        version = definitions.current(session, "errand")
        assert version
        published = definitions.published(session, version.id)
    nobody = Act(timedelta(), "complete", "nowhere", {}, "x")
    found = rehearse(published, Script(errand.moment.now, "nowhere", {}, (nobody,)), CALENDAR)
    assert found.left == (nobody,)
    found = rehearse(published, Script(errand.moment.now, None, {"bad": object()}, ()), CALENDAR)
    assert found.status == "failed"
    assert found.troubles


def test_without_another_start_the_one_with_a_trigger_is_played(stage: Any) -> None:
    waiting = '<bpmn:startEvent id="come"><bpmn:messageEventDefinition messageRef="m_begin"/></bpmn:startEvent>'
    stage.publish("called", f'{waiting}<bpmn:endEvent id="end"/>', "come>end")
    with stage.sessions.read() as session:
        version = definitions.current(session, "called")
        assert version
        published = definitions.published(session, version.id)
    found = rehearse(published, Script(NOW, None, {}, ()), CALENDAR)
    assert (found.status, found.ended_element) == ("completed", "end")
