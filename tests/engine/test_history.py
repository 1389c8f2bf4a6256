"""What the page of an instance shows, and to whom."""

from __future__ import annotations

from typing import Any

import pytest

from engine import history, instances, tasks
from engine.access import NotFound, NotYours
from engine.progress import Mark
from engine.tables import Incident, Message, Request, Subscription, Timer


def view(errand: Any, actor: Any, instance_id: str, **how: Any) -> history.InstanceView:
    with errand.sessions.read() as session:
        return history.instance(session, actor, instance_id, errand.moment, **how)


@pytest.fixture
def looped(errand: Any) -> str:
    """An errand that failed its check once and is being reported again."""
    started = errand.issued(opinion="抓紧")
    errand.complete(errand.cast.colleague, errand.open_task(started.instance_id).id, {"result": "一"})
    errand.complete(errand.cast.chief, errand.open_task(started.instance_id).id, {"verdict": "fail"})
    instance_id: str = started.instance_id
    return instance_id


def test_facts(errand: Any, looped: str) -> None:
    facts = view(errand, errand.cast.officer, looped).facts
    assert (facts.title, facts.process_name, facts.version, facts.status) == ("扫雪", "差事", 1, "active")
    assert (facts.org_name, facts.starter_name, facts.ended_at) == ("北区", "officer 01", None)


def test_marks_on_the_diagram(errand: Any, looped: str) -> None:
    marks = view(errand, errand.cast.officer, looped).marks
    assert marks.elements == {
        "begin": Mark(done=1),
        "issue": Mark(done=1),
        "report": Mark(done=1, active=1),
        "check": Mark(done=1),
        "passed": Mark(done=1),
    }
    assert marks.flows == {"f1": 1, "f2": 1, "f3": 1, "f4": 1, "again": 1}


def test_marks_of_a_cancelled_instance(errand: Any, looped: str) -> None:
    with errand.sessions.begin() as session:
        instances.cancel(session, errand.cast.admin, looped, "x", errand.moment)
    seen = view(errand, errand.cast.officer, looped)
    assert seen.marks.elements["report"] == Mark(done=1, cancelled=1)
    assert (seen.open_tasks, seen.facts.status) == ((), "cancelled")


def test_entries_newest_first(errand: Any, looped: str) -> None:
    seen = view(errand, errand.cast.officer, looped)
    assert [(one.seq, one.what, one.element, one.element_name, one.actor_name) for one in seen.entries] == [
        (4, "completed", "check", "复核", "chief 01"),
        (3, "completed", "report", "报告", "colleague 01"),
        (2, "completed", "issue", "交办", "officer 01"),
        (1, "started", None, "", "officer 01"),
    ]
    issued = seen.entries[2]
    assert (issued.opinion, issued.answers["deadline"], issued.at) == ("抓紧", "2013-05-08", errand.moment.now)
    assert issued.form is not None
    assert issued.form.title == "交办"
    assert seen.more is None


def test_entries_come_in_pages(errand: Any, looped: str) -> None:
    seen = view(errand, errand.cast.officer, looped, limit=3)
    assert ([one.seq for one in seen.entries], seen.more) == ([4, 3, 2], 2)
    with errand.sessions.read() as session:
        rest, more = history.entries(session, errand.cast.officer, looped, before=2)
        assert ([one.seq for one in rest], more) == ([1], None)
        with pytest.raises(NotYours):
            history.entries(session, errand.cast.outsider, looped, before=2)


def test_who_has_the_ball(errand: Any, looped: str) -> None:
    (holder,) = view(errand, errand.cast.colleague, looped).open_tasks
    assert (holder.element, holder.roles, holder.org_name, holder.holder_name) == ("report", ("officer",), "北区", None)
    assert (holder.yours, holder.light, holder.days_left) == (True, "yellow", 2)
    assert not view(errand, errand.cast.officer, looped).open_tasks[0].yours
    with errand.sessions.begin() as session:
        tasks.claim(session, errand.cast.colleague, holder.task_id, errand.moment)
    (holder,) = view(errand, errand.cast.officer, looped).open_tasks
    assert holder.holder_name == "colleague 01"


def test_what_else_it_waits_for(errand: Any, looped: str) -> None:
    now = errand.moment.now
    shared = {"instance_id": looped, "element": "check"}
    with errand.sessions.begin() as session:
        session.add_all(
            [
                Timer(id="t" * 32, due=now, **shared),
                Subscription(id="s" * 32, kind="message", name="m1", key=None, opened_at=now, **shared),
                Request(
                    id="r" * 32,
                    kind="call",
                    name="p",
                    inputs={},
                    status="waiting",
                    opened_at=now,
                    child_id=None,
                    **shared,
                ),
                Request(id="q" * 32, kind="call", name="p", inputs={}, status="done", opened_at=now, **shared),
                Message(id="m" * 32, kind="message", name="m2", payload={}, status="waiting", sent_at=now, **shared),
                Incident(instance_id=looped, element="check", code="x", message="m", params={}, noted_at=now),
            ]
        )
    seen = view(errand, errand.cast.officer, looped)
    assert [(one.kind, one.name, one.status, one.element_name) for one in seen.waiting] == [
        ("timer", "", "pending", "复核"),
        ("message", "m1", "open", "复核"),
        ("call", "p", "waiting", "复核"),
        ("sent", "m2", "waiting", "复核"),
    ]
    assert [(one.code, one.element_name) for one in seen.troubles] == [("x", "复核")]
    assert seen.marks.elements["check"] == Mark(done=1, active=3, failed=1)


@pytest.mark.parametrize("who", ["officer", "colleague", "chief", "admin", "auditor"])
def test_who_sees_it(errand: Any, looped: str, who: str) -> None:
    assert view(errand, getattr(errand.cast, who), looped).facts.id == looped


def test_wrong_person(errand: Any, looped: str) -> None:
    with pytest.raises(NotYours):
        view(errand, errand.cast.outsider, looped)
    with pytest.raises(NotFound):
        view(errand, errand.cast.outsider, "x")


def test_list_of_instances(errand: Any) -> None:
    for title in ("甲", "乙", "丙"):
        errand.start(title)
    ended = errand.start("丁").instance_id
    with errand.sessions.begin() as session:
        instances.cancel(session, errand.cast.admin, ended, "x", errand.moment)
    with errand.sessions.read() as session:
        found: list[str] = []
        after = None
        for _ in range(2):
            page = history.instances(session, errand.cast.colleague, after=after, limit=2)
            found += [row.title for row in page.rows]
            after = page.next
        assert (sorted(found), after) == (sorted("甲乙丙丁"), None)
        assert history.instances(session, errand.cast.outsider).rows == ()
        assert [one.title for one in history.instances(session, errand.cast.admin, search="乙").rows] == ["乙"]
        assert [one.title for one in history.instances(session, errand.cast.admin, status="cancelled").rows] == ["丁"]


def test_statements_do_not_grow_with_the_instance(errand: Any, looped: str, count: Any, database: Any) -> None:
    for _ in range(3):
        errand.complete(errand.cast.colleague, errand.open_task(looped).id, {"result": "x"})
        errand.complete(errand.cast.chief, errand.open_task(looped).id, {"verdict": "fail"})
    with count(database) as counted:
        view(errand, errand.cast.officer, looped)
    assert len(counted) == 10
