"""The state of a campaign: counts agree with rows, and many items ask for no more statements than few."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from engine import accounts
from engine.access import NotFound, NotYours
from engine.database import Sessions
from tests.web.campaigns import CHAOYANG, FENGTAI, MONDAY, Town, in_course, people
from workflows import item_lists, light_words, overview
from workflows.item_lists import Wanted
from workflows.sight import sight
from workflows.tables import LedgerItem

MOST_STATEMENTS = 18


@pytest.fixture
def town(sessions: Sessions, hashed_password: str) -> Town:
    made = Town(sessions)
    with sessions.begin() as session:
        people(session, hashed_password)
        in_course(session, made, [CHAOYANG, FENGTAI])
    return made


def test_the_sums_agree(town: Town, database: Any, count: Callable[..., Any]) -> None:
    with town.sessions.read() as session:
        actor = accounts.actor(session, "office-director-01")
        with count(database) as counted:
            view = overview.view(session, actor, town.campaign_id, MONDAY)
        assert len(counted) <= MOST_STATEMENTS
        assert view.totals.total == 52 == sum(place.counts.total for place in view.places)
        assert view.totals.lights == sum(view.by_task.values(), overview.Counts({})).lights
        assert view.is_whole
        assert [place.code for place in view.places if place.counts.total] == [CHAOYANG, FENGTAI]
        assert sum(hand.count for hand in view.hands) <= 52
        assert view.registers == dict.fromkeys(view.registers, 1)
        for turn in view.turns:
            wanted = Wanted(
                town.campaign_id, only="turned", since=view.since, before=turn.before or "none", after=turn.after
            )
            assert item_lists.rows(session, actor, wanted, MONDAY, 1, 0)[1] == turn.count


def test_the_trend_begins_with_the_first_light(town: Town) -> None:
    with town.sessions.read() as session:
        actor = accounts.actor(session, "office-director-01")
        trend = overview.view(session, actor, town.campaign_id, MONDAY).trend
    assert trend[0].day.isoformat() == "2013-07-15"
    assert trend[-1].day == MONDAY.today
    assert all(min(day.lights.values()) >= 0 for day in trend)
    assert {sum(day.lights.values()) for day in trend} == {52}


def test_who_sees_what(town: Town) -> None:
    seen = {
        "office-director-01": None,
        "air-officer-01": None,
        "admin-01": None,
        "fengtai-leader-01": {FENGTAI},
        "fengtai-air-01": {FENGTAI},
    }
    with town.sessions.read() as session:
        for account, expected in seen.items():
            found = sight(accounts.actor(session, account))
            assert (None if found is None else set(found)) == expected, account
        outsider = accounts.actor(session, "reporter-01")
        with pytest.raises(NotYours):
            overview.view(session, outsider, town.campaign_id, MONDAY)
        with pytest.raises(NotFound):
            overview.view(session, accounts.actor(session, "admin-01"), "none", MONDAY)


def test_a_rule_is_told_with_the_figures_that_it_saw(town: Town) -> None:
    change = next(
        one
        for item in town.rows(LedgerItem, LedgerItem.light_rule == "far_behind")
        for one in _changes(town, item.id)
        if one.rule == "far_behind"
    )
    message, params = light_words.words(change.rule, change.facts)
    said = message.format(**params)
    assert f"{change.facts['gap']:g}" in said
    assert "30" in said


def test_a_rule_of_another_table_is_called_by_its_name() -> None:
    message, params = light_words.words("house_rule", {})
    assert "house_rule" in message.format(**params)


def _changes(town: Town, item_id: str) -> Any:
    with town.sessions.read() as session:
        return item_lists.view(session, accounts.actor(session, "admin-01"), item_id).lights
