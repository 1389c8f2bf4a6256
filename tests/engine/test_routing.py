"""Who gets a task, and what happens where the diagram names somebody who doesn't exist."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select

from engine import inbox, instances, organisations, routing, tasks
from engine.publish import Bundle, publish
from engine.tables import Incident, Pool, PoolReach, Record, Task


def opened(**columns: Any) -> Task:
    return Task(**({"id": "t", "element": "e", "roles": ["officer"], "org": None, "task_code": None} | columns))


def test_pools_are_made_once(sessions: Any, cast: Any, count: Any, database: Any) -> None:
    with sessions.begin() as session:
        one, two = opened(org="north", roles=["b", "a"]), opened(org="north", roles=["a", "b"], id="u")
        assert routing.route(session, [one, two], [None, None]) == []
        assert one.pool_id == two.pool_id
        assert one.org_path == "/city/north/"
        assert session.scalars(select(Pool.roles)).all() == [["a", "b"]]
        assert session.scalars(select(PoolReach.reach).order_by(PoolReach.reach)).all() == [
            "a|city|*",
            "a|city|-",
            "a|north|*",
            "a|north|-",
            "b|city|*",
            "b|city|-",
            "b|north|*",
            "b|north|-",
        ]
    with sessions.begin() as session, count(database) as counted:
        routing.route(session, [opened(org="north", roles=["a", "b"])], [None])
        assert len(counted) == 1


def test_pools_made_at_once(sessions: Any, cast: Any, at_once: Any) -> None:
    def run() -> None:
        with sessions.begin() as session:
            wanted = [opened(org=org, roles=[role], id=f"{org}{role}") for org in ("north", "south") for role in "abc"]
            assert routing.route(session, wanted, [None] * 6) == []

    assert at_once(*[run] * 4) == [None] * 4


def test_task_for_nobody_is_a_trouble(sessions: Any, cast: Any) -> None:
    with sessions.begin() as session:
        (trouble,) = routing.route(session, [opened(roles=[])], [None])
        assert (trouble.code, trouble.token) == (routing.NOBODY, "t")
        assert routing.route(session, [opened(roles=[])], ["officer"]) == []


@pytest.fixture
def lost(errand: Any, errand_bundle: Bundle) -> Any:
    """An errand that is to be reported in an organisation that doesn't exist."""
    text = errand_bundle.diagram.decode()
    place = text.index('id="report"')
    text = text[:place] + text[place:].replace('candidateOrg="=org"', """candidateOrg="='west'\"""", 1)
    with errand.sessions.begin() as session:
        publish(session, errand.cast.admin, replace(errand_bundle, diagram=text.encode()), "", {}, errand.moment)
    return errand.issued()


def test_unknown_organisation_is_noted_and_mended(errand: Any, lost: Any) -> None:
    task = errand.open_task(lost.instance_id)
    assert (task.org, task.pool_id, task.org_path) == ("west", None, None)
    sessions, cast, moment = errand.sessions, errand.cast, errand.moment
    with sessions.read() as session:
        incident = session.scalars(select(Incident)).one()
        assert (incident.code, incident.token, incident.params) == (routing.UNKNOWN_ORG, task.id, {"org": "west"})
        for actor in vars(cast).values():
            assert inbox.open_tasks(session, actor, moment).rows == ()
    with sessions.begin() as session:
        assert not tasks.reroute(session, task.id, moment)
        organisations.save(session, "west", "西区", "north")
        assert tasks.reroute(session, task.id, moment)
    with sessions.read() as session:
        assert [row.task_id for row in inbox.open_tasks(session, cast.colleague, moment).rows] == [task.id]
        assert session.scalars(select(Record.what).order_by(Record.seq.desc()).limit(1)).one() == "rerouted"


def test_rerouting_a_closed_task_changes_nothing(errand: Any) -> None:
    started = errand.issued()
    with errand.sessions.begin() as session:
        assert tasks.reroute(session, started.next_tasks[0], errand.moment)
    with errand.sessions.begin() as session:
        instances.cancel(session, errand.cast.admin, started.instance_id, "x", errand.moment)
