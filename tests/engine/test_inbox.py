"""The inbox: the right tasks, the most urgent first, searched, paged, and flat in the number of open tasks."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import event, insert, select

from bpmn.moment import Moment
from engine import accounts, inbox, instances, organisations, tasks
from engine.access import Actor, Grant
from engine.inbox import Counts
from engine.tables import Instance, Task


def titles(errand: Any, actor: Actor, **how: Any) -> list[str]:
    with errand.sessions.read() as session:
        return [row.title for row in inbox.open_tasks(session, actor, errand.moment, **how).rows]


def many(errand: Any, total: int, **columns: Any) -> None:
    """Open tasks like that of a started errand, due an hour apart from yesterday on."""
    model = errand.open_task(errand.start("模板").instance_id)
    shared = {
        name: getattr(model, name)
        for name in ("instance_id", "element", "name", "roles", "org", "org_path", "pool_id", "barred", "opened_at")
    }
    first = errand.moment.now - timedelta(hours=24)
    rows = []
    for number in range(total):
        due = first + timedelta(hours=number)
        rows.append(
            shared | {"id": f"{number:032}", "status": "open", "urged": 0, "due": due, "due_order": due} | columns
        )
    with errand.sessions.begin() as session:
        session.delete(session.get_one(Task, model.id))
        session.flush()
        session.execute(insert(Task), rows)


def test_who_finds_what(errand: Any) -> None:
    errand.start("甲")
    errand.issued("乙")
    cast = errand.cast
    assert titles(errand, cast.officer) == ["甲"], "barred from reporting what he issued himself"
    assert titles(errand, cast.colleague) == ["甲", "乙"]
    for actor in (cast.outsider, cast.chief, cast.admin, cast.auditor):
        assert titles(errand, actor) == []


def test_what_a_row_tells(errand: Any) -> None:
    started = errand.start("甲")
    with errand.sessions.read() as session:
        (row,) = inbox.open_tasks(session, errand.cast.officer, errand.moment).rows
    assert row.task_id == started.next_tasks[0]
    assert (row.name, row.title, row.process_name, row.org_name, row.task_code) == ("交办", "甲", "差事", "北区", "air")
    assert (row.light, row.days_left, row.urged, row.claimed, row.status) == ("yellow", 1, 0, False, "open")


def test_claimed_and_assigned_tasks_are_only_in_the_holders_list(errand: Any) -> None:
    started = errand.start("甲")
    with errand.sessions.begin() as session:
        tasks.claim(session, errand.cast.officer, started.next_tasks[0], errand.moment)
    assert titles(errand, errand.cast.colleague) == []
    with errand.sessions.read() as session:
        (row,) = inbox.open_tasks(session, errand.cast.officer, errand.moment).rows
        assert row.claimed
    assigned = errand.issued("乙", checker="auditor")
    errand.complete(errand.cast.colleague, errand.open_task(assigned.instance_id).id, {"result": "x"})
    assert titles(errand, errand.cast.auditor) == ["乙"]
    assert titles(errand, errand.cast.chief) == []


def test_most_urgent_first_and_without_due_time_last(errand: Any) -> None:
    many(errand, 30)
    with errand.sessions.begin() as session:
        session.get_one(Task, f"{7:032}").due = None
        session.get_one(Task, f"{7:032}").due_order = inbox.NO_DUE
    with errand.sessions.read() as session:
        rows = inbox.open_tasks(session, errand.cast.officer, errand.moment).rows
    assert [int(row.task_id) for row in rows] == [*range(7), *range(8, 30), 7]
    assert (rows[0].light, rows[-2].light, rows[-1].light) == ("red", "yellow", None)


def test_pages_join_without_gap_or_overlap(errand: Any) -> None:
    many(errand, 23, due_order=errand.moment.now)  # equal due times: the id decides
    found: list[str] = []
    after = None
    with errand.sessions.read() as session:
        for _ in range(5):
            page = inbox.open_tasks(session, errand.cast.officer, errand.moment, after=after, limit=5)
            found += [row.task_id for row in page.rows]
            after = page.next
    assert (found, after) == ([f"{number:032}" for number in range(23)], None)


@pytest.mark.parametrize("after", ["x", "%%%", "W10", "", "WyIyMDEzLTA1LTA2IiwgMV0"])
def test_broken_cursor_shows_the_first_page(errand: Any, after: str) -> None:
    errand.start("甲")
    assert titles(errand, errand.cast.officer, after=after) == ["甲"]


def test_search(errand: Any) -> None:
    errand.start("扫雪100%")
    errand.start("Snow_A")
    assert titles(errand, errand.cast.officer, search="100%") == ["扫雪100%"]
    assert titles(errand, errand.cast.officer, search=" snow_a ") == ["Snow_A"]
    assert titles(errand, errand.cast.officer, search="snow%a") == []
    assert len(titles(errand, errand.cast.officer, search="交办")) == 2, "the name of the task"


def test_a_subject_tells_tasks_apart_and_is_found(errand: Any) -> None:
    many(errand, 1, subject="朝阳区")
    errand.start("乙")
    assert titles(errand, errand.cast.officer, search="朝阳") == ["模板"]
    with errand.sessions.read() as session:
        rows = inbox.open_tasks(session, errand.cast.officer, errand.moment).rows
        assert [row.subject for row in rows] == ["朝阳区", None]
        assert tasks.view(session, errand.cast.officer, rows[0].task_id, errand.moment).subject == "朝阳区"


def test_lights(errand: Any) -> None:
    many(errand, 150)
    cast, moment = errand.cast, errand.moment
    with errand.sessions.read() as session:
        assert inbox.counts(session, cast.officer, moment) == Counts(red=24, yellow=81, green=45)
        assert inbox.counts(session, cast.outsider, moment) == Counts(0, 0, 0)
        for colour in ("red", "yellow", "green"):
            page = inbox.open_tasks(session, cast.officer, moment, only=colour, limit=200)
            assert {row.light for row in page.rows} == {colour}
        later = Moment(moment.now + timedelta(days=300))
        assert inbox.counts(session, cast.officer, later) == Counts(red=inbox.MOST_COUNTED, yellow=0, green=0)


def test_done(errand: Any) -> None:
    for title in ("甲", "乙", "丙"):
        errand.issued(title)
    with errand.sessions.read() as session:
        first = inbox.done_tasks(session, errand.cast.officer, errand.moment, limit=2)
        rest = inbox.done_tasks(session, errand.cast.officer, errand.moment, after=first.next, limit=2)
        assert sorted(row.title for row in first.rows + rest.rows) == sorted(["甲", "乙", "丙"])
        assert (len(first.rows), rest.next, first.rows[0].status, first.rows[0].light) == (2, None, "completed", None)
        found = inbox.done_tasks(session, errand.cast.officer, errand.moment, search="乙").rows
        assert [row.title for row in found] == ["乙"]
        assert inbox.done_tasks(session, errand.cast.colleague, errand.moment).rows == ()


def test_actor_of_many_pools_finds_the_same(errand: Any) -> None:
    """Beyond `MOST_RANGES` the list is read another way."""
    with errand.sessions.begin() as session:
        grants = []
        for number in range(inbox.MOST_RANGES + 5):
            organisations.save(session, f"d{number}", "x", "city")
            grants.append(("officer", f"d{number}", None))
        accounts.create(session, "busy", "busy 01", "x", [*grants, ("officer", "north", None)])
    with errand.sessions.begin() as session:
        busy = accounts.actor(session, "busy")
        for _, org, _ in grants:
            starter = Actor("officer", "officer 01", (Grant("officer", org, f"/city/{org}/", None),))
            instances.start(session, starter, "errand", org, org, None, org, errand.moment)
    errand.start("north")
    found = titles(errand, busy)
    assert len(found) == inbox.MOST_RANGES + 6
    assert titles(errand, busy, search="north") == ["north"]


def test_two_statements_however_much_is_open(errand: Any, count: Any, database: Any) -> None:
    many(errand, 300)
    with errand.sessions.read() as session, count(database) as counted:
        assert len(inbox.open_tasks(session, errand.cast.officer, errand.moment).rows) == 50
    assert len(counted) == 2


def test_cost_is_flat(errand: Any, database: Any) -> None:
    """Rows that the database reads for a page, not milliseconds: those depend on the machine."""
    if database.dialect.name != "sqlite":
        pytest.skip("SQLite counts its own steps; the index is the same on PostgreSQL")
    steps = []
    for total in (200, 20_000):
        with errand.sessions.begin() as session:
            for task in session.scalars(select(Task)):
                session.delete(task)
        many(errand, total)
        steps.append(steps_of_a_page(errand, database))
    assert steps[1] < steps[0] * 1.5


def steps_of_a_page(errand: Any, database: Any) -> int:
    """Steps of SQLite's virtual machine, in hundreds."""
    counted = 0

    def tick() -> int:
        nonlocal counted
        counted += 1
        return 0

    def watch(connection: Any, *_: Any) -> None:
        connection.connection.dbapi_connection.set_progress_handler(tick, 100)

    event.listen(database, "begin", watch)
    try:
        with errand.sessions.read() as session:
            assert len(inbox.open_tasks(session, errand.cast.officer, errand.moment).rows) == 50
            session.connection().connection.dbapi_connection.set_progress_handler(None, 100)
    finally:
        event.remove(database, "begin", watch)
    return counted


def test_instances_are_not_touched(errand: Any) -> None:
    """A task of an instance with a huge state costs no more: the state is not read."""
    started = errand.start("甲")
    with errand.sessions.begin() as session:
        session.get_one(Instance, started.instance_id).state = uuid4().bytes * 10
    seen: list[str] = []
    event.listen(errand.sessions.engine, "before_cursor_execute", lambda *given: seen.append(given[2]))
    assert titles(errand, errand.cast.officer) == ["甲"]
    assert not any("state" in one for one in seen)
