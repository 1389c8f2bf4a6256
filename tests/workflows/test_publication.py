"""D8: what may be published, each row of the table, and the one gate that everything passes."""

from datetime import datetime
from pathlib import Path

import pytest

from bpmn.decisions import DecisionFault, check_decision, read_decision
from bpmn.moment import Moment
from engine.publish import publish
from engine.services import ServiceFault
from tests.workflows.conftest import an_instance
from workflows import cast, deploy, organisation
from workflows.calendar import WorkingCalendar
from workflows.publication import Piece, gate, judge, secrecy_mark
from workflows.services import SERVICES

TABLE = Path("bpmn/decisions/D8_publication_gate.dmn")
CALENDAR = WorkingCalendar()
FRIDAY = Moment(datetime(2013, 4, 26, 9, tzinfo=CALENDAR.zone), CALENDAR)
ORDINARY = {
    "classification": "public",
    "personal_data": False,
    "draft": False,
    "publishable": True,
    "ground_given": False,
}


@pytest.fixture(scope="module")
def table():
    return read_decision(TABLE.read_bytes())


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({"classification": "top_secret"}, "refuse"),
        ({"classification": "secret"}, "refuse"),
        ({"classification": "confidential"}, "refuse"),
        ({"classification": "work_secret"}, "block"),
        ({"classification": "internal"}, "block"),
        ({"personal_data": True}, "mask"),
        ({"draft": True}, "block"),
        ({"publishable": False, "ground_given": True}, "withhold"),
        ({"publishable": False}, "require_ground"),
        ({}, "pass"),
    ],
)
def test_every_row(table, facts, expected):
    found = table.decide(ORDINARY | facts, FRIDAY)
    assert found["verdict"] == expected
    assert found["basis"]


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({"classification": "secret", "personal_data": True, "draft": True}, "refuse"),
        ({"classification": "internal", "personal_data": True}, "block"),
        ({"personal_data": True, "draft": True, "publishable": False}, "mask"),
        ({"draft": True, "publishable": False}, "block"),
    ],
)
def test_what_comes_first_wins(table, facts, expected):
    assert table.decide(ORDINARY | facts, FRIDAY)["verdict"] == expected


def test_a_fact_that_is_missing_is_a_fault_not_a_guess(table):
    with pytest.raises(DecisionFault):
        table.decide({name: value for name, value in ORDINARY.items() if name != "draft"}, FRIDAY)


def test_the_table_has_no_problems():
    assert check_decision(TABLE.read_bytes()) == ()


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("秘密★10年\n关于", "confidential"),
        ("  机 密 ★", "secret"),
        ("绝密\n关于", "top_secret"),
        ("本文不涉及国家秘密", None),
        ("工作秘密\n", None),
        ("保守秘密，人人有责", None),
    ],
)
def test_a_text_that_is_marked_as_secret_is_known(text, level):
    assert secrecy_mark(text) == level


@pytest.mark.parametrize(
    ("piece", "verdict", "text"),
    [
        (Piece("王四营村口已清理。"), "pass", "王四营村口已清理。"),
        (Piece("请打13812345678"), "pass", "请打138******78"),
        (Piece("请打13812345678", draft=True), "block", ""),
        (Piece("请打13812345678", publishable=False), "require_ground", ""),
        (Piece("正文", publishable=False, ground="依规定"), "withhold", ""),
        (Piece("正文", classification="internal"), "block", ""),
        (Piece("机密★\n正文"), "refuse", ""),
    ],
)
def test_nothing_comes_out_that_did_not_pass(database, sessions, piece, verdict, text):
    with sessions.read() as session:
        passage = judge(session, piece, FRIDAY)
    assert (passage.verdict, passage.text, passage.is_open) == (verdict, text, verdict == "pass")


def test_a_classification_that_there_is_not_is_no_way_round(sessions):
    with sessions.begin() as session:
        with pytest.raises(ValueError, match="classification"):
            judge(session, Piece("正文", classification="open"), FRIDAY)
        instance = an_instance(session, "disclosure_cycle")
        with pytest.raises(ServiceFault):
            gate(session, instance, {"text": "正文", "classification": "open"}, FRIDAY)
        found = gate(session, instance, {"text": "请打13812345678"}, FRIDAY)
        assert (found["passed"], found["text"], found["masked"]) == (True, "请打138******78", ["mobile"])


@pytest.mark.parametrize(("changed", "verdict"), [("block", "block"), ("mask", "block")])
def test_the_table_that_is_published_now_decides(sessions, changed, verdict):
    with sessions.begin() as session:
        organisation.install(session)
        cast.install(session, {person.role: person for person in cast.people()}.values())
        deploy.deploy_file(session, deploy.PROCESSES / "disclosure_cycle.bpmn", FRIDAY)
        bundle = deploy.bundle_of(deploy.PROCESSES / "disclosure_cycle.bpmn")
        text = bundle.decisions["D8_publication_gate"].decode()
        stricter = text.replace('<text>"pass"</text>', f'<text>"{changed}"</text>')
        assert stricter != text
        bundle.decisions["D8_publication_gate"] = stricter.encode()
        actor = deploy.accounts.actor(session, "admin-01")
        publish(session, actor, bundle, "从严", SERVICES, FRIDAY)
        assert judge(session, Piece("正文"), FRIDAY).verdict == verdict, "whatever it says, nothing slips out"
