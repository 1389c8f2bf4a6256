"""A district fills in its ledger on a phone and from a spreadsheet; the city looks at the whole campaign."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from tests.browser.conftest import CALENDAR, DESK, PHONE
from tests.web.campaigns import CHAOYANG, MONDAY, Town, in_course, opened
from workflows import ledger_imports
from workflows.spreadsheet import Column, read_xlsx, write_xlsx
from workflows.tables import LedgerItem

pytestmark = pytest.mark.browser

GOOD = ("", "B2", "是", "", "配套管线建设", "", "42", "公里", "", "朝阳区水务局", "分管副区长", "", "2013-05-01",
        "2013-11-30", "2013-08-31 50%；2013-11-30 100%", "照片", "一般", "是")  # fmt: skip


@pytest.fixture
def compiling(office: Any) -> Town:
    """Empty ledgers, on Monday 04-22."""
    town = Town(office.sessions)
    with office.sessions.begin() as session:
        opened(session, town)
    office.clock.now = datetime(2013, 4, 22, 10, tzinfo=CALENDAR.zone)
    return town


@pytest.fixture
def running(office: Any) -> Town:
    town = Town(office.sessions)
    with office.sessions.begin() as session:
        in_course(session, town)
    office.clock.now = MONDAY.now
    return town


@pytest.mark.parametrize("scripted", [True, False])
def test_a_row_is_entered_on_a_phone(office: Any, compiling: Town, scripted: bool) -> None:
    officer = office.person("chaoyang-supervision-01", PHONE, java_script_enabled=scripted)
    officer.go(f"/ledgers/{compiling.ledgers[CHAOYANG]}")
    officer.sees("朝阳区台账", "A3 控制机动车排放污染", "既无任务，也未说明不适用的理由")
    officer.page.get_by_role("link", name="为A3增加一行").click()
    officer.fill(
        applicable=True, item_name="淘汰老旧机动车", target_value="26000", unit_of_measure="辆",
        responsible_unit="110105-HB", responsible_post="分管副区长", start_date="2013-05-01", deadline="2013-12-20",
        milestones__0__date="2013-12-20", milestones__0__planned_percent="100", evidence_standard=["photo"],
        publishable=True,
    )  # fmt: skip
    if scripted:
        officer.checks_access()
    officer.button("complete").click()
    officer.sees("已保存：淘汰老旧机动车", "26,000 辆", "朝阳区环保局")
    if scripted:
        officer.checks_access()
    assert len(compiling.rows(LedgerItem)) == 1


def test_a_spreadsheet_with_mistakes_is_mended_and_taken_over(office: Any, compiling: Town) -> None:
    officer = office.person("chaoyang-supervision-01", DESK)
    address = f"/ledgers/{compiling.ledgers[CHAOYANG]}"
    officer.go(f"{address}/import")
    wrong = tuple("四十二" if cell == "42" else cell for cell in GOOD)
    file = _sheet(office, compiling, [GOOD, wrong])
    upload = {"name": "台账.xlsx", "mimeType": "application/octet-stream", "buffer": file}
    officer.page.get_by_label("或者上传文件").set_input_files([upload])
    officer.page.get_by_role("button", name="核对各行").click()
    officer.sees("G3", "四十二", "有1个单元格需要更正，未保存任何内容。")
    officer.mishaps.clear()  # the console notes the answer 422
    officer.checks_access()
    text = officer.page.locator("#pasted")
    text.fill(text.input_value().replace("四十二", "43"))
    officer.page.get_by_role("button", name="核对各行").click()
    officer.sees("待导入", "新增2", "配套管线建设")
    officer.checks_access()
    assert compiling.rows(LedgerItem) == []
    officer.page.get_by_role("button", name="导入这些行").click()
    officer.sees("已导入：新增2行")
    assert len(compiling.rows(LedgerItem)) == 2


@pytest.mark.parametrize("viewport", [DESK, PHONE])
def test_the_campaign_on_one_page(office: Any, running: Town, viewport: dict[str, int]) -> None:
    lead = office.person("synthesis-lead-01", viewport)
    for address in (
        f"/campaigns/{running.campaign_id}",
        f"/items?campaign={running.campaign_id}&light=red",
        f"/items/{running.item()}",
        f"/ledgers/{running.ledgers[CHAOYANG]}",
        f"/ledgers/{running.ledgers[CHAOYANG]}/baselines/1",
        "/registers/problems",
    ):
        lead.go(address)
        lead.checks_access()
    lead.go("/campaigns")
    lead.page.wait_for_selector("[data-chart] canvas")
    lead.sees("各区县各任务灯色", "442", "当前由谁办理")
    tile = lead.page.locator(".tile-110105 a")
    assert tile.is_visible()
    tile.click()
    lead.sees("26项", "朝阳区环保局")
    lead.page.locator(".ledger .first a").first.click()
    lead.sees("计划、填报与核实", "亮灯原因", "灯色变化")


def test_parameters_of_the_house(office: Any) -> None:
    admin = office.person("admin-01", PHONE)
    for address in ("/admin/parameters", "/admin/parameters/ledger_days"):
        admin.go(address)
        admin.checks_access()
    admin.fill(value="12", reason="五一假期较长")
    admin.page.get_by_role("button", name="设定", exact=True).click()
    admin.sees("五一假期较长", "12 个工作日")


def _sheet(office: Any, town: Town, rows: list[tuple[str, ...]]) -> bytes:
    """What somebody makes of the template: its headings with rows of his own."""
    with office.sessions.read() as session:
        template = ledger_imports.export(session, town.ledgers[CHAOYANG])
    headings = [str(cell) for cell in read_xlsx(template)[0]]
    return write_xlsx("台账", [Column(heading) for heading in headings], rows, [])
