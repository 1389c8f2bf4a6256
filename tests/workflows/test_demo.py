"""The demonstration is loaded once and shows what it promises: here with few items besides those with a story."""

from datetime import UTC

import pytest
from sqlalchemy import func, select

from bpmn.moment import Moment
from engine import accounts, inbox, record
from engine.tables import Account, Incident, Instance, Message, Organisation, Version
from workflows import demo
from workflows.demo_ledgers import CODES, MARK
from workflows.tables import Campaign, Ledger, LedgerItem, Urging, Visit

LEDGERS = {
    "chaoyang": "A3 A7 B2 B5 C9 D1",
    "fengtai": "A3 C1",
    "daxing": "A5 D2",
    "yanqing": "A2 A3",
    "tongzhou": "A5 B1",
    "miyun": "A2",
    "huairou": "A2 C7",
    "shijingshan": "C5",
    "bda": "B2",
    "pinggu": "B5",
}
TODAY = Moment(demo.TODAY, demo.CALENDAR)
# Who finds which tasks, among others.
EXPECTED = {
    "leader-01": {"leader_decide"},
    "group-leader-01": {"decide_change"},
    "office-director-01": {"report_to_leader", "sign_issue"},
    "office-deputy-01": {"decide_change", "issue_solution"},
    "synthesis-lead-01": {"propose_handling"},
    "synthesis-officer-01": {"accept_objection", "accept_opinion"},
    "records-01": {"archive_instruction"},
    "co-unit-01": {"co_opinion"},
    "air-unit-01": {"self_check", "unit_sign"},
    "air-officer-01": {"contribute_brief"},
    "congress-01": {"coordinate_schedule"},
    "deputy-01": {"deputy_feedback"},
    "env-unit-01": {"handle_opinion", "prepare_disclosure", "report_handling"},
    "water-head-01": {"countersign"},
    "illegal-head-01": {"head_sign_off", "unit_release"},
    "env-officer-01": {"approve_plan", "issue_order"},
    "water-officer-02": {"recheck", "verify_completion"},
    "air-lead-01": {"close_item"},
    "illegal-lead-01": {"close_order"},
    "chaoyang-supervision-01": {"district_verify", "look_back", "sign_order"},
    "yanqing-air-01": {"report_progress", "submit_plan"},
    "fengtai-env-01": {"report_progress"},
    "daxing-air-01": {"report_progress", "report_rectification"},
    "miyun-unit-01": {"report_progress"},
}
SAMPLES = {
    ("fengtai", "C1"): ("in_progress", "red", "far_behind"),
    ("daxing", "D2"): ("in_progress", "red", "falsified"),
    ("huairou", "C7"): ("cancelled", "grey", "ended"),
    ("shijingshan", "C5"): ("merged", "grey", "ended"),
    ("chaoyang", "C9"): ("closed", "grey", "ended"),
    ("chaoyang", "B5"): ("verifying", "green", "on_schedule"),
}


@pytest.fixture
def played(sessions, tmp_path):
    if sessions.engine.dialect.name != "sqlite":
        pytest.skip("played once; the scenarios tell the same steps on both databases")
    with sessions.begin() as session:
        assert demo.is_empty(session)
        demo.install(session, TODAY)
    said = []
    assert demo.play(sessions, tmp_path, said.append, LEDGERS) > 20
    assert said == [f"2013-{month:02}" for month in range(4, 10)]
    return sessions


@pytest.mark.slow
def test_the_campaign_in_its_course_and_something_to_do_for_everybody(played, tmp_path):
    with played.read() as session:
        for person, elements in EXPECTED.items():
            assert elements <= {row.element for row in _rows(session, person)}, person
        lights = {row.light for person in demo.ACCOUNTS for row in _rows(session, person.id)}
        assert lights >= {"yellow", "red", "green"}
        for (stem, code), expected in SAMPLES.items():
            item = _item(session, stem, code)
            assert (item.status, item.light, item.light_rule) == expected, (stem, code)
        assert max(_rungs(session, _item(session, "fengtai", "C1"))) >= 3, "urged up to a supervision order at least"
        assert str(_item(session, "miyun", "A2").deadline) == "2013-12-20"
        (campaign,) = session.scalars(select(Campaign))
        assert (campaign.status, str(campaign.notice_date)) == ("active", "2013-04-19")
        assert {ledger.status for ledger in session.scalars(select(Ledger))} == {"established"}
        running = set(session.scalars(select(Instance.process_key).where(Instance.status == "active")))
        assert running >= {
            "campaign_setup", "change_request", "common_problem", "item_progress", "leader_instruction",
            "municipal_escalation", "objection_review", "rectification",
        }  # fmt: skip
        waiting = set(session.scalars(select(Message.name).where(Message.status == "waiting")))
        assert waiting == set(), "every message has a receiver"
        assert session.scalar(select(func.count()).select_from(Incident)) == 0
        proposed = session.scalars(select(Visit.status).where(Visit.reason == "monthly")).all()
        assert (set(proposed), len(proposed) > 17) == ({"done"}, True), "the timer proposes, the teams go"
        for case in session.scalars(select(Instance)):
            assert MARK in case.title, "all is marked as illustrative"
            assert case.started_at.astimezone(UTC) <= demo.TODAY
            assert record.verify(session, case.id).broken_at is None

    with played.begin() as session:
        before = _counts(session)
        demo.install(session, TODAY)
        assert not demo.is_empty(session)
        assert accounts.authenticate(session, "air-officer-01", demo.PASSWORD, TODAY).name == "大气组督查员01"
        assert accounts.authenticate(session, "bda-unit-01", demo.PASSWORD, TODAY)
    assert demo.play(played, tmp_path) == 0
    with played.read() as session:
        assert _counts(session) == before, "loading it again changes nothing"


def _item(session, stem, code):
    return session.scalars(
        select(LedgerItem).where(LedgerItem.district == CODES[stem], LedgerItem.sub_item == code)
    ).one()


def _rungs(session, item):
    return list(session.scalars(select(Urging.rung).where(Urging.item_id == item.id)))


def _rows(session, person):
    return inbox.open_tasks(session, accounts.actor(session, person), TODAY).rows


def _counts(session):
    return [session.scalar(select(func.count()).select_from(row)) for row in (Account, Organisation, Version, Instance)]
