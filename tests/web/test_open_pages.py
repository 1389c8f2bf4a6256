"""A form that is open in a browser while its case is moved to another version: nothing that was typed is lost."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select

from engine import moving, publish, work
from engine.publish import Bundle
from engine.tables import Draft, Instance, Task

TYPED = {"result": "扫了三条街 <b>", "_action": "complete", "_key": "k1"}


@pytest.fixture
def move(errand: Any) -> Callable[[Bundle], int]:
    """Publishes a bundle and moves all that runs to it."""

    def moved(bundle: Bundle) -> int:
        with errand.sessions.begin() as session:
            versions = set(session.scalars(select(Instance.version_id)))
            new = publish.publish(session, errand.cast.admin, bundle, "next", {}, errand.moment)
            mappings: dict[int, dict[str, str]] = {one: {} for one in versions}
            moving.begin(session, errand.cast.admin, new.id, mappings, "", None, errand.moment)
        work.drain(errand.sessions, {}, errand.moment)
        with errand.sessions.read() as session:
            assert set(session.scalars(select(Instance.version_id))) == {new.id}
        return int(new.id)

    return moved


@pytest.fixture
def asked_otherwise(errand_bundle: Bundle) -> Bundle:
    """The result is called outcome now, and a place is asked for."""
    forms = json.loads(json.dumps(errand_bundle.forms))
    fields = forms["errand/report"]["fields"]
    fields[1] |= {"name": "outcome", "label": "成效"}
    fields.append({"name": "place", "label": "地点", "type": "text"})
    return replace(errand_bundle, forms=forms)


@pytest.fixture
def report(errand: Any) -> str:
    return str(errand.open_task(errand.issued().instance_id).id)


def opened(visitor: Any, task: str) -> dict[str, str]:
    """What the page posts by itself."""
    page = visitor.get(f"/tasks/{task}")
    assert page.status_code == 200
    return {"_seen": re.search(r'name="_seen" value="([^"]+)"', page.text)[1]}


def status(errand: Any, task: str) -> str:
    with errand.sessions.read() as session:
        return str(session.get_one(Task, task).status)


def test_another_form_is_shown_with_all_that_was_typed(
    visit: Any, errand: Any, report: str, move: Any, asked_otherwise: Bundle
) -> None:
    visitor = visit(errand.cast.colleague)
    seen = opened(visitor, report)
    move(asked_otherwise)
    page = visitor.post(f"/tasks/{report}", {**TYPED, **seen})
    assert page.status_code == 422
    assert "流程" in page.text
    assert "结果" in page.text, "what is not asked any more is shown with its name"
    assert "扫了三条街 &lt;b&gt;" in page.text
    assert "data-summary" not in page.text
    assert status(errand, report) == "open"
    again = {"_seen": re.search(r'name="_seen" value="([^"]+)"', page.text)[1]}
    assert again != seen
    done = visitor.post(f"/tasks/{report}", {"outcome": "扫净", "_action": "complete", "_key": "k1", **again})
    assert done.status_code == 302
    assert status(errand, report) == "completed"


def test_answers_that_would_fit_by_chance_are_not_taken_for_answers_to_other_questions(
    visit: Any, errand: Any, errand_bundle: Bundle, report: str, move: Any
) -> None:
    forms = json.loads(json.dumps(errand_bundle.forms))
    forms["errand/report"]["fields"].append({"name": "place", "label": "地点", "type": "text"})
    visitor = visit(errand.cast.colleague)
    seen = opened(visitor, report)
    move(replace(errand_bundle, forms=forms))
    page = visitor.post(f"/tasks/{report}", {**TYPED, **seen})
    assert page.status_code == 422
    assert "地点" in page.text
    assert "扫了三条街 &lt;b&gt;" in page.text
    assert status(errand, report) == "open"


def test_the_same_questions_go_through(visit: Any, errand: Any, errand_bundle: Bundle, report: str, move: Any) -> None:
    visitor = visit(errand.cast.colleague)
    seen = opened(visitor, report)
    diagram = errand_bundle.diagram.replace(b'name="\xe5\xa4\x8d\xe6\xa0\xb8"', b'name="x"')
    assert diagram != errand_bundle.diagram
    move(replace(errand_bundle, diagram=diagram))
    assert visitor.post(f"/tasks/{report}", {**TYPED, **seen}).status_code == 302
    assert status(errand, report) == "completed"


def test_sent_twice_across_a_move_it_counts_once(
    visit: Any, errand: Any, report: str, move: Any, asked_otherwise: Bundle
) -> None:
    visitor = visit(errand.cast.colleague)
    seen = opened(visitor, report)
    assert visitor.post(f"/tasks/{report}", {**TYPED, **seen}).status_code == 302
    move(asked_otherwise)
    assert visitor.post(f"/tasks/{report}", {**TYPED, **seen}).status_code == 302


def test_a_step_that_is_for_others_now_says_so_and_shows_what_was_typed(
    visit: Any, errand: Any, errand_bundle: Bundle, report: str, move: Any
) -> None:
    text = errand_bundle.diagram.decode()
    line = next(one for one in text.splitlines() if 'id="report"' in one)
    visitor = visit(errand.cast.colleague)
    seen = opened(visitor, report)
    with errand.sessions.begin() as session:
        started = session.get_one(Task, report).instance_id
        session.get_one(Instance, started).starter = "colleague"  # so he may look at the case all the same
    move(replace(errand_bundle, diagram=text.replace(line, line.replace('"officer"', '"chief"')).encode()))
    page = visitor.post(f"/tasks/{report}", {**TYPED, **seen})
    assert page.status_code == 403
    assert "扫了三条街 &lt;b&gt;" in page.text
    assert status(errand, report) == "open"
    elsewhere = visit(errand.cast.outsider).post(f"/tasks/{report}", {**TYPED, **seen})
    assert elsewhere.status_code == 403
    assert "扫了三条街" not in elsewhere.text


@pytest.mark.parametrize("action", ["draft", "complete"])
def test_a_draft_of_the_questions_of_before_is_not_overwritten(
    visit: Any, errand: Any, report: str, move: Any, asked_otherwise: Bundle, action: str
) -> None:
    visitor = visit(errand.cast.colleague)
    seen = opened(visitor, report)
    assert visitor.post(f"/tasks/{report}/draft", {"result": "写了一半", **seen}).status_code == 200
    move(asked_otherwise)
    autosaved = visitor.client.post(
        f"/tasks/{report}/draft",
        data={"csrf_token": visitor.token, "result": "写完了", **seen},
        headers={**visitor.headers, "Accept": "application/json"},
    )
    assert autosaved.status_code == 422
    assert autosaved.json["message"]
    page = visitor.post(f"/tasks/{report}", {**TYPED, **seen, "_action": action})
    assert page.status_code == 422
    assert "扫了三条街 &lt;b&gt;" in page.text
    with errand.sessions.read() as session:
        assert session.scalars(select(Draft)).one().answers["result"] == "写了一半"


@pytest.mark.parametrize(
    "seen", ["", ":", "x:report", "999999999:report", "9999999999999999999:report", "1:nothing", "1:begin", "\0:\0"]
)
def test_what_no_page_has_said_is_not_asked(visit: Any, errand: Any, report: str, seen: str) -> None:
    visitor = visit(errand.cast.colleague)
    opened(visitor, report)
    page = visitor.post(f"/tasks/{report}", {**TYPED, "_seen": seen})
    assert page.status_code in (302, 400, 422)
    assert status(errand, report) == ("completed" if page.status_code == 302 else "open")
