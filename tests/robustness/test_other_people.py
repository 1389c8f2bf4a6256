"""Other people's tasks, repeated and simultaneous submits: one counts, the others are told, nothing else changes."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from typing import Any

import pytest
from sqlalchemy import func, select

from engine.tables import Record, Task

OFFICER, COLLEAGUE, OUTSIDER = "air-officer-01", "air-officer-02", "fengtai-water-01"
ORDER = {
    "_action": "complete",
    "problem": "黄标车淘汰滞后",
    "responsible_unit": "110105-HB",
    "requirement": "倒排工期，五月底前淘汰两千辆。",
    "standard": "注销登记数达到两千辆。",
    "rectification_kind": "general",
    "deadline": "2013-05-20",
    "publicise": "false",
}


def completions(office: Any, task: str) -> int:
    with office.sessions.read() as session:
        query = select(func.count()).select_from(Record).where(Record.token == task, Record.what == "completed")
        return session.scalar(query) or 0


def at_once(calls: list[Callable[[], Any]]) -> list[Any]:
    """Call all at the same moment, each in a thread of its own."""
    barrier = threading.Barrier(len(calls))

    def go(call: Callable[[], Any]) -> Any:
        barrier.wait()
        return call()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(go, calls))


@pytest.mark.parametrize("action", ["", "/draft", "/claim", "/release"])
def test_an_outsider_is_kept_from_a_task(office: Any, task: str, action: str, unchanged: Callable[[], None]) -> None:
    outsider = office.people[OUTSIDER]
    assert outsider.get(f"/tasks/{task}").status_code in (403, 404)
    answer = outsider.post(f"/tasks/{task}{action}", ORDER)
    assert answer.status_code in (403, 404)
    assert "倒排工期" not in answer.text


def test_an_outsider_is_kept_from_a_case_and_its_files(office: Any, task: str, unchanged: Callable[[], None]) -> None:
    with office.sessions.read() as session:
        case = session.get_one(Task, task).instance_id
    outsider = office.people[OUTSIDER]
    for address in (f"/cases/{case}", f"/api/instances/{case}", f"/api/tasks/{task}"):
        assert outsider.get(address).status_code in (403, 404), address
    officer = office.people[OFFICER]
    sent = {"csrf_token": officer.token, "file": (BytesIO(b"%PDF-1.4\n%%EOF\n"), "a.pdf")}
    kept = officer.client.post("/attachments", data=sent, content_type="multipart/form-data")
    if kept.status_code == 201:
        assert outsider.get(f"/attachments/{kept.json['id']}").status_code in (403, 404)


def test_a_request_without_the_token_changes_nothing(office: Any, task: str, unchanged: Callable[[], None]) -> None:
    officer = office.people[OFFICER]
    for token in ("", "x", office.people[COLLEAGUE].token):
        answer = officer.client.post(f"/tasks/{task}", data=ORDER | {"csrf_token": token, "_key": "k"})
        assert answer.status_code == 400


def test_a_missing_answer_keeps_what_was_typed(office: Any, task: str, unchanged: Callable[[], None]) -> None:
    answer = office.people[OFFICER].post(f"/tasks/{task}", ORDER | {"deadline": "2013-02-31", "_key": "k"})
    assert answer.status_code == 422
    assert "倒排工期，五月底前淘汰两千辆。" in answer.text


def test_a_repeated_submit_counts_once(office: Any, task: str) -> None:
    officer = office.people[OFFICER]
    first = officer.post(f"/tasks/{task}", ORDER | {"_key": "the same"})
    assert first.status_code == 302, first.text[:3000]
    again = officer.post(f"/tasks/{task}", ORDER | {"_key": "the same"})
    assert (again.status_code, again.location) == (302, first.location)
    other = officer.post(f"/tasks/{task}", ORDER | {"_key": "another"})
    assert other.status_code == 409
    assert completions(office, task) == 1


def test_a_double_click_counts_once(office: Any, task: str) -> None:
    officer = office.people[OFFICER]
    clients = [office.sign_in(OFFICER) for _ in range(4)]
    calls = [lambda one=one: one.post(f"/tasks/{task}", ORDER | {"_key": "click"}).status_code for one in clients]
    assert at_once(calls) == [302] * 4
    assert completions(office, task) == 1
    assert officer.get(f"/tasks/{task}").status_code == 200


def test_of_two_officers_one_is_told_who_was_first(office: Any, task: str) -> None:
    people = [office.sign_in(OFFICER), office.sign_in(COLLEAGUE)]
    calls = [
        lambda one=one, key=str(number): one.post(f"/tasks/{task}", ORDER | {"_key": key})
        for number, one in enumerate(people)
    ]
    answers = sorted(at_once(calls), key=lambda answer: answer.status_code)
    assert [answer.status_code for answer in answers] == [302, 409]
    with office.sessions.read() as session:
        winner = session.get_one(Task, task).performer
    name = {OFFICER: "大气组督查员01", COLLEAGUE: "大气组督查员02"}[winner or ""]
    assert name in answers[1].text
    assert completions(office, task) == 1


def test_many_submits_at_once_on_many_cases(office: Any) -> None:
    tasks = [office.begin() for _ in range(6)]
    submits = [(office.sign_in(account), task, account) for task in tasks for account in (OFFICER, COLLEAGUE)]
    calls = [
        lambda one=one, task=task, key=key: one.post(f"/tasks/{task}", ORDER | {"_key": key}).status_code
        for one, task, key in submits
    ]
    statuses = at_once(calls)
    assert sorted(statuses) == [302] * 6 + [409] * 6
    assert [completions(office, task) for task in tasks] == [1] * 6
