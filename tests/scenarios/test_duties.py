"""Duties stay apart even where one account holds both roles, and who is not subordinate is only reminded."""

import pytest

from engine import accounts
from engine.access import NotYours
from engine.tables import Task
from tests.scenarios.items import install
from workflows.tables import Urging


@pytest.fixture
def ground(sessions, hashed_password, tmp_path):
    found = install(sessions, tmp_path / "attachments", hashed_password)
    found.put("sample_percent", 0)
    return found


@pytest.mark.clause("S2.1", "S4.2a")
def test_who_reports_does_not_verify_even_with_both_roles(ground):
    with ground.stage.sessions.begin() as session:
        accounts.grant(session, "chaoyang-air-01", [("district_supervision_officer", "110105", None)])
    item = ground.signed_item()
    ground.live_until("2013-05-22 10:00")
    item.report(900)
    with pytest.raises(NotYours):
        item.verify(900, who="chaoyang-air-01")
    item.verify(900)
    assert item.row.verified_value == 900


@pytest.mark.clause("S4.2d")
def test_who_rectifies_does_not_recheck_even_with_both_roles(office):
    with office.stage.sessions.begin() as session:
        accounts.grant(session, "chaoyang-air-01", [("task_group_officer", "task_group_air", "air")])
    order = office.issue()
    order.up_to_report()
    order.report()
    with pytest.raises(NotYours):
        order.recheck("pass", who="chaoyang-air-01")
    order.recheck("pass")


@pytest.mark.clause("S2.1", "S1.7")
@pytest.mark.parametrize(
    ("unit", "urged"),
    [("110105-HB", True), ("110000-ZUZ", False), ("110000-JCJ", False), ("coordination_group", False)],
)
def test_who_is_not_subordinate_is_reminded_but_not_urged(ground, unit, urged):
    item = ground.signed_item()
    ground.live_until("2013-05-20 10:00")
    (task,) = ground.rows(Task, Task.instance_id == item.case, Task.status == "open")
    with ground.stage.sessions.begin() as session:
        session.get_one(Task, task.id).org = unit
    ground.live_until("2013-06-05 10:00")
    rungs = {row.rung for row in ground.rows(Urging, Urging.task_id == task.id)}
    assert min(rungs) == 1, "all are reminded before the day"
    assert (max(rungs) > 1) is urged
    (task,) = ground.rows(Task, Task.id == task.id)
    assert (task.urged > 0) is urged
