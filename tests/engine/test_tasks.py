"""Completing, claiming, drafting: works, wrong person, wrong state, repeated, concurrent."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import pytest
from sqlalchemy import select

from bpmn.moment import Moment
from engine import accounts, instances, record, tasks
from engine.access import NotFound, NotYours
from engine.runtime import CannotReturn
from engine.tables import Attachment, Draft, Incident, Instance, Record, Task
from faults import Fault
from forms.answers import AnswersRefused

REPORT = {"result": "扫完了"}
STAGED = datetime(2014, 3, 5, 2, 0, tzinfo=UTC)


def test_completing_a_task_opens_the_next(errand: Any) -> None:
    started = errand.start()
    done = errand.complete(
        errand.cast.officer, started.next_tasks[0], {"what": "扫雪", "deadline": "2013-05-08", "opinion": "尽快"}
    )
    version = errand.instance(started.instance_id).version_id
    assert done == tasks.Completed(started.instance_id, version, (), repeated=False)
    task = errand.open_task(started.instance_id)
    assert (task.element, task.name, task.roles, task.org, task.org_path) == (
        "report",
        "报告",
        ["officer"],
        "north",
        "/city/north/",
    )
    assert task.due is not None
    assert task.due.isoformat() == "2013-05-08T09:30:00+00:00", "the end of the working day in Beijing"


def test_the_way_to_the_end(errand: Any) -> None:
    started = errand.issued()
    cast = errand.cast
    done = errand.complete(cast.colleague, errand.open_task(started.instance_id).id, REPORT)
    assert len(done.next_tasks) == 1, "a colleague may check too"
    errand.complete(cast.chief, done.next_tasks[0], {"verdict": "fail"})
    errand.complete(cast.colleague, errand.open_task(started.instance_id).id, REPORT)
    errand.complete(cast.chief, errand.open_task(started.instance_id).id, {"verdict": "pass"})
    instance = errand.instance(started.instance_id)
    assert (instance.status, instance.ended_element, instance.ended_at) == ("completed", "finished", errand.moment.now)


def test_answers_are_stored_with_gaps_and_prefilled_values(errand: Any) -> None:
    started = errand.issued()
    task_id = errand.open_task(started.instance_id).id
    errand.complete(errand.cast.colleague, task_id, REPORT | {"what": "forged"})
    with errand.sessions.read() as session:
        answers = record.answers(session, started.instance_id, task_id)
    assert answers == {"what": "扫雪", "result": "扫完了", "photos": None, "opinion": None, "attachments": None}


@pytest.mark.parametrize("who", ["outsider", "chief", "admin", "auditor"])
def test_wrong_person(errand: Any, who: str) -> None:
    started = errand.start()
    with pytest.raises(NotYours):
        errand.complete(getattr(errand.cast, who), started.next_tasks[0], {"what": "x", "deadline": "2013-05-08"})
    assert errand.open_task(started.instance_id).element == "issue"


def test_who_issued_may_not_report(errand: Any) -> None:
    task_id = errand.open_task(errand.issued().instance_id).id
    with pytest.raises(NotYours):
        errand.complete(errand.cast.officer, task_id, REPORT)


def test_only_the_assignee_may_do_an_assigned_task(errand: Any) -> None:
    started = errand.issued(checker="auditor")
    errand.complete(errand.cast.colleague, errand.open_task(started.instance_id).id, REPORT)
    task = errand.open_task(started.instance_id)
    assert (task.assignee, task.holder) == ("auditor", "auditor")
    with pytest.raises(NotYours):
        errand.complete(errand.cast.chief, task.id, {"verdict": "pass"})
    errand.complete(errand.cast.auditor, task.id, {"verdict": "pass"})


def test_task_of_an_unknown_account_goes_to_the_roles_and_is_noted(errand: Any) -> None:
    started = errand.issued(checker="auditor")
    with errand.sessions.begin() as session:
        session.get_one(accounts.Account, "auditor").active = False
    errand.complete(errand.cast.colleague, errand.open_task(started.instance_id).id, REPORT)
    task = errand.open_task(started.instance_id)
    assert (task.assignee, task.holder) == (None, None)
    with errand.sessions.begin() as session:
        incident = session.scalars(select(Incident)).one()
        assert (incident.code, incident.token, incident.params) == (
            "unknown_assignee",
            task.id,
            {"account": "auditor"},
        )
        session.get_one(accounts.Account, "auditor").active = True
    with errand.sessions.begin() as session:
        assert tasks.reroute(session, task.id, errand.moment)
    assert errand.open_task(started.instance_id).holder == "auditor"


def test_unknown_task(errand: Any) -> None:
    with pytest.raises(NotFound):
        errand.complete(errand.cast.officer, "0" * 32, {})


def test_refused_answers_change_nothing(errand: Any) -> None:
    started = errand.start()
    before = errand.instance(started.instance_id)
    with pytest.raises(AnswersRefused) as refused:
        errand.complete(errand.cast.officer, started.next_tasks[0], {"deadline": "2013-02-31", "checker": "nobody"})
    assert [problem.element for problem in refused.value.problems] == ["what", "deadline"]
    with pytest.raises(AnswersRefused) as refused:
        errand.complete(
            errand.cast.officer, started.next_tasks[0], {"what": "x", "deadline": "2013-05-08", "checker": "nobody"}
        )
    assert [problem.element for problem in refused.value.problems] == ["checker"]
    after = errand.instance(started.instance_id)
    assert (after.state, after.revision, after.record_hash) == (before.state, before.revision, before.record_hash)


@pytest.mark.parametrize(
    "answers",
    [
        {"what": "a\x00b", "deadline": "2013-05-08"},
        {"what": float("nan"), "deadline": "2013-05-08"},
        {"what": ["x"] * 100, "deadline": {"a": {}}},
        {"what": "x", "deadline": "2013-05-08", "typename": "set"},
        {"what": "\ud800", "deadline": "2013-05-08"},
        {1: 2},
    ],
)
def test_hostile_answers_are_refused(errand: Any, answers: dict[Any, Any]) -> None:
    started = errand.start()
    with pytest.raises(Fault):
        errand.complete(errand.cast.officer, started.next_tasks[0], answers)
    assert errand.open_task(started.instance_id).element == "issue"


def test_repeated_with_the_same_key_answers_the_same(errand: Any) -> None:
    started = errand.issued()
    task_id = errand.open_task(started.instance_id).id
    first = errand.complete(errand.cast.colleague, task_id, REPORT, key="k")
    again = errand.complete(errand.cast.colleague, task_id, {"result": "anything"}, key="k")
    assert again == replace(first, repeated=True)
    with errand.sessions.read() as session:
        assert len(session.scalars(select(Record).where(Record.token == task_id)).all()) == 1


def test_already_done_tells_by_whom_and_when(errand: Any) -> None:
    started = errand.issued()
    task_id = errand.open_task(started.instance_id).id
    errand.complete(errand.cast.colleague, task_id, REPORT, key="k")
    with pytest.raises(tasks.AlreadyDone) as fault:
        errand.complete(errand.cast.colleague, task_id, REPORT, key="other")
    assert fault.value.params == {"name": "colleague 01", "at": "2013-05-06 09:30"}


def test_withdrawn_task(errand: Any) -> None:
    started = errand.issued()
    task_id = errand.open_task(started.instance_id).id
    with errand.sessions.begin() as session:
        instances.cancel(session, errand.cast.admin, started.instance_id, "取消", errand.moment)
    with pytest.raises(tasks.AlreadyDone, match="withdrawn at 2013-05-06 09:30"):
        errand.complete(errand.cast.colleague, task_id, REPORT)


def test_two_officers_at_once(errand: Any, at_once: Any) -> None:
    """Many times, as threads meet seldom: exactly one is first, the other is told who."""
    started = errand.issued()
    for _ in range(5):
        errand.complete(errand.cast.colleague, errand.open_task(started.instance_id).id, REPORT)
        task_id = errand.open_task(started.instance_id).id
        results = at_once(
            partial(errand.complete, errand.cast.chief, task_id, {"verdict": "fail"}, key="a"),
            partial(errand.complete, errand.cast.colleague, task_id, {"verdict": "fail"}, key="b"),
        )
        faults = [one for one in results if isinstance(one, Exception)]
        assert len(faults) == 1
        assert isinstance(faults[0], tasks.AlreadyDone)
        assert faults[0].params["name"] in ("chief 01", "colleague 01")
    with errand.sessions.read() as session:
        assert record.verify(session, started.instance_id).broken_at is None


def test_double_click(errand: Any, at_once: Any) -> None:
    started = errand.issued()
    task_id = errand.open_task(started.instance_id).id
    click = partial(errand.complete, errand.cast.colleague, task_id, REPORT, key="same")
    first, second = at_once(click, click)
    assert {first.repeated, second.repeated} == {True, False}
    assert first.next_tasks == second.next_tasks


def test_draft_is_kept_and_dropped_with_the_task(errand: Any) -> None:
    started = errand.issued()
    task_id = errand.open_task(started.instance_id).id
    cast, sessions, moment = errand.cast, errand.sessions, errand.moment
    for text in ("一半", "一半\x00 and half a \ud800 character"):
        with sessions.begin() as session:
            tasks.save_draft(session, cast.colleague, task_id, {"result": text}, moment)
    with sessions.read() as session:
        view = tasks.view(session, cast.colleague, task_id, moment)
        assert view.answers == {"what": "扫雪", "result": "一半\x00 and half a ? character"}
        assert (view.drafted_at, view.values) == (moment.now, {"what": "扫雪"})
    errand.complete(cast.colleague, task_id, REPORT)
    with sessions() as session:
        assert session.scalars(select(Draft)).all() == []
        with pytest.raises(tasks.AlreadyDone):
            tasks.save_draft(session, cast.colleague, task_id, {}, moment)
        with pytest.raises(NotYours):
            tasks.save_draft(session, cast.outsider, task_id, {}, moment)


def test_draft_has_bounds(errand: Any) -> None:
    task_id = errand.start().next_tasks[0]
    with errand.sessions() as session, pytest.raises(tasks.DraftTooLarge):
        tasks.save_draft(session, errand.cast.officer, task_id, {"what": "x" * 600_000}, errand.moment)


def test_drafts_saved_at_once(errand: Any, at_once: Any) -> None:
    task_id = errand.start().next_tasks[0]

    def save() -> None:
        with errand.sessions.begin() as session:
            tasks.save_draft(session, errand.cast.officer, task_id, {"what": "x"}, errand.moment)

    assert at_once(save, save, save) == [None, None, None]


def test_claimed_task_is_nobody_elses_until_it_is_given_back(errand: Any) -> None:
    started = errand.issued()
    errand.complete(errand.cast.colleague, errand.open_task(started.instance_id).id, REPORT)
    task_id = errand.open_task(started.instance_id).id
    cast, sessions, moment = errand.cast, errand.sessions, errand.moment
    for _ in range(2):  # twice is as good as once
        with sessions.begin() as session:
            tasks.claim(session, cast.chief, task_id, moment)
    with pytest.raises(tasks.Claimed, match="chief 01"):
        errand.complete(cast.colleague, task_id, {"verdict": "pass"})
    with sessions() as session, pytest.raises(NotYours):
        tasks.release(session, cast.colleague, task_id, moment)
    with sessions() as session, pytest.raises(NotYours):
        tasks.claim(session, cast.outsider, task_id, moment)
    with sessions.begin() as session:
        tasks.release(session, cast.chief, task_id, moment)
    with sessions() as session, pytest.raises(NotYours):
        tasks.release(session, cast.chief, task_id, moment)
    with sessions() as session, pytest.raises(tasks.NotClaimed):
        tasks.release(session, cast.admin, task_id, moment)
    errand.complete(cast.colleague, task_id, {"verdict": "pass"})
    with sessions.read() as session:
        whats = session.scalars(select(Record.what).where(Record.token == task_id).order_by(Record.seq)).all()
    assert whats == ["claimed", "released", "completed"]


def test_claimed_at_once(errand: Any, at_once: Any) -> None:
    started = errand.issued()
    errand.complete(errand.cast.colleague, errand.open_task(started.instance_id).id, REPORT)
    task_id = errand.open_task(started.instance_id).id

    def claim(actor: Any) -> None:
        with errand.sessions.begin() as session:
            tasks.claim(session, actor, task_id, errand.moment)

    results = at_once(lambda: claim(errand.cast.chief), lambda: claim(errand.cast.colleague))
    assert {type(one) for one in results} == {type(None), tasks.Claimed}


def test_evidence_carries_what_the_server_knows(errand: Any) -> None:
    started = errand.issued()
    task_id = errand.open_task(started.instance_id).id
    cast = errand.cast
    with errand.sessions.begin() as session:
        for ident, owner in (("photo1", "colleague"), ("photo2", "outsider")):
            session.add(
                Attachment(
                    id=ident,
                    account_id=owner,
                    filename="a.jpg",
                    media_type="image/jpeg",
                    size=10,
                    sha256=ident * 2,
                    original_sha256=ident * 2,
                    stored_name=ident,
                    captured_at=errand.moment.now - timedelta(hours=1),
                    grade="A",
                    stored_at=errand.moment.now,
                )
            )
    with pytest.raises(AnswersRefused):
        errand.complete(cast.colleague, task_id, REPORT | {"photos": [{"id": "photo2"}]})
    errand.complete(cast.colleague, task_id, REPORT | {"photos": [{"id": "photo1"}]})
    with errand.sessions.read() as session:
        (photo,) = record.answers(session, started.instance_id, task_id)["photos"]
        assert session.get_one(Attachment, "photo1").instance_id == started.instance_id
    assert (photo["id"], photo["sha256"], photo["grade"]) == ("photo1", "photo1photo1", "A")


def test_view_of_a_task(errand: Any) -> None:
    started = errand.start()
    task_id = started.next_tasks[0]
    with errand.sessions.read() as session:
        view = tasks.view(session, errand.cast.officer, task_id, errand.moment)
        assert (view.your_turn, view.claimable, view.claimed) == (True, True, False)
        assert (view.light, view.days_left, view.clauses) == ("yellow", 1, ("S4.2d",))
        assert (view.title, view.process_name, view.org_name) == ("扫雪", "差事", "北区")
        assert (view.answers, view.drafted_at) == ({"what": "扫雪"}, None)
        looked_at = tasks.view(session, errand.cast.auditor, task_id, errand.moment)
        assert (looked_at.your_turn, looked_at.answers) == (False, {})
        with pytest.raises(NotYours):
            tasks.view(session, errand.cast.outsider, task_id, errand.moment)
        with pytest.raises(NotFound):
            tasks.view(session, errand.cast.outsider, "x", errand.moment)


def test_view_of_a_task_that_is_done(errand: Any) -> None:
    started = errand.issued()
    with errand.sessions.read() as session:
        view = tasks.view(session, errand.cast.colleague, started.next_tasks[0], errand.moment)
    assert (view.status, view.performer_name, view.answers["what"]) == ("completed", "officer 01", "扫雪")


def test_returning_to_an_earlier_task(errand: Any) -> None:
    started = errand.issued()
    task_id = errand.open_task(started.instance_id).id
    cast, sessions, moment = errand.cast, errand.sessions, errand.moment
    with sessions.begin() as session:
        tasks.save_draft(session, cast.colleague, task_id, REPORT, moment)
    with sessions() as session, pytest.raises(NotYours):
        tasks.return_to(session, cast.colleague, task_id, "issue", "x", moment)
    with sessions() as session, pytest.raises(CannotReturn):
        tasks.return_to(session, cast.admin, task_id, "finished", "x", moment)
    with sessions.begin() as session:
        tasks.return_to(session, cast.admin, task_id, "issue", "写错了", moment)
    again = errand.open_task(started.instance_id)
    assert (again.element, again.roles) == ("issue", ["officer"])
    with sessions() as session:
        with pytest.raises(tasks.AlreadyDone):
            tasks.return_to(session, cast.admin, task_id, "issue", "x", moment)
        assert session.get_one(Task, task_id).status == "cancelled"
        assert session.scalars(select(Draft)).all() == []
        entry = session.scalars(select(Record).order_by(Record.seq.desc()).limit(1)).one()
        assert (entry.what, entry.actor, entry.data["reason"], entry.data["to"]) == (
            "returned",
            "admin",
            "写错了",
            "issue",
        )
    errand.complete(cast.officer, again.id, {"what": "扫雪", "deadline": "2013-05-09"})
    assert errand.open_task(started.instance_id).element == "report"


def test_urging(errand: Any) -> None:
    started = errand.issued()
    for _ in range(2):
        with errand.sessions.begin() as session:
            instances.locked(session, started.instance_id)
            assert tasks.urge(session, started.instance_id, "report", errand.moment) == 1
            assert tasks.urge(session, started.instance_id, "check", errand.moment) == 0
    assert errand.open_task(started.instance_id).urged == 2


def test_completion_takes_few_statements_and_one_commit(errand: Any, count: Callable[..., Any], database: Any) -> None:
    errand.issued()  # pools are there, the version is compiled
    started = errand.start()
    with count(database) as counted:
        errand.complete(errand.cast.officer, started.next_tasks[0], {"what": "扫雪", "deadline": "2013-05-08"})
    assert (len(counted), counted.commits) == (7, 1), counted.statements
    task_id = errand.open_task(started.instance_id).id
    with errand.sessions.begin() as session:
        tasks.save_draft(session, errand.cast.colleague, task_id, REPORT, errand.moment)
    errand.complete(errand.cast.colleague, errand.open_task(errand.issued().instance_id).id, REPORT)
    with count(database) as counted:
        errand.complete(errand.cast.colleague, task_id, REPORT)
    assert (len(counted), counted.commits) == (8, 1), counted.statements


def test_state_stays_small_in_a_loop(errand: Any) -> None:
    started = errand.issued()
    sizes = []
    for _ in range(20):
        errand.complete(errand.cast.colleague, errand.open_task(started.instance_id).id, REPORT)
        errand.complete(errand.cast.chief, errand.open_task(started.instance_id).id, {"verdict": "fail"})
        sizes.append(len(errand.instance(started.instance_id).state))
    assert sizes[-1] <= sizes[1]
    with errand.sessions.read() as session:
        assert session.get_one(Instance, started.instance_id).record_length == 42
        assert len(session.scalars(select(Task.id)).all()) == 42


def test_prefilled_answers_know_the_item_of_every_multi_instance_around(stage: Any) -> None:
    inner = (
        "<bpmn:subProcess id=\"each\"><bpmn:multiInstanceLoopCharacteristics ducha:collection=\"['north', 'south']\" "
        'ducha:elementVariable="place"/><bpmn:userTask id="ask" name="ask" ducha:candidateGroups="officer">'
        '<bpmn:multiInstanceLoopCharacteristics ducha:collection="[1, 2]" ducha:elementVariable="number"/>'
        "</bpmn:userTask></bpmn:subProcess>"
    )
    field = {"name": "where", "label": "where", "type": "text", "prefill": "f'{title}: {place} {number} {loopCounter}'"}
    stage.publish("both", '<bpmn:startEvent id="start"/>' + inner, "start>each", fields={"ask": [field]})
    case = stage.start("both")
    with stage.sessions.read() as session:
        found = session.scalars(select(Task.id).where(Task.instance_id == case))
        seen = {tasks.view(session, stage.officer, task, Moment(STAGED)).answers["where"] for task in found}
    assert seen == {"both: north 1 0", "both: north 2 1", "both: south 1 0", "both: south 2 1"}
