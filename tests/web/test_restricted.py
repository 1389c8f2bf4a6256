"""A clue of corruption is gone from every page of everybody but the discipline officers, administrators included."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from engine import accounts
from engine.database import Sessions
from engine.tables import Attachment, Message, Notice, Task
from tests.scenarios.accountability import CHAOYANG, DISCIPLINE, LEAD, Committee, install
from tests.web.conftest import Visitor, signed_in
from web.app import create_app
from web.settings import Settings
from workflows.calendar import WorkingCalendar
from workflows.tables import Paper, Problem, Referral

CLUE, TITLE = "收受施工方礼金", "渣土车队无证运输"
OFFICER = "synthesis-officer-01"
OTHERS = (OFFICER, LEAD, "synthesis-lead-01", "leader-01", "air-officer-01", f"unit-{CHAOYANG}", "supervision-110105",
    "leader-110105", "admin-01", "auditor-01")  # fmt: skip


@pytest.fixture
def committee(sessions: Sessions, hashed_password: str, tmp_path: Path) -> Committee:
    return install(sessions, tmp_path / "attachments", hashed_password)


@pytest.fixture
def site(sessions: Sessions, settings: Settings, committee: Committee) -> Flask:
    return create_app(settings, sessions, WorkingCalendar(), {}, lambda: committee.stage.now)


@pytest.fixture
def browser(site: Flask) -> Callable[[str], Visitor]:
    return partial(signed_in, site)


@pytest.fixture
def clue(committee: Committee) -> tuple[str, str]:
    """The case of the pool in which the clue came up, and that of the referral, handed over to the authority."""
    campaign = committee.open_campaign()
    pooled = committee.report(CHAOYANG, TITLE, description=CLUE, campaign_id=campaign)
    committee.triage(pooled, "transfer", corruption=True, opinion=CLUE,
        attachments=[committee.stage.paper(OFFICER, b"clue")])  # fmt: skip
    (referred,) = committee.referral_cases()
    assert (referred.restricted_to, committee.instance(pooled).restricted_to) == (
        ("|discipline_officer|synthesis_lead|",) * 2
    ), "before it is registered, only those see it who deal with it"
    committee.register(referred.id)
    return pooled, referred.id


def addresses(committee: Committee, *cases: str) -> Iterator[str]:
    """Every place in which a case is read."""
    yield from ("/", "/tasks", "/tasks/done", "/cases", f"/cases?q={TITLE}", "/registers", "/registers/problems")
    yield from (f"/registers/problems?q={CLUE}", "/registers/referrals", "/papers", f"/papers?q={TITLE}")
    yield from ("/api/tasks", f"/api/tasks?q={TITLE}", "/traceability/S4.7f", "/burden", "/campaigns", "/items")
    yield from ("/admin/messages", "/admin/incidents", "/admin/records", "/admin/processes")
    for case in cases:
        yield from (f"/cases/{case}", f"/cases/{case}/record?before=99", f"/cases/{case}/diagram.bpmn")
        yield from (f"/api/instances/{case}", f"/admin/records/{case}")
        for task in committee.rows(Task, Task.instance_id == case):
            yield from (f"/tasks/{task.id}", f"/api/tasks/{task.id}")
        for attachment in committee.rows(Attachment, Attachment.instance_id == case):
            yield f"/attachments/{attachment.id}"
        for paper in committee.rows(Paper, Paper.instance_id == case):
            yield from (f"/papers/{paper.id}", f"/papers/{paper.id}.docx", f"/papers/{paper.id}.pdf")


def test_it_is_gone_from_every_page_of_everybody_else(committee, browser, clue) -> None:
    everywhere = list(addresses(committee, *clue))
    assert len(everywhere) > 35
    for who in dict.fromkeys(OTHERS):
        visitor = browser(who)
        for address in everywhere:
            answer = visitor.get(address)
            where = f"{who} at {address}"
            assert answer.status_code in (200, 302, 403, 404), where
            asked = TITLE in address or CLUE in address  # a search repeats what was asked for
            for words in () if asked else (CLUE, TITLE):
                assert words not in answer.text, where
            for case in clue:
                assert case not in answer.text or case in address, where
            if any(f"/{case}" in address for case in clue):
                assert answer.status_code in (403, 404), where


def test_only_searches_that_find_something_name_it(browser, clue) -> None:
    for who in (OFFICER, "admin-01"):
        visitor = browser(who)
        for address in (f"/cases?q={TITLE}", f"/registers/problems?q={TITLE}", f"/papers?q={TITLE}"):
            assert not any(case in visitor.get(address).text for case in clue), address


def test_the_discipline_officers_see_all_of_it(committee, browser, clue) -> None:
    pooled, referred = clue
    visitor = browser(DISCIPLINE)
    for address in ("/tasks", "/cases", f"/cases/{pooled}", f"/cases/{referred}"):
        assert TITLE in visitor.get(address).text, address
    assert CLUE in visitor.get(f"/cases/{referred}").text
    assert visitor.get(f"/api/instances/{referred}").status_code == 200
    (attachment,) = committee.rows(Attachment, Attachment.instance_id == pooled)
    file = visitor.get(f"/attachments/{attachment.id}")
    assert file.status_code == 200
    file.close()


def test_it_is_handed_over_and_its_letter_is_seen_by_nobody_else(committee, browser, clue) -> None:
    _, referred = clue
    committee.do(referred, "transfer_clue", DISCIPLINE, authority="市纪委（监察局）", transferred_on="2013-05-13")
    (letter,) = committee.rows(Paper, Paper.instance_id == referred)
    assert (letter.kind, letter.number) == ("transfer_letter", "督移字〔2013〕1号")
    assert CLUE in letter.body
    for who in (LEAD, OFFICER, "admin-01", "auditor-01"):
        for address in (f"/papers/{letter.id}", f"/papers/{letter.id}.docx", f"/papers/{letter.id}.pdf"):
            assert browser(who).get(address).status_code in (403, 404), (who, address)
    assert browser(DISCIPLINE).get(f"/papers/{letter.id}").status_code == 200
    committee.answer(referred, "已立案。")
    committee.record(referred)
    assert committee.ended(referred) == ("completed", "closed")
    found = committee.referral_of(referred)
    assert (found.hidden, found.measure, found.authority) == (True, "transfer", "市纪委（监察局）")


def test_nobody_is_told_of_it_who_may_not_know(committee, clue) -> None:
    with committee.stage.sessions.read() as session:
        told = set(session.scalars(select(Notice.account_id).where(Notice.instance_id.in_(clue))))
        actors = {who: accounts.actor(session, who) for who in told}
    assert all(actor.holds("discipline_officer", "synthesis_officer", "synthesis_lead") for actor in actors.values())


def test_it_is_not_offered_in_forms_and_not_counted_in_reports(committee, browser, clue) -> None:
    pooled, _ = clue
    (problem,) = committee.rows(Problem, Problem.instance_id == pooled)
    other = committee.report("110106-HB", TITLE + "之二")
    (task,) = committee.open_tasks(other, "triage_problem")
    seen = committee.seen(task, OFFICER)
    assert seen["similar"] == []
    assert problem.id not in browser(OFFICER).get(f"/tasks/{task.id}").text


def test_what_turns_out_to_be_no_corruption_is_open_again(committee, browser) -> None:
    pooled = committee.report(CHAOYANG, TITLE, description=CLUE)
    committee.triage(pooled, "transfer", corruption=True)
    (referred,) = committee.referral_cases()
    assert pooled not in browser(OFFICER).get("/cases").text
    committee.register(referred.id, conduct="wrongful")
    for case in (pooled, referred.id):
        assert committee.instance(case).restricted_to is None
    assert pooled in browser(OFFICER).get("/cases").text
    assert committee.open(referred.id) == ["verify_facts"]
    assert committee.rows(Referral)[0].hidden is False


def test_a_clue_that_is_found_while_facts_are_verified_disappears_as_well(committee, browser) -> None:
    case = committee.refer(title=TITLE, facts=CLUE)
    committee.register(case)
    assert TITLE in browser(LEAD).get("/cases").text
    committee.verify(case, conduct_found="corruption")
    committee.state(case)
    assert committee.open(case) == ["transfer_clue"]
    for who in (LEAD, "leader-110105", "admin-01"):
        assert browser(who).get(f"/cases/{case}").status_code == 404, who
        assert TITLE not in browser(who).get("/tasks/done").text


def test_the_message_is_not_shown_among_those_that_wait(committee, browser, clue) -> None:
    _, referred = clue
    with committee.stage.sessions.begin() as session:
        session.add(
            Message(
                id="c" * 32, kind="message", name="msg_nobody", key="1", payload={"facts": CLUE}, status="waiting",
                instance_id=referred, sent_at=committee.stage.now, attempts=0,
            )
        )  # fmt: skip
    page: Any = browser("admin-01").get("/admin/messages")
    assert (page.status_code, CLUE in page.text, "msg_nobody" in page.text) == (200, False, False)
