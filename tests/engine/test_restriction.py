"""Cases that only some roles may see: gone for everybody else, wherever they look, also for administrators."""

from concurrent.futures import ThreadPoolExecutor, wait

import pytest
from sqlalchemy import select

from bpmn.moment import Moment
from engine import history, inbox, incidents, instances, messages, notices, record, requests, restriction, tasks
from engine.access import NotFound
from engine.attachments import read
from engine.tables import Attachment, Incident, Instance, Message, Record, Request, Task

NODES = """<bpmn:startEvent id="begin"/>
    <bpmn:userTask id="note" name="note" ducha:candidateGroups="officer"/>
    <bpmn:userTask id="judge" name="judge" ducha:candidateGroups="officer,chief"/>
    <bpmn:userTask id="close" name="close" ducha:assignee="starter"/>
    <bpmn:endEvent id="end"/>"""
FLOWS = ("begin>note", "note>judge", "judge>close", "close>end")
PARENT = """<bpmn:startEvent id="begin"/><bpmn:callActivity id="ask" calledElement="clue"/><bpmn:endEvent id="end"/>"""


@pytest.fixture
def clue(stage) -> str:
    """A case in which the officer has done one task; then it is restricted to the chief."""
    stage.publish("clue", NODES, *FLOWS)
    instance_id = stage.start("clue")
    stage.complete(instance_id, "note", {})
    restrict(stage, instance_id)
    return instance_id


def now(stage) -> Moment:
    return Moment(stage.instance(stage.of("clue")[0].id).changed_at)


def restrict(stage, instance_id: str) -> None:
    with stage.sessions.begin() as session:
        instance = instances.locked(session, instance_id)
        restriction.restrict(session, instance, ["chief"], Moment(instance.changed_at))


def task_of(stage, instance_id: str, element: str) -> Task:
    [task] = stage.rows(Task, Task.instance_id == instance_id, Task.element == element)
    return task


def test_it_is_gone_from_every_list(stage, cast, clue) -> None:
    with stage.sessions.read() as session:
        for person in (cast.officer, cast.colleague, cast.admin, cast.auditor):
            assert history.instances(session, person).rows == ()
            assert history.instances(session, person, search="clue").rows == ()
            assert inbox.open_tasks(session, person, now(stage)).rows == ()
            assert inbox.done_tasks(session, person, now(stage)).rows == ()
            assert inbox.counts(session, person, now(stage)) == inbox.Counts(0, 0, 0)
        assert [row.id for row in history.instances(session, cast.chief).rows] == [clue]
        assert [row.element for row in inbox.open_tasks(session, cast.chief, now(stage)).rows] == ["judge"]


def test_its_pages_do_not_exist_for_others(stage, cast, clue) -> None:
    done, open_ = task_of(stage, clue, "note"), task_of(stage, clue, "judge")
    with stage.sessions.read() as session:
        for person in (cast.officer, cast.admin, cast.auditor):
            with pytest.raises(NotFound):
                history.instance(session, person, clue, now(stage))
            with pytest.raises(NotFound):
                history.entries(session, person, clue, 9)
            for task in (done, open_):
                with pytest.raises(NotFound):
                    tasks.view(session, person, task.id, now(stage))
        assert history.instance(session, cast.chief, clue, now(stage)).facts.id == clue
        assert tasks.view(session, cast.chief, done.id, now(stage)).status == "completed"


def test_others_can_do_nothing_in_it(stage, cast, clue) -> None:
    done, open_ = task_of(stage, clue, "note"), task_of(stage, clue, "judge")
    attempts = (
        lambda session: tasks.complete(session, cast.officer, open_.id, {}, None, now(stage)),
        lambda session: tasks.complete(session, cast.officer, done.id, {}, None, now(stage)),
        lambda session: tasks.claim(session, cast.officer, open_.id, now(stage)),
        lambda session: tasks.save_draft(session, cast.officer, open_.id, {}, now(stage)),
        lambda session: tasks.release(session, cast.admin, open_.id, now(stage)),
        lambda session: tasks.return_to(session, cast.admin, open_.id, "note", "no", now(stage)),
        lambda session: instances.cancel(session, cast.admin, clue, "no", now(stage)),
    )
    for attempt in attempts:
        with pytest.raises(NotFound), stage.sessions.begin() as session:
            attempt(session)
    assert stage.instance(clue).status == "active"


def test_what_opens_in_it_goes_to_those_who_may_see_it(stage, cast, clue) -> None:
    judge = task_of(stage, clue, "judge")
    assert judge.roles == ["chief"], "the others of its roles are kept out"
    with stage.sessions.begin() as session:
        tasks.complete(session, cast.chief, judge.id, {}, None, now(stage))
    closing = task_of(stage, clue, "close")
    assert (closing.roles, closing.assignee, closing.holder) == (["chief"], None, None)
    with stage.sessions.begin() as session:
        tasks.complete(session, cast.chief, closing.id, {}, None, now(stage))
    assert stage.instance(clue).status == "completed"


def test_the_record_says_so_and_stays_whole(stage, clue) -> None:
    [entry] = stage.rows(Record, Record.instance_id == clue, Record.what == "restricted")
    assert entry.data == {"roles": ["chief"]}
    with stage.sessions.read() as session:
        assert record.verify(session, clue).broken_at is None


def test_what_is_held_or_drafted_is_taken_back(stage, cast) -> None:
    stage.publish("clue", NODES, *FLOWS)
    instance_id = stage.start("clue")
    note = task_of(stage, instance_id, "note")
    with stage.sessions.begin() as session:
        tasks.claim(session, cast.officer, note.id, now(stage))
        tasks.save_draft(session, cast.officer, note.id, {"opinion": "secret"}, now(stage))
    restrict(stage, instance_id)
    note = task_of(stage, instance_id, "note")
    assert (note.holder, note.roles) == (None, ["chief"])
    with stage.sessions.read() as session:
        assert tasks.view(session, cast.chief, note.id, now(stage)).your_turn
        assert inbox.open_tasks(session, cast.officer, now(stage)).rows == ()


def test_notices_messages_and_files_of_it_are_gone_as_well(stage, cast, clue) -> None:
    with stage.sessions.begin() as session:
        instance = instances.locked(session, clue)
        notices.post(session, ["officer", "chief"], "note", "{title}", {"title": "secret"}, instance, now(stage))
        notices.post(session, ["officer"], "note", "{title}", {"title": "open"}, None, now(stage))
        session.add(
            Message(
                id="a" * 32, kind="message", name="msg_nobody", key="1", payload={"facts": "secret"}, instance_id=clue,
                status="waiting", sent_at=now(stage).now, attempts=0,
            )
        )  # fmt: skip
        session.add(
            Attachment(
                id="b" * 32, account_id="officer", instance_id=clue, filename="secret.pdf",
                media_type="application/pdf", size=1, sha256="0" * 64,
                original_sha256="0" * 64, stored_name="secret", stored_at=now(stage).now,
            )
        )  # fmt: skip
    with stage.sessions.read() as session:
        [notice], count = notices.of(session, cast.officer, 10)
        assert (notice.params["title"], count, notices.unread(session, cast.officer)) == ("open", 1, 1)
        assert notices.unread(session, cast.chief) == 1
        assert messages.waiting(session, 10) == ([], 0)
        with pytest.raises(NotFound):
            read(session, cast.officer, "b" * 32)
        assert read(session, cast.chief, "b" * 32).filename == "secret.pdf"


def test_an_incident_in_it_can_be_retried_without_saying_what_it_is_about(stage, cast, clue) -> None:
    with stage.sessions.begin() as session:
        session.add(
            Incident(
                instance_id=clue, token="t", element="judge", code="expression", message="{what}",
                params={"what": "secret"}, noted_at=now(stage).now,
            )
        )  # fmt: skip
    with stage.sessions.read() as session:
        [incident], count = incidents.unresolved(session, cast.admin, 10)
        assert (incident.title, incident.instance_id, incident.params, count) == (None, None, {}, 1)


def test_what_it_calls_is_restricted_too(stage, cast) -> None:
    stage.publish("clue", NODES, *FLOWS)
    stage.publish("parent", PARENT, "begin>ask", "ask>end")
    parent = stage.start("parent")
    restrict(stage, parent)
    stage.drain()
    [child] = stage.of("clue")
    assert child.restricted_to == "|chief|"
    assert task_of(stage, child.id, "note").roles == ["chief"]


def test_cases_from_which_it_comes_are_restricted_with_all_they_have_called(stage, cast) -> None:
    stage.publish("clue", NODES, *FLOWS)
    stage.publish("parent", PARENT, "begin>ask", "ask>end")
    parent = stage.start("parent")
    stage.drain()
    [child] = stage.of("clue")
    with stage.sessions.begin() as session:
        assert set(restriction.restrict_others(session, [parent], ["chief"])) == {parent, child.id}
    with stage.sessions.read() as session:
        assert history.instances(session, cast.officer).rows == ()
        assert {row.id for row in history.instances(session, cast.chief).rows} == {parent, child.id}
        hidden = session.scalars(select(Instance.restricted_to)).all()
    assert set(hidden) == {"|chief|"}
    assert task_of(stage, child.id, "note").roles == ["chief"]


def test_a_case_that_is_just_being_called_is_restricted_too(stage) -> None:
    """Whoever restricts waits until the caller's transaction ends, and only then looks what it has called."""
    stage.publish("clue", NODES, *FLOWS)
    stage.publish("parent", PARENT, "begin>ask", "ask>end")
    parent = stage.start("parent")
    [request] = stage.rows(Request)

    def restricting() -> tuple[str, ...]:
        with stage.sessions.begin() as session:
            return restriction.restrict_others(session, [parent], ["chief"])

    with ThreadPoolExecutor(1) as pool:
        with stage.sessions.begin() as session:
            moment = Moment(session.get_one(Instance, parent).changed_at)
            requests.perform(session, request.id, request.attempts, {}, moment)
            waiting = pool.submit(restricting)
            wait([waiting], timeout=0.5)
            assert not waiting.done()
        [child] = stage.of("clue")
        assert set(waiting.result()) == {parent, child.id}
    assert stage.instance(child.id).restricted_to == "|chief|"
    assert task_of(stage, child.id, "note").roles == ["chief"]


def test_narrowing_it_keeps_out_who_could_see_it_before(stage, cast, clue) -> None:
    with stage.sessions.begin() as session:
        instance = instances.locked(session, clue)
        restriction.restrict(session, instance, ["officer"], Moment(instance.changed_at))
    with stage.sessions.read() as session:
        assert history.instances(session, cast.chief).rows == ()
        assert [row.id for row in history.instances(session, cast.officer).rows] == [clue]


def test_what_is_lifted_is_there_again(stage, cast, clue) -> None:
    with stage.sessions.begin() as session:
        instance = instances.locked(session, clue)
        restriction.lift(session, instance, Moment(instance.changed_at))
    with stage.sessions.read() as session:
        assert [row.id for row in history.instances(session, cast.officer).rows] == [clue]
        assert record.verify(session, clue).broken_at is None


def test_the_cases_from_which_it_comes_are_there_again_too(stage, cast) -> None:
    stage.publish("clue", NODES, *FLOWS)
    stage.publish("parent", PARENT, "begin>ask", "ask>end")
    parent = stage.start("parent")
    stage.drain()
    [child] = stage.of("clue")
    for change in (
        lambda session: restriction.restrict_others(session, [parent], ["chief"]),
        lambda session: restriction.lift_others(session, [parent]),
    ):
        with stage.sessions.begin() as session:
            assert set(change(session)) == {parent, child.id}
    with stage.sessions.read() as session:
        assert {row.id for row in history.instances(session, cast.officer).rows} >= {parent}
