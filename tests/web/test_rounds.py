"""The page of what recurs in a campaign: late, left out and forgotten rounds are to be seen."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest

from engine.database import Sessions
from engine.tables import Instance
from tests.web.campaigns import FENGTAI, MONDAY, Town, in_course, people
from tests.web.conftest import Enter
from workflows.tables import Cycle

CITY, DISTRICT, OUTSIDE = "synthesis-lead-01", "fengtai-supervision-01", "deputy-01"


@pytest.fixture
def town(sessions: Sessions, hashed_password: str, clock: Any) -> Town:
    made = Town(sessions)
    with sessions.begin() as session:
        people(session, hashed_password)
        in_course(session, made, [FENGTAI])
        case = session.get_one(Instance, made.campaign_id)
        case.org, case.org_path = "110000", "/110000/"
        for period, due, status, reason in (
            ("2013-W36", date(2013, 9, 6), "done", None),
            ("2013-W37", date(2013, 9, 13), "skipped", "本期没有新情况，不出刊。"),
        ):
            session.add(
                Cycle(
                    campaign_id=made.campaign_id, kind="flash", period=period, due_on=due, status=status, reason=reason,
                    covers_until=MONDAY.now, started_at=MONDAY.now, ended_at=MONDAY.now, instance_id=made.campaign_id,
                )
            )  # fmt: skip
        session.add(
            Cycle(
                campaign_id=made.campaign_id, kind="meeting", period="2013-08", due_on=date(2013, 8, 30), postponed=2,
                status="running", reason="组长另有公务。", covers_until=MONDAY.now, started_at=MONDAY.now,
            )
        )  # fmt: skip
    clock.now = MONDAY.now
    return made


def rows(page: str) -> list[str]:
    found = re.findall(r"<tr>(.*?)</tr>", page, re.DOTALL)
    return [re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", row)) for row in found][1:]


def test_what_was_left_out_is_late_or_was_forgotten_stands_there_with_its_reason(enter: Enter, town: Town) -> None:
    page = enter(CITY).get(f"/campaigns/{town.campaign_id}/rounds").get_data(as_text=True)
    assert "本期没有新情况，不出刊。" in page
    assert "组长另有公务。" in page
    assert "2013年4月" in page, "nobody ever began the report of April"
    flash = enter(CITY).get(f"/campaigns/{town.campaign_id}/rounds?kind=meeting").get_data(as_text=True)
    assert all("协调小组例会" in row for row in rows(flash))


def test_the_page_of_the_campaign_leads_there(enter: Enter, town: Town) -> None:
    page = enter(CITY).get(f"/campaigns/{town.campaign_id}").get_data(as_text=True)
    assert f'href="/campaigns/{town.campaign_id}/rounds"' in page


def test_districts_see_the_rounds_but_do_not_get_into_their_cases(enter: Enter, town: Town) -> None:
    page = enter(DISTRICT).get(f"/campaigns/{town.campaign_id}/rounds").get_data(as_text=True)
    assert "2013年第37周" in page
    assert f'href="/cases/{town.campaign_id}"' not in page
    assert f'href="/cases/{town.campaign_id}"' in enter(CITY).get(f"/campaigns/{town.campaign_id}/rounds").get_data(
        as_text=True
    )


def test_outsiders_see_nothing(enter: Enter, town: Town) -> None:
    assert enter(OUTSIDE).get(f"/campaigns/{town.campaign_id}/rounds").status_code == 403


def test_no_campaign_no_page(enter: Enter, town: Town) -> None:
    assert enter(CITY).get("/campaigns/nothing/rounds").status_code == 404
