"""The lists of tasks, and a task filled in through its page."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pytest
from PIL import Image
from sqlalchemy import select

from engine.access import Actor
from engine.tables import Attachment, Draft, Task

Visit = Callable[[Actor], Any]
REPORT = {"result": "已扫净", "_action": "complete", "_key": "k1"}


@pytest.fixture
def report(errand: Any) -> str:
    """The id of an open task for the colleague: the officer has issued the errand."""
    return str(errand.open_task(errand.issued().instance_id).id)


def test_the_list_shows_what_is_urgent_in_words(visit: Visit, cast: Any, errand: Any, report: str, clock: Any) -> None:
    visitor = visit(cast.colleague)
    page = visitor.get("/tasks").text
    assert "报告" in page
    assert "还剩2个工作日" in page
    clock.move(days=2, hours=7)
    visitor = visit(cast.colleague)
    assert "今天17:30到期" in visitor.get("/tasks").text
    clock.move(days=3)
    visitor = visit(cast.colleague)
    page = visitor.get("/tasks").text
    assert "已逾期3天" in page
    assert "work-red" in page


def test_the_list_is_searched_and_filtered(visit: Visit, cast: Any, errand: Any) -> None:
    errand.issued("扫雪")
    errand.issued("铲冰")
    visitor = visit(cast.colleague)
    found = visitor.get("/tasks?q=铲").text
    assert "铲冰" in found
    assert "扫雪" not in found
    assert "没有找到" in visitor.get("/tasks?light=red").text
    assert "铲冰" in visitor.get("/tasks?light=nonsense").text


def test_long_lists_are_read_page_by_page(visit: Visit, cast: Any, errand: Any) -> None:
    for number in range(23):
        errand.issued(f"第{number:02}件")
    visitor = visit(cast.colleague)
    page = visitor.get("/tasks").text
    assert page.count("work-title") == 20
    after = page.split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&")
    assert visitor.get(after).text.count("work-title") == 3


def test_done_tasks_are_listed_with_their_answers(visit: Visit, cast: Any, errand: Any, report: str) -> None:
    visitor = visit(cast.colleague)
    visitor.post(f"/tasks/{report}", REPORT)
    assert "扫雪" in visitor.get("/tasks/done").text
    page = visitor.get(f"/tasks/{report}").text
    assert "已扫净" in page
    assert "由colleague 01办理" in page


def test_completing_hands_the_case_on(visit: Visit, cast: Any, errand: Any) -> None:
    task = errand.start().next_tasks[0]
    visitor = visit(cast.officer)
    answer = visitor.post(f"/tasks/{task}", {"what": "扫雪", "deadline": "2013-05-08", "_action": "complete"})
    assert (answer.status_code, answer.location) == (302, "/tasks")  # the report is for another
    assert "已提交" in visitor.get("/tasks").text
    with errand.sessions.read() as session:
        assert session.get_one(Task, task).performer == "officer"


def test_the_next_step_follows_at_once_if_it_is_ones_own(visit: Visit, cast: Any, errand: Any, report: str) -> None:
    answer = visit(cast.colleague).post(f"/tasks/{report}", REPORT)
    check = errand.open_task(_instance(errand, report))
    assert answer.location == f"/tasks/{check.id}"


def test_completing_takes_ten_statements_and_one_commit(
    visit: Visit, cast: Any, errand: Any, report: str, count: Any, database: Any
) -> None:
    visitor = visit(cast.colleague)
    visitor.post(f"/tasks/{report}", REPORT)  # makes the pool of the task that follows, once for all cases like it
    another = str(errand.open_task(errand.issued().instance_id).id)
    visitor.get(f"/tasks/{another}")
    with count(database) as counted:
        visitor.post(f"/tasks/{another}", REPORT)
    assert counted.commits == 1
    assert len(counted) <= 10, "\n".join(counted.statements)


def test_sent_twice_it_counts_once(visit: Visit, cast: Any, errand: Any, report: str) -> None:
    visitor = visit(cast.colleague)
    visitor.post(f"/tasks/{report}", REPORT)
    visitor.post(f"/tasks/{report}", REPORT)
    assert "只计一次" in visitor.get("/tasks").text
    page = visitor.get(f"/cases/{_instance(errand, report)}").text
    assert page.count("已扫净") == 1


def test_double_clicks_at_the_same_instant_count_once(
    visit: Visit, cast: Any, errand: Any, report: str, at_once: Any
) -> None:
    visitors = [visit(cast.colleague) for _ in range(3)]
    answers = at_once(*(lambda one=one: one.post(f"/tasks/{report}", REPORT) for one in visitors))
    assert [answer.status_code for answer in answers] == [302, 302, 302]
    page = visitors[0].get(f"/cases/{_instance(errand, report)}").text
    assert page.count("已扫净") == 1


def test_who_comes_second_is_told_who_was_first_and_keeps_what_he_typed(visit: Visit, cast: Any, errand: Any) -> None:
    case = errand.issued()
    errand.complete(cast.colleague, errand.open_task(case.instance_id).id, {"result": "已扫净"})
    check = str(errand.open_task(case.instance_id).id)
    officer, chief = visit(cast.officer), visit(cast.chief)
    assert chief.post(f"/tasks/{check}", {"verdict": "fail", "_action": "complete"}).status_code == 302
    items = {"verdict": "pass", "opinion": "我看过现场", "_action": "complete", "_key": "other"}
    answer = officer.post(f"/tasks/{check}", items)
    assert answer.status_code == 409
    assert "chief 01已于2013-05-06 09:30办理完毕" in answer.text
    assert "我看过现场" in answer.text


@pytest.mark.parametrize("who", ["outsider", "officer", "auditor"])
def test_the_wrong_person_is_refused(visit: Visit, cast: Any, errand: Any, report: str, who: str) -> None:
    """The outsider may see nothing; the officer issued the errand and is barred; the auditor only looks."""
    visitor = visit(getattr(cast, who))
    seen = visitor.get(f"/tasks/{report}")
    assert seen.status_code == (403 if who == "outsider" else 200)
    assert "submitbar" not in seen.text
    for address in (f"/tasks/{report}", f"/tasks/{report}/draft", f"/tasks/{report}/claim"):
        assert visitor.post(address, REPORT).status_code == 403
    assert errand.open_task(_instance(errand, report)).id == report


def test_refused_answers_come_back_marked_with_what_was_typed(visit: Visit, cast: Any, errand: Any) -> None:
    task = errand.start().next_tasks[0]
    items = {"what": "扫雪", "deadline": "下周三", "opinion": "请尽快", "_action": "complete"}
    answer = visit(cast.officer).post(f"/tasks/{task}", items)
    assert answer.status_code == 422
    for words in ("扫雪", "下周三", "请尽快", "有1处需要更正", 'aria-invalid="true"'):
        assert words in answer.text
    assert errand.open_task(_instance(errand, task)).id == task


def test_a_draft_is_kept_for_its_author_only(visit: Visit, cast: Any, errand: Any, report: str) -> None:
    author = visit(cast.colleague)
    answer = author.post(f"/tasks/{report}/draft", {"result": "扫了一半"})
    assert answer.json["saved_at"].startswith("2013-05-06")
    author.post(f"/tasks/{report}", {"result": "扫了大半", "_action": "draft"})
    assert "扫了大半" in author.get(f"/tasks/{report}").text
    assert "扫了" not in visit(cast.chief).get(f"/tasks/{report}").text
    author.post(f"/tasks/{report}", REPORT)
    with errand.sessions.read() as session:
        assert session.scalars(select(Draft)).all() == []


def test_a_claim_is_seen_and_given_back(visit: Visit, cast: Any, errand: Any) -> None:
    case = errand.issued()
    errand.complete(cast.colleague, errand.open_task(case.instance_id).id, {"result": "已扫净"})
    check = str(errand.open_task(case.instance_id).id)
    chief, officer = visit(cast.chief), visit(cast.officer)
    assert chief.post(f"/tasks/{check}/claim").location == f"/tasks/{check}"
    assert "您已认领" in chief.get("/tasks").text
    assert "chief 01已认领此任务" in officer.get(f"/tasks/{check}").text
    answer = officer.post(f"/tasks/{check}", {"verdict": "pass", "opinion": "可以", "_action": "complete"})
    assert answer.status_code == 409
    assert "可以" in answer.text
    assert officer.post(f"/tasks/{check}/release").status_code == 403
    chief.post(f"/tasks/{check}/release")
    assert officer.post(f"/tasks/{check}", {"verdict": "pass", "_action": "complete"}).status_code == 302


def test_files_of_a_browser_without_script_are_stored(visit: Visit, cast: Any, errand: Any, report: str) -> None:
    items = {
        **REPORT,
        "photos__upload": (io.BytesIO(_photo()), "现场.png"),
        "attachments__upload": (io.BytesIO(b""), ""),
    }
    visitor = visit(cast.colleague)
    answer = visitor.post(f"/tasks/{report}", items, content_type="multipart/form-data")
    assert answer.status_code == 302, answer.text
    with errand.sessions.read() as session:
        kept = session.scalars(select(Attachment)).one()
    assert kept.instance_id == _instance(errand, report)
    assert kept.id in visitor.get(f"/cases/{kept.instance_id}").text


def test_a_bad_file_of_a_browser_without_script_loses_nothing(
    visit: Visit, cast: Any, errand: Any, report: str
) -> None:
    items = {**REPORT, "attachments__upload": (io.BytesIO(b"MZ\x90\0nonsense"), "a.exe")}
    answer = visit(cast.colleague).post(f"/tasks/{report}", items, content_type="multipart/form-data")
    assert answer.status_code == 422
    assert "已扫净" in answer.text
    assert errand.open_task(_instance(errand, report)).id == report


def _photo() -> bytes:
    data = io.BytesIO()
    Image.new("RGB", (40, 30), "white").save(data, "PNG")
    return data.getvalue()


def _instance(errand: Any, task: str) -> str:
    with errand.sessions.read() as session:
        return str(session.get_one(Task, task).instance_id)
