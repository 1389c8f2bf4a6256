"""Starting and cancelling: works, wrong person, wrong state, repeated, concurrent."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from engine import definitions, instances, record
from engine.access import NotFound, NotYours
from engine.instances import HasEnded, NotPublished, StartRefused
from engine.tables import Instance, Record, Task


def start(errand: Any, actor: Any, **changes: Any) -> instances.Started:
    given = {"process_key": "errand", "title": "扫雪", "org": "north", "task_code": "air", "key": "k"} | changes
    with errand.sessions.begin() as session:
        return instances.start(session, actor, moment=errand.moment, **given)


def test_starting(errand: Any) -> None:
    started = start(errand, errand.cast.officer, title="  扫\t雪\u202e\n了 ")
    assert (len(started.next_tasks), started.repeated) == (1, False)
    with errand.sessions.read() as session:
        instance = session.get_one(Instance, started.instance_id)
        assert (instance.title, instance.org_path, instance.starter, instance.starter_org, instance.status) == (
            "扫 雪 了",
            "/city/north/",
            "officer",
            "north",
            "active",
        )
        assert {name: instance.variables[name] for name in ("org", "starter", "started_by", "instance_id")} == {
            "org": "north",
            "starter": "officer",
            "started_by": "begin",
            "instance_id": instance.id,
        }


@pytest.mark.parametrize("who", ["chief", "admin", "auditor"])
def test_wrong_person(errand: Any, who: str) -> None:
    with pytest.raises(NotYours):
        start(errand, getattr(errand.cast, who))


def test_unknown_process(errand: Any) -> None:
    with pytest.raises(NotPublished, match="no process elsewhere"):
        start(errand, errand.cast.officer, process_key="elsewhere")


@pytest.mark.parametrize(
    ("changes", "element"),
    [
        ({"title": " \x00\u200b "}, "title"),
        ({"title": "x" * 301}, "title"),
        ({"org": "x"}, "org"),
        ({"task_code": "a\0"}, "task_code"),
    ],
)
def test_refused(errand: Any, changes: dict[str, Any], element: str) -> None:
    with pytest.raises(StartRefused) as refused:
        start(errand, errand.cast.officer, **changes)
    assert [problem.element for problem in refused.value.problems] == [element]
    with errand.sessions.read() as session:
        assert session.scalars(select(Instance)).all() == []


def test_repeated(errand: Any) -> None:
    first = start(errand, errand.cast.officer)
    again = start(errand, errand.cast.officer, title="another")
    assert (again.instance_id, again.next_tasks, again.repeated) == (first.instance_id, first.next_tasks, True)
    assert start(errand, errand.cast.colleague).instance_id != first.instance_id, "the key is the actor's own"
    long = [start(errand, errand.cast.officer, key="x" * 1000 + end).instance_id for end in "abb"]
    assert (long[0] != long[1], long[1] == long[2]) == (True, True)


def test_double_click(errand: Any, at_once: Any) -> None:
    results = at_once(*[lambda: start(errand, errand.cast.officer)] * 3)
    assert len({result.instance_id for result in results}) == 1
    assert sorted(result.repeated for result in results) == [False, True, True]
    with errand.sessions.read() as session:
        assert len(session.scalars(select(Task)).all()) == 1


def test_cancelling(errand: Any) -> None:
    started = errand.issued()
    with errand.sessions.begin() as session:
        instances.cancel(session, errand.cast.admin, started.instance_id, "重复", errand.moment)
    with errand.sessions.read() as session:
        instance = session.get_one(Instance, started.instance_id)
        assert (instance.status, instance.ended_at) == ("cancelled", errand.moment.now)
        assert session.scalars(select(Task.status).order_by(Task.opened_at, Task.element)).all() == [
            "completed",
            "cancelled",
        ]
        entry = session.scalars(select(Record).order_by(Record.seq.desc()).limit(1)).one()
        assert (entry.what, entry.actor, entry.data["reason"]) == ("cancelled", "admin", "重复")
    with errand.sessions() as session:
        with pytest.raises(HasEnded):
            instances.cancel(session, errand.cast.admin, started.instance_id, "again", errand.moment)
        with pytest.raises(NotFound):
            instances.cancel(session, errand.cast.admin, "x", "", errand.moment)
        with pytest.raises(NotYours):
            instances.cancel(session, errand.cast.officer, started.instance_id, "", errand.moment)


def test_started_by_a_message(errand: Any) -> None:
    payload = {"title": "来信", "org": "north", "task_code": "water", "problem": 7}
    with errand.sessions.begin() as session:
        version = definitions.current(session, "errand")
        assert version is not None
        first = instances.start_by_message(session, version, "begin", payload, "message:1", errand.moment)
        again = instances.start_by_message(session, version, "begin", payload, "message:1", errand.moment)
        assert first.id == again.id
        assert (first.title, first.org, first.task_code, first.starter) == ("来信", "north", "water", None)
        assert first.variables["begin"] == payload
        odd = {"title": 7, "org": "nowhere", "task_code": ["x"]}
        other = instances.start_by_message(session, version, "begin", odd, "message:2", errand.moment)
        assert (other.title, other.org, other.task_code) == ("差事", None, None)


def test_started_by_a_call(errand: Any) -> None:
    parent_id = errand.start("上级").instance_id
    with errand.sessions.begin() as session:
        version = definitions.current(session, "errand")
        assert version is not None
        parent = instances.locked(session, parent_id)
        child = instances.start_called(session, version, parent, "a" * 32, {"why": "x"}, errand.moment)
        again = instances.start_called(session, version, parent, "a" * 32, {"why": "x"}, errand.moment)
        assert child.id == again.id
        assert (child.title, child.org, child.task_code, child.starter, child.parent_request) == (
            "上级",
            "north",
            "air",
            "officer",
            "a" * 32,
        )
        assert child.variables["why"] == "x"
        other = instances.start_called(session, version, parent, "b" * 32, {"org": "south"}, errand.moment)
        assert other.org_path == "/city/south/"


def test_started_by_a_timer(errand: Any) -> None:
    with errand.sessions.begin() as session:
        version = definitions.current(session, "errand")
        assert version is not None
        instance = instances.start_by_timer(session, version, "begin", {}, "timer:1:0", errand.moment)
        assert (instance.title, instance.starter) == ("差事 2013-05-06", None)
        assert record.verify(session, instance.id) == record.Verdict(1, None)


def test_locking_what_is_not_there(errand: Any) -> None:
    with errand.sessions() as session, pytest.raises(NotFound):
        instances.locked(session, "x")


def test_locks_make_writers_wait(errand: Any, at_once: Any) -> None:
    """Eight threads count to ten each; without the lock, updates would be lost."""
    instance_id = errand.start().instance_id

    def count() -> None:
        for _ in range(10):
            with errand.sessions.begin() as session:
                instance = instances.locked(session, instance_id)
                record.note(session, instance, record.Entry("counted"), errand.moment)

    assert at_once(*[count] * 8) == [None] * 8
    with errand.sessions.read() as session:
        assert record.verify(session, instance_id) == record.Verdict(81, None)
