"""Who may do and see what. The rule and its index must never disagree."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from engine import access, accounts, instances
from engine.access import Actor, Grant
from engine.tables import Instance, Task

PATHS = {
    None: None,
    "city": "/city/",
    "north": "/city/north/",
    "street": "/city/north/street/",
    "south": "/city/south/",
}
CODES = st.sampled_from([None, "air", "water"])
ORGS = st.sampled_from(list(PATHS))
ROLES = st.sampled_from(["officer", "lead", "head"])


@settings(max_examples=400)
@given(
    grants=st.lists(st.tuples(ROLES, ORGS, CODES), max_size=4),
    roles=st.lists(ROLES, min_size=1, max_size=3),
    org=ORGS,
    code=CODES,
)
def test_index_finds_exactly_what_the_rule_allows(
    grants: list[tuple[str, str | None, str | None]], roles: list[str], org: str | None, code: str | None
) -> None:
    actor = Actor("a", "a", tuple(Grant(role, at, PATHS[at], for_) for role, at, for_ in grants))
    allowed = access.grant_for(actor, roles, PATHS[org], code) is not None
    found = bool(access.reaches_of_actor(actor) & access.reaches_of_pool(roles, PATHS[org], code))
    assert found is allowed


@pytest.mark.parametrize(
    ("grant", "org", "code", "fits"),
    [
        (("officer", "city", None), "street", "air", True),
        (("officer", "north", None), "street", "air", True),
        (("officer", "street", None), "north", "air", False),
        (("officer", "south", None), "street", "air", False),
        (("officer", "north", "air"), "north", "air", True),
        (("officer", "north", "air"), "north", None, True),
        (("officer", "north", "water"), "north", "air", False),
        (("lead", "north", None), "north", None, False),
        (("officer", "south", None), None, None, True),
        (("officer", None, None), None, "air", True),
        (("officer", None, None), "north", "air", False),
    ],
)
def test_a_grant_fits_a_task(
    grant: tuple[str, str | None, str | None], org: str | None, code: str | None, fits: bool
) -> None:
    role, at, for_ = grant
    actor = Actor("a", "a", (Grant(role, at, PATHS[at], for_),))
    task = Task(roles=["officer"], org=org, org_path=PATHS[org], task_code=code, barred="", assignee=None)
    assert access.may_do(actor, task) is fits
    task.barred = access.bar("b", "a")
    assert not access.may_do(actor, task)
    task.barred = access.bar("b", "aa")
    assert access.may_do(actor, task) is fits


def test_assigned_tasks_are_the_assignees_alone() -> None:
    actor = Actor("a", "a", (Grant("officer", None, None, None),))
    task = Task(roles=["officer"], org=None, org_path=None, task_code=None, barred="", assignee="b")
    assert not access.may_do(actor, task)
    assert access.may_do(replace(actor, id="b", grants=()), task)


def test_task_of_an_organisation_that_does_not_exist_is_nobodys() -> None:
    actor = Actor("a", "a", (Grant("officer", None, None, None),))
    task = Task(roles=["officer"], org="nowhere", org_path=None, task_code=None, barred="", assignee=None)
    assert not access.may_do(actor, task)


def test_pool_does_not_depend_on_the_order_of_roles() -> None:
    assert access.pool_id(["a", "b"], "x", None) == access.pool_id(["b", "a", "b"], "x", None)
    assert access.pool_id(["a"], "x", None) != access.pool_id(["a"], None, "x")


def test_require() -> None:
    admin = Actor("a", "a", (Grant("admin", None, None, None),))
    access.require(admin, "admin", "auditor")
    with pytest.raises(access.NotYours):
        access.require(admin, "auditor")


def test_who_sees_an_instance(errand: Any) -> None:
    started = errand.issued()
    cast, sessions, moment = errand.cast, errand.sessions, errand.moment

    def seen() -> set[str]:
        with sessions.read() as session:
            one_by_one, in_lists = (
                {name for name, actor in vars(cast).items() if session.scalar(select(Instance.id).where(asked(actor)))}
                for asked in (access.visible, access.visible_in_lists)
            )
            assert one_by_one == in_lists
            return one_by_one

    assert seen() == {"officer", "colleague", "chief", "admin", "auditor"}
    with sessions.begin() as session:
        accounts.create(session, "checker", "checker 01", "x", [("checker", "south", None)])
        session.add(
            Task(
                id="f" * 32,
                instance_id=started.instance_id,
                element="x",
                name="x",
                roles=[],
                assignee="outsider",
                holder="outsider",
                status="open",
                opened_at=moment.now,
                due_order=moment.now,
            )
        )
    assert seen() == {"officer", "colleague", "outsider", "chief", "admin", "auditor"}, "who holds a task of it"
    with sessions.begin() as session:
        task = session.get_one(Task, "f" * 32)
        task.status, task.performer, task.holder = "completed", "outsider", None
    assert "outsider" in seen(), "who has done a task of it"


@pytest.mark.parametrize("role", ["media_reporter", "deputy_member"])
def test_who_looks_from_outside_sees_only_what_was_his_to_do(errand: Any, role: str) -> None:
    started = errand.issued()
    with errand.sessions.begin() as session:
        accounts.create(session, "guest", "guest 01", "correct horse battery", [(role, "city", None)])
        guest = accounts.actor(session, "guest")
        for asked in (access.visible, access.visible_in_lists):
            assert session.scalar(select(Instance.id).where(asked(guest))) is None
        task = session.scalars(select(Task).where(Task.instance_id == started.instance_id, Task.status == "open")).one()
        task.holder = "guest"
        session.flush()
        for asked in (access.visible, access.visible_in_lists):
            assert session.scalar(select(Instance.id).where(asked(guest))) == started.instance_id


def test_who_started_sees_it_wherever_it_belongs(errand: Any) -> None:
    with errand.sessions.begin() as session:
        instances.start(session, errand.cast.outsider, "errand", "x", "north", None, "k", errand.moment)
        assert session.scalar(select(Instance.id).where(access.visible(errand.cast.outsider)))
