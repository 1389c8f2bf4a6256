"""The impact of a draft on its page, and moving cases: mapping, preview, order, progress, report."""

from __future__ import annotations

import re
from typing import Any

import pytest
from sqlalchemy import select

from engine import definitions, process_drafts, publish, tasks, work
from engine.process_drafts import Changes
from engine.publish import Bundle
from engine.tables import Instance, InstanceMove, Move


def renamed(bundle: Bundle) -> Bundle:
    """``report`` is ``account`` now, and is called otherwise."""
    text = (
        bundle.diagram.decode()
        .replace('"report" name="报告"', '"account" name="上报"')
        .replace('"report"', '"account"')
    )
    forms = {name.replace("report", "account"): document for name, document in bundle.forms.items()}
    return Bundle(text.encode(), {name: {**document, "name": name} for name, document in forms.items()}, {})


@pytest.fixture
def admin(visit: Any, cast: Any) -> Any:
    return visit(cast.admin)


@pytest.fixture
def case(errand: Any) -> str:
    started = errand.issued("扫雪 <img onerror=alert(1)>")
    with errand.sessions.begin() as session:
        tasks.claim(session, errand.cast.colleague, errand.open_task(started.instance_id).id, errand.moment)
    return str(started.instance_id)


@pytest.fixture
def versions(errand: Any, errand_bundle: Bundle, case: str) -> tuple[int, int]:
    """The version on which the case runs, and the next one."""
    with errand.sessions.begin() as session:
        first = definitions.current(session, "errand")
        assert first
        following = publish.publish(session, errand.cast.admin, renamed(errand_bundle), "next", {}, errand.moment)
        return first.id, following.id


def move_page(version: int) -> str:
    return f"/admin/processes/versions/{version}/move"


def test_a_draft_tells_what_it_does_to_running_cases(admin: Any, errand: Any, errand_bundle: Bundle, case: str) -> None:
    with errand.sessions.begin() as session:
        draft = process_drafts.begin(session, errand.cast.admin, "errand", errand.moment)
        ident, bundle = draft.id, renamed(errand_bundle)
    page = admin.get(f"/admin/drafts/{ident}")
    assert f'hx-get="/admin/drafts/{ident}/impact"' in page.text
    assert 'data-verdict="unaffected"' in admin.get(f"/admin/drafts/{ident}/impact").text
    with errand.sessions.begin() as session:
        changes = Changes(bundle.diagram, {"errand/report": None, **bundle.forms})
        process_drafts.save(session, errand.cast.admin, ident, 1, changes, errand.moment)
    told = admin.get(f"/admin/drafts/{ident}/impact").text
    assert 'data-verdict="movable"' in told
    assert "上报" in told
    assert "colleague 01" in told
    assert "&lt;img onerror" in told
    assert "<img onerror" not in told
    with errand.sessions.begin() as session:
        process_drafts.save(session, errand.cast.admin, ident, 2, Changes(decisions={"d": b"<x/>"}), errand.moment)
    unreadable = admin.get(f"/admin/drafts/{ident}/impact")
    assert unreadable.status_code == 200
    assert "data-verdict" not in unreadable.text


def test_the_running_cases_one_by_one(admin: Any, visit: Any, errand: Any, versions: Any, case: str) -> None:
    _, following = versions
    page = admin.get(move_page(following))
    assert f'href="{move_page(following)}/cases?verdict=movable"' in page.text
    assert f'href="{move_page(following)}/cases?holder=colleague"' in page.text
    listed = admin.get(f"{move_page(following)}/cases")
    assert f"/cases/{case}" in listed.text
    assert "colleague 01" in listed.text
    assert "上报" in listed.text
    assert "<img onerror" not in listed.text
    for query, there in (
        ("verdict=movable", True), ("verdict=blocked", False), ("verdict=<b>", True), ("q=扫雪", True),
        ("q=%25", False), ("holder=colleague", True), ("holder=<img>", False), ("page=9", False), ("page=x", True),
    ):  # fmt: skip
        found = admin.get(f"{move_page(following)}/cases?{query}")
        assert found.status_code == 200, query
        assert (f"/cases/{case}" in found.text) is there, query
        assert "<img>" not in found.text
    assert visit(errand.cast.auditor).get(f"{move_page(following)}/cases").status_code == 200
    assert admin.get("/admin/processes/versions/999999/move/cases").status_code == 404


def test_those_of_a_draft(admin: Any, errand: Any, errand_bundle: Bundle, case: str) -> None:
    with errand.sessions.begin() as session:
        ident = process_drafts.begin(session, errand.cast.admin, "errand", errand.moment).id
    address = f"/admin/drafts/{ident}/impact/cases"
    assert 'data-verdict="unaffected"' in admin.get(address).text
    assert f'href="{address}?verdict=unaffected"' in admin.get(f"/admin/drafts/{ident}/impact").text
    with errand.sessions.begin() as session:
        process_drafts.save(session, errand.cast.admin, ident, 1, Changes(decisions={"d": b"<x/>"}), errand.moment)
    assert admin.get(address).status_code == 404


def test_the_mapping_is_suggested_changed_and_previewed(
    admin: Any, errand: Any, versions: tuple[int, int], case: str
) -> None:
    first, following = versions
    page = admin.get(move_page(following))
    assert re.search(rf'name="{first}:report">.*?value="account" selected', page.text, re.DOTALL)
    assert admin.get(f"/admin/processes/versions/{following}").status_code == 200
    nowhere = admin.post(f"{move_page(following)}/preview", {f"{first}:report": ""})
    assert nowhere.status_code == 200
    assert 'data-verdict="blocked"' in nowhere.text
    for nonsense in ("begin", "no such", "\0", "<b>"):
        assert admin.post(f"{move_page(following)}/preview", {f"{first}:report": nonsense}).status_code == 200
    with errand.sessions.read() as session:
        assert session.scalars(select(Move)).all() == []


def test_an_order_is_carried_out_and_reported(admin: Any, visit: Any, errand: Any, versions: Any, case: str) -> None:
    first, following = versions
    admin.get(move_page(following))
    led = admin.post(f"{move_page(following)}s", {f"{first}:report": "account", "comment": "改流程", "most": ""})
    assert led.status_code == 302
    page = admin.get(led.headers["Location"])
    assert 'hx-trigger="every 2s"' in page.text
    assert "改流程" in page.text
    work.drain(errand.sessions, {}, errand.moment)
    page = admin.get(led.headers["Location"])
    assert "every 2s" not in page.text
    moved = page.text.partition('id="moved"')[2]
    assert all(words in moved for words in (f"/cases/{case}", "报告", "上报", "&lt;img onerror"))
    assert admin.post(f"{led.headers['Location']}/stop").status_code == 409
    story = visit(errand.cast.colleague).get(f"/cases/{case}")
    assert story.status_code == 200
    assert "上报" in story.text
    assert led.headers["Location"] in admin.get(move_page(following)).text
    assert admin.post(f"{move_page(following)}s", {}).status_code == 409
    with errand.sessions.read() as session:
        assert session.get_one(Instance, case).version_id == following


def test_what_stays_is_listed_with_its_reason(admin: Any, visit: Any, errand: Any, versions: Any, case: str) -> None:
    first, following = versions
    admin.get(move_page(following))
    led = admin.post(f"{move_page(following)}s", {f"{first}:report": ""})
    work.drain(errand.sessions, {}, errand.moment)
    page = visit(errand.cast.auditor).get(led.headers["Location"])
    assert f"/cases/{case}" in page.text
    assert "报告" in page.text
    assert "<img onerror" not in page.text


def test_stopping(admin: Any, errand: Any, versions: Any, case: str) -> None:
    first, following = versions
    admin.get(move_page(following))
    led = admin.post(f"{move_page(following)}s", {f"{first}:report": "account", "most": "5"})
    assert admin.post(f"{led.headers['Location']}/stop").status_code == 302
    with errand.sessions.read() as session:
        assert session.scalars(select(InstanceMove.status)).all() == ["stopped"]


@pytest.mark.parametrize("most", ["0", "-1", "many", "9" * 30, "1.5"])
def test_a_number_that_is_none_is_said_and_what_was_typed_stays(
    admin: Any, versions: Any, case: str, most: str
) -> None:
    first, following = versions
    admin.get(move_page(following))
    page = admin.post(f"{move_page(following)}s", {f"{first}:report": "", "comment": "留着", "most": most})
    assert page.status_code == 400
    assert "留着" in page.text


@pytest.mark.parametrize("who", ["officer", "auditor"])
def test_others_look_at_most(visit: Any, errand: Any, versions: Any, case: str, who: str) -> None:
    _, following = versions
    visitor = visit(getattr(errand.cast, who))
    assert visitor.get(move_page(following)).status_code == (200 if who == "auditor" else 403)
    assert visitor.post(f"{move_page(following)}s", {}).status_code == 403
    assert visitor.get("/admin/moves/nothing").status_code == (404 if who == "auditor" else 403)
    assert visitor.post("/admin/moves/nothing/stop").status_code == 403
