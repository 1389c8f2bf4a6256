"""The whole of P06 through real pages: an order, its receipt, a plan that is returned once, a recheck that fails once,
closing, and the look-back thirty days later.  Every page on the way is looked at by axe."""

from __future__ import annotations

from typing import Any

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.slow]

TITLE = "朝阳区 A3 黄标车淘汰进度滞后"
PLAN = {
    "measures-0-measure": "逐车建账，上门动员。",
    "measures-0-responsible_post": "分管副局长",
    "measures-0-deadline": "2013-05-10",
    "milestones-0-milestone": "过半",
    "milestones-0-date": "2013-05-06",
    "responsible_post": "局长",
}


def test_rectification_from_order_to_look_back(office: Any) -> None:
    officer, colleague = office.person("air-officer-01"), office.person("air-officer-02")
    district, unit = office.person("chaoyang-supervision-01"), office.person("chaoyang-air-01")
    lead, auditor = office.person("air-lead-01"), office.person("auditor-01")

    _issue(officer)
    office.go_to("2013-04-27 10:00")
    _sign(district)

    office.go_to("2013-05-02 10:00")
    _plan(unit)
    _judge(officer, "return", "措施太笼统，请逐车建账。")
    unit.open_task("整改方案")
    unit.sees("措施太笼统，请逐车建账。")
    for name, value in PLAN.items():
        unit.choose(name, value)
    unit.submit()
    _judge(officer, "pass", "")

    office.go_to("2013-05-13 10:00")
    _report(unit, "已淘汰八百辆。")
    _recheck(officer, "fail", "注销登记只有六百辆。")
    office.go_to("2013-05-16 10:00")
    _report(unit, "已淘汰两千辆。")
    _recheck(colleague, "pass", "")

    office.go_to("2013-05-21 18:00")
    lead.open_task("销号审批")
    lead.sees("已淘汰两千辆。", "注销登记只有六百辆。")
    lead.checks_access()
    lead.choose("verdict", "close")
    lead.submit()

    office.go_to("2013-06-20 18:00")
    district.open_task("回头看")
    district.choose("rebound", False)
    district.photograph("evidence", "look back 2013-06-20")
    district.checks_access()
    district.submit()

    _read_the_record(auditor)


def _issue(officer: Any) -> None:
    officer.go("/")
    officer.sees("全部办完")
    officer.checks_access()
    officer.page.get_by_role("link", name="发起办件").first.click()
    officer.checks_access()
    officer.page.get_by_role("link", name="整改、复查和销号").click()
    officer.checks_access()
    officer.page.get_by_label("标题").fill(TITLE)
    officer.page.get_by_label("涉及单位").select_option("110105")
    officer.page.get_by_role("button", name="发起").click()
    officer.page.wait_for_selector("form[data-ready]")
    officer.sees("下达整改", "办件已发起")
    officer.choose("problem", "黄标车淘汰进度滞后")
    officer.choose("responsible_unit", "110105-HB")
    officer.choose("requirement", "倒排工期，五月底前淘汰两千辆。")
    officer.choose("standard", "注销登记数达到两千辆。")
    officer.choose("rectification_kind", "general")
    officer.choose("deadline", "2013-05-20")
    officer.choose("publicise", True)
    officer.checks_access()
    officer.submit()
    officer.sees("已提交")


def _sign(district: Any) -> None:
    district.go("/tasks")
    district.sees(TITLE, "今天17:30到期")
    district.checks_access()
    district.open_task("签收")
    assert not district.page.locator('[data-question="objection"]').is_visible()
    district.choose("accepted", True)
    district.choose("objection", False)
    district.checks_access()
    district.submit()


def _plan(unit: Any) -> None:
    unit.open_task("整改方案")
    for name, value in PLAN.items():
        unit.choose(name, value)
    unit.page.locator('[data-rows="measures"] ~ button[data-add-row]').click()
    unit.choose("measures-1-measure", "补助资金按时兑付。")
    unit.choose("measures-1-responsible_post", "财务科长")
    unit.choose("measures-1-deadline", "2013-05-15")
    unit.checks_access()
    unit.submit()


def _judge(officer: Any, verdict: str, opinion: str) -> None:
    officer.open_task("方案审核")
    officer.sees("逐车建账，上门动员。")
    officer.choose("verdict", verdict)
    officer.choose("opinion", opinion)
    officer.submit()


def _report(unit: Any, result: str) -> None:
    unit.open_task("报整改结果")
    unit.choose("result", result)
    unit.choose("similar_check", "已排查同类车辆。")
    unit.photograph("before_after", "before and after")
    unit.checks_access()
    unit.submit()


def _recheck(officer: Any, verdict: str, opinion: str) -> None:
    officer.open_task("复查")
    officer.choose("verdict", verdict)
    officer.choose("checkers", ["air-officer-01", "air-officer-02"])
    officer.choose("opinion", opinion)
    officer.photograph("evidence", "recheck")
    officer.checks_access()
    officer.submit()


def _read_the_record(auditor: Any) -> None:
    auditor.go("/cases")
    auditor.sees(TITLE, "已办结")
    auditor.checks_access()
    auditor.page.get_by_role("link", name=TITLE).click()
    auditor.page.wait_for_selector(".diagram-ready")
    auditor.sees("措施太笼统，请逐车建账。", "注销登记只有六百辆。", "朝阳区环保局经办01", "目前无需人工办理")
    for step in ("issue_order", "sign_order", "submit_plan", "recheck", "close_order", "look_back"):
        assert auditor.page.locator(f'.djs-element.st-completed[data-element-id="{step}"]').count() == 1, step
    assert auditor.page.locator('.djs-overlays[data-container-id="submit_plan"]').inner_text() == "×2"
    auditor.checks_access()
    number = auditor.page.url.rsplit("/", 1)[-1]
    auditor.go(f"/admin/records/{number}")
    auditor.sees("记录完整")
    auditor.checks_access()
