"""A notice from the compiled text over the editor to the files, and a template edited by the administrator."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pypdfium2
import pytest
from docx import Document
from playwright.sync_api import expect
from sqlalchemy import select

from engine import accounts, instances, tasks
from engine.tables import Task
from tests.browser.conftest import DESK, PHONE
from workflows.tables import Paper

pytestmark = pytest.mark.browser

PLAN = {
    "title": "城乡环境建设专项督查",
    "supervision_type": "special",
    "authority_basis": "none",
    "scope": "大气、污水、环境、违法建设4项重点工作",
    "objects": ["110105", "110106"],
    "start_date": "2013-04-15",
    "end_date": "2013-12-31",
    "classification": "internal",
}


@pytest.fixture
def case(office: Any) -> str:
    """A campaign whose plan is approved: the notice is to be issued."""
    moment = office.clock.moment
    with office.sessions.begin() as session:
        officer = accounts.actor(session, "synthesis-officer-01")
        title = str(PLAN["title"])
        found = instances.start(session, officer, "campaign_setup", title, None, None, "k", moment).instance_id
    _complete(office, found, "draft_plan", "synthesis-officer-01", PLAN)
    proposal = {"reason": "年度重点工作", "head_decision": "approve"}
    _complete(office, found, "propose_campaign", "synthesis-lead-01", proposal)
    _complete(office, found, "approve_campaign", "group-leader-01", {"verdict": "approve"})
    return str(found)


@pytest.mark.parametrize("viewport", [DESK, PHONE])
def test_a_notice_from_the_draft_to_the_pdf(office: Any, case: str, viewport: dict[str, int]) -> None:
    deputy = office.person("office-deputy-01", viewport)
    deputy.open_task("印发通知")
    text = deputy.page.get_by_role("textbox", name="通知正文")
    assert "一、督查内容和范围" in text.inner_text()
    deputy.checks_access()
    text.locator("p").last.click()
    deputy.page.keyboard.press("Control+End")
    deputy.page.keyboard.press("Enter")
    deputy.page.keyboard.type("联系人：综合组。")
    deputy.page.get_by_role("button", name="插入表格").click()
    expect(text).to_be_focused()
    deputy.page.keyboard.type("单位")
    expect(text.get_by_role("columnheader", name="单位")).to_be_visible()
    deputy.page.get_by_role("button", name="在右侧加一列").click()
    expect(text).to_be_focused()
    expect(text.get_by_role("columnheader")).to_have_count(4)
    for heading in ("事项", "时限", "备注"):
        deputy.page.keyboard.press("Tab")
        deputy.page.keyboard.type(heading)
    assert deputy.mishaps == []
    deputy.fill(doc_number="京政办发〔2013〕21号", issue_date="2013-04-19")
    deputy.submit()

    deputy.go(f"/cases/{case}")
    deputy.page.get_by_role("link", name="关于开展城乡环境建设专项督查的通知").click()
    deputy.sees("京政办发〔2013〕21号", "联系人：综合组。", "2013年4月19日")
    deputy.checks_access()
    with office.sessions.read() as session:
        paper = session.scalars(select(Paper).where(Paper.kind == "notice")).one()
    pdf = deputy.page.request.get(f"/papers/{paper.id}.pdf").body()
    with pypdfium2.PdfDocument(pdf) as document:
        read = "".join(page.get_textpage().get_text_bounded() for page in document)
    assert "京政办发〔2013〕21号" in read
    assert "联系人：综合组。" in read
    (table,) = Document(BytesIO(deputy.page.request.get(f"/papers/{paper.id}.docx").body())).tables
    assert (len(table.rows), len(table.columns), table.cell(0, 0).text) == (3, 4, "单位")


def test_an_administrator_changes_a_template(office: Any) -> None:
    admin = office.person("admin-01", DESK)
    admin.go("/admin/templates")
    admin.page.get_by_role("link", name="整改通知书").click()
    admin.checks_access()
    source = admin.page.locator("#text")
    source.fill(source.input_value().replace("四、有关事项", "四、其他事项"))
    admin.page.get_by_role("button", name="预览", exact=True).click()
    admin.sees("四、其他事项")
    admin.page.locator("#reason").fill("统一用语")
    admin.page.get_by_role("button", name="保存", exact=True).click()
    admin.sees("统一用语", "四、其他事项")
    admin.checks_access()


def _complete(office: Any, case: str, element: str, account: str, answers: dict[str, Any]) -> None:
    office.work()
    with office.sessions.begin() as session:
        task = session.scalars(
            select(Task).where(Task.instance_id == case, Task.element == element, Task.status == "open")
        ).one()
        tasks.complete(session, accounts.actor(session, account), task.id, answers, element, office.clock.moment)
    office.work()
