"""Clues, results and mistakes are entered in pages, by those whom they concern."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from engine.database import Sessions
from engine.tables import Message
from tests.scenarios import accountability, media
from tests.scenarios.accountability import DISCIPLINE, LEAD
from tests.scenarios.media import OFFICER, PROPAGANDA, REPORTER, UNIT
from tests.scenarios.problems import CHAOYANG, Pool
from tests.web.conftest import Visitor, signed_in
from web.app import create_app
from web.settings import Settings
from workflows.calendar import WorkingCalendar

Browser = Callable[[Pool, str], Visitor]


@pytest.fixture
def browser(sessions: Sessions, settings: Settings) -> Browser:
    def entered(scene: Pool, who: str) -> Visitor:
        return signed_in(create_app(settings, sessions, WorkingCalendar(), {}, lambda: scene.stage.now), who)

    return entered


@pytest.fixture
def press(sessions: Sessions, hashed_password: str, tmp_path: Path) -> media.Press:
    return media.install(sessions, tmp_path / "attachments", hashed_password)


def test_a_journalist_hands_in_a_clue(press: media.Press, browser: Browser) -> None:
    reporter = browser(press, REPORTER)
    assert "/clues/new" in reporter.get("/start").text
    reporter.get("/clues/new")
    refused = reporter.post("/clues/new", {"title": "三处加油站没有改造", "clue": "", "unit": CHAOYANG})
    assert (refused.status_code, "三处加油站没有改造" in refused.text) == (422, True)
    refused = reporter.post("/clues/new", {"title": "三处加油站没有改造", "clue": "设备没有改造。", "unit": ""})
    assert 'id="unit" name="unit" required aria-invalid="true"' in refused.text
    typed = {"title": "三处加油站没有改造", "clue": "夜间仍在卸油。", "unit": CHAOYANG, "task_code": "air"}
    assert reporter.post("/clues/new", typed).status_code == 302
    press.stage.work()
    (case,) = press.cases()
    (task,) = press.open_tasks(case.id, "verify_clue")
    assert press.seen(task, OFFICER)["clue"] == "夜间仍在卸油。"


def test_others_have_no_such_page(press: media.Press, browser: Browser) -> None:
    unit = browser(press, UNIT)
    assert "/clues/new" not in unit.get("/start").text
    assert unit.get("/clues/new").status_code == 403
    assert unit.post("/clues/new", {"title": "x", "clue": "y", "unit": CHAOYANG}).status_code == 403


def test_a_mistake_is_reported_on_the_page_of_the_case(press: media.Press, browser: Browser) -> None:
    case = press.exposed()
    page = browser(press, PROPAGANDA)
    assert f"/cases/{case}/correction" in page.get(f"/cases/{case}").text
    assert page.post(f"/cases/{case}/correction", {"reason": "数字有误"}).status_code == 302
    press.stage.work()
    assert press.open(case) == ["publish_correction"]
    assert f"/cases/{case}/correction" not in browser(press, OFFICER).get(f"/cases/{case}").text
    press.do(case, "publish_correction", PROPAGANDA, text="已更正。")
    assert page.post(f"/cases/{case}/correction", {"reason": "再更正"}).status_code == 409


def test_the_result_of_the_authority_is_entered_on_the_page_of_the_case(
    sessions: Sessions, hashed_password: str, tmp_path: Path, browser: Browser
) -> None:
    committee = accountability.install(sessions, tmp_path / "attachments", hashed_password)
    case = committee.up_to_proposal()
    page = browser(committee, DISCIPLINE)
    assert f"/cases/{case}/result" not in page.get(f"/cases/{case}").text
    committee.propose(case)
    committee.approve(case)
    assert f"/cases/{case}/result" in page.get(f"/cases/{case}").text
    assert page.post(f"/cases/{case}/result", {"result": " "}).status_code == 422
    page.get(f"/cases/{case}")
    assert page.post(f"/cases/{case}/result", {"result": "已约谈。"}).status_code == 302
    committee.stage.work()
    assert committee.open(case) == ["record_result"]
    assert browser(committee, LEAD).post(f"/cases/{case}/result", {"result": "x"}).status_code == 403
    assert len(committee.rows(Message, Message.name == "msg_authority_result")) == 1
