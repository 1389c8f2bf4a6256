"""What a new version does to running cases, and moving them to it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from bpmn.moment import Moment
from engine import (
    accounts,
    definitions,
    history,
    impact,
    moving,
    process_drafts,
    publish,
    record,
    recordings,
    rehearsal,
    tasks,
    work,
)
from engine.access import NotFound, NotYours
from engine.impact import Impact
from engine.moving import NothingLeft, NothingToMove
from engine.publish import Bundle
from engine.tables import Account, Draft, Incident, Instance, InstanceMove, Record, Subscription, Timer, Version
from engine.work import Work
from faults import Refused

NOW = datetime(2014, 3, 5, 2, 0, tzinfo=UTC)
TIMER = (
    '<bpmn:boundaryEvent id="late" attachedToRef="account" cancelActivity="false">'
    '<bpmn:timerEventDefinition id="late_def">'
    "<bpmn:timeDuration>P1D</bpmn:timeDuration></bpmn:timerEventDefinition></bpmn:boundaryEvent>"
    '<bpmn:endEvent id="told"/><bpmn:sequenceFlow id="late_told" sourceRef="late" targetRef="told"/></bpmn:process>'
)


def changed(bundle: Bundle, *pairs: tuple[str, str]) -> Bundle:
    """The bundle with texts replaced, in the diagram and in the forms."""
    diagram, forms = bundle.diagram.decode(), json.dumps(bundle.forms, ensure_ascii=False)
    for old, new in pairs:
        assert old in diagram or old in forms
        diagram, forms = diagram.replace(old, new), forms.replace(old, new)
    return replace(bundle, diagram=diagram.encode(), forms=json.loads(forms))


@pytest.fixture
def renamed(errand_bundle: Bundle) -> Bundle:
    """``report`` is ``account`` now, with a reminder; all else is as before."""
    return changed(
        errand_bundle,
        ('"report"', '"account"'),
        ("errand/report", "errand/account"),
        ("</bpmn:process>", TIMER),
    )


@pytest.fixture
def publish_next(errand: Any) -> Any:
    def published(bundle: Bundle) -> int:
        with errand.sessions.begin() as session:
            return publish.publish(session, errand.cast.admin, bundle, "next", {}, errand.moment).id

    return published


def assessed(errand: Any, bundle: Bundle, mappings: Mapping[int, Mapping[str, str]] | None = None) -> Impact:
    with errand.sessions.read() as session:
        target = impact.target_of_bundle("errand", bundle)
        return impact.assess(session, errand.cast.admin, target, mappings or {}, errand.moment)


def begin(errand: Any, version: int, mapping: Mapping[str, str], most: int | None = None) -> str:
    with errand.sessions.begin() as session:
        first = session.scalars(select(Instance.version_id).order_by(Instance.version_id)).first()
        move = moving.begin(session, errand.cast.admin, version, {first: mapping}, "reason", most, errand.moment)
        return move.id


def drain(errand: Any) -> None:
    work.drain(errand.sessions, {}, errand.moment)


def reported(errand: Any, move: str) -> moving.Report:
    with errand.sessions.read() as session:
        return moving.report(session, errand.cast.auditor, move)


# ---- impact


def test_a_case_that_has_passed_the_change_is_not_touched(errand: Any, errand_bundle: Bundle) -> None:
    errand.issued()
    errand.start()
    found = assessed(errand, changed(errand_bundle, ('"title": "交办"', '"title": "下达"')))
    verdicts = {group.stands: group.verdict for group in found.groups}
    assert verdicts == {("report",): "unaffected", ("issue",): "movable"}


def test_cases_are_movable_to_steps_or_blocked_with_a_reason(
    errand: Any, errand_bundle: Bundle, renamed: Bundle
) -> None:
    started = [errand.issued(title) for title in ("甲", "乙")]
    with errand.sessions.begin() as session:
        tasks.claim(session, errand.cast.colleague, errand.open_task(started[0].instance_id).id, errand.moment)
    found = assessed(errand, renamed)
    assert [(one.verdict, one.stands, one.goes, one.count) for one in found.groups] == [
        ("movable", ("report",), ("account",), 2)
    ]
    assert {title for _, title in found.groups[0].examples} == {"甲", "乙"}
    assert sorted((one.holder, one.count) for one in found.touched if one.holder) == [("colleague", 1)]
    assert [one.roles for one in found.touched if one.holder is None] == [("officer",)]
    with errand.sessions.read() as session:
        version = definitions.current(session, "errand")
        assert version
    blocked = assessed(errand, renamed, {version.id: {"report": ""}})
    assert [(one.verdict, [problem.code for problem in one.problems]) for one in blocked.groups] == [
        ("blocked", ["no_place"])
    ]
    assert blocked.count("blocked") == 2
    assert blocked.count("movable") == 0


def test_cases_that_stand_alike_are_judged_once(errand: Any, renamed: Bundle, count: Any, calls: Any) -> None:
    costs = []
    for more in (1, 1, 20):
        for _ in range(more):
            errand.issued()
        with count(errand.sessions.engine) as counted:
            costs.append(calls(lambda: assessed(errand, renamed)))
    assert len(counted) <= 5
    assert (costs[2] - costs[1]) / 20 < 0.01 * costs[1], "each of twenty more cases costs less than a hundredth"


def test_a_restricted_case_is_not_counted_for_those_whom_it_does_not_let_in(errand: Any, renamed: Bundle) -> None:
    started = errand.issued()
    with errand.sessions.begin() as session:
        session.get_one(Instance, started.instance_id).restricted_to = "|chief|"
    assert assessed(errand, renamed).cases == 0


def test_a_draft_that_can_t_be_read_has_no_impact(errand: Any, errand_bundle: Bundle) -> None:
    with pytest.raises(Refused):
        impact.target_of_bundle("errand", replace(errand_bundle, diagram=b"<x/>"))
    with pytest.raises(Refused):
        impact.target_of_bundle("nothing", errand_bundle)


# ---- moving


def test_a_moved_case_keeps_task_claim_draft_and_due(errand: Any, renamed: Bundle, publish_next: Any) -> None:
    started = errand.issued()
    before = errand.open_task(started.instance_id)
    with errand.sessions.begin() as session:
        tasks.claim(session, errand.cast.colleague, before.id, errand.moment)
        tasks.save_draft(session, errand.cast.colleague, before.id, {"result": "写了一半"}, errand.moment)
    version = publish_next(renamed)
    move = begin(errand, version, {"report": "account"})
    drain(errand)
    after = errand.open_task(started.instance_id)
    assert (after.id, after.due, after.opened_at, after.holder) == (
        before.id,
        before.due,
        before.opened_at,
        "colleague",
    )
    assert (after.element, after.form) == ("account", "errand/account")
    with errand.sessions.read() as session:
        assert session.scalars(select(Draft)).one().answers == {"result": "写了一半"}
        assert session.scalars(select(Timer)).one().element == "late"
        assert session.get_one(Instance, started.instance_id).version_id == version
        assert record.verify(session, started.instance_id).broken_at is None
        row = session.scalars(select(InstanceMove)).one()
        assert (row.status, row.stood, row.stands) == ("moved", ["report"], ["account"])
    report = reported(errand, move)
    assert (report.total, report.done, report.counts, report.untouched) == (1, 1, {"moved": 1}, ())
    assert [(one.instance_id, one.stood, one.stands) for one in report.moved] == [
        (started.instance_id, ("report",), ("account",))
    ]
    errand.complete(errand.cast.colleague, after.id, {"result": "好"})
    assert errand.open_task(started.instance_id).element == "check"


def test_the_record_of_a_moved_case_shows_what_was_answered_before_with_the_form_of_then(
    errand: Any, errand_bundle: Bundle, publish_next: Any
) -> None:
    started = errand.issued()
    done = errand.open_task(started.instance_id)
    errand.complete(errand.cast.colleague, done.id, {"result": "扫完了"})
    # The step that was done is gone in the new version, and its form with it.
    bundle = changed(errand_bundle, ('"report"', '"other"'), ("errand/report", "errand/other"))
    version = publish_next(bundle)
    begin(errand, version, {"report": "other"})
    drain(errand)
    with errand.sessions.read() as session:
        seen = history.instance(session, errand.cast.admin, started.instance_id, errand.moment)
        told = {entry.element: entry for entry in seen.entries if entry.what == "completed"}
        assert told["report"].form
        assert told["report"].element_name
        view = tasks.view(session, errand.cast.colleague, done.id, errand.moment)
        assert view.form
        assert view.answers["result"] == "扫完了"
        earlier, _ = history.entries(session, errand.cast.admin, started.instance_id, 4)
        assert all(entry.element_name for entry in earlier if entry.element)
        assert seen.variables["other"]["result"] == "扫完了"


def test_the_script_of_a_moved_case_tells_all_by_the_ids_of_its_version(
    errand: Any, renamed: Bundle, publish_next: Any
) -> None:
    started = errand.issued()
    errand.complete(errand.cast.colleague, errand.open_task(started.instance_id).id, {"result": "好"})
    version = publish_next(renamed)
    begin(errand, version, {"report": "account"})
    drain(errand)
    with errand.sessions.read() as session:
        script = recordings.script(session, session.get_one(Instance, started.instance_id))
        assert [act.element for act in script.acts] == ["issue", "account"]
        played = rehearsal.rehearse(definitions.published(session, version), script, errand.moment.calendar)
    assert (played.left, played.open) == ((), ("check",))


def test_who_may_do_a_task_is_what_the_new_version_says(errand: Any, errand_bundle: Bundle, publish_next: Any) -> None:
    started = errand.issued()
    task = errand.open_task(started.instance_id)
    with errand.sessions.begin() as session:
        tasks.claim(session, errand.cast.colleague, task.id, errand.moment)
    text = errand_bundle.diagram.decode()
    line = next(one for one in text.splitlines() if 'id="report"' in one)
    bundle = replace(errand_bundle, diagram=text.replace(line, line.replace('"officer"', '"chief"')).encode())
    assert bundle.diagram != errand_bundle.diagram
    begin(errand, publish_next(bundle), {})
    drain(errand)
    after = errand.open_task(started.instance_id)
    assert (after.roles, after.holder) == (["chief"], None)
    with errand.sessions.read() as session, pytest.raises(NotYours):
        tasks.view(session, accounts.actor(session, "outsider"), task.id, errand.moment)


def test_a_task_of_an_account_that_is_switched_off_is_free_again(
    errand: Any, renamed: Bundle, publish_next: Any
) -> None:
    started = errand.issued()
    with errand.sessions.begin() as session:
        tasks.claim(session, errand.cast.colleague, errand.open_task(started.instance_id).id, errand.moment)
        session.get_one(Account, "colleague").active = False
    begin(errand, publish_next(renamed), {"report": "account"})
    drain(errand)
    after = errand.open_task(started.instance_id)
    assert (after.element, after.holder) == ("account", None)


def test_a_case_whose_state_is_broken_is_left_alone(errand: Any, renamed: Bundle, publish_next: Any) -> None:
    started = errand.issued()
    errand.issued()
    with errand.sessions.begin() as session:
        session.get_one(Instance, started.instance_id).state = b"broken"
    assert {group.verdict: group.count for group in assessed(errand, renamed).groups} == {"blocked": 1, "movable": 1}
    move = begin(errand, publish_next(renamed), {"report": "account"})
    drain(errand)
    assert reported(errand, move).counts == {"moved": 1, "untouched": 1}


def test_what_can_t_be_moved_is_untouched_and_told_why(errand: Any, renamed: Bundle, publish_next: Any) -> None:
    started = errand.issued()
    before = errand.instance(started.instance_id)
    move = begin(errand, publish_next(renamed), {"report": ""})
    drain(errand)
    after = errand.instance(started.instance_id)
    for name in ("version_id", "state", "revision", "record_length", "changed_at"):
        assert getattr(after, name) == getattr(before, name)
    report = reported(errand, move)
    assert report.counts == {"untouched": 1}
    assert [one.code for one in report.untouched[0].problems] == ["no_place"]


def test_a_case_that_has_ended_meanwhile_is_left_alone(errand: Any, renamed: Bundle, publish_next: Any) -> None:
    started = errand.issued()
    move = begin(errand, publish_next(renamed), {"report": "account"})
    with errand.sessions.begin() as session:
        session.get_one(Instance, started.instance_id).status = "cancelled"
    drain(errand)
    assert [one.code for one in reported(errand, move).untouched[0].problems] == ["ended"]


def test_batches_and_stopping(errand: Any, renamed: Bundle, publish_next: Any) -> None:
    for _ in range(5):
        errand.issued()
    version = publish_next(renamed)
    first = begin(errand, version, {"report": "account"}, most=2)
    drain(errand)
    assert reported(errand, first).counts == {"moved": 2}
    second = begin(errand, version, {"report": "account"})
    assert reported(errand, second).counts == {"pending": 3}
    with errand.sessions.begin() as session:
        moving.stop(session, errand.cast.admin, second)
    drain(errand)
    assert reported(errand, second).counts == {"stopped": 3}
    with errand.sessions.begin() as session:
        with pytest.raises(NothingLeft):
            moving.stop(session, errand.cast.admin, second)
        assert {one.id for one in moving.orders(session, errand.cast.auditor, "errand")} == {first, second}
    begin(errand, version, {"report": "account"})
    drain(errand)
    with errand.sessions.read() as session:
        assert set(session.scalars(select(Instance.version_id))) == {version}
    with pytest.raises(NothingToMove):
        begin(errand, version, {})


def test_a_row_that_is_performed_twice_moves_once(
    errand: Any, renamed: Bundle, publish_next: Any, at_once: Any
) -> None:
    started = errand.issued()
    begin(errand, publish_next(renamed), {"report": "account"})
    with errand.sessions.read() as session:
        row = session.scalars(select(InstanceMove)).one()
    one = Work("move", row.id, row.attempts)
    at_once(*[lambda: work.attempt(errand.sessions, one, {}, errand.moment) for _ in range(3)])
    with errand.sessions.read() as session:
        entries = session.scalars(select(Record).where(Record.instance_id == started.instance_id)).all()
        assert [entry.what for entry in entries].count("moved") == 1
        assert session.scalars(select(Incident)).all() == []
        assert session.scalars(select(InstanceMove)).one().status == "moved"


def test_not_before_its_time(errand: Any, renamed: Bundle, publish_next: Any) -> None:
    errand.issued()
    begin(errand, publish_next(renamed), {"report": "account"})
    earlier = Moment(errand.moment.now - timedelta(minutes=1))
    assert work.drain(errand.sessions, {}, earlier) == 0


def test_only_administrators_move_and_auditors_look(errand: Any, renamed: Bundle, publish_next: Any) -> None:
    errand.issued()
    version = publish_next(renamed)
    move = begin(errand, version, {"report": "account"})
    cast = errand.cast
    with errand.sessions.begin() as session:
        for who in (cast.officer, cast.auditor):
            with pytest.raises(NotYours):
                moving.begin(session, who, version, {}, "", None, errand.moment)
            with pytest.raises(NotYours):
                moving.stop(session, who, move)
        for call in (
            lambda: moving.report(session, cast.officer, move),
            lambda: moving.orders(session, cast.officer, "errand"),
            lambda: impact.assess(session, cast.officer, impact.target_of_version(session, version), {}, errand.moment),
        ):
            with pytest.raises(NotYours):
                call()
        with pytest.raises(NotFound):
            moving.report(session, cast.admin, "nothing")
        with pytest.raises(NotFound):
            moving.begin(session, cast.admin, 999, {}, "", None, errand.moment)
        with pytest.raises(NotFound):
            moving.stop(session, cast.admin, "nothing")


# ---- more than once, at the same time, in spite of a crash


def test_there_and_back_again(errand: Any, renamed: Bundle, publish_next: Any) -> None:
    started = errand.issued()
    before = errand.open_task(started.instance_id)
    first = errand.instance(started.instance_id)
    version = publish_next(renamed)
    for target, mapping, element in (
        (version, {"report": "account"}, "account"),
        (first.version_id, {"account": "report"}, "report"),
        (version, {"report": "account"}, "account"),
    ):
        with errand.sessions.begin() as session:
            source = session.get_one(Instance, started.instance_id).version_id
            moving.begin(session, errand.cast.admin, target, {source: mapping}, "", None, errand.moment)
        drain(errand)
        task = errand.open_task(started.instance_id)
        assert (task.id, task.element, task.due) == (before.id, element, before.due)
        assert errand.instance(started.instance_id).version_id == target
    errand.complete(errand.cast.colleague, before.id, {"result": "好"})
    errand.complete(errand.cast.chief, errand.open_task(started.instance_id).id, {"verdict": "pass"})
    assert errand.instance(started.instance_id).status == "completed"
    with errand.sessions.read() as session:
        assert record.verify(session, started.instance_id).broken_at is None
        entries = session.scalars(select(Record.what).where(Record.instance_id == started.instance_id)).all()
        assert entries.count("moved") == 3
        script = recordings.script(session, session.get_one(Instance, started.instance_id))
    assert [act.element for act in script.acts] == ["issue", "account", "check"]


def test_two_orders_at_the_same_time_move_each_case_once(
    errand: Any, renamed: Bundle, publish_next: Any, at_once: Any
) -> None:
    started = errand.issued()
    version = publish_next(renamed)
    orders = [begin(errand, version, {"report": "account"}) for _ in range(2)]
    at_once(*[lambda: drain(errand) for _ in range(3)])
    assert sorted(status for one in orders for status in reported(errand, one).counts) == ["moved", "untouched"]
    refused = [line for one in orders for line in reported(errand, one).untouched]
    assert [problem.code for problem in refused[0].problems] == ["there"]
    with errand.sessions.read() as session:
        entries = session.scalars(select(Record.what).where(Record.instance_id == started.instance_id)).all()
        assert entries.count("moved") == 1
        assert record.verify(session, started.instance_id).broken_at is None


def test_who_completes_while_it_is_moved_is_either_before_it_or_after_it(
    errand: Any, renamed: Bundle, publish_next: Any, at_once: Any
) -> None:
    version = publish_next(renamed)
    old = [errand.issued(str(number)) for number in range(6)]
    with errand.sessions.begin() as session:
        # They were begun on the current version: back to the first, from where they are moved.
        versions = session.scalars(select(Instance.version_id)).all()
        assert set(versions) == {version}
    begun = [(one.instance_id, errand.open_task(one.instance_id).id) for one in old]
    first = definitions_before(errand, version)
    with errand.sessions.begin() as session:
        moving.begin(session, errand.cast.admin, first, {version: {"account": "report"}}, "", None, errand.moment)

    def complete(task: str) -> None:
        errand.complete(errand.cast.colleague, task, {"result": "好"})

    answers = at_once(*[lambda task=task: complete(task) for _, task in begun], *[lambda: drain(errand)] * 2)
    assert [one for one in answers if isinstance(one, Exception)] == []
    drain(errand)
    for instance_id, _ in begun:
        found = errand.instance(instance_id)
        assert found.version_id == first
        assert errand.open_task(instance_id).element == "check"
        with errand.sessions.read() as session:
            assert record.verify(session, instance_id).broken_at is None
            view = history.instance(session, errand.cast.admin, instance_id, errand.moment)
            assert view.variables["report"]["result"] == "好"
        errand.complete(errand.cast.chief, errand.open_task(instance_id).id, {"verdict": "pass"})
        assert errand.instance(instance_id).status == "completed"


def definitions_before(errand: Any, version: int) -> int:
    with errand.sessions.read() as session:
        return int(session.scalars(select(Version.id).where(Version.id != version)).one())


def test_what_a_crash_has_interrupted_goes_on(errand: Any, renamed: Bundle, publish_next: Any) -> None:
    started = [errand.issued(str(number)) for number in range(3)]
    move = begin(errand, publish_next(renamed), {"report": "account"})
    with errand.sessions.read() as session:
        rows = session.scalars(select(InstanceMove).order_by(InstanceMove.id)).all()
    work.attempt(errand.sessions, Work("move", rows[0].id, 0), {}, errand.moment)
    session = errand.sessions()  # the worker is killed before it commits the second one
    moving.perform(session, rows[1].id, 0, errand.moment)
    session.close()
    assert reported(errand, move).counts == {"moved": 1, "pending": 2}
    drain(errand)
    assert reported(errand, move).counts == {"moved": 3}
    for one in started:
        with errand.sessions.read() as session:
            entries = session.scalars(select(Record.what).where(Record.instance_id == one.instance_id)).all()
            assert entries.count("moved") == 1
            assert record.verify(session, one.instance_id).broken_at is None


def test_a_restricted_case_is_moved_only_by_those_whom_it_lets_in(
    errand: Any, renamed: Bundle, publish_next: Any
) -> None:
    open_one, kept = errand.issued("公开"), errand.issued("限制")
    with errand.sessions.begin() as session:
        session.get_one(Instance, kept.instance_id).restricted_to = "|chief|"
    version = publish_next(renamed)
    begin(errand, version, {"report": "account"})
    drain(errand)
    assert errand.instance(open_one.instance_id).version_id == version
    assert errand.instance(kept.instance_id).version_id != version


# ---- cases that call others


CALLER = (
    '<bpmn:startEvent id="S"/><bpmn:callActivity id="ask" calledElement="answerer"/>'
    '<bpmn:userTask id="last" name="last" ducha:candidateGroups="officer"/><bpmn:endEvent id="E"/>'
)
CALLER_FLOWS = ("S>ask", "ask>last", "last>E")
CALLED = (
    '<bpmn:startEvent id="s"/><bpmn:userTask id="one" name="one" ducha:candidateGroups="officer"/>'
    '<bpmn:endEvent id="e"/>'
)


def all_moved(stage: Any, key: str, mapping: Mapping[str, str]) -> None:
    with stage.sessions.begin() as session:
        new = definitions.current(session, key)
        assert new
        old = {one.version_id for one in session.scalars(select(Instance).where(Instance.process_key == key))}
        target = new.id
        moving.begin(session, stage.admin, target, dict.fromkeys(old, mapping), "", None, Moment(NOW))
    stage.drain()
    assert {one.version_id for one in stage.of(key)} == {target}


@pytest.mark.parametrize("first", ["caller", "answerer"])
def test_caller_and_called_are_moved_each_by_itself_and_find_each_other(stage: Any, first: str) -> None:
    stage.publish("answerer", CALLED, "s>one", "one>e")
    stage.publish("caller", CALLER, *CALLER_FLOWS)
    parent = stage.start("caller")
    stage.drain()
    (child,) = stage.of("answerer")
    stage.publish("answerer", CALLED.replace('"one"', '"uno"'), "s>uno", "uno>e")
    nodes = CALLER.replace('id="ask"', 'id="call"').replace('"last"', '"end"')
    stage.publish("caller", nodes, "S>call", "call>end", "end>E")
    orders = [("caller", {"ask": "call", "last": "end"}), ("answerer", {"one": "uno"})]
    for key, mapping in orders if first == "caller" else reversed(orders):
        all_moved(stage, key, mapping)
    assert stage.open_tasks(child.id) == ["uno"]
    stage.complete(child.id, "uno", {})
    stage.drain()
    assert stage.open_tasks(parent) == ["end"]
    stage.complete(parent, "end", {})
    for ident in (parent, child.id):
        assert stage.instance(ident).status == "completed"
        with stage.sessions.read() as session:
            assert record.verify(session, ident).broken_at is None


def test_a_caller_of_another_process_stays_where_it_is(stage: Any) -> None:
    for key in ("answerer", "other"):
        stage.publish(key, CALLED, "s>one", "one>e")
    stage.publish("caller", CALLER, *CALLER_FLOWS)
    parent = stage.start("caller")
    stage.drain()
    stage.publish("caller", CALLER.replace('calledElement="answerer"', 'calledElement="other"'), *CALLER_FLOWS)
    before = stage.instance(parent)
    with stage.sessions.begin() as session:
        new = definitions.current(session, "caller")
        assert new
        moving.begin(session, stage.admin, new.id, {before.version_id: {}}, "", None, Moment(NOW))
    stage.drain()
    assert stage.instance(parent).version_id == before.version_id
    (row,) = stage.rows(InstanceMove)
    assert (row.status, [one["code"] for one in row.problems]) == ("untouched", ["asked"])


# ---- services, timers, messages, incidents


WAITING = (
    '<bpmn:startEvent id="S"/><bpmn:parallelGateway id="F"/>'
    '<bpmn:userTask id="ask" name="ask" ducha:candidateGroups="officer"/>'
    '<bpmn:intermediateCatchEvent id="pause"><bpmn:timerEventDefinition id="pd"><bpmn:timeDuration>P2D'
    "</bpmn:timeDuration></bpmn:timerEventDefinition></bpmn:intermediateCatchEvent>"
    '<bpmn:intermediateCatchEvent id="hear" ducha:correlationKey="instance_id">'
    '<bpmn:messageEventDefinition id="hd" messageRef="m_hello"/></bpmn:intermediateCatchEvent>'
    '<bpmn:scriptTask id="reckon"><bpmn:script>x = 1 / 0</bpmn:script></bpmn:scriptTask>'
    '<bpmn:parallelGateway id="J"/><bpmn:endEvent id="E"/>'
)
FLOWS = ("S>F", "F>ask", "F>pause", "F>hear", "F>reckon", "ask>J", "pause>J", "hear>J", "reckon>J", "J>E")


def test_timers_messages_and_incidents_follow_their_case(stage: Any) -> None:
    stage.publish("wait", WAITING, *FLOWS)
    instance = stage.start("wait")
    timer, waits = stage.rows(Timer)[0], stage.rows(Subscription)[0]
    incident = stage.rows(Incident, Incident.resolved_at.is_(None))[0]
    nodes = WAITING.replace('"pause"', '"rest"').replace('"hear"', '"listen"').replace('"reckon"', '"sum"')
    flows = [one.replace("pause", "rest").replace("hear", "listen").replace("reckon", "sum") for one in FLOWS]
    stage.publish("wait", nodes.replace("1 / 0", "1"), *flows)
    mapping = {"pause": "rest", "hear": "listen", "reckon": "sum"}
    with stage.sessions.begin() as session:
        old, new = stage.instance(instance).version_id, definitions.current(session, "wait")
        assert new
        now = Moment(timer.due - timedelta(days=2))
        moving.begin(session, stage.admin, new.id, {old: mapping}, "", None, now)
    assert stage.drain() == 1
    assert [(one.id, one.element, one.due) for one in stage.rows(Timer)] == [(timer.id, "rest", timer.due)]
    assert [(one.id, one.element, one.key) for one in stage.rows(Subscription)] == [(waits.id, "listen", instance)]
    found = stage.rows(Incident, Incident.resolved_at.is_(None))
    assert [(one.id, one.element) for one in found] == [(incident.id, "sum")]
    assert stage.open_tasks(instance) == ["ask"]


def test_a_draft_of_the_process_sees_the_same(errand: Any, renamed: Bundle) -> None:
    errand.issued()
    with errand.sessions.begin() as session:
        draft = process_drafts.begin(session, errand.cast.admin, "errand", errand.moment)
        target = impact.target_of_bundle("errand", process_drafts.bundle_of(draft))
        same = impact.assess(session, errand.cast.admin, target, {}, errand.moment)
        assert (same.count("unaffected"), same.cases, same.touched) == (1, 1, ())
        versions = impact.running_versions(session, errand.cast.admin, target)
        assert impact.suggestions(session, target, [one.id for one in versions])[versions[0].id]["report"] == "report"
