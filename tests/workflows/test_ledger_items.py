"""Rows of a ledger: who may enter them, when, and what is wrong with them."""

from decimal import Decimal

import pytest
from sqlalchemy import select

from engine import accounts
from engine.access import NotFound, NotYours
from forms.answers import AnswersRefused
from workflows import ledger_items
from workflows.ledger_items import LedgerClosed, RowChanged
from workflows.tables import Ledger, LedgerItem


@pytest.fixture
def ledger(office):
    office.opened()
    return office.ledger()


def test_a_row_is_kept_as_it_was_entered(office, ledger, good_row):
    item = office.add(ledger, location={"lat": 39.92, "lon": 116.44})
    assert (item.position, item.status, item.task_code) == (1, "draft", "air")
    assert item.target_value == Decimal(26000)
    assert ledger_items.answers_of(item) == good_row(location={"lat": 39.92, "lon": 116.44})
    assert office.add(ledger, item_name="又一项").position == 2


def test_what_does_not_apply_gives_a_reason_and_is_exempt(office, ledger):
    answers = {"sub_item": "C4", "applicable": False, "na_reason": "无旅游区"}
    item = ledger_items.add(office.session, office.actor("chaoyang-supervision-01"), ledger, answers, office.moment)
    assert item.status == "exempt"
    assert ledger_items.answers_of(item) == answers


@pytest.mark.parametrize(
    ("changed", "element"),
    [
        ({"sub_item": "Z9"}, "sub_item"),
        ({"deadline": "2013-04-01"}, "deadline"),
        ({"unit_of_measure": None}, "unit_of_measure"),
        ({"target_value": None}, "target_value"),
        ({"responsible_unit": "nowhere"}, "responsible_unit"),
        ({"responsible_unit": "110106-HB"}, "responsible_unit"),
        ({"co_units": ["nowhere"]}, "co_units"),
        ({"milestones": None}, "milestones"),
        ({"milestones": [{"date": "2013-06-30", "planned_percent": 101}]}, "milestones-0-planned_percent"),
    ],
)
def test_what_is_wrong_is_told_at_its_field(office, ledger, changed, element):
    with pytest.raises(AnswersRefused) as refused:
        office.add(ledger, **changed)
    assert [problem.element for problem in refused.value.problems] == [element]
    assert office.session.scalars(select(LedgerItem)).all() == []


@pytest.mark.parametrize("person", ["fengtai-supervision-01", "air-officer-01", "chaoyang-leader-01"])
def test_only_the_districts_own_office_enters_rows(office, ledger, person):
    with pytest.raises(NotYours):
        office.add(ledger, person)


def test_a_row_is_changed_and_removed_by_who_saw_it_last(office, ledger, good_row):
    item = office.add(ledger)
    actor = office.actor("chaoyang-supervision-01")
    changed = good_row(
        target_value=30000.5, deadline="2013-11-30", milestones=[{"date": "2013-11-30", "planned_percent": 100}]
    )
    item = ledger_items.change(office.session, actor, item.id, 1, changed, office.moment)
    assert (item.revision, item.target_value) == (2, Decimal("30000.5"))
    with pytest.raises(RowChanged):
        ledger_items.change(office.session, actor, item.id, 1, changed, office.moment)
    with pytest.raises(RowChanged):
        ledger_items.remove(office.session, actor, item.id, 1)
    ledger_items.remove(office.session, actor, item.id, 2)
    with pytest.raises(NotFound):
        ledger_items.remove(office.session, actor, item.id, 2)
    assert office.add(ledger).position == 1


def test_a_ledger_that_was_handed_in_is_closed_until_it_is_returned(office, ledger):
    item = office.add(ledger)
    office.run("ledger_facts", ledger_id=ledger)
    with pytest.raises(LedgerClosed):
        office.add(ledger)
    with pytest.raises(LedgerClosed):
        ledger_items.remove(office.session, office.actor("chaoyang-supervision-01"), item.id, 1)
    office.run("return_ledger", ledger_id=ledger, failures=[{"rule": "x", "text": "不全", "count": 2}])
    assert office.session.get_one(Ledger, ledger).return_reasons == ["不全（2）"]
    office.add(ledger, item_name="补一项")


def test_several_who_add_at_once_get_different_positions(sessions, ledger_in, at_once, good_row, moment):
    def add(number):
        with sessions.begin() as session:
            actor = accounts.actor(session, "chaoyang-supervision-01")
            return ledger_items.add(session, actor, ledger_in, good_row(item_name=f"{number}"), moment).position

    assert sorted(at_once(*[lambda number=number: add(number) for number in range(5)])) == [1, 2, 3, 4, 5]


def test_of_two_who_change_the_same_row_one_is_told(sessions, ledger_in, at_once, good_row, moment):
    def actor(session):
        return accounts.actor(session, "chaoyang-supervision-01")

    with sessions.begin() as session:
        item_id = ledger_items.add(session, actor(session), ledger_in, good_row(), moment).id

    def change(value):
        with sessions.begin() as session:
            answers = good_row(target_value=value)
            return ledger_items.change(session, actor(session), item_id, 1, answers, moment).revision

    results = at_once(lambda: change(1), lambda: change(2))
    assert sorted(type(one).__name__ for one in results) == ["RowChanged", "int"]


def test_who_may_edit_is_told_before_he_tries(office, ledger):
    row = office.session.get_one(Ledger, ledger)
    assert ledger_items.may_edit(office.actor("chaoyang-supervision-01"), row, "/110000/110105/")
    assert not ledger_items.may_edit(office.actor("fengtai-supervision-01"), row, "/110000/110105/")


def test_many_rows_are_inserted_in_one_statement(office, ledger, good_row, count):
    rows = [good_row(item_name=f"任务{number}") for number in range(442)]
    clean = ledger_items.validate(office.session, "110105", rows, office.moment)
    with count(office.session.get_bind()) as counted:
        ledger_items.insert_rows(office.session, office.session.get_one(Ledger, ledger), clean, "draft", office.moment)
    assert len(counted) <= 3
    with pytest.raises(ledger_items.TooManyItems):
        ledger_items.insert_rows(
            office.session, office.session.get_one(Ledger, ledger), clean * 4, "draft", office.moment
        )
