"""Assessments on pages: the table, a score down to its events, the spreadsheet; who may see whose score."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from html import unescape
from typing import Any

import pytest
from openpyxl import load_workbook

from engine import accounts
from engine.database import Sessions
from tests.web.campaigns import CHAOYANG, FENGTAI, MONDAY, Town, in_course, people
from tests.web.conftest import Enter
from tests.workflows.conftest import an_instance
from workflows import assessments, scores
from workflows.tables import Assessment, Score, ScoreEvent

OFFICER, STRANGER, CITY = "chaoyang-supervision-01", "fengtai-supervision-01", "synthesis-lead-01"


@pytest.fixture
def town(sessions: Sessions, hashed_password: str, clock: Any) -> Town:
    """The campaign in September, with its third quarter scored so far, in five districts."""
    clock.now = MONDAY.now
    made = Town(sessions)
    with sessions.begin() as session:
        people(session, hashed_password)
        in_course(session, made, [CHAOYANG, FENGTAI, "110115", "110229", "110112"])
        case = an_instance(session, "performance_assessment")
        assessments.begin(session, case, {"campaign_id": made.campaign_id, "period": "2013-Q3"}, MONDAY)
        found = scores.compute_all(session, made.campaign_id, "2013-Q3", MONDAY)
        scores.keep(session, session.get_one(Assessment, case.id), found, MONDAY)
    return made


def score(town: Town, unit: str) -> Score:
    (found,) = town.rows(Score, Score.unit == unit)
    return found


def test_the_city_sees_all_scores_and_each_number_leads_to_what_is_behind_it(enter: Enter, town: Town) -> None:
    visitor = enter(CITY)
    answer = visitor.get(f"/assessments?campaign={town.campaign_id}")
    page = unescape(visitor.get(answer.location).text)
    (assessment,) = town.rows(Assessment)
    assert answer.location == f"/assessments/{assessment.id}"
    for district in (CHAOYANG, FENGTAI):
        one = score(town, district)
        assert f"{one.total:.2f}" in page
        assert f"/scores/{one.id}?component=ledger" in page
    assert "市环保局" in page
    assert "市国土局" in page


def test_a_score_adds_up_from_events_that_lead_to_their_items(enter: Enter, town: Town) -> None:
    one = score(town, CHAOYANG)
    visitor = enter(OFFICER)
    page = visitor.get(f"/scores/{one.id}?component=ledger&lost=1").text
    events = [event for event in town.rows(ScoreEvent, ScoreEvent.score_id == one.id) if event.component == "ledger"]
    assert float(sum(event.points for event in events)) == pytest.approx(one.components[0]["points"])
    for item_id in re.findall(r'href="/items/([0-9a-f]+)"', page):
        assert item_id in {event.item_id for event in events}
    assert page.count('href="/items/') == min(20, sum(event.share < 1 for event in events))
    assert visitor.get(f"/items/{events[0].item_id}").status_code == 200


def test_a_district_sees_its_own_score_only(enter: Enter, town: Town) -> None:
    own, other = score(town, CHAOYANG), score(town, FENGTAI)
    (assessment,) = town.rows(Assessment)
    visitor = enter(OFFICER)
    assert visitor.get(f"/scores/{own.id}").status_code == 200
    assert visitor.get(f"/scores/{other.id}").status_code == 403
    page = visitor.get(f"/assessments/{assessment.id}").text
    assert own.id in page
    assert other.id not in page
    book = load_workbook(io.BytesIO(visitor.get(f"/assessments/{assessment.id}.xlsx").data))
    assert [row[1].value for row in book["得分"].iter_rows(min_row=2)] == ["朝阳区"]


def test_the_spreadsheet_has_every_unit_and_every_event(enter: Enter, town: Town) -> None:
    (assessment,) = town.rows(Assessment)
    answer = enter(CITY).get(f"/assessments/{assessment.id}.xlsx")
    assert answer.status_code == 200
    book = load_workbook(io.BytesIO(answer.data))
    assert book.sheetnames == ["得分", "依据", "说明"]
    totals = {row[1].value: row[2].value for row in book["得分"].iter_rows(min_row=2)}
    assert totals["朝阳区"] == pytest.approx(float(score(town, CHAOYANG).total or 0))
    assert len(list(book["依据"].iter_rows(min_row=2))) == len(town.rows(ScoreEvent))
    said = {row[6].value for row in book["依据"].iter_rows(min_row=2)}
    assert all(said), "every event is explained"


def test_nonsense_in_the_address_is_harmless(enter: Enter, town: Town) -> None:
    one = score(town, CHAOYANG)
    visitor = enter(CITY)
    assert visitor.get(f"/scores/{one.id}?component=%27x&lost=9&page=zz").status_code == 200
    assert visitor.get("/scores/" + "0" * 32).status_code == 404
    assert visitor.get("/assessments/" + "0" * 32 + ".xlsx").status_code == 404


def test_before_the_first_assessment_there_is_none(
    visit: Callable[[Any], Any], sessions: Sessions, hashed_password: str
) -> None:
    with sessions.begin() as session:
        people(session, hashed_password)
        who = accounts.actor(session, CITY)
    assert visit(who).get("/assessments").status_code == 200
