"""The JSON API: the same operations and refusals as the pages, and a document that describes it."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
from flask import Flask

from engine.access import Actor
from engine.tables import Task
from web.errors import STATUS

Visit = Callable[[Actor], Any]
DOCUMENT = (Path(__file__).parents[2] / "docs" / "api.md").read_text("utf-8")


@pytest.fixture
def report(errand: Any) -> str:
    return str(errand.open_task(errand.issued().instance_id).id)


def test_every_address_is_described(app: Flask) -> None:
    rules = [rule for rule in app.url_map.iter_rules() if rule.endpoint.startswith("api.")]
    assert rules
    for rule in rules:
        verb = "POST" if "POST" in (rule.methods or ()) else "GET"
        assert f"| `{verb} {rule.rule}` |" in DOCUMENT


def test_every_status_is_described() -> None:
    assert {str(status) for status in STATUS.values()} <= set(re.findall(r"^\| (\d{3}) \|", DOCUMENT, re.MULTILINE))


def test_a_program_does_a_task(visit: Visit, cast: Any, errand: Any, report: str) -> None:
    program = visit(cast.colleague)
    session = program.get("/api/session").json
    assert session["account"] == "colleague"
    program.token = session["csrf_token"]
    listed = program.get("/api/tasks?limit=1").json
    assert [task["task_id"] for task in listed["tasks"]] == [report]
    assert listed["tasks"][0]["due"] == "2013-05-08T09:30:00+00:00"
    task = program.get(f"/api/tasks/{report}").json
    assert task["your_turn"]
    assert jsonschema_rs.Draft202012Validator(task["schema"]).is_valid({"what": "扫雪", "result": "已扫净"})
    done = program.send(f"/api/tasks/{report}/complete", {"answers": {"result": "已扫净"}, "key": "k"})
    assert done.status_code == 200, done.json
    again = program.send(f"/api/tasks/{report}/complete", {"answers": {"result": "已扫净"}, "key": "k"})
    assert again.json == done.json | {"repeated": True}
    case = program.get(f"/api/instances/{done.json['case']}").json
    assert [entry["what"] for entry in case["record"]] == ["completed", "completed", "started"]
    assert case["elements"]["report"]["done"] == 1
    assert case["open_tasks"][0]["name"] == "复核"


def test_faults_are_listed_with_their_fields(visit: Visit, cast: Any, errand: Any, report: str) -> None:
    answer = visit(cast.colleague).send(f"/api/tasks/{report}/complete", {"answers": {"unknown": 1}})
    assert answer.status_code == 422
    assert {problem["element"] for problem in answer.json["problems"]} == {"result", "unknown"}
    assert all(problem["message"] for problem in answer.json["problems"])


@pytest.mark.parametrize(
    "body", [None, [], "x", 1, {}, {"answers": None}, {"answers": []}, {"answers": {}, "key": 1}, {"key": "k"}]
)
def test_nonsense_is_refused(visit: Visit, cast: Any, report: str, body: Any) -> None:
    answer = visit(cast.colleague).send(f"/api/tasks/{report}/complete", body)
    assert answer.status_code in (400, 415, 422)
    assert answer.json["message"]


def test_what_comes_too_late_names_who_was_first(visit: Visit, cast: Any, errand: Any, report: str) -> None:
    errand.complete(cast.colleague, report, {"result": "已扫净"})
    check = errand.open_task(_case(errand, report)).id
    errand.complete(cast.chief, check, {"verdict": "fail"})
    answer = visit(cast.officer).send(f"/api/tasks/{check}/complete", {"answers": {"verdict": "pass"}})
    assert answer.status_code == 409
    assert "chief 01" in answer.json["message"]


def test_nobody_acts_without_the_header(visit: Visit, cast: Any, report: str) -> None:
    program = visit(cast.colleague)
    answer = program.client.post(f"/api/tasks/{report}/complete", json={"answers": {"result": "x"}})
    assert answer.status_code == 400
    assert answer.json["message"]


@pytest.mark.parametrize("limit", ["0", "-5", "x", "99999"])
def test_limits_are_bounded(visit: Visit, cast: Any, report: str, limit: str) -> None:
    assert visit(cast.colleague).get(f"/api/tasks?limit={limit}").status_code == 200


def test_an_unknown_light_is_refused(visit: Visit, cast: Any) -> None:
    assert visit(cast.colleague).get("/api/tasks?light=pink").status_code == 400


def _case(errand: Any, task: str) -> str:
    with errand.sessions.read() as session:
        return str(session.get_one(Task, task).instance_id)
