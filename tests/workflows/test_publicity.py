"""Public notices: shown for their time and by the page, if the publication gate lets them pass."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.workflows.conftest import MOMENT, an_instance
from workflows import publicity
from workflows.tables import LedgerItem, PublicNotice

UNTIL = (MOMENT.now + timedelta(days=5)).isoformat()


def announce(office, text="已淘汰两千辆。", subject="朝阳区黄标车淘汰", unit="110105-HB"):
    return office.run("publicity", subject=subject, unit=unit, text=text, until=UNTIL)


def shown(office, search="", moment=MOMENT, limit=10, offset=0):
    return publicity.shown(office.session, search, moment, limit, offset)


def test_a_notice_is_shown_for_its_time(office):
    found = announce(office)
    assert (found["shown"], found["unit"], found["verdict"]) == (True, "朝阳区环保局", "pass")
    (notice,), total = shown(office)
    assert (notice.subject, notice.text, notice.unit, total) == (
        "朝阳区黄标车淘汰",
        "已淘汰两千辆。",
        "朝阳区环保局",
        1,
    )
    for days in (-1, 6):
        assert shown(office, moment=replace(MOMENT, now=MOMENT.now + timedelta(days=days))) == ([], 0)


def test_nobody_is_named_in_it(office):
    found = announce(office, "车主王建国先生（13812345678）已领取补贴。", "王建国先生的车")
    assert found["text"] == "车主王建国先生（138******78）已领取补贴。".replace("王建国", "王**")
    (notice,), _ = shown(office)
    assert "13812345678" not in notice.text + notice.subject
    assert "王建国" not in notice.text + notice.subject


@pytest.mark.parametrize("text", ["机密★\n已淘汰两千辆。", "绝密\n正文"])
def test_what_the_gate_holds_back_is_kept_and_never_shown(office, text):
    found = announce(office, text)
    assert (found["shown"], found["verdict"]) == (False, "refuse")
    assert shown(office) == ([], 0)
    (row,) = office.session.query(PublicNotice)
    assert "涉密" in row.reason


def test_an_item_that_the_ledger_keeps_back_is_not_announced(office):
    office.opened()
    item = office.add(office.ledger())
    office.instance = an_instance(office.session, "item_progress")
    office.session.get_one(LedgerItem, item.id).instance_id = office.instance.id
    assert announce(office)["shown"] is True
    office.session.get_one(LedgerItem, item.id).publishable = False
    assert announce(office)["verdict"] == "require_ground"
    order = an_instance(office.session, "rectification")
    order.variables = {"item_id": item.id}
    office.instance = order
    assert announce(office)["verdict"] == "require_ground", "nor is what was rectified about it"
    assert shown(office)[1] == 1


def test_the_newest_come_first_by_the_page_and_can_be_searched(office, database, count):
    for number in range(5):
        announce(office, f"第{number}批")
    office.session.flush()
    with count(database) as counted:
        found, total = shown(office, limit=2)
    assert len(counted) == 3
    assert ([notice.text for notice in found], total) == (["第4批", "第3批"], 5)
    assert [notice.text for notice in shown(office, limit=2, offset=4)[0]] == ["第0批"]
    assert shown(office, "第3批")[1] == 1
    assert shown(office, "%")[1] == 0
