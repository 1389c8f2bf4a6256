"""Cases: the list, the page with its story, the diagram, cancelling."""

from __future__ import annotations

import json
from collections.abc import Callable
from html import unescape
from typing import Any

import pytest

from engine.access import Actor

Visit = Callable[[Actor], Any]


@pytest.fixture
def case(errand: Any) -> str:
    """One that has gone to the report twice: the first check failed."""
    started = errand.issued(opinion="请尽快")
    errand.complete(errand.cast.colleague, errand.open_task(started.instance_id).id, {"result": "扫了一半"})
    errand.complete(errand.cast.chief, errand.open_task(started.instance_id).id, {"verdict": "fail"})
    return str(started.instance_id)


def test_the_page_tells_the_story_in_words(visit: Visit, cast: Any, case: str) -> None:
    page = visit(cast.officer).get(f"/cases/{case}").text
    for words in (
        "扫雪",
        "差事",
        "版本1",
        "北区",
        "officer 01",
        "请尽快",
        "扫了一半",
        "不通过",
        "下一步：报告",
        "2013-05-08",
    ):
        assert words in page, words


def test_the_page_says_who_has_the_ball(visit: Visit, cast: Any, case: str) -> None:
    page = visit(cast.auditor).get(f"/cases/{case}").text
    assert "当前由谁办理" in page
    assert "officer（北区、" in page.replace("officer（北区）", "officer（北区、")
    assert "还剩2个工作日" in page


def test_the_progress_is_drawn_on_the_diagram(visit: Visit, cast: Any, case: str) -> None:
    visitor = visit(cast.officer)
    page = visitor.get(f"/cases/{case}").text
    progress = json.loads(unescape(page.split('data-progress="')[1].split('"')[0]))
    assert progress["elements"]["issue"] == {"state": "completed", "times": 1}
    assert progress["elements"]["report"] == {"state": "active", "times": 2}
    assert "again" in progress["flows"]
    assert "done" not in progress["flows"]
    drawing = visitor.get(f"/cases/{case}/diagram.bpmn")
    assert drawing.mimetype == "application/xml"
    assert b"<bpmn:definitions" in drawing.data


def test_ones_own_open_task_is_one_click_away(visit: Visit, cast: Any, errand: Any, case: str) -> None:
    task = errand.open_task(case).id
    assert f'href="/tasks/{task}"' in visit(cast.colleague).get(f"/cases/{case}").text
    assert f'href="/tasks/{task}"' not in visit(cast.officer).get(f"/cases/{case}").text


def test_the_list_shows_what_one_may_see(visit: Visit, cast: Any, case: str) -> None:
    for who, seen in (("officer", True), ("chief", True), ("auditor", True), ("outsider", False)):
        assert (f"/cases/{case}" in visit(getattr(cast, who)).get("/cases").text) == seen, who


def test_the_list_is_searched_and_filtered(visit: Visit, cast: Any, case: str) -> None:
    visitor = visit(cast.officer)
    assert case in visitor.get("/cases?q=扫&status=active").text
    assert "没有找到" in visitor.get("/cases?q=铲").text
    assert "没有找到" in visitor.get("/cases?status=completed").text
    assert case in visitor.get("/cases?status=nonsense").text


def test_long_records_are_read_in_parts(visit: Visit, cast: Any, case: str) -> None:
    page = visit(cast.officer).get(f"/cases/{case}/record?before=3").text
    assert "请尽快" in page
    assert "扫了一半" not in page


def test_an_administrator_cancels_with_a_reason(visit: Visit, cast: Any, errand: Any, case: str) -> None:
    admin = visit(cast.admin)
    assert "终止此办件" in admin.get(f"/cases/{case}").text
    admin.post(f"/cases/{case}/cancel", {"reason": "  "})
    assert errand.instance(case).status == "active"
    admin.post(f"/cases/{case}/cancel", {"reason": "雪化了"})
    page = admin.get(f"/cases/{case}").text
    assert "理由：雪化了" in page
    assert "已终止" in page
    again = admin.post(f"/cases/{case}/cancel", {"reason": "再来"})
    assert again.status_code == 409


def test_others_cannot_cancel(visit: Visit, cast: Any, errand: Any, case: str) -> None:
    for who in ("officer", "chief", "auditor", "outsider"):
        assert visit(getattr(cast, who)).post(f"/cases/{case}/cancel", {"reason": "x"}).status_code == 403
    assert errand.instance(case).status == "active"


def test_a_case_is_started_once_per_form(visit: Visit, cast: Any, errand: Any) -> None:
    visitor = visit(cast.officer)
    page = visitor.get("/start/errand").text
    key = page.split('name="key" value="')[1].split('"')[0]
    items = {"title": "铲冰", "org": "north", "task_code": "", "key": key}
    first, second = visitor.post("/start/errand", items), visitor.post("/start/errand", items)
    assert first.location == second.location
    assert first.location.startswith("/tasks/")


def test_a_case_without_title_is_refused_with_what_was_typed(visit: Visit, cast: Any, errand: Any) -> None:
    answer = visit(cast.officer).post("/start/errand", {"title": " ", "org": "north"})
    assert answer.status_code == 422
    assert "请填写办件标题" in answer.text
    assert '<option value="north" selected>' in answer.text


@pytest.mark.parametrize(
    ("wrong", "marked"),
    [({"org": "nowhere"}, 'name="org" required'), ({"task_code": "no such code"}, 'name="task_code"')],
)
def test_what_is_wrong_is_marked_for_those_who_do_not_see_it(
    visit: Visit, cast: Any, errand: Any, wrong: dict[str, str], marked: str
) -> None:
    answer = visit(cast.officer).post("/start/errand", {"title": "铲冰", "org": "north", "task_code": ""} | wrong)
    assert answer.status_code == 422
    assert f'{marked} aria-invalid="true"' in answer.text
