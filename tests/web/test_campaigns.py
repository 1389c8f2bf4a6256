"""The campaign page, items and registers: every number leads to its rows, and nobody sees other districts' rows."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from html import unescape
from typing import Any

import pytest

from engine.database import Sessions
from engine.tables import Message
from tests.web.campaigns import CHAOYANG, FENGTAI, MONDAY, Town, in_course, people
from tests.web.conftest import Enter
from workflows.register_lists import REGISTERS
from workflows.tables import Change, LedgerItem

CITY, DISTRICT, UNIT, OUTSIDE = "synthesis-lead-01", "fengtai-supervision-01", "fengtai-air-01", "deputy-01"
LINK = re.compile(
    r'<a [^>]*href="(/items\?[^"]*)"[^>]*>(?:<span class="sum-label">.*?</span><span class="sum-number">)?(\d+)'
)


@pytest.fixture
def town(sessions: Sessions, hashed_password: str, clock: Any) -> Town:
    made = Town(sessions)
    with sessions.begin() as session:
        people(session, hashed_password)
        in_course(session, made, [CHAOYANG, FENGTAI])
    clock.now = MONDAY.now
    return made


def counted(page: str) -> int:
    found = re.search(r'<p class="lead">\D*(\d+)', page)
    assert found, page[:2000]
    return int(found[1])


def test_the_menu_leads_to_the_newest_campaign(enter: Enter, town: Town) -> None:
    city = enter(CITY)
    assert 'href="/campaigns"' in city.get("/tasks").text
    assert city.get("/campaigns").location == f"/campaigns/{town.campaign_id}"


@pytest.mark.parametrize("who", [CITY, DISTRICT])
def test_every_number_leads_to_as_many_rows(enter: Enter, town: Town, who: str) -> None:
    visitor = enter(who)
    page = visitor.get(f"/campaigns/{town.campaign_id}").text
    links = {unescape(address): int(number) for address, number in LINK.findall(page)}
    assert len(links) > 30
    for address, number in links.items():
        shown = counted(visitor.get(address).text)
        assert shown == number, address


def test_a_district_sees_its_own_rows(enter: Enter, town: Town) -> None:
    for who in (DISTRICT, UNIT):
        visitor = enter(who)
        page = visitor.get(f"/campaigns/{town.campaign_id}").text
        assert "丰台区" in page
        assert "朝阳区" not in page
        assert counted(visitor.get("/items").text) == 26
        assert counted(visitor.get(f"/items?district={CHAOYANG}").text) == 0
        assert visitor.get(f"/items/{town.item(FENGTAI)}").status_code == 200
        assert visitor.get(f"/items/{town.item(CHAOYANG)}").status_code == 403


def test_people_outside_see_nothing(enter: Enter, town: Town) -> None:
    visitor = enter(OUTSIDE)
    assert 'href="/campaigns"' not in visitor.get("/tasks").text
    for address in (
        "/campaigns",
        f"/campaigns/{town.campaign_id}",
        "/items",
        f"/items/{town.item()}",
        "/registers/problems",
    ):
        assert visitor.get(address).status_code == 403, address


def test_the_course_of_the_lights_ends_with_what_is_lit(enter: Enter, town: Town) -> None:
    page = enter(CITY).get(f"/campaigns/{town.campaign_id}").text
    chart = json.loads(unescape(re.findall(r'data-chart="([^"]*)"', page)[0]))
    last = {one["look"]: one["points"][-1] for one in chart["series"]}
    for light in ("red", "yellow", "green", "grey"):
        expected = len(town.rows(LedgerItem, LedgerItem.light == light))
        assert last[light] == ["2013-09-16", expected]


def test_an_item_says_why_it_has_its_light(enter: Enter, town: Town) -> None:
    visitor = enter(CITY)
    page = visitor.get(f"/items/{town.item()}").text
    for words in ("按计划推进。", "资金尚未到位。", "督问字〔2013〕1号", "督变〔2013〕1号", "填报进展", "data-chart"):
        assert words in page, words
    red = next(item for item in town.rows(LedgerItem, LedgerItem.light_rule == "far_behind"))
    assert "30" in visitor.get(f"/items/{red.id}").text


def test_the_evidence_of_a_report_is_shown_to_those_who_may_see_the_case(enter: Enter, town: Town) -> None:
    photos = enter("chaoyang-supervision-01").get(f"/items/{town.item()}").text.count("SHA-256 5a5a")
    assert photos == 4


@pytest.mark.parametrize(
    "query", ["light=purple&task=x&only=all&since=yesterday&page=x", "district=%27&q=%25&ball=%40", "campaign=none"]
)
def test_nonsense_in_a_filter_is_left_out(enter: Enter, town: Town, query: str) -> None:
    assert enter(CITY).get(f"/items?{query}").status_code in (200, 404)


def test_things_that_are_not_there(enter: Enter, town: Town) -> None:
    visitor = enter(CITY)
    for address in ("/campaigns/none", "/items/none", "/registers/none", "/items?campaign=none", "/ledgers/none"):
        assert visitor.get(address).status_code == 404, address


@pytest.mark.parametrize("name", list(REGISTERS))
def test_a_register_is_searched_and_filtered(enter: Enter, town: Town, name: str) -> None:
    visitor = enter(CITY)
    page = visitor.get(f"/registers/{name}?state=open&campaign={town.campaign_id}").text
    assert "〔2013〕1号" in page
    assert "〔2013〕1号" in visitor.get(f"/registers/{name}?q=1号").text
    assert "〔2013〕1号" not in visitor.get(f"/registers/{name}?q=nothing%25").text
    assert visitor.get(f"/registers/{name}?state=nonsense&page=999999").status_code == 200
    seen_elsewhere = "〔2013〕1号" in enter(DISTRICT).get(f"/registers/{name}").text
    assert not seen_elsewhere, "the entries are about another district"


def test_registers_lead_to_the_case(enter: Enter, town: Town) -> None:
    assert re.search(r'href="/cases/\w{32}"', enter(CITY).get("/registers/problems").text)


def test_a_district_sees_entries_about_it(enter: Enter, town: Town) -> None:
    visitor = enter("chaoyang-supervision-01")
    for name in ("problems", "matters", "objections", "changes", "urgings"):
        assert "〔2013〕1号" in visitor.get(f"/registers/{name}").text, name


def test_without_a_campaign_the_page_says_so(sessions: Sessions, visit: Callable[[Any], Any], cast: Any) -> None:
    answer = visit(cast.admin).get("/campaigns")
    assert answer.status_code == 200


def asked(town: Town) -> set[str]:
    """Messages about changes and reports; the nights send some about lights."""
    return {message.name for message in town.rows(Message, Message.name != "msg_light_changed")}


def test_the_unit_asks_for_a_change_and_takes_it_back(enter: Enter, town: Town) -> None:
    item = town.item()
    unit = enter("chaoyang-air-01")
    page = unit.get(f"/items/{item}").text
    assert f"/items/{item}/change" in page
    assert "/withdraw" in page
    change = town.rows(Change)[0].id
    assert unit.post(f"/items/{item}/change").location == f"/items/{item}"
    assert unit.post(f"/items/{item}/changes/{change}/withdraw").location == f"/items/{item}"
    assert asked(town) == {"msg_change_requested", "msg_change_withdrawn"}
    assert unit.post(f"/items/{item}/report").status_code == 409, "no report is waited for"
    assert unit.post("/items/none/change").status_code == 404


@pytest.mark.parametrize("who", [CITY, DISTRICT, "chaoyang-water-01", OUTSIDE])
def test_others_ask_for_nothing(enter: Enter, town: Town, who: str) -> None:
    visitor, item, change = enter(who), town.item(), town.rows(Change)[0].id
    for address in (f"/items/{item}/change", f"/items/{item}/report", f"/items/{item}/changes/{change}/withdraw"):
        assert visitor.post(address).status_code == 403, address
    assert asked(town) == set()
